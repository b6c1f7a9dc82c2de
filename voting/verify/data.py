"""The report as JSON, for other programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from voting.verify import program
from voting.verify.judging import Verdict


def as_json(verdicts: Sequence[Verdict]) -> str:
    """One object: {"ok", "program", "records": [{"path", "ok", "stage", …, "checks", "notes"}]}; ASCII only.

    Figures are null unless every check of the record holds.
    """
    records = [_plain(verdict) for verdict in verdicts]
    whole = {"ok": all(verdict.ok for verdict in verdicts), "program": program.about(), "records": records}
    return json.dumps(whole, indent=1) + "\n"


def _plain(verdict: Verdict) -> dict[str, Any]:
    report = verdict.report
    election, closing = report.election, report.closing
    shown = report.published.plain() if report.published and verdict.ok else None
    return {
        "path": verdict.path,
        "ok": verdict.ok,
        "stage": report.stage,
        "archive": verdict.archive or None,
        "uuid": report.uuid,
        "name": election.name if election else None,
        "phi": election.phi if election else None,
        "setup_event": report.setup_event or None,
        "opening_seal": report.opening_seal,
        "sigma": closing.sigma if closing else None,
        "closing_seal": report.closing_seal,
        "slips": report.slips,
        "ballots": report.ballots,
        "counts": asdict(closing.counts) if closing else None,
        "cast_per_group": dict(closing.cast_per_group) if closing else None,
        "result": report.result if verdict.ok else None,
        "groups": shown["groups"] if shown else None,
        "rest": shown["rest"] if shown else None,
        "checks": [asdict(check) for check in report.checks],
        "notes": report.notes,
    }
