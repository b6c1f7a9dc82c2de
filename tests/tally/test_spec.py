"""docs/protocol.md and the code say the same: each code that a record can be refused with stands in the table, with its test."""

import re
from pathlib import Path

import pytest

from keys.curve import ED25519
from tally.errors import Code
from tally.manifest import LOWEST_MINIMUM
from tally.questions import MAX_ANSWERS, MAX_QUESTIONS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|`]+) \| `([a-z_]+)` \| `(tests/[^`]+)` \| ([^|]+) \|$", TEXT, re.MULTILINE)


def test_the_table_and_the_codes_are_the_same_set():
    listed = [code for _, code, _, _ in ROWS]
    assert sorted(listed) == sorted(Code)


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
