"""`mipiao bench --record N`: a whole archive of N reference ballots, verified as an auditor would, on one thread and on all.

Each run is a process of its own, so that its peak memory is its own.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from keys import credential
from keys.curve import ED25519
from keys.group import Scalar
from tally import count
from tally.ballot import Ballot, make
from tally.credentials import encode_credentials
from tally.questions import Election
from tally.record import Log
from tally.trustees import Trustees
from voting import reference

MEANING = {
    "record_ballots": "档案中的票数 / ballots in the archive",
    "record_mb": "档案大小 / its size in MB",
    "verify_1_s": "单线程核验，秒 / verified on one thread, seconds",
    "verify_all_s": "全部核心核验，秒 / verified on all cores, seconds",
    "record_threads": "线程数 / threads",
    "record_speedup": "两者之比 / one thread over all cores",
    "peak_1_mb": "单线程时的内存峰值 / peak memory on one thread, MB",
    "peak_all_mb": "全部核心时的内存峰值 / peak memory on all cores, MB",
}
RUN = """\
import sys
from pathlib import Path
from voting.verify.command import main
code = main(sys.argv[1:])
# Not getrusage: what it says of a process includes the one that started it.
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
sys.stderr.write(next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0"))
sys.exit(code)
"""


def measure(ballots: int) -> dict[str, float]:
    """Seconds and, on Linux, peak memory (MB of 1024 kB) of `mipiao verify`; the archive is made first, in a temporary folder."""
    threads = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "reference.bel")
        archive.write_bytes(closed_archive(ballots, threads))
        one, peak_one = _verify(archive, 1)
        every, peak_every = _verify(archive, threads)
        size = archive.stat().st_size / 2**20
    figures = (ballots, size, one, every, threads, one / every, peak_one, peak_every)
    return dict(zip(MEANING, map(float, figures), strict=True))


def closed_archive(ballots: int, threads: int) -> bytes:
    """A closed archive of Belenios' form with so many random reference ballots, each by a credential of its own."""
    election, _, public = reference.election()
    slips = [credential.secret(ED25519, reference.UUID, credential.new(secrets.token_bytes)) for _ in range(ballots)]
    log = Log(0)
    listed = encode_credentials([ED25519.base(slip).text for slip in slips])
    log.setup(election.raw, Trustees.of(ED25519, [public]).raw, listed)
    sums = count.empty(election)
    with ThreadPoolExecutor(threads) as executor:
        for ballot in executor.map(lambda slip: _cast(election, slip), slips):
            count.add(sums, ballot)
            log.ballot(ballot.raw)
    log.end_ballots()
    log.add_encrypted_tally(count.encode(sums), ballots, ballots)
    return log.encode()


def _cast(election: Election, slip: Scalar) -> Ballot:
    return make(election, slip, reference.choices(), secrets.token_bytes)


def _verify(archive: Path, jobs: int) -> tuple[float, float]:
    started = perf_counter()
    ran = subprocess.run(  # noqa: S603 - this very program, on a file of its own
        [sys.executable, "-c", RUN, str(archive), "--jobs", str(jobs)], capture_output=True, text=True, check=False
    )
    seconds = perf_counter() - started
    if ran.returncode:
        raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
    return seconds, int(ran.stderr or 0) / 1024
