"""From trustees' factors to plain counts."""

from collections.abc import Mapping
from typing import Any, Protocol

from keys.decryption import logarithm, open_sum
from keys.group import Point
from keys.threshold import interpolate
from tally import canonical
from tally.count import EncryptedTally
from tally.errors import Code, Invalid
from tally.questions import Election
from tally.record import read_weight, weight
from tally.trustees import Pedersen, Trustees

Result = list[list[int]]
"""Per question the count of each answer, the blank flag first."""


class Factors(Protocol):
    """One trustee's factors for the sums of the total or of a group, proofs checked before."""

    @property
    def factors(self) -> tuple[tuple[Point, ...], ...]:
        """In the shape of the sums."""


def missing(trustees: Trustees, owners: set[int]) -> list[str]:
    """Name the trustees without whom these owners cannot decrypt; empty when they can."""
    absent = []
    for index, item in enumerate(trustees.items):
        mine = [owner for owner in trustees.owners if owner.item == index]
        gone = [owner.who for owner in mine if owner.number not in owners]
        needed = item.threshold if isinstance(item, Pedersen) else 1
        if len(mine) - len(gone) < needed:
            absent += gone
    return absent


def opened(trustees: Trustees, encrypted: EncryptedTally, partials: Mapping[int, Factors]) -> list[list[Point]]:
    """Take the factors off every sum: g^count each. Raises Invalid(SHARES_MISSING). Spec: DEC-4, DEC-5."""
    absent = missing(trustees, set(partials))
    if absent:
        raise Invalid(Code.SHARES_MISSING, "total", ", ".join(absent))
    return [
        [open_sum(ct, [_factor(trustees, index, partials, q, i) for index in range(len(trustees.items))])
         for i, ct in enumerate(row)]
        for q, row in enumerate(encrypted)
    ]  # fmt: skip


def combine(
    election: Election,
    trustees: Trustees,
    encrypted: EncryptedTally,
    partials: Mapping[int, Factors],
    total_weight: int,
) -> Result:
    """Return the counts, from partial decryptions that have been verified. Raises Invalid. Spec: DEC-4, DEC-5."""
    result: Result = []
    for q, row in enumerate(opened(trustees, encrypted, partials)):
        counts = [logarithm(election.group, point, total_weight) for point in row]
        if None in counts:
            raise Invalid(Code.RESULT, f"question {q + 1}")
        result.append([count for count in counts if count is not None])
    return result


def encode(result: Result) -> bytes:
    """Return the record's form. Spec: RES-1."""
    return canonical.dump({"result": [[weight(count) for count in row] for row in result]})


def parse(raw: bytes, election: Election) -> Result:
    """Read a result. Raises Invalid. Spec: RES-1."""
    where = "result"
    fields: Any = canonical.record(canonical.load(raw, where), where, ("result",))
    rows = canonical.items(fields["result"], where)
    result = [[read_weight(one, where) for one in canonical.items(row, where)] for row in rows]
    if [len(row) for row in result] != [question.width for question in election.questions]:
        raise Invalid(Code.MALFORMED, where)
    canonical.same(raw, encode(result), where)
    return result


def _factor(trustees: Trustees, item: int, partials: Mapping[int, Factors], question: int, answer: int) -> Point:
    """Return one item's factor: the whole key's own, or the one interpolated from the members present."""
    holder = trustees.items[item]
    mine = [owner for owner in trustees.owners if owner.item == item and owner.number in partials]
    factors = {owner.member: partials[owner.number].factors[question][answer] for owner in mine}
    if isinstance(holder, Pedersen):
        chosen = dict(sorted(factors.items())[: holder.threshold])
        return interpolate(trustees.group, chosen)
    return factors[0]
