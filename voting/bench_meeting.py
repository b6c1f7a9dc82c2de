"""`mipiao bench --record N --evaluation`: a whole tallied record of ours, the evaluation of 8 (208 ciphertexts a ballot).

What a second machine needs before the scrutineers: the record is made first (the slow part, not measured), then
`mipiao recheck` runs on it as a process of its own, on all cores.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from nacl.signing import SigningKey

from keys import credential
from keys.curve import ED25519
from keys.group import Scalar
from keys.trustee import generate
from tally import published, result, shares, voids, voter_groups
from tally.ballot import Ballot, make
from tally.closing import Closing, Counts
from tally.count import encode
from tally.credentials import encode_credentials, sort_key
from tally.manifest import Manifest, NamedTrustee, VoterGroup
from tally.published import Published
from tally.questions import Election, Question
from tally.record import Log
from tally.shares import StrongTally
from tally.trustees import Trustees

UUID = "EvaLuation8PoL"
PERSONS, GRADED = 8, ("德", "能", "勤", "绩", "廉", "总体评价")
GRADES, OPINION = ("优秀", "称职", "基本称职", "不称职"), ("同意", "不同意")
TRUSTEES = (("保管人甲", "机关党委"), ("保管人乙", "机关纪委"))
LABELS = ("机关中层正职", "机关其他人员")
MEANING = {
    "meeting_ballots": "记录中的票数（8 人民主测评，每票 208 个密文） / ballots in the record",
    "meeting_mb": "档案大小 / its size in MB",
    "recheck_s": "复核（全部核心，连同启动和写出复核记录），秒 / mipiao recheck on all cores, whole process, seconds",
    "recheck_cpu_s": "其中处理器时间，各核合计，秒 / of processor time, all cores together, seconds",
    "recheck_threads": "线程数 / threads",
}


def measure(ballots: int) -> dict[str, float]:
    """Make a record of so many ballots in a temporary folder and recheck it. Raises RuntimeError if it does not pass."""
    threads = os.cpu_count() or 1
    with TemporaryDirectory() as folder:
        files = record(ballots, threads)
        seal = write(Path(folder), files)
        before, started = _children(), perf_counter()
        ran = subprocess.run(  # noqa: S603 - this very program, on a folder of its own
            [sys.executable, "-m", "voting.cli", "recheck", str(Path(folder, UUID)), "--seal", seal,
             "--html", str(Path(folder, "recheck.html"))],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds, processor = perf_counter() - started, _children() - before
        if ran.returncode:
            raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
        size = len(files[f"{UUID}.bel"]) / 2**20
    return dict(zip(MEANING, (float(ballots), size, seconds, processor, float(threads)), strict=True))


def _children() -> float:
    """Processor seconds of the processes that this one started and that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def write(folder: Path, files: Mapping[str, bytes]) -> str:
    """Write the record's folder below `folder`. Returns its 封箱印记."""
    (folder / UUID).mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        (folder / UUID / name).write_bytes(raw)
    return Closing.parse(files["closing.json"]).seal


def questions() -> tuple[Question, ...]:
    """Person by person, 德能勤绩廉 and 总体评价 in four grades, then 使用意见: 208 answers."""
    found = []
    for n in range(1, PERSONS + 1):
        found += [Question(f"测评对象{n}（某处　副处长）：{item}", GRADES, 0, 1) for item in GRADED]
        found.append(Question(f"测评对象{n}（某处　副处长）：使用意见", OPINION, 0, 1))
    return tuple(found)


def record(ballots: int, threads: int) -> dict[str, bytes]:
    """The files of a tallied record with so many random ballots (at least 10: two groups of five)."""
    made = [generate(ED25519, secrets.token_bytes, name) for name, _ in TRUSTEES]
    trustees, key = Trustees.of(ED25519, [public for _, public in made]), SigningKey(secrets.token_bytes(32))
    slips = [credential.secret(ED25519, UUID, credential.new(secrets.token_bytes)) for _ in range(ballots)]
    publics = [ED25519.base(slip).text for slip in slips]
    manifest = _manifest(publics, trustees, key)
    election = Election(
        ED25519, f"测速\n{manifest.description_line}", "民主测评", trustees.election_key, questions(), UUID, "局人教处",
        "机关党委",
    )  # fmt: skip
    with ThreadPoolExecutor(threads) as executor:
        cast = sorted(executor.map(lambda slip: _ballot(election, slip), slips), key=lambda one: one.tracker)
    log = Log(0)
    log.setup(election.raw, trustees.raw, encode_credentials(publics))
    for ballot in cast:
        log.ballot(ballot.raw)
    sums = voter_groups.add_up(election, manifest, cast)
    log.end_ballots()
    log.add_encrypted_tally(encode(sums.total), ballots, ballots)
    closing = _closing(election, manifest, log, ballots).signed(key)
    opened = [
        shares.decrypt(election, sums.total, n, secret, closing.sigma, secrets.token_bytes, sums.groups)
        for n, (secret, _) in enumerate(made, 1)
    ]
    for share in opened:
        log.add_partial_decryption(share.owner, share.partial.raw)
    total = result.combine(election, trustees, sums.total, {one.owner: one.partial for one in opened}, ballots)
    groups = published.combine_groups(
        election, trustees, sums.groups, {one.owner: one.groups for one in opened}, ballots
    )
    log.add_result(result.encode(total))
    numbers = [number for _, number in closing.cast_per_group]
    return {
        f"{UUID}.bel": log.encode(), "manifest.json": manifest.raw, "closing.json": closing.raw,
        "voids.json": voids.encode([]),
        "tally.json": StrongTally.of(election, trustees.owners, closing.sigma, opened).raw,
        "result.json": Published.of(election, manifest, numbers, total, groups).raw,
    }  # fmt: skip


def _manifest(publics: list[str], trustees: Trustees, key: SigningKey) -> Manifest:
    half = len(publics) // 2
    named = zip(trustees.owners, TRUSTEES, strict=True)
    return Manifest(
        uuid=UUID, selection="测速", kind="evaluation", rehearsal=True, transport="http",
        groups=tuple(
            VoterGroup(label, tuple(sorted(part, key=sort_key)))
            for label, part in zip(LABELS, (publics[:half], publics[half:]), strict=True)
        ),
        minimum=5, receipt_key=key.verify_key.encode().hex(),
        by_group=tuple(q for n in range(PERSONS) for q in (7 * n + 5, 7 * n + 6)),
        trustees=tuple(NamedTrustee(name, role, owner.public.key.text) for owner, (name, role) in named),
    )  # fmt: skip


def _closing(election: Election, manifest: Manifest, log: Log, ballots: int) -> Closing:
    numbers = [len(group.credentials) for group in manifest.groups]
    return Closing(
        uuid=UUID, phi=election.phi, manifest=manifest.hash, head=log.closed_event or "", ballots=ballots,
        cast_per_group=tuple(zip(LABELS, numbers, strict=True)), voids=sha256(voids.encode([])).hexdigest(),
        groups=voter_groups.shown_labels(manifest, numbers, len(election.questions)),
        counts=Counts(ballots, ballots, ballots, 0, ballots, ballots),
    )  # fmt: skip


def _ballot(election: Election, slip: Scalar) -> Ballot:
    marks = []
    for question in election.questions:
        chosen = secrets.randbelow(len(question.answers) + 1)  # one more: no mark, an abstention
        marks.append([int(n == chosen) for n in range(len(question.answers))])
    return make(election, slip, marks, secrets.token_bytes)
