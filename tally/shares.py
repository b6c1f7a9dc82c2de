"""Trustees' shares: factors with Belenios' proofs (in the record) and with strong proofs (in `tally.json`).

Sums of voter groups have strong proofs only: Belenios knows no groups, and its weak proof proves nothing to us.
"""

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
from tally.voter_groups import GroupSums

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
class GroupDecryption:
    """One trustee's factors for one group's own sums, with strong proofs; no row where the group is withheld. Spec: DEC-8."""

    label: str
    factors: tuple[tuple[Point, ...], ...]
    proofs: Matrix

    def plain(self) -> dict[str, Any]:
        """Return the decryption as JSON has it."""
        return {
            "label": self.label,
            "factors": [[one.text for one in row] for row in self.factors],
            "proofs": _plain_matrix(self.proofs),
        }

    @classmethod
    def read(cls, value: Any, group: Group, where: str) -> "GroupDecryption":
        """Read decoded JSON. Raises Invalid."""
        place = f"{where}, groups"
        fields = canonical.record(value, place, ("label", "factors", "proofs"))
        rows = [canonical.items(row, place) for row in canonical.items(fields["factors"], place)]
        return cls(
            canonical.text(fields["label"], place),
            tuple(tuple(canonical.point(group, one, place, identity=True) for one in row) for row in rows),
            _read_matrix(group, fields["proofs"], place),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one trustee sends: bound to one closing statement σ. Spec: DEC-6."""

    uuid: str
    owner: int
    sigma: str
    partial: PartialDecryption
    strong: Matrix
    groups: tuple[GroupDecryption, ...] = ()

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
                "groups": [one.plain() for one in self.groups],
            }
        )

    @classmethod
    def parse(cls, raw: bytes, group: Group) -> "Share":
        """Read a share. Raises Invalid. Spec: DEC-6."""
        where = "share"
        names = ("uuid", "owner", "sigma", "partial_decryption", "strong", "groups")
        fields = canonical.record(canonical.load(raw, where), where, names)
        share = cls(
            uuid=canonical.text(fields["uuid"], where),
            owner=canonical.whole(fields["owner"], where, 1),
            sigma=canonical.text(fields["sigma"], where),
            partial=PartialDecryption.read(fields["partial_decryption"], group),
            strong=_read_matrix(group, fields["strong"], where),
            groups=_read_groups(group, fields["groups"], where),
        )
        canonical.same(raw, share.raw, where)
        return share

    def verify(
        self, election: Election, encrypted: EncryptedTally, owner: Owner, sigma: str, groups: Sequence[GroupSums] = ()
    ) -> None:
        """Check both kinds of proof, and that just the given group sums are opened. Raises Invalid naming the owner.

        Spec: DEC-2, DEC-3, DEC-8.
        """
        if (self.uuid, self.owner, self.sigma) != (election.uuid, owner.number, sigma):
            raise Invalid(Code.DECRYPTION_OWNER, "share", owner.who)
        self.partial.verify(election, encrypted, owner)
        verify_strong(election, encrypted, owner, sigma, self.partial, self.strong)
        verify_groups(election, groups, owner, sigma, self.groups)


def decrypt(
    election: Election, encrypted: EncryptedTally, owner: int, secret: Scalar, sigma: str, rng: Rng,
    groups: Sequence[GroupSums] = (),
) -> Share:  # fmt: skip
    """Make a trustee's share of the total and of the groups that may be shown. Spec: DEC-1 to DEC-3, DEC-8."""
    group, phi = election.group, election.phi

    def factors(sums: EncryptedTally) -> tuple[tuple[Point, ...], ...]:
        return tuple(tuple(decryption.factor(secret, ct) for ct in row) for row in sums)

    def strong(sums: EncryptedTally, label: str) -> Matrix:
        return tuple(
            tuple(
                decryption.prove_strong(group, secret, Place(phi, sigma, owner, label, q, i), ct, rng)
                for i, ct in enumerate(row)
            )
            for q, row in enumerate(sums)
        )

    weak = tuple(tuple(decryption.prove_weak(group, secret, phi, ct, rng) for ct in row) for row in encrypted)
    partial, total = PartialDecryption(factors(encrypted), weak), strong(encrypted, "total")
    opened = tuple(
        GroupDecryption(one.label, factors(one.sums), strong(one.sums, _group_label(one.index))) for one in groups
    )
    return Share(election.uuid, owner, sigma, partial, total, opened)


def verify_strong(
    election: Election, encrypted: EncryptedTally, owner: Owner, sigma: str, partial: PartialDecryption, strong: Matrix
) -> None:
    """Check strong proofs over a record's own factors. Raises Invalid(WEAK_DECRYPTION_PROOF). Spec: DEC-3."""
    _same_shape(strong, encrypted, owner)
    _same_shape(partial.factors, encrypted, owner)
    wrong = _first_unproved(election, encrypted, owner, (sigma, "total"), partial.factors, strong)
    if wrong:
        raise Invalid(Code.WEAK_DECRYPTION_PROOF, f"total, {wrong}", owner.who)


def verify_groups(
    election: Election, allowed: Sequence[GroupSums], owner: Owner, sigma: str, opened: Sequence[GroupDecryption]
) -> None:
    """Check that just the allowed group sums are opened, in their order, each with strong proofs. Spec: DEC-8.

    Raises Invalid naming group and owner: GROUP_WITHHELD, GROUP_MISSING, GROUP_DECRYPTION, or MALFORMED.
    """
    labels, named = [one.label for one in allowed], [one.label for one in opened]
    for label in named:
        if label not in labels:
            raise Invalid(Code.GROUP_WITHHELD, label, owner.who)
    for label in labels:
        if label not in named:
            raise Invalid(Code.GROUP_MISSING, label, owner.who)
    if labels != named:
        raise Invalid(Code.MALFORMED, "groups", owner.who)
    for group, mine in zip(allowed, opened, strict=True):
        if not len(mine.factors) == len(mine.proofs) == len(group.sums):
            raise Invalid(Code.MALFORMED, group.label, owner.who)
        for q, (cts, factors) in enumerate(zip(group.sums, mine.factors, strict=True), 1):
            if factors and not cts:
                raise Invalid(Code.GROUP_WITHHELD, f"{group.label}, question {q}", owner.who)
            if cts and not factors:
                raise Invalid(Code.GROUP_MISSING, f"{group.label}, question {q}", owner.who)
        _same_shape(mine.factors, group.sums, owner)
        _same_shape(mine.proofs, group.sums, owner)
        wrong = _first_unproved(
            election, group.sums, owner, (sigma, _group_label(group.index)), mine.factors, mine.proofs
        )
        if wrong:
            raise Invalid(Code.GROUP_DECRYPTION, f"{group.label}, {wrong}", owner.who)


def _first_unproved(
    election: Election, sums: EncryptedTally, owner: Owner, bound: tuple[str, str],
    factors: tuple[tuple[Point, ...], ...], proofs: Matrix,
) -> str:  # fmt: skip
    """Name the first sum whose strong proof, bound to σ and label, does not hold; empty if all do. Spec: DEC-3."""
    sigma, label = bound
    for q, row in enumerate(zip(sums, factors, proofs, strict=True)):
        for i, (ct, factor, proof) in enumerate(zip(*row, strict=True)):
            place = Place(election.phi, sigma, owner.number, label, q, i)
            if not decryption.verify_strong(election.group, owner.public.key, place, ct, factor, proof):
                return _cell(q, i)
    return ""


@dataclass(frozen=True, slots=True)
class StrongProofs:
    """One owner's line in `tally.json`."""

    owner: int
    key: str
    total: Matrix
    groups: tuple[GroupDecryption, ...] = ()


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
            {
                "owner": one.owner,
                "key": one.key,
                "total": _plain_matrix(one.total),
                "groups": [group.plain() for group in one.groups],
            }
            for one in self.shares
        ]
        return canonical.dump({"uuid": self.uuid, "phi": self.phi, "sigma": self.sigma, "shares": shares})

    @classmethod
    def of(cls, election: Election, owners: Sequence[Owner], sigma: str, shares: Sequence[Share]) -> "StrongTally":
        """Gather the strong proofs of shares, in owner order."""
        lines = (
            StrongProofs(share.owner, owners[share.owner - 1].public.key.text, share.strong, share.groups)
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
            lines.append(
                StrongProofs(
                    canonical.whole(line["owner"], where, 1),
                    canonical.text(line["key"], where),
                    _read_matrix(group, line["total"], where),
                    _read_groups(group, line["groups"], where),
                )
            )
        texts = {name: canonical.text(fields[name], where) for name in ("uuid", "phi", "sigma")}
        tally = cls(**texts, shares=tuple(lines))
        canonical.same(raw, tally.raw, where)
        return tally


def _group_label(index: int) -> str:
    """Which sums a strong proof is about, for the group at this place of the manifest, from 0. Spec: DEC-8."""
    return f"group:{index}"


def _cell(question: int, answer: int) -> str:
    return f"question {question + 1}, answer {answer + 1}"


def _same_shape(rows: Sequence[Sequence[object]], encrypted: EncryptedTally, owner: Owner) -> None:
    if [len(row) for row in rows] != [len(row) for row in encrypted]:
        raise Invalid(Code.MALFORMED, "share", owner.who)


def _plain_matrix(matrix: Matrix) -> list[list[Any]]:
    return [[canonical.plain(proof) for proof in row] for row in matrix]


def _read_matrix(group: Group, value: Any, where: str) -> Matrix:
    return tuple(canonical.proofs(group, row, where) for row in canonical.items(value, where))


def _read_groups(group: Group, value: Any, where: str) -> tuple[GroupDecryption, ...]:
    return tuple(GroupDecryption.read(one, group, where) for one in canonical.items(value, where))
