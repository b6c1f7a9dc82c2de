"""`mipiao bench`: how long the reference ballot takes here, beside a straightforward PyNaCl loop in the same run.

The reference ballot: one question of 10 answers, 0 to 1 chosen, and six of 4 answers, exactly 1 chosen - 34 ciphertexts.
With `--evaluation` the second one: the evaluation of 8 persons, 208 ciphertexts. Machines drift, so rounds are interleaved, and the ratio says more than the milliseconds.
"""

import argparse
import json
import os
import secrets
import statistics
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

from keys import credential, decryption
from keys.curve import ED25519
from keys.group import Scalar
from tally.ballot import Ballot, make
from tally.count import accumulate
from tally.questions import Election
from voting import bench_meeting, bench_record, plain_loop, reference

HELP = """\
测速：参照选票（1 题 10 选 0-1，6 题 4 选 1）各步骤所用毫秒的中位数，并与朴素的 PyNaCl 循环同场比较。

Medians in milliseconds for the reference ballot (1 question of 10 answers 0..1 and 6 of 4 answers exactly 1), beside a
straightforward PyNaCl loop that makes the same scalar multiplications. --evaluation: 8 人的民主测评票，208 个密文 / the
evaluation of 8 persons, 208 ciphertexts."""

MEANING = {
    "verify_ms": "核验一张已解析的票，单线程 / verify a parsed ballot, one thread",
    "judge_ms": "从字节到结论 / from bytes to verdict",
    "encrypt_ms": "填票加密 / make a ballot",
    "accumulate_ms": "每票累加 / add a ballot to the sum",
    "decrypt_ms": "一份部分解密 / one partial decryption with Belenios' proof",
    "plain_verify_ms": "朴素循环核验 / the straightforward loop verifies",
    "verify_ratio": "核验与朴素循环之比 / verify_ms over the loop's",
    "ballots_per_s_1": "单线程，每秒核验票数 / ballots judged a second on one thread",
    "ballots_per_s": "全部核心，每秒核验票数 / ballots judged a second on all cores",
    "speedup": "两者之比 / all cores over one thread",
    "threads": "线程数 / threads",
    "ballots": "票数 / ballots",
}
MAX_BALLOTS = 100_000
FEWEST = 10
"""Two voter groups of five: fewer are not decrypted."""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0, or 1 if the two verifiers disagree about a ballot."""
    parser = argparse.ArgumentParser(
        "mipiao bench", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--ballots", type=_count, default=20, metavar="N", help="测几张票 / ballots to measure with (default 20)"
    )
    parser.add_argument(
        "--record", type=_count, metavar="N",
        help="改为核验一份 N 张票的完整档案，单线程与全部核心各一次 / verify a whole archive of N ballots instead, on one thread and on all cores",
    )  # fmt: skip
    parser.add_argument(
        "--evaluation", action="store_true",
        help="改测 8 人的测评票；与 --record 同用，则做一份完整记录并复核 / measure the evaluation of 8 instead; with --record a whole tallied record, rechecked",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    options = parser.parse_args(arguments)
    if options.evaluation and options.record is not None and options.record < FEWEST:
        parser.error(f"--evaluation 与 --record N 同用，N 至少 {FEWEST} / with --evaluation N is at least {FEWEST}")
    try:
        figures = _measured(options)
    except Disagreement as error:
        sys.stderr.write(f"两个核验程序结论不一 / the two verifiers disagree: {error}\n")
        return 1
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        meaning = MEANING | bench_record.MEANING | bench_meeting.MEANING
        sys.stdout.writelines(f"{name:16} {value:10.3f}  {meaning[name]}\n" for name, value in figures.items())
    return 0


def _measured(options: argparse.Namespace) -> dict[str, float]:
    if options.record is None:
        return measure(options.ballots, evaluation=options.evaluation)
    return bench_meeting.measure(options.record) if options.evaluation else bench_record.measure(options.record)


class Disagreement(Exception):
    """Our verifier and the straightforward loop say different things about one ballot."""


def measure(count: int, *, evaluation: bool = False) -> dict[str, float]:
    """Medians over `count` ballots, in milliseconds; `ballots_per_s` is a rate."""
    election, secret, _ = reference.evaluation() if evaluation else reference.election()
    chosen = reference.marks if evaluation else reference.choices
    times: dict[str, list[float]] = {name: [] for name in MEANING if name.endswith("_ms")}
    plain_questions = [question.plain() for question in election.questions]
    ballots: list[Ballot] = []
    for _ in range(count):
        key = credential.secret(ED25519, reference.UUID, credential.new(secrets.token_bytes))
        ballot = _timed(times["encrypt_ms"], lambda: make(election, key, chosen(), secrets.token_bytes))  # noqa: B023 - called at once
        raw = ballot.raw
        parsed = Ballot.parse(raw, election)
        _timed(times["verify_ms"], lambda: _verify(parsed, election))  # noqa: B023 - called at once
        plain = json.loads(raw)
        if not _timed(
            times["plain_verify_ms"],
            lambda: plain_loop.verify(plain, plain_questions, election.public_key.text, election.phi),  # noqa: B023 - called at once
        ):
            raise Disagreement(parsed.tracker)
        _timed(times["judge_ms"], lambda: Ballot.check(raw, election))  # noqa: B023 - called at once
        ballots.append(parsed)
    for _ in range(3):
        _timed(times["decrypt_ms"], lambda: _decrypt(election, secret, ballots))
        _timed(times["accumulate_ms"], lambda: accumulate(election, ballots))
    times["accumulate_ms"] = [ms / count for ms in times["accumulate_ms"]]
    figures = {name: statistics.median(values) for name, values in times.items()}
    figures["verify_ratio"] = statistics.median(
        ours / theirs for ours, theirs in zip(times["verify_ms"], times["plain_verify_ms"], strict=True)
    )
    threads = os.cpu_count() or 1
    one, every = _rate(election, ballots, 1), _rate(election, ballots, threads)
    return figures | {
        "ballots_per_s_1": one, "ballots_per_s": every, "speedup": every / one, "threads": threads, "ballots": count,
    }  # fmt: skip


def _verify(ballot: Ballot, election: Election) -> None:
    ballot.verify_signature(election)
    ballot.verify_proofs(election)


def _decrypt(election: Election, secret: Scalar, ballots: Sequence[Ballot]) -> None:
    # The sum's ciphertexts cost as much as any others, so the first ballot's stand in for them.
    for answer in ballots[0].answers:
        for ciphertext in answer.choices:
            decryption.factor(secret, ciphertext)
            decryption.prove_weak(ED25519, secret, election.phi, ciphertext, secrets.token_bytes)


def _rate(election: Election, ballots: Sequence[Ballot], threads: int) -> float:
    raws = [ballot.raw for ballot in ballots] * max(1, -(-8 * threads // len(ballots)))
    with ThreadPoolExecutor(threads) as executor:
        started = perf_counter()
        list(executor.map(lambda raw: Ballot.check(raw, election), raws))
        return len(raws) / (perf_counter() - started)


def _timed(into: list[float], work: Callable[[], Any]) -> Any:
    started = perf_counter()
    done = work()
    into.append((perf_counter() - started) * 1000)
    return done


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= MAX_BALLOTS:
        raise argparse.ArgumentTypeError(f"1-{MAX_BALLOTS}")
    return int(text)
