"""JSON is written in one way and read strictly; nothing odd ends in a foreign exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally import canonical
from tally.errors import Code, Invalid


def refused(raw: bytes, max_bytes: int = 1000) -> Code:
    with pytest.raises(Invalid) as error:
        canonical.load(raw, "here", max_bytes)
    return error.value.code


def test_the_golden_bytes_of_every_escape():
    value = {"b": '"\\/\b\f\n\r\t\x00\x1f\x7f é 密票 \u2028 😀', "a": [1, True, None, {}]}
    golden = '{"b":"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f é 密票 \u2028 😀","a":[1,true,null,{}]}'
    assert canonical.dump(value) == golden.encode()
    assert canonical.load(golden.encode(), "here") == value


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_written_is_read_back_and_written_the_same(value):
    try:
        raw = canonical.dump(value)
        read = canonical.load(raw, "here")
    except Invalid as error:
        assert error.code is Code.TOO_DEEP  # noqa: PT017 - the one refusal that such a value can meet
        return
    assert read == value
    assert canonical.dump(read) == raw


@given(st.binary(max_size=60) | st.text(st.characters(), max_size=30).map(lambda text: text.encode(errors="replace")))
def test_any_bytes_are_read_or_refused_by_name(raw):
    try:
        canonical.load(raw, "here")
    except Invalid as error:
        assert error.code in {Code.NOT_JSON, Code.TOO_DEEP}  # noqa: PT017 - reading is the only thing under test


def test_eight_levels_are_read_and_nine_are_not():
    assert canonical.load(b"[" * 8 + b"]" * 8, "here") == [[[[[[[[]]]]]]]]
    assert refused(b"[" * 9 + b"]" * 9) is Code.TOO_DEEP
    assert refused(b'{"a":' * 9 + b"1" + b"}" * 9) is Code.TOO_DEEP


def test_brackets_inside_strings_have_no_depth():
    text = '["' + "[" * 50 + '\\"' + "{" * 50 + '"]'
    assert canonical.load(text.encode(), "here") == ["[" * 50 + '"' + "{" * 50]


def test_a_hundred_thousand_levels_are_no_recursion():
    assert refused(b"[" * 100_000, 200_000) is Code.TOO_DEEP


def test_size_is_judged_first():
    assert refused(b"[" * 1001) is Code.TOO_LARGE
    assert canonical.load(b'"' + b"a" * 998 + b'"', "here", 1000) == "a" * 998


def test_more_than_a_million_values_are_refused_before_they_are_built():
    """A few bytes each in a file, they would be gigabytes in memory."""
    assert refused(b"[" + b"0," * 2**20 + b"0]", canonical.MAX_BYTES) is Code.TOO_LARGE
    assert canonical.load(b'["' + b"," * 2**21 + b'"]', "here") == ["," * 2**21]


def test_no_caller_may_ask_for_more_than_the_general_limit():
    assert refused(b'"' + b"a" * canonical.MAX_BYTES + b'"', 2**40) is Code.TOO_LARGE


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[1,]", b"nul", b"NaN", b"Infinity", b"-Infinity", b"1.0", b"1e3", b"[0.5]", b"01", b"+1", b"9" * 21, b"9" * 5000,
     b'{"a":1,"a":1}', b'[{"a":1,"a":2}]', b"\xff", b'"\xed\xa0\x80"', b"\xef\xbb\xbf1", b'"\n"', b'"\\x"', b'["\\uDFFF"]', b'{"\\ud800":1}', b"'a'", b"1 2", b'"a'],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused(raw):
    assert refused(raw, 10_000) is Code.NOT_JSON


def test_twenty_digits_are_still_read():
    assert canonical.load(b"9" * 20, "here") == 10**20 - 1
    assert canonical.load(b"-" + b"9" * 20, "here") == 1 - 10**20


@pytest.mark.parametrize("value", ["a" * 63, "A" * 64, "a" * 64 + "\n", "g" * 64, None, 7])
def test_a_digest_is_64_lowercase_hex_digits(value):
    assert canonical.hex_digest("a" * 64, "here") == "a" * 64
    with pytest.raises(Invalid) as error:
        canonical.hex_digest(value, "here")
    assert error.value.code is Code.MALFORMED


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\udfff a"', '"a\\ud83d"'])
def test_a_lone_surrogate_is_no_string(text):
    with pytest.raises(Invalid) as error:
        canonical.text(canonical.load(text.encode(), "here"), "here")
    assert error.value.code is Code.NOT_JSON
    with pytest.raises(Invalid) as error:
        canonical.dump(json.loads(text))
    assert error.value.code is Code.NOT_JSON


@pytest.mark.parametrize(
    "other", [b'{ "a":1}', b'{"a":1}\n', b'{"a":-0}', b'{"a":"\\/"}', b'{"a":"\\u00e9"}', b'{"a":"\x7f"}', b'{"b":1}']
)
def test_any_second_way_of_writing_differs_from_the_canonical_one(other):
    read = canonical.load(other, "here")
    fields = canonical.record(read, "here", (), ("a", "b"))
    with pytest.raises(Invalid) as error:
        canonical.same(other, canonical.dump({"a": fields.get("a")}), "here")
    assert error.value.code is Code.NOT_CANONICAL


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (canonical.text, 1), (canonical.text, None), (canonical.items, {}), (canonical.items, "ab"), (canonical.whole, True),
        (canonical.whole, "1"), (canonical.whole, -1), (canonical.whole, 2**62 + 1), (canonical.whole, 1.0), (canonical.truth, 0),
        (canonical.truth, None), (lambda v, w: canonical.record(v, w, ("a",)), []), (lambda v, w: canonical.record(v, w, ("a",)), {}),
        (lambda v, w: canonical.record(v, w, ("a",)), {"a": 1, "b": 1}),
    ],
)  # fmt: skip
def test_another_type_is_refused(take, value):
    with pytest.raises(Invalid) as error:
        take(value, "here")
    assert error.value.code is Code.MALFORMED


def test_base64_has_no_padding_and_one_form():
    assert canonical.b64(b"\0" * 32) == "A" * 43
    assert canonical.unb64("A" * 43, "here", 32) == b"\0" * 32
    for text in (
        "A" * 42 + "B",
        "A" * 43 + "=",
        "A" * 42,
        "A" * 44,
        "é" * 43,
        "A" * 42 + "-",
        "A" * 42 + "\n",
        "\ud800",
    ):
        with pytest.raises(Invalid):
            canonical.unb64(text, "here", 32)


def test_hashes_are_sha_256_in_both_spellings():
    assert canonical.hex_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert canonical.b64_hash(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"


def test_a_string_that_never_ends_is_read_once():
    """A regular expression that started again at each quote inside would need minutes for this."""
    assert refused(b'"' + b'\\"' * 500_000, 2_000_000) is Code.NOT_JSON
