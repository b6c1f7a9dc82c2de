"""Exponential ElGamal: (g^r, y^r g^m). Sums of ciphertexts are ciphertexts of sums."""

from dataclasses import dataclass

from keys.group import Group, Point, Scalar


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An encryption of a small integer under the election key. Spec: ELG-1."""

    alpha: Point
    beta: Point

    def __add__(self, other: "Ciphertext") -> "Ciphertext":
        return Ciphertext(self.alpha + other.alpha, self.beta + other.beta)

    def __sub__(self, other: "Ciphertext") -> "Ciphertext":
        return Ciphertext(self.alpha - other.alpha, self.beta - other.beta)

    def __mul__(self, weight: int) -> "Ciphertext":
        return Ciphertext(self.alpha * weight, self.beta * weight)

    @property
    def text(self) -> str:
        """`alpha,beta` as it enters hash inputs."""
        return f"{self.alpha.text},{self.beta.text}"


def encrypt(group: Group, key: Point, message: int, randomness: Scalar) -> Ciphertext:
    """Encrypt a small integer. Spec: ELG-1."""
    return Ciphertext(group.base(randomness), key * randomness + group.base(message))


def neutral(group: Group) -> Ciphertext:
    """Return the empty sum: what a box without ballots adds up to. Spec: ELG-2."""
    return Ciphertext(group.identity, group.identity)
