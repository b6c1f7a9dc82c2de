"""A straightforward verifier of one ballot without blank votes, for `mipiao bench` to measure against.

Written from PROTOCOL's table with libsodium's calls alone: no types, no tables, one multiplication per power. It shares
no line with `keys` and `tally`, so their agreement on a ballot says something too.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_sub,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
)

Pair = tuple[bytes, bytes]
ORDER = 2**252 + 27742317777372353535851937790883648493
G = crypto_scalarmult_ed25519_base_noclamp((1).to_bytes(32, "little"))


def verify(ballot: dict[str, Any], questions: list[dict[str, Any]], public_key: str, phi: str) -> bool:
    """Check the signature and every proof of a ballot that is trusted to be well-formed JSON."""
    key = _raw(public_key)
    s0 = f"{phi}|{ballot['credential']}"
    if not _signed(ballot):
        return False
    for question, answer in zip(questions, ballot["answers"], strict=True):
        choices = [(_raw(choice["alpha"]), _raw(choice["beta"])) for choice in answer["choices"]]
        for pair, proofs in zip(choices, answer["individual_proofs"], strict=True):
            if not _one_of(key, f"prove|{s0}|{_joined([pair])}|", pair, range(2), proofs):
                return False
        s = f"{s0}|{_joined(choices)}"
        total = choices[0]
        for pair in choices[1:]:
            total = (crypto_core_ed25519_add(total[0], pair[0]), crypto_core_ed25519_add(total[1], pair[1]))
        allowed = range(question["min"], question["max"] + 1)
        if not _one_of(key, f"prove|{s}|{_joined([total])}|", total, allowed, answer["overall_proof"]):
            return False
    return True


def _one_of(key: bytes, prefix: str, pair: Pair, messages: Iterable[int], proofs: list[dict[str, str]]) -> bool:
    alpha, beta = pair
    commitments, challenges = [], 0
    for message, proof in zip(messages, proofs, strict=True):
        challenge, response = int(proof["challenge"]), int(proof["response"])
        shifted = beta
        for _ in range(message):
            shifted = crypto_core_ed25519_sub(shifted, G)
        a = crypto_core_ed25519_add(_base(response), _times(challenge, alpha))
        b = crypto_core_ed25519_add(_times(response, key), _times(challenge, shifted))
        commitments.append((a, b))
        challenges += challenge
    return challenges % ORDER == _hash(prefix + _joined(commitments))


def _signed(ballot: dict[str, Any]) -> bool:
    proof = ballot["signature"]["proof"]
    challenge = int(proof["challenge"])
    a = crypto_core_ed25519_add(_base(int(proof["response"])), _times(challenge, _raw(ballot["credential"])))
    return challenge == _hash(f"sig|{ballot['signature']['hash']}|{_text(a)}")


def _base(scalar: int) -> bytes:
    return crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little"))


def _times(scalar: int, point: bytes) -> bytes:
    return crypto_scalarmult_ed25519_noclamp(scalar.to_bytes(32, "little"), point)


def _hash(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()) % ORDER


def _raw(text: str) -> bytes:
    return bytes.fromhex(text)[::-1]


def _text(raw: bytes) -> str:
    return raw[::-1].hex()


def _joined(pairs: list[Pair]) -> str:
    return ",".join(f"{_text(a)},{_text(b)}" for a, b in pairs)
