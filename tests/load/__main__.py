"""`python -m tests.load`: play the scenarios at full length and print the table."""

import argparse
import shutil
import sys
import tempfile
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from tests.load import table
from tests.load.databases import databases
from tests.load.run import Run, play
from tests.load.scenarios import SCENARIOS, Scenario


def main() -> int:
    """Play what was asked for; 0 if every run is sound."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("scenarios", nargs="*", help=f"by default all: {', '.join(SCENARIOS)}")
    parser.add_argument("--runs", type=int, default=1, help="how often each is played")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1, help="of arrivals and manners, never of keys")
    asked = parser.parse_args()
    unknown = set(asked.scenarios) - set(SCENARIOS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    kinds = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    sound = True
    with databases(kinds) as fresh, ProcessPoolExecutor() as pool:
        rows: list[tuple[str, list[Run]]] = []
        for name in asked.scenarios or SCENARIOS:
            for kind in kinds:
                runs = [_one(SCENARIOS[name], fresh, kind, pool, asked.seed + n) for n in range(asked.runs)]
                rows.append((kind, runs))
                sound = sound and all(run.sound for run in runs)
        print("\n" + table.table(rows))
    return 0 if sound else 1


def _one(scenario: Scenario, fresh, kind: str, pool: Executor, seed: int) -> Run:
    folder = Path(tempfile.mkdtemp(prefix="mipiao-load-"))
    try:
        run = play(scenario, fresh(kind, folder), folder, pool, seed)
        print(table.line(kind, [run]), flush=True)
        for fault in run.account.faults:
            print(f"    FAULT {fault}", flush=True)
        errors = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
        if run.account.faults or "Traceback" in errors:
            print(errors[-3000:], flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return run


if __name__ == "__main__":
    sys.exit(main())
