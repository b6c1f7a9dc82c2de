"""A threshold key of Belenios 3's form (t of n), dealt by one hand: for tests only, a ceremony has no dealer.

Source: the Belenios specification, "Threshold decryption support"; docs/protocol.md TRUST-4 to TRUST-6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keys import proofs
from keys.group import Group, Rng, Scalar
from keys.proofs import Proof
from keys.threshold import Certificate, Commitments
from keys.trustee import publish
from tally import canonical
from tally.trustees import Pedersen


@dataclass(frozen=True)
class Dealt:
    """The public item of the record and each member's private share, in order."""

    item: Pedersen
    shares: tuple[Scalar, ...]


def sign(group: Group, key: Scalar, message: str, rng: Rng) -> Proof:
    """A trustee's signature over a message. Spec: TRUST-4."""
    return proofs.sign(group, key, f"sigmsg|{message}", rng)


def evaluate(group: Group, coefficients: Sequence[Scalar], at: int) -> Scalar:
    """A polynomial's value, constant first."""
    return group.scalar(sum(one * at**power for power, one in enumerate(coefficients)))


def deal(group: Group, threshold: int, size: int, rng: Rng) -> Dealt:
    """Deal keys of which any `threshold` of `size` members decrypt together."""
    signing = [group.random(rng) for _ in range(size)]
    certificates = [_certify(group, key, threshold, size, index, rng) for index, key in enumerate(signing, 1)]
    polynomials = [[group.random(rng) for _ in range(threshold)] for _ in range(size)]
    commitments = []
    for key, polynomial in zip(signing, polynomials, strict=True):
        points = tuple(group.base(one) for one in polynomial)
        message = canonical.dump({"coefexps": [point.text for point in points]}).decode()
        commitments.append(Commitments(message, points, sign(group, key, message, rng)))
    listed = [{"message": one.message, "signature": canonical.plain(one.signature)} for one in certificates]
    agreed = [
        canonical.dump({"certs": listed, "coefexps": [point.text for point in one.points]}).decode()
        for one in commitments
    ]
    shares = tuple(
        group.scalar(sum(evaluate(group, polynomial, member) for polynomial in polynomials))
        for member in range(1, size + 1)
    )
    members = tuple(publish(group, share, rng, f"member{index}") for index, share in enumerate(shares, 1))
    item = Pedersen(
        threshold=threshold,
        certificates=tuple(certificates),
        commitments=tuple(commitments),
        signatures=tuple(sign(group, key, f"certs_sig|{one}", rng) for key, one in zip(signing, agreed, strict=True)),
        members=members,
        member_signatures=tuple(
            sign(group, key, member.key.text, rng) for key, member in zip(signing, members, strict=True)
        ),
    )
    return Dealt(item, shares)


def _certify(group: Group, key: Scalar, threshold: int, size: int, index: int, rng: Rng) -> Certificate:
    verification, encryption = group.base(key), group.base(group.random(rng))
    context = {"group": group.name, "size": size, "threshold": threshold, "index": index}
    message = canonical.dump(
        {"context": context, "verification": verification.text, "encryption": encryption.text}
    ).decode()
    return Certificate(message, threshold, size, index, verification, encryption, sign(group, key, message, rng))
