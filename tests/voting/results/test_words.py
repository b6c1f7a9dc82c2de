"""People read the report in Chinese; no check of a real record goes without words."""

import pytest
from sqlalchemy.orm import Session

from voting.polls import results
from voting.polls.verdict_words import check_words, note_words
from voting.verify_command import check


def test_every_check_and_note_of_a_record_of_ours_has_chinese_words(db: Session, tallied: str) -> None:
    report = check(results.record(db, tallied), 2)
    words = [check_words(one.name) for one in report.checks] + [note_words(note) for note in report.notes]
    assert len(words) > 15
    assert [word for word in words if not any("\u4e00" <= char <= "\u9fff" for char in word)] == []


@pytest.mark.parametrize(
    ("name", "words"), [("partial_decryption 2", "保管人的部分解密（第 2 位）"), ("something new", "something new")]
)
def test_a_numbered_check_keeps_its_number_and_an_unknown_one_its_name(name: str, words: str) -> None:
    assert check_words(name) == words


def test_an_unknown_note_stays_as_it_is() -> None:
    assert note_words("foreign archive") == "foreign archive"
