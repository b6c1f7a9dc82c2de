"""Threshold keys: any t of n members stand for the whole key, and no fewer."""

from itertools import combinations

import pytest

from keys import proofs
from keys.curve import ED25519, ORDER
from keys.group import Point, Scalar
from keys.proofs import Proof
from keys.threshold import Commitments, interpolate, joint, sub_key, verification_key, verify_message
from tests.tally.builders import stream

UNSIGNED = Proof(Scalar(0), Scalar(0))


class Ceremony:
    """n members each with a polynomial of degree t - 1; the shares are what they add up to."""

    def __init__(self, t: int, n: int) -> None:
        rng = stream(f"ceremony {t} of {n}")
        self.t, self.n = t, n
        self.polynomials = [[ED25519.random(rng) for _ in range(t)] for _ in range(n)]
        self.commitments = [
            Commitments("", tuple(ED25519.base(coefficient) for coefficient in one), UNSIGNED)
            for one in self.polynomials
        ]
        self.shares = {j: sum(self.at(one, j) for one in self.polynomials) % ORDER for j in range(1, n + 1)}
        self.secret = sum(one[0] for one in self.polynomials) % ORDER

    @staticmethod
    def at(polynomial: list[Scalar], x: int) -> int:
        return sum(coefficient * x**k for k, coefficient in enumerate(polynomial))


SIZES = [(1, 2), (2, 3), (2, 4), (3, 5), (4, 5)]


@pytest.mark.parametrize(("t", "n"), SIZES)
def test_every_t_subset_opens_what_the_joint_key_closed(t, n):
    room = Ceremony(t, n)
    alpha = ED25519.base(ED25519.random(stream("alpha")))
    for members in combinations(range(1, n + 1), t):
        factors: dict[int, Point] = {j: alpha * room.shares[j] for j in members}
        assert interpolate(ED25519, factors) == alpha * room.secret


@pytest.mark.parametrize(("t", "n"), SIZES[1:])
def test_fewer_than_t_members_open_nothing(t, n):
    room = Ceremony(t, n)
    alpha = ED25519.base(5)
    for members in combinations(range(1, n + 1), t - 1):
        assert interpolate(ED25519, {j: alpha * room.shares[j] for j in members}) != alpha * room.secret


def test_more_than_t_members_and_any_order_give_the_same():
    room = Ceremony(2, 4)
    alpha = ED25519.base(7)
    factors = {j: alpha * room.shares[j] for j in (4, 1, 3)}
    assert interpolate(ED25519, factors) == alpha * room.secret


@pytest.mark.parametrize(("t", "n"), SIZES)
def test_public_keys_follow_from_the_commitments(t, n):
    room = Ceremony(t, n)
    assert sub_key(room.commitments, ED25519.identity) == ED25519.base(room.secret)
    for j in range(1, n + 1):
        assert verification_key(joint(room.commitments, ED25519.identity), j, ED25519.identity) == ED25519.base(
            room.shares[j]
        )


def test_one_wrong_factor_gives_another_sum():
    room = Ceremony(2, 3)
    alpha = ED25519.base(7)
    assert interpolate(ED25519, {1: alpha * room.shares[1], 2: alpha * (room.shares[2] + 1)}) != alpha * room.secret


def test_a_message_is_bound_to_its_key_and_every_character():
    signature = proofs.sign(ED25519, Scalar(9), "sigmsg|words", stream("message"))
    assert verify_message(ED25519, ED25519.base(9), "words", signature)
    assert not verify_message(ED25519, ED25519.base(9), "word", signature)
    assert not verify_message(ED25519, ED25519.base(8), "words", signature)
