"""docs/protocol.md and the code say the same: each code that a record can be refused with stands in the table, with its test."""

import re
from pathlib import Path

import pytest

from keys.curve import ED25519
from tally.errors import Code
from tally.manifest import LOWEST_MINIMUM
from tally.questions import MAX_ANSWERS, MAX_QUESTIONS
from tests.tally import test_forms, test_groups, test_trustees, test_verify

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|`]+) \| `([a-z_]+)` \| `(tests/[^`]+)` \| ([^|]+) \|$", TEXT, re.MULTILINE)
OUTSIDE = {("read", Code.UNREADABLE), ("a complaint", Code.RECEIPT)}
"""Refused outside a record: before there is one to check, and when somebody complains with a receipt."""


def said(line: str) -> tuple[str, str]:
    """Check and code of a line such as `FAIL decryption_proof: partial_decryption 2, question 1, …`."""
    code, _, rest = line.removeprefix("FAIL ").partition(": ")
    return re.match(r"[a-z_]+", rest)[0], code


def pairs_under_test() -> set[tuple[str, str]]:
    """Check and code of every tweak that the tests expect to be refused."""
    whole = [
        *((check, code) for check, code in test_forms.PAIRS),
        *(("ballots", code) for _, code in test_verify.BALLOTS),
        *(("archive", code) for _, code in test_verify.ARCHIVE),
        *((check, code) for _, check, code in test_verify.SET_UP),
        *(said(line) for _, lines in test_verify.TALLY for line in lines),
        *(said(line) for _, line in test_verify.AROUND),
        *(("trustees", code) for *_, code in test_trustees.TWEAKS),
        *((check, code) for _, check, code in test_groups.TWEAKS),
        *(said(line) for _, line in test_groups.SHOWN),
    ]
    return set(whole) | OUTSIDE


def test_the_table_lists_every_check_with_every_code_that_a_test_makes_it_give_and_no_other():
    listed = [(check, code) for checks, code, _, _ in ROWS for check in checks.split(", ")]
    assert len(set(listed)) == len(listed)
    assert set(listed) - pairs_under_test() == set()
    assert pairs_under_test() - set(listed) == set()
    assert {code for _, code in listed} == set(Code)


def test_no_check_of_the_verifier_is_without_a_tweak_that_it_refuses():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tally").glob("verify*.py"))
    named = set(re.findall(r"""(?:check|Check)\("([a-z_]+)\"""", source)) | {"partial_decryption"}
    assert len(named) >= 17
    assert named - {check for check, _ in pairs_under_test()} == set()


@pytest.mark.parametrize(("code", "file"), [(code, file) for _, code, file, _ in ROWS])
def test_the_test_named_for_a_code_expects_that_code(code, file):
    source = (ROOT / file).read_text(encoding="utf-8")
    assert f"Code.{Code(code).name}" in source or f"FAIL {code}" in source


def raised() -> set[str]:
    """Names of the codes that some line of the product gives out (`Code.X` outside the enum)."""
    files = [*(ROOT / "tally").glob("*.py"), *(ROOT / "voting" / "verify").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != "errors.py")
    return set(re.findall(r"\bCode\.([A-Z_]+)", text))


def test_no_code_exists_that_nothing_can_raise():
    assert raised() >= {code.name for code in Code}


def test_the_documents_constants_are_the_codes():
    assert ED25519.order == 2**252 + 27742317777372353535851937790883648493
    assert f"2^252 + {ED25519.order - 2**252}" in TEXT
    assert f"`{ED25519.base(1).text}`" in TEXT
    assert f"minimum (≥ {LOWEST_MINIMUM})" in TEXT
    assert f"1 to {MAX_QUESTIONS} questions" in TEXT
    assert f"answers (1 to {MAX_ANSWERS} texts)" in TEXT


def test_the_prefixes_of_our_own_hash_inputs_are_those_documented():
    source = "\n".join(
        path.read_text(encoding="utf-8") for room in ("keys", "tally") for path in (ROOT / room).glob("*.py")
    )
    ours = set(
        re.findall(
            r"""["']((?:mipiao-[a-z]+|prove|bproof[01]|sig|pok|decrypt|sigmsg|certs_sig|derive_credential)\|)""", source
        )
    )
    assert len(ours) >= 12
    assert {prefix for prefix in ours if f"`{prefix}" not in TEXT} == set()


def test_each_line_on_which_we_are_stricter_names_codes_that_a_test_makes_the_verifier_give():
    section = TEXT.split("## Stricter than the reference, line by line")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (\d)\. [^|]+\| ([^|]+) \|$", section, re.MULTILINE)
    assert [number for number, _ in lines] == list("123456789")
    tested = {code for _, code in pairs_under_test()}
    for _, codes in lines:
        named = re.findall(r"`([a-z_]+)`", codes)
        assert named
        assert set(named) - tested == set()
