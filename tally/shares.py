"""Trustees' shares: factors with Belenios' proofs (in the record) and with strong proofs (in `tally.json`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keys import decryption
from keys.decryption import Place
from keys.group import Group, Point, Rng, Scalar
from keys.proofs import Proof
from tally import canonical
from tally.count import EncryptedTally
from tally.errors import Code, Invalid
from tally.questions import Election
from tally.trustees import Owner

Matrix = tuple[tuple[Proof, ...], ...]
"""Proofs per question and ciphertext, in the shape of the encrypted tally."""


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """One trustee's factors for the total, with Belenios' proofs. Spec: DEC-1, DEC-2."""

    factors: tuple[tuple[Point, ...], ...]
    proofs: Matrix

    @property
    def raw(self) -> bytes:
        """The record's form."""
        return canonical.dump(self.plain())

    def plain(self) -> dict[str, Any]:
        """Return the partial decryption as JSON has it."""
        return {
            "decryption_factors": [[one.text for one in row] for row in self.factors],
            "decryption_proofs": _plain_matrix(self.proofs),
        }

    def verify(self, election: Election, encrypted: EncryptedTally, owner: Owner) -> None:
        """Check shapes and Belenios' proofs. Raises Invalid(DECRYPTION_PROOF) naming the owner. Spec: DEC-2."""
        _same_shape(self.factors, encrypted, owner)
        _same_shape(self.proofs, encrypted, owner)
        for q, (cts, factors, proofs) in enumerate(zip(encrypted, self.factors, self.proofs, strict=True)):
            for i, (ct, factor, proof) in enumerate(zip(cts, factors, proofs, strict=True)):
                sound = factor.is_identity == ct.alpha.is_identity and decryption.verify_weak(
                    election.group, owner.public.key, election.phi, ct, factor, proof
                )
                if not sound:
                    raise Invalid(Code.DECRYPTION_PROOF, _cell(q, i), owner.who)

    @classmethod
    def parse(cls, raw: bytes, group: Group) -> "PartialDecryption":
        """Read the record's form. Raises Invalid."""
        partial = cls.read(canonical.load(raw, "partial decryption"), group)
        canonical.same(raw, partial.raw, "partial decryption")
        return partial

    @classmethod
    def read(cls, value: Any, group: Group) -> "PartialDecryption":
        """Read decoded JSON. Raises Invalid."""
        where = "partial decryption"
        fields = canonical.record(value, where, ("decryption_factors", "decryption_proofs"))
        rows = [canonical.items(row, where) for row in canonical.items(fields["decryption_factors"], where)]
        return cls(
            tuple(tuple(canonical.point(group, one, where, identity=True) for one in row) for row in rows),
            _read_matrix(group, fields["decryption_proofs"], where),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one trustee sends: bound to one closing statement σ. Spec: DEC-6."""

    uuid: str
    owner: int
    sigma: str
    partial: PartialDecryption
    strong: Matrix

    @property
    def raw(self) -> bytes:
        """The canonical encoding."""
        return canonical.dump(
            {
                "uuid": self.uuid,
                "owner": self.owner,
                "sigma": self.sigma,
                "partial_decryption": self.partial.plain(),
                "strong": _plain_matrix(self.strong),
            }
        )

    @classmethod
    def parse(cls, raw: bytes, group: Group) -> "Share":
        """Read a share. Raises Invalid. Spec: DEC-6."""
        where = "share"
        names = ("uuid", "owner", "sigma", "partial_decryption", "strong")
        fields = canonical.record(canonical.load(raw, where), where, names)
        share = cls(
            uuid=canonical.text(fields["uuid"], where),
            owner=canonical.whole(fields["owner"], where, 1),
            sigma=canonical.text(fields["sigma"], where),
            partial=PartialDecryption.read(fields["partial_decryption"], group),
            strong=_read_matrix(group, fields["strong"], where),
        )
        canonical.same(raw, share.raw, where)
        return share

    def verify(self, election: Election, encrypted: EncryptedTally, owner: Owner, sigma: str) -> None:
        """Check both kinds of proof. Raises Invalid naming the owner. Spec: DEC-2, DEC-3."""
        if (self.uuid, self.owner, self.sigma) != (election.uuid, owner.number, sigma):
            raise Invalid(Code.DECRYPTION_OWNER, "share", owner.who)
        self.partial.verify(election, encrypted, owner)
        verify_strong(election, encrypted, owner, sigma, self.partial, self.strong)


def decrypt(election: Election, encrypted: EncryptedTally, owner: int, secret: Scalar, sigma: str, rng: Rng) -> Share:
    """Make a trustee's share of the total. Spec: DEC-1 to DEC-3."""
    group, phi = election.group, election.phi
    factors = tuple(tuple(decryption.factor(secret, ct) for ct in row) for row in encrypted)
    weak = tuple(tuple(decryption.prove_weak(group, secret, phi, ct, rng) for ct in row) for row in encrypted)
    strong = tuple(
        tuple(
            decryption.prove_strong(group, secret, Place(phi, sigma, owner, "total", q, i), ct, rng)
            for i, ct in enumerate(row)
        )
        for q, row in enumerate(encrypted)
    )
    return Share(election.uuid, owner, sigma, PartialDecryption(factors, weak), strong)


def verify_strong(
    election: Election, encrypted: EncryptedTally, owner: Owner, sigma: str, partial: PartialDecryption, strong: Matrix
) -> None:
    """Check strong proofs over a record's own factors. Raises Invalid(WEAK_DECRYPTION_PROOF). Spec: DEC-3."""
    _same_shape(strong, encrypted, owner)
    _same_shape(partial.factors, encrypted, owner)
    for q, (cts, factors, proofs) in enumerate(zip(encrypted, partial.factors, strong, strict=True)):
        for i, (ct, factor, proof) in enumerate(zip(cts, factors, proofs, strict=True)):
            place = Place(election.phi, sigma, owner.number, "total", q, i)
            if not decryption.verify_strong(election.group, owner.public.key, place, ct, factor, proof):
                raise Invalid(Code.WEAK_DECRYPTION_PROOF, f"total, {_cell(q, i)}", owner.who)


@dataclass(frozen=True, slots=True)
class StrongProofs:
    """One owner's line in `tally.json`."""

    owner: int
    key: str
    total: Matrix


@dataclass(frozen=True, slots=True)
class StrongTally:
    """`tally.json`: the strong proofs of all owners whose shares were combined. Spec: DEC-7."""

    uuid: str
    phi: str
    sigma: str
    shares: tuple[StrongProofs, ...]

    @property
    def raw(self) -> bytes:
        """The exact bytes of `tally.json`."""
        shares = [
            {"owner": one.owner, "key": one.key, "total": _plain_matrix(one.total), "groups": []} for one in self.shares
        ]
        return canonical.dump({"uuid": self.uuid, "phi": self.phi, "sigma": self.sigma, "shares": shares})

    @classmethod
    def of(cls, election: Election, owners: Sequence[Owner], sigma: str, shares: Sequence[Share]) -> "StrongTally":
        """Gather the strong proofs of shares, in owner order."""
        lines = (
            StrongProofs(share.owner, owners[share.owner - 1].public.key.text, share.strong)
            for share in sorted(shares, key=lambda share: share.owner)
        )
        return cls(election.uuid, election.phi, sigma, tuple(lines))

    @classmethod
    def parse(cls, raw: bytes, group: Group) -> "StrongTally":
        """Read `tally.json`. Raises Invalid. Spec: DEC-7."""
        where = "tally.json"
        fields = canonical.record(canonical.load(raw, where), where, ("uuid", "phi", "sigma", "shares"))
        lines = []
        for one in canonical.items(fields["shares"], where):
            line = canonical.record(one, where, ("owner", "key", "total", "groups"))
            if line["groups"] != []:
                raise Invalid(Code.MALFORMED, f"{where}, groups")
            owner = canonical.whole(line["owner"], where, 1)
            lines.append(
                StrongProofs(owner, canonical.text(line["key"], where), _read_matrix(group, line["total"], where))
            )
        texts = {name: canonical.text(fields[name], where) for name in ("uuid", "phi", "sigma")}
        tally = cls(**texts, shares=tuple(lines))
        canonical.same(raw, tally.raw, where)
        return tally


def _cell(question: int, answer: int) -> str:
    return f"question {question + 1}, answer {answer + 1}"


def _same_shape(rows: Sequence[Sequence[object]], encrypted: EncryptedTally, owner: Owner) -> None:
    if [len(row) for row in rows] != [len(row) for row in encrypted]:
        raise Invalid(Code.MALFORMED, "share", owner.who)


def _plain_matrix(matrix: Matrix) -> list[list[Any]]:
    return [[canonical.plain(proof) for proof in row] for row in matrix]


def _read_matrix(group: Group, value: Any, where: str) -> Matrix:
    return tuple(canonical.proofs(group, row, where) for row in canonical.items(value, where))
