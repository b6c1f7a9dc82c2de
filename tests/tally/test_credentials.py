"""The credential list: what a record may say about who may vote, and how often that counts."""

import pytest

from keys.curve import ED25519
from tally import canonical
from tally.credentials import encode_credentials, read_credentials, sort_key
from tally.errors import Code, Invalid

KEYS = sorted((ED25519.base(n).text for n in (2, 3, 4)), key=sort_key)


def with_weights(*weights: str) -> bytes:
    return canonical.dump([key + weight for key, weight in zip(KEYS, weights, strict=True)])


def test_a_list_without_weights_counts_everyone_once():
    assert encode_credentials(KEYS[::-1]) == canonical.dump(KEYS)
    assert read_credentials(canonical.dump(KEYS), ED25519) == dict.fromkeys(KEYS, 1)


def test_where_one_weight_is_written_all_are_even_a_weight_of_one():
    assert list(read_credentials(with_weights(",3", ",1", ",100000000000"), ED25519).values()) == [3, 1, 10**11]
    assert list(read_credentials(with_weights(",0", ",1", ",0"), ED25519).values()) == [0, 1, 0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (with_weights("", ",2", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", "", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", ",00", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", ",02", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", ",-2", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", ",٣", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", ",", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", ",2,voter", ",2"), Code.NOT_CANONICAL),
        (with_weights(",2", "," + "9" * 19, ",2"), Code.NOT_CANONICAL),
        (canonical.dump(KEYS[::-1]), Code.CREDENTIAL_ORDER),
        (canonical.dump([KEYS[0], KEYS[0], KEYS[1]]), Code.CREDENTIAL_REPEATED),
        (canonical.dump([ED25519.identity.text, *KEYS]), Code.IDENTITY),
        (canonical.dump([KEYS[0].upper(), *KEYS[1:]]), Code.POINT),
        (canonical.dump([2, *KEYS]), Code.MALFORMED),
        (canonical.dump({"keys": KEYS}), Code.MALFORMED),
        (canonical.dump(KEYS) + b"\n", Code.NOT_CANONICAL),
    ],
)
def test_a_list_of_another_form_is_refused_by_name(raw, code):
    with pytest.raises(Invalid) as error:
        read_credentials(raw, ED25519)
    assert error.value.code is code
