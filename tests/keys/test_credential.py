"""The slip's code: what a person types is either understood or refused, never taken for another slip's code."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import credential
from keys.credential import ALPHABET
from keys.curve import ED25519
from keys.errors import Code, Malformed
from tests.tally.builders import stream

FOREIGN = "vb1ds-9KoiE3-t5r1G-HnQjb3"
codes = st.binary(min_size=12, max_size=12).map(lambda drawn: credential.new(lambda n: drawn[:n]))


@given(codes)
def test_a_fresh_code_is_five_groups_of_four_capitals_and_reads_back(code):
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert credential.normalise(code) == code


def test_a_code_carries_95_random_bits():
    assert {credential.new(stream(str(i))) for i in range(500)}.__len__() == 500
    lowest, highest = credential.new(lambda n: b"\0" * n), credential.new(lambda n: b"\xff" * n)
    assert lowest == "0000-0000-0000-0000-0000"
    assert highest.startswith("ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZ")


@given(codes, st.sampled_from(["lower", "none", "spaces", "wide", "padded", "dashes", "O", "I", "L"]))
def test_the_way_of_typing_is_forgiven(code, way):
    typed = {
        "lower": code.lower(),
        "none": code.replace("-", ""),
        "spaces": code.replace("-", " "),
        "wide": code.replace("-", "－"),
        "padded": f"\n  {code}\t",
        "dashes": code.replace("-", "—"),
        "O": code.replace("0", "O"),
        "I": code.replace("1", "i"),
        "L": code.replace("1", "l"),
    }[way]
    assert credential.normalise(typed) == code


def test_every_single_wrong_character_is_noticed():
    code = credential.new(stream("wrong")).replace("-", "")
    for position in range(20):
        for other in set(ALPHABET) - {code[position]}:
            with pytest.raises(Malformed):
                credential.normalise(code[:position] + other + code[position + 1 :])


@given(codes, st.integers(0, 19), st.integers(0, 19))
def test_every_swap_of_two_characters_is_noticed(code, i, j):
    bare = list(code.replace("-", ""))
    if bare[i] == bare[j]:
        return
    bare[i], bare[j] = bare[j], bare[i]
    with pytest.raises(Malformed):
        credential.normalise("".join(bare))


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "0" * 19, "0" * 21, "U" * 20, "0" * 201, "0000-0000-0000-0000-000é", "０" * 20, "0000-0000-0000-0000-0001",
     "0" * 10_000, FOREIGN[:-1], FOREIGN.replace("v", "0"), FOREIGN.replace("v", "l"), "\ud800" * 20],
)  # fmt: skip
def test_anything_else_is_refused_by_name(typed):
    with pytest.raises(Malformed) as refused:
        credential.normalise(typed)
    assert refused.value.code is Code.CREDENTIAL
    # A mistyped secret must not end in a log.
    assert refused.value.where == ""


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(typed):
    try:
        code = credential.normalise(typed)
    except Malformed:
        return
    assert credential.normalise(code) == code


def test_belenios_own_credentials_are_read_with_their_case():
    assert credential.normalise(f" {FOREIGN} ") == FOREIGN


def test_the_key_depends_on_the_poll_and_on_every_character():
    code = credential.new(stream("key"))
    one = credential.secret(ED25519, "Poll1111111111", code)
    assert one == credential.secret(ED25519, "Poll1111111111", code)
    assert one != credential.secret(ED25519, "Poll1111111112", code)
    assert one != credential.secret(ED25519, "Poll1111111111", code.replace("-", ""))
    assert 0 < one < ED25519.order
