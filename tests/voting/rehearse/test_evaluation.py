"""A rehearsal of an evaluation: forms, phones, trustees, record, and the result that the phones voted."""

import json
from pathlib import Path

from voting.rehearse import run


def test_an_evaluation_is_played_and_its_result_is_what_the_phones_voted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run.rehearse(7, out, 2, 20261125, "evaluation") == 0
    (told,) = json.loads((out / "result.json").read_text()).values()
    assert [len(row) for row in told["result"]] == [4, 4, 4, 4, 4, 4, 2] * 3
    (uuid,) = json.loads((out / "plaintext.json").read_text())
    assert json.loads((out / "records" / uuid / "manifest.json").read_text())["kind"] == "evaluation"
