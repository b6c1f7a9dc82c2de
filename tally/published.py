"""`result.json`: what is shown of a count - the total, the groups that may be shown, and the others together.

A convenience for readers: everything in it follows from the record, and the verifier checks that it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keys.elgamal import Ciphertext
from keys.group import Point
from tally import canonical, result
from tally.errors import Code, Invalid
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import read_weight, weight
from tally.result import Factors, Result
from tally.shares import GroupDecryption
from tally.trustees import Trustees
from tally.voter_groups import Disclosure, GroupSums, disclosures

Rows = tuple[tuple[int, ...] | None, ...]
"""Counts per question, None where they are withheld."""


@dataclass(frozen=True, slots=True)
class Published:
    """Counts of a poll as `result.json` has them. Spec: RES-3.

    `rest_labels` names per question the groups that have ballots and are not shown; `rest` is None where there are none,
    or where no group is shown, so that the rest is the total.
    """

    uuid: str
    total: tuple[tuple[int, ...], ...]
    groups: tuple[tuple[str, Rows], ...]
    rest_labels: tuple[tuple[str, ...], ...]
    rest: Rows

    @property
    def raw(self) -> bytes:
        """The exact bytes of `result.json`."""
        return canonical.dump(self.plain())

    def plain(self) -> dict[str, Any]:
        """Return the counts as JSON has them."""
        return {
            "uuid": self.uuid,
            "result": _plain(self.total),
            "groups": {label: _plain(rows) for label, rows in self.groups},
            "rest": {"labels": [list(labels) for labels in self.rest_labels], "result": _plain(self.rest)},
        }

    @classmethod
    def of(
        cls, election: Election, manifest: Manifest, cast: Sequence[int], total: Result, groups: Mapping[str, Rows]
    ) -> "Published":
        """Put the counts together; the rest is what the shown groups leave of the total."""
        allowed = disclosures(manifest, cast, len(election.questions))
        labels = [group.label for group in manifest.groups]
        return cls(
            uuid=election.uuid,
            total=tuple(map(tuple, total)),
            groups=tuple((label, groups[label]) for label in labels if label in groups),
            rest_labels=tuple(tuple(labels[k] for k in one.rest) for one in allowed),
            rest=tuple(_rest(one, row, q, labels, groups) for q, (one, row) in enumerate(zip(allowed, total, strict=True))),
        )  # fmt: skip

    @classmethod
    def parse(cls, raw: bytes) -> "Published":
        """Read `result.json`. Raises Invalid. Spec: RES-3."""
        where = "result.json"
        fields = canonical.record(canonical.load(raw, where), where, ("uuid", "result", "groups", "rest"))
        rest = canonical.record(fields["rest"], where, ("labels", "result"))
        if not isinstance(fields["groups"], dict):
            raise Invalid(Code.MALFORMED, f"{where}, groups")
        total = _read(fields["result"], where)
        published = cls(
            uuid=canonical.text(fields["uuid"], where),
            total=tuple(row for row in total if row is not None),
            groups=tuple(
                (canonical.text(label, where), _read(rows, where)) for label, rows in fields["groups"].items()
            ),
            rest_labels=tuple(
                tuple(canonical.text(label, where) for label in canonical.items(labels, where))
                for labels in canonical.items(rest["labels"], where)
            ),
            rest=_read(rest["result"], where),
        )
        canonical.same(raw, published.raw, where)
        return published


def combine_groups(
    election: Election, trustees: Trustees, groups: Sequence[GroupSums],
    opened: Mapping[int, Sequence[GroupDecryption]], total_weight: int,
) -> dict[str, Rows]:  # fmt: skip
    """Return the counts of the shown groups, from decryptions that have been verified. Raises Invalid. Spec: DEC-8."""
    found: dict[str, Rows] = {}
    for place, group in enumerate(groups):
        factors: dict[int, Factors] = {owner: mine[place] for owner, mine in opened.items()}
        counts = result.combine(election, trustees, group.sums, factors, total_weight)
        found[group.label] = tuple(tuple(row) or None for row in counts)
    return found


def opens_to(
    election: Election, points: Sequence[Sequence[Point]], sums: Sequence[Sequence[Ciphertext]], rows: Rows
) -> str:
    """Name the first count that is not what the factors leave of its sum; empty if all are. Spec: RES-2, RES-3."""
    if len(rows) != len(sums):
        return "questions"
    for q, (left, cts, row) in enumerate(zip(points, sums, rows, strict=True), 1):
        if (row is None) != (not cts) or len(row or ()) != len(cts):
            return f"question {q}"
        for i, (point, one) in enumerate(zip(left, row or (), strict=True), 1):
            if election.group.base(one) != point:
                return f"question {q}, answer {i}"
    return ""


def _rest(
    one: Disclosure, total: Sequence[int], question: int, labels: Sequence[str], groups: Mapping[str, Rows]
) -> tuple[int, ...] | None:
    if not one.shown or not one.rest:
        return None
    shown = [groups[labels[k]][question] or () for k in one.shown]
    return tuple(whole - sum(parts) for whole, *parts in zip(total, *shown, strict=True))


def _plain(rows: Rows) -> list[Any]:
    return [None if row is None else [weight(count) for count in row] for row in rows]


def _read(value: Any, where: str) -> Rows:
    return tuple(
        None if row is None else tuple(read_weight(one, where) for one in canonical.items(row, where))
        for row in canonical.items(value, where)
    )
