"""A trustee that holds a whole key (Belenios' `Single`), and the two proofs that it does."""

from dataclasses import dataclass

from keys import proofs
from keys.errors import Code, Malformed
from keys.group import Group, Point, Rng, Scalar
from keys.proofs import Proof

_RESERVED = "|"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A trustee's public key with Belenios' proof of possession and an optional name. Spec: TRUST-1."""

    key: Point
    pok: Proof
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a key belongs to: it is bound into the possession proof, so a key cannot be passed off as another's."""

    selection: str
    name: str
    role: str

    def __post_init__(self) -> None:
        for part in (self.selection, self.name, self.role):
            if not part or _RESERVED in part or not part.isprintable():
                raise Malformed(Code.TRUSTEE, part[:100])


def generate(group: Group, rng: Rng, name: str | None = None) -> tuple[Scalar, PublicKey]:
    """Draw a private key and make its public part. Spec: TRUST-1."""
    secret = group.random(rng)
    return secret, publish(group, secret, rng, name)


def publish(group: Group, secret: Scalar, rng: Rng, name: str | None = None) -> PublicKey:
    """Make the public part of a private key. Spec: TRUST-1."""
    key = group.base(secret)
    return PublicKey(key, proofs.sign(group, secret, _pok(group, key), rng), name)


def verify_pok(group: Group, public: PublicKey) -> bool:
    """Check Belenios' proof of possession; it binds only the key, so it could be copied. Spec: TRUST-2."""
    return proofs.verify(group, public.key, _pok(group, public.key), public.pok)


def prove_possession(group: Group, secret: Scalar, holder: Holder, rng: Rng) -> Proof:
    """Prove that this holder has the key. Spec: TRUST-3."""
    return proofs.sign(group, secret, _possession(holder, group.base(secret)), rng)


def verify_possession(group: Group, key: Point, holder: Holder, proof: Proof) -> bool:
    """Check a proof of `prove_possession`. Spec: TRUST-3."""
    return proofs.verify(group, key, _possession(holder, key), proof)


def _pok(group: Group, key: Point) -> str:
    return f"pok|{group.name}|{key.text}"


def _possession(holder: Holder, key: Point) -> str:
    return f"mipiao-pop|{holder.selection}|{holder.name}|{holder.role}|{key.text}"
