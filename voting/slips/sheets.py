"""Arrange slips on A4: eight to a sheet, a new sheet for every group, so that piles can be cut and handed out apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from urllib.parse import urlsplit

from voting.slips.service import Slip
from voting.web.qr import Picture, draw

PER_SHEET = 8


@dataclass(frozen=True, slots=True)
class Printed:
    """One slip as it stands on paper. Nothing on it numbers or marks it."""

    group_label: str
    typed: list[str]
    picture: Picture


@dataclass(frozen=True, slots=True)
class Sheet:
    """Up to eight slips of one group."""

    group_label: str
    slips: list[Printed]


def sheets(slips: Iterator[Slip], base_url: str, uuid: str) -> Iterator[Sheet]:
    """Draw the slips sheet by sheet, while the response is being sent."""
    for label, of_group in groupby(slips, key=lambda slip: slip.group_label):
        while several := list(islice(of_group, PER_SHEET)):
            yield Sheet(label, [_printed(slip, base_url, uuid) for slip in several])


def sample_sheet(slip: Slip, base_url: str, uuid: str) -> Sheet:
    """The printed sample of the pre-flight: a slip's layout, but its code opens the check page."""
    picture = draw(f"{base_url.rstrip('/')}/v/check/{uuid}#{slip.code}")
    return Sheet(slip.group_label, [Printed(slip.group_label, slip.code.split("-"), picture)])


def address(base_url: str, uuid: str, code: str) -> str:
    """What the QR code says. The code stands in the fragment, which no browser sends to a server."""
    return f"{base_url.rstrip('/')}/v/{uuid}#{code}"


def host(base_url: str) -> str:
    """The part of the address that a person types before `/v`."""
    return urlsplit(base_url).netloc


def _printed(slip: Slip, base_url: str, uuid: str) -> Printed:
    return Printed(slip.group_label, slip.code.split("-"), draw(address(base_url, uuid, slip.code)))
