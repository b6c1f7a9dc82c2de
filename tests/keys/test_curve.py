"""The group: what is a point, what is a scalar, and that no odd value ends in a foreign exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_add
from nacl.signing import SigningKey

from keys.curve import ED25519, ORDER
from keys.errors import Code, Malformed

PRIME = 2**255 - 19
# RFC 8032, section 5.1: the base point's y is 4/5.
BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
# The eight points whose order divides 8, in RFC 8032 byte order; known of the curve, no secret of anybody.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]
IDENTITY = "0" * 63 + "1"
scalars = st.integers(-ORDER, 2 * ORDER) | st.sampled_from([0, 1, -1, ORDER, ORDER - 1, ORDER + 1, 2 * ORDER, 2**252])


def reverse(little_endian: str) -> str:
    return bytes.fromhex(little_endian)[::-1].hex()


def test_the_base_point_is_that_of_rfc_8032_with_y_four_fifths():
    assert ED25519.base(1).text == f"{BASE_Y:064x}"
    assert ED25519.base(1).text == "6" * 62 + "58"


def test_the_order_is_that_of_rfc_8032():
    assert ORDER == 2**252 + 27742317777372353535851937790883648493
    assert ED25519.base(ORDER - 1) + ED25519.base(1) == ED25519.identity


def test_the_text_is_rfc_8032s_bytes_in_reverse():
    # RFC 8032, section 7.1, test 1: the public key of an ordinary signing key is a member of the subgroup.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = SigningKey(seed).verify_key.encode()
    assert public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert ED25519.parse(reverse(public.hex())).text == public[::-1].hex()


def test_the_identity_is_one_and_only_some_fields_may_hold_it():
    assert ED25519.identity.text == IDENTITY
    assert ED25519.parse_or_identity(IDENTITY).is_identity
    with pytest.raises(Malformed) as refused:
        ED25519.parse(IDENTITY)
    assert refused.value.code is Code.IDENTITY


@pytest.mark.parametrize("point", SMALL_ORDER[1:])
def test_points_of_small_order_are_no_members(point):
    with pytest.raises(Malformed) as refused:
        ED25519.parse_or_identity(reverse(point))
    assert refused.value.code is Code.POINT


@pytest.mark.parametrize("point", SMALL_ORDER[1:])
def test_a_member_with_torsion_added_is_no_member(point):
    mixed = crypto_core_ed25519_add(ED25519.base(5).raw, bytes.fromhex(point))
    assert mixed != ED25519.base(5).raw
    with pytest.raises(Malformed):
        ED25519.parse_or_identity(mixed[::-1].hex())


def non_canonical() -> list[str]:
    """The identity and members of small y written with y + p, and the sign bit set where x is 0."""
    return [
        f"{number:064x}"
        for number in (PRIME, PRIME + 1, 2**255 - 1, 1 + 2**255, PRIME - 1 + 2**255, PRIME + 1 + 2**255)
    ]


@pytest.mark.parametrize("text", non_canonical())
def test_a_second_way_of_writing_a_point_is_refused(text):
    with pytest.raises(Malformed):
        ED25519.parse_or_identity(text)


def test_a_y_that_is_on_no_curve_point_is_refused():
    with pytest.raises(Malformed):
        ED25519.parse_or_identity(f"{2:064x}")


GOOD = ED25519.base(7).text


@pytest.mark.parametrize(
    "text",
    ["", GOOD.upper(), GOOD[:-1], GOOD + "0", GOOD + "\n", " " + GOOD, "0x" + GOOD[2:], GOOD[:-1] + "g", "６" * 64, GOOD[:63] + "é",
     "f" * 64, GOOD * 1000],
)  # fmt: skip
def test_anything_but_64_lowercase_hex_digits_is_refused(text):
    with pytest.raises(Malformed) as refused:
        ED25519.parse_or_identity(text)
    assert refused.value.code is Code.POINT
    assert len(refused.value.where) <= 100


@settings(deadline=None)
@given(a=scalars, b=scalars)
def test_powers_of_g_add_up(a, b):
    assert ED25519.base(a) + ED25519.base(b) == ED25519.base(a + b)
    assert ED25519.base(a) - ED25519.base(b) == ED25519.base(a - b)
    assert ED25519.base(a) * b == ED25519.base(a * b)


@settings(deadline=None, max_examples=50)
@given(a=scalars)
def test_every_power_is_read_back_as_written(a):
    point = ED25519.base(a)
    assert ED25519.parse_or_identity(point.text) == point
    assert point.is_identity == (a % ORDER == 0)


@pytest.mark.parametrize("exponent", [0, ORDER, -ORDER, 5 * ORDER])
def test_multiples_of_the_order_give_the_identity_not_an_error(exponent):
    assert ED25519.base(exponent) == ED25519.identity
    assert ED25519.base(7) * exponent == ED25519.identity


@pytest.mark.parametrize("exponent", [0, 1, -1, 2, ORDER - 1, ORDER, ORDER + 1, 2**300])
def test_the_identity_to_any_power_is_the_identity(exponent):
    assert ED25519.identity * exponent == ED25519.identity


def test_the_identity_adds_nothing():
    point = ED25519.base(9)
    assert point + ED25519.identity == point
    assert ED25519.identity + point == point
    assert point - ED25519.identity == point
    assert point - point == ED25519.identity
    assert ED25519.identity - point == ED25519.base(-9)
    assert ED25519.identity + ED25519.identity == ED25519.identity


@pytest.mark.parametrize("text", ["0", "1", "10", str(ORDER - 1)])
def test_a_canonical_decimal_below_the_order_is_a_scalar(text):
    assert str(ED25519.parse_scalar(text)) == text


@pytest.mark.parametrize(
    "text",
    [str(ORDER), str(ORDER + 1), "9" * 76, "9" * 10_000, "00", "01", "-1", "+1", "", " 1", "1 ", "1\n", "1_0", "0x1", "1.0", "1e3", "１", "a"],
)  # fmt: skip
def test_any_other_scalar_is_refused_by_name(text):
    with pytest.raises(Malformed) as refused:
        ED25519.parse_scalar(text)
    assert refused.value.code is Code.SCALAR


@given(x=st.integers(0, ORDER - 1))
def test_a_scalar_is_read_back_as_written(x):
    assert ED25519.parse_scalar(str(x)) == x


def test_a_hash_is_sha_256_read_from_its_high_end():
    # SHA-256 of the empty text, FIPS 180-4's example value.
    whole = 0xE3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855
    assert ED25519.hash("") == whole % ORDER


def test_a_random_scalar_is_drawn_from_64_bytes_high_end_first():
    asked: list[int] = []

    def rng(n: int) -> bytes:
        asked.append(n)
        return bytes(n - 1) + b"\x05"

    assert ED25519.random(rng) == 5
    assert asked == [64]
    assert ED25519.random(lambda n: b"\xff" * n) == (2**512 - 1) % ORDER
