"""People read the report in Chinese: no check, refusal, stage or note goes without words."""

import re
from pathlib import Path

import pytest

from tally.errors import Code
from tally.record import STAGES as RECORD_STAGES
from tally.verify import verify
from tests.tally import tweaks
from tests.tally.builders import grouped_files
from voting.verify.words import CHECKS, REFUSALS, STAGES, check_words, note_words, refusal_words

TALLY = Path(__file__).parents[3] / "tally"


def chinese(words: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in words)


def test_every_check_that_the_verifier_names_has_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in TALLY.glob("verify*.py"))
    named = set(re.findall(r"""(?:check|Check|refuse)\("([a-z_]+)\"""", source))
    assert named | {"partial_decryption", "read"} == set(CHECKS)
    report = verify(grouped_files())
    assert {check.name.split()[0] for check in report.checks} <= set(CHECKS)
    assert all(chinese(check_words(check.name)) for check in report.checks)


def test_every_code_has_words_and_every_stage() -> None:
    assert set(REFUSALS) == set(Code)
    assert all(map(chinese, REFUSALS.values()))
    assert {*RECORD_STAGES.values(), "decrypting", "tallied", "unreadable"} == set(STAGES)


def test_every_note_of_the_verifier_has_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in TALLY.glob("verify*.py"))
    written = re.findall(r"""notes\.append\(\s*f?"([^"]+)\"""", source)
    assert len(written) == 10
    assert [
        note for note in written if not chinese(note_words(note.replace("{_place(partial)}", "partial_decryption 2")))
    ] == []


def test_where_and_whose_are_said_in_chinese() -> None:
    report = verify(tweaks.edit_partial(2, tweaks.another_weak_proof)())
    failed = next(check for check in report.checks if not check.ok)
    assert refusal_words(failed.code, failed.where, failed.who) == (
        "部分解密的证明不成立，第 1 题，第 1 项，第 2 位保管人 (钱守正)"
    )


@pytest.mark.parametrize(
    ("name", "words"), [("partial_decryption 2", "保管人的部分解密（第 2 位）"), ("something new", "something new")]
)
def test_a_numbered_check_keeps_its_number_and_an_unknown_one_its_name(name: str, words: str) -> None:
    assert check_words(name) == words


def test_what_is_not_listed_is_told_with_the_words_of_its_check() -> None:
    assert note_words("30 more ballots do not hold") == "另有 30 项“每张选票的签名和全部证明”不成立，没有逐一列出。"


def test_an_unknown_note_stays_as_it_is() -> None:
    assert note_words("something else") == "something else"
