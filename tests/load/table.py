"""The figures of runs as lines of a Markdown table."""

from collections.abc import Sequence
from statistics import median

from tests.load.run import Run

HEADINGS = (
    "scenario", "database", "phones", "seconds", "acknowledged", "in the record", "told closed", "retries",
    "p50 s", "p99 s", "max s", "steady p99 s", "page p50 s", "page p99 s", "server CPU s", "check ms", "load", "sound",
)  # fmt: skip


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of all values does not exceed (nearest rank); 0 where there are none."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * part * 1000) // 1000) - 1)] if ordered else 0.0


def table(rows: Sequence[tuple[str, Sequence[Run]]]) -> str:
    """A whole table; figures of several runs are medians."""
    head = "| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS)
    return "\n".join([head, *(line(kind, runs) for kind, runs in rows)])


def line(kind: str, runs: Sequence[Run]) -> str:
    """One scenario on one database."""
    scenario = runs[0].scenario
    figures = [
        scenario.name, kind, str(scenario.phones), f"{scenario.seconds:g}",
        *(f"{median(values):g}" for values in (
            [run.account.acknowledged for run in runs], [run.account.recorded for run in runs],
            [run.account.closed for run in runs], [run.retries for run in runs],
        )),
        *(f"{median(values):.2f}" for values in (
            [share(run.waited, 0.5) for run in runs], [share(run.waited, 0.99) for run in runs],
            [max(run.waited, default=0.0) for run in runs], [share(run.waited_steady, 0.99) for run in runs],
            [share(run.opened, 0.5) for run in runs], [share(run.opened, 0.99) for run in runs],
        )),
        *(f"{median(values):.1f}" for values in (
            [run.server_cpu for run in runs], [run.check_ms for run in runs], [run.load for run in runs],
        )),
        f"{sum(run.sound for run in runs)} of {len(runs)}",
    ]  # fmt: skip
    return "| " + " | ".join(figures) + " |"
