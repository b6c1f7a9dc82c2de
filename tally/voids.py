"""Voided slips: each proved by the slip's own key, so that only who holds the slip can void it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keys import proofs
from keys.group import Group, Point, Rng, Scalar
from keys.proofs import Proof
from tally import canonical
from tally.credentials import sort_key
from tally.errors import Code, Invalid

REASONS = {"leftover", "damaged", "contested", "challenged"}
WITH_A_BALLOT = {"contested", "challenged"}
"""Reasons for which a ballot already in the box is taken out; the others are about slips that nobody used."""
_FIELDS = ("credential", "reason", "tracker", "officials", "proof")


@dataclass(frozen=True, slots=True)
class Void:
    """One voided slip; `tracker` names the ballot that was cast with it, if one was."""

    credential: Point
    reason: str
    tracker: str | None
    officials: tuple[str, str]
    proof: Proof

    def plain(self) -> dict[str, Any]:
        """Return the void as JSON has it."""
        return {
            "credential": self.credential.text,
            "reason": self.reason,
            "tracker": self.tracker,
            "officials": list(self.officials),
            "proof": canonical.plain(self.proof),
        }

    def verify(self, group: Group, phi: str) -> bool:
        """Check that the slip's key made this void. Spec: VOID-2."""
        return proofs.verify(
            group, self.credential, _bound_to(phi, self.reason, self.tracker, self.credential), self.proof
        )


def make(
    group: Group, phi: str, secret: Scalar, reason: str, tracker: str | None, officials: tuple[str, str], rng: Rng
) -> Void:
    """Void a slip with its own private key. `tracker` names the ballot that was cast with it. Spec: VOID-2."""
    credential = group.base(secret)
    proof = proofs.sign(group, secret, _bound_to(phi, reason, tracker, credential), rng)
    return Void(credential, reason, tracker, officials, proof)


def _bound_to(phi: str, reason: str, tracker: str | None, credential: Point) -> str:
    return f"mipiao-void|{phi}|{reason}|{tracker or ''}|{credential.text}"


def encode(voids: Sequence[Void]) -> bytes:
    """Return the exact bytes of `voids.json`, sorted as credentials are. Spec: VOID-1."""
    return canonical.dump([void.plain() for void in sorted(voids, key=lambda void: sort_key(void.credential.text))])


def parse(raw: bytes, group: Group) -> tuple[Void, ...]:
    """Read `voids.json`. Raises Invalid. Spec: VOID-1."""
    voids = tuple(_read(group, one) for one in canonical.items(canonical.load(raw, "voids"), "voids"))
    if len({void.credential.text for void in voids}) != len(voids):
        raise Invalid(Code.VOIDS, "voids, repeated")
    canonical.same(raw, encode(voids), "voids")
    return voids


def _read(group: Group, value: Any) -> Void:
    where = "voids"
    fields = canonical.record(value, where, _FIELDS)
    officials = [canonical.text(one, where) for one in canonical.items(fields["officials"], where)]
    reason = canonical.text(fields["reason"], where)
    tracker = None if fields["tracker"] is None else canonical.text(fields["tracker"], where)
    if len(officials) != 2 or len(set(officials)) != 2 or reason not in REASONS:
        raise Invalid(Code.VOIDS, where)
    if tracker is not None:
        canonical.unb64(tracker, where, 32)
        if reason not in WITH_A_BALLOT:
            raise Invalid(Code.VOIDS, where)
    return Void(
        credential=canonical.point(group, fields["credential"], where),
        reason=reason,
        tracker=tracker,
        officials=(officials[0], officials[1]),
        proof=canonical.proof(group, fields["proof"], where),
    )
