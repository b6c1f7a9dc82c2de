"""Named tweaks of a sound archive, whoever made it. The hash chain is made anew, so only the tweak itself is wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keys import proofs
from keys.group import Scalar
from tally import canonical
from tally.questions import Election
from tally.record import Log
from tests.tally.builders import Step, chain, steps, stream
from tests.tally.tweaks import put


@dataclass(frozen=True)
class Sound:
    """A sound archive with the first voter's private key."""

    bel: bytes
    secret: Scalar

    @property
    def election(self) -> Election:
        return Election.parse(Log.parse(self.bel).election)

    def rebuilt(self, edit: Callable[[list[Step]], list[Step]]) -> bytes:
        """The archive with its events edited."""
        return chain(edit(steps(self.bel)), Log.parse(self.bel).timestamp)


Tweak = Callable[[Sound], bytes]


def follow(data: list[bytes], before: bytes, after: bytes) -> tuple[bytes, ...]:
    """The data of an event with one replaced, and with those that name its hash."""
    old, new = (canonical.hex_hash(one).encode() for one in (before, after))
    return tuple(after if one == before else one.replace(old, new) for one in data)


def at(kind: str, *path: str | int, value: Any, which: int = 0, item: int = 0) -> Tweak:
    """Change one value of one event's data."""

    def edit(events: list[Step]) -> list[Step]:
        index = [i for i, step in enumerate(events) if step.type == kind][which]
        data = list(events[index].data)
        changed = put(data[item], path, value)
        assert changed != data[item]
        return [*events[:index], events[index].but(data=follow(data, data[item], changed)), *events[index + 1 :]]

    return lambda sound: sound.rebuilt(edit)


def raw(kind: str, change: Callable[[bytes], bytes], item: int = 0) -> Tweak:
    """Change the bytes of the first such event's data."""

    def edit(events: list[Step]) -> list[Step]:
        index = next(i for i, step in enumerate(events) if step.type == kind)
        data = list(events[index].data)
        return [
            *events[:index],
            events[index].but(data=follow(data, data[item], change(data[item]))),
            *events[index + 1 :],
        ]

    return lambda sound: sound.rebuilt(edit)


def order(change: Callable[[list[Step]], list[Step]]) -> Tweak:
    """Change which events there are."""
    return lambda sound: sound.rebuilt(change)


def resigned(*path: str | int, value: Any) -> Tweak:
    """Change the first voter's ballot and sign it anew, as that voter could."""

    def tweak(sound: Sound) -> bytes:
        election = sound.election
        mine = election.group.base(sound.secret).text

        def edit(events: list[Step]) -> list[Step]:
            index = next(i for i, step in enumerate(events) if step.type == "Ballot" and mine in step.data[0].decode())
            changed = json.loads(put(events[index].data[0], path, value))
            del changed["signature"]
            digest = canonical.b64_hash(canonical.dump(changed))
            proof = proofs.sign(election.group, sound.secret, f"sig|{digest}", stream("again"))
            signed = canonical.dump({**changed, "signature": {"hash": digest, "proof": canonical.plain(proof)}})
            return [*events[:index], events[index].but(data=(signed,)), *events[index + 1 :]]

        return sound.rebuilt(edit)

    return tweak


def move(kind: str, after: str) -> Callable[[list[Step]], list[Step]]:
    """Move the first event of a kind behind the last of another."""

    def change(events: list[Step]) -> list[Step]:
        index = next(i for i, step in enumerate(events) if step.type == kind)
        rest = [*events[:index], *events[index + 1 :]]
        place = max(i for i, step in enumerate(rest) if step.type == after) + 1
        return [*rest[:place], events[index], *rest[place:]]

    return change


def without(kind: str) -> Callable[[list[Step]], list[Step]]:
    """Leave the last event of a kind out."""

    def change(events: list[Step]) -> list[Step]:
        index = max(i for i, step in enumerate(events) if step.type == kind)
        return [*events[:index], *events[index + 1 :]]

    return change


def twice(kind: str) -> Callable[[list[Step]], list[Step]]:
    """Repeat the first event of a kind."""

    def change(events: list[Step]) -> list[Step]:
        index = next(i for i, step in enumerate(events) if step.type == kind)
        return [*events[: index + 1], *events[index:]]

    return change
