"""Sums of ciphertexts are ciphertexts of sums."""

from hypothesis import given, settings
from hypothesis import strategies as st

from keys import decryption
from keys.curve import ED25519
from keys.elgamal import Ciphertext, encrypt, neutral
from keys.group import Scalar
from tests.tally.builders import stream

SECRET = ED25519.random(stream("elgamal"))
KEY = ED25519.base(SECRET)
messages = st.integers(0, 40)


def opened(ct: Ciphertext, limit: int = 2000) -> int | None:
    return decryption.logarithm(ED25519, decryption.open_sum(ct, [decryption.factor(SECRET, ct)]), limit)


@settings(deadline=None, max_examples=25)
@given(a=messages, b=messages, r=st.integers(0, ED25519.order - 1), s=st.integers(0, ED25519.order - 1))
def test_the_sum_of_two_encryptions_opens_to_the_sum(a, b, r, s):
    total = encrypt(ED25519, KEY, a, Scalar(r)) + encrypt(ED25519, KEY, b, Scalar(s))
    assert total == encrypt(ED25519, KEY, a + b, ED25519.scalar(r + s))
    assert opened(total) == a + b


@settings(deadline=None, max_examples=15)
@given(a=messages, weight=st.integers(0, 40))
def test_a_weight_multiplies_what_is_inside(a, weight):
    assert opened(encrypt(ED25519, KEY, a, Scalar(5)) * weight) == a * weight


def test_the_empty_sum_adds_nothing_and_opens_to_0():
    one = encrypt(ED25519, KEY, 3, Scalar(9))
    assert one + neutral(ED25519) == one
    assert opened(neutral(ED25519)) == 0


def test_randomness_0_is_no_error():
    assert opened(encrypt(ED25519, KEY, 4, Scalar(0))) == 4


def test_a_count_above_the_limit_is_not_found():
    assert opened(encrypt(ED25519, KEY, 7, Scalar(3)), limit=6) is None
    assert opened(encrypt(ED25519, KEY, 7, Scalar(3)), limit=7) == 7
