"""Adding up encrypted ballots: nobody's ballot is opened, only these sums ever are."""

from collections.abc import Iterable, Sequence
from typing import Any

from keys.elgamal import Ciphertext, neutral
from keys.group import Group
from tally import canonical
from tally.ballot import Ballot
from tally.errors import Code, Invalid
from tally.questions import Election

EncryptedTally = tuple[tuple[Ciphertext, ...], ...]
"""Per question one ciphertext per answer, the blank flag first."""


def empty(election: Election) -> list[list[Ciphertext]]:
    """Return the sums of no ballots. Spec: TALLY-1."""
    return [[neutral(election.group)] * question.width for question in election.questions]


def add(sums: list[list[Ciphertext]], ballot: Ballot, weight: int = 1) -> None:
    """Add one ballot, raised to its weight, to the running sums. Spec: TALLY-1."""
    for row, answer in zip(sums, ballot.answers, strict=True):
        for index, ct in enumerate(answer.choices):
            row[index] = row[index] + (ct if weight == 1 else ct * weight)


def accumulate(election: Election, ballots: Iterable[Ballot]) -> EncryptedTally:
    """Add ballots up. Spec: TALLY-1."""
    sums = empty(election)
    for ballot in ballots:
        add(sums, ballot)
    return tuple(map(tuple, sums))


def encode(sums: Sequence[Sequence[Ciphertext]]) -> bytes:
    """Return the record's form of the encrypted tally. Spec: TALLY-2."""
    return canonical.dump([[{"alpha": ct.alpha.text, "beta": ct.beta.text} for ct in row] for row in sums])


def parse(raw: bytes, election: Election) -> EncryptedTally:
    """Read an encrypted tally. Identities are possible where nobody voted. Raises Invalid. Spec: TALLY-2."""
    where = "encrypted tally"
    rows = canonical.items(canonical.load(raw, where), where)
    sums = tuple(tuple(_read(election.group, one, where) for one in canonical.items(row, where)) for row in rows)
    if [len(row) for row in sums] != [question.width for question in election.questions]:
        raise Invalid(Code.MALFORMED, where)
    canonical.same(raw, encode(sums), where)
    return sums


def _read(group: Group, value: Any, where: str) -> Ciphertext:
    fields = canonical.record(value, where, ("alpha", "beta"))
    return Ciphertext(
        canonical.point(group, fields["alpha"], where, identity=True),
        canonical.point(group, fields["beta"], where, identity=True),
    )
