"""`mipiao bench`: the figures that are promised, and a loop beside it that really verifies."""

import json
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keys import credential
from keys.curve import ED25519
from tally.ballot import make
from voting import bench, bench_record, plain_loop, reference

ROOT = Path(__file__).parents[3]
PROMISED = {
    "verify_ms",
    "judge_ms",
    "encrypt_ms",
    "accumulate_ms",
    "decrypt_ms",
    "ballots_per_s_1",
    "ballots_per_s",
    "speedup",
}


def test_the_promised_figures_are_told_as_json() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "voting.cli", "bench", "--ballots", "2", "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    figures = json.loads(ran.stdout)
    assert set(figures) >= PROMISED | {"plain_verify_ms", "verify_ratio"}
    assert all(value > 0 for value in figures.values())


def test_a_whole_archive_is_verified_on_one_thread_and_on_all() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "voting.cli", "bench", "--record", "3", "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    figures = json.loads(ran.stdout)
    assert set(figures) == set(bench_record.MEANING)
    assert figures["record_ballots"] == 3
    assert all(value > 0 for name, value in figures.items() if not name.startswith("peak"))


def test_an_archive_that_does_not_hold_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    made = bench_record.closed_archive(2, 1)
    monkeypatch.setattr(bench_record, "closed_archive", lambda *_: made[:-512])
    with pytest.raises(RuntimeError, match="FAIL"):
        bench_record.measure(2)


@pytest.mark.parametrize(
    "words", [["--record", "0"], ["--ballots", "0"], ["--ballots", "x"], ["--ballots", "9999999"], ["extra"]]
)
def test_bad_usage_exits_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        bench.main(words)
    assert left.value.code == 2


@pytest.fixture(scope="module")
def ballot() -> tuple[dict[str, Any], list[dict[str, Any]], str, str]:
    election, _, _ = reference.election()
    key = credential.secret(ED25519, reference.UUID, credential.new(secrets.token_bytes))
    choices = [[0] * 10, *([0, 0, 1, 0] for _ in range(6))]
    made = make(election, key, choices, secrets.token_bytes)
    return json.loads(made.raw), [q.plain() for q in election.questions], election.public_key.text, election.phi


def test_the_reference_ballot_has_34_ciphertexts() -> None:
    election, _, _ = reference.election()
    assert sum(question.width for question in election.questions) == 34


def test_the_evaluation_of_8_has_208_ciphertexts_and_its_marks_may_be_cast() -> None:
    election, _, _ = reference.evaluation()
    assert (len(election.questions), sum(question.width for question in election.questions)) == (56, 208)
    drawn = [reference.marks() for _ in range(20)]
    assert all(q.allows(tuple(row)) for marks in drawn for q, row in zip(election.questions, marks, strict=True))
    assert any(sum(row) == 0 for marks in drawn for row in marks)


def test_the_second_reference_ballot_is_measured_when_asked() -> None:
    assert bench.measure(1, evaluation=True)["encrypt_ms"] > 0


def test_the_straightforward_loop_accepts_a_sound_ballot(ballot) -> None:
    assert plain_loop.verify(*ballot)


def raise_a_response(plain: dict[str, Any]) -> None:
    proof = plain["answers"][3]["individual_proofs"][1][0]
    proof["response"] = str((int(proof["response"]) + 1) % plain_loop.ORDER)


def swap_two_choices(plain: dict[str, Any]) -> None:
    choices = plain["answers"][1]["choices"]
    choices[0], choices[1] = choices[1], choices[0]


def sign_something_else(plain: dict[str, Any]) -> None:
    plain["signature"]["hash"] = plain["signature"]["hash"][::-1]


def take_another_overall_proof(plain: dict[str, Any]) -> None:
    plain["answers"][1]["overall_proof"] = plain["answers"][2]["overall_proof"]


@pytest.mark.parametrize("tweak", [raise_a_response, swap_two_choices, sign_something_else, take_another_overall_proof])
def test_the_straightforward_loop_refuses_an_altered_ballot(ballot, tweak) -> None:
    plain = json.loads(json.dumps(ballot[0]))
    tweak(plain)
    assert not plain_loop.verify(plain, *ballot[1:])


def test_a_disagreement_of_the_two_verifiers_is_an_error(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(plain_loop, "verify", lambda *_: False)
    assert bench.main(["--ballots", "1"]) == 1
    assert "disagree" in capsys.readouterr().err
