"""The report on one record, in its three forms: what was checked, by which program, seals, counts, and what came of it."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tally.verify import Files
from tests.tally import tweaks
from tests.tally.builders import GROUPED_RESULT, LABELS, grouped_files
from voting.verify import program, telling
from voting.verify.data import as_json
from voting.verify.judging import Verdict, verdict
from voting.verify.page import as_page, body
from voting.verify.text import as_text


def folder(files: Files) -> dict[str, bytes | memoryview]:
    named = {"record.bel": files.bel, "manifest.json": files.manifest, "closing.json": files.closing,
             "voids.json": files.voids, "tally.json": files.tally, "result.json": files.result}  # fmt: skip
    return {name: raw for name, raw in named.items() if raw is not None}


@pytest.fixture(scope="module")
def sound() -> Verdict:
    return verdict("record.bel", folder(grouped_files()), 1)


@pytest.fixture(scope="module")
def shifted() -> Verdict:
    """A record whose count was shifted by a trustee and the last voter together."""
    return verdict("record.bel", folder(tweaks.shift_a_count_as_last_voter_and_trustee()), 1)


def test_every_form_names_program_record_seals_and_counts(sound: Verdict) -> None:
    from hashlib import sha256

    archive = sha256(grouped_files().bel).hexdigest()
    sigma = sha256(grouped_files().closing or b"").hexdigest()
    seal = f"{sigma[:4]} {sigma[4:8]}".upper()
    text, page = as_text([sound]), as_page([sound])
    told = json.loads(as_json([sound]))
    for words in (f"mipiao {program.about()['version']}", program.fingerprint()[:16], "民主推荐", "MiPiaoTestPo11", archive,
                  sigma, seal, "应到 20", "收回 16", "未交 2", "机关中层正职 6"):  # fmt: skip
        assert words in text
        assert words in page
    record = told["records"][0]
    assert told["program"]["fingerprint"] == program.fingerprint()
    assert (record["archive"], record["sigma"], record["closing_seal"]) == (archive, sigma, seal)
    assert record["counts"]["returned"] == record["ballots"] == 16
    assert record["cast_per_group"] == {LABELS[0]: 6, LABELS[1]: 2, LABELS[2]: 5, "直属单位班子其他成员": 3}


@pytest.mark.parametrize(("voided", "told"), [(2, ""), (0, "　剩余而没有登记作废 2")])
def test_the_counts_add_up_when_leftovers_were_not_voided(sound: Verdict, voided: int, told: str) -> None:
    closing = sound.report.closing
    counts = replace(closing.counts, voided=voided)
    without = replace(sound, report=replace(sound.report, closing=replace(closing, counts=counts)))
    [line] = [line.value for line in telling.head(without) if line.en == "counts"]
    assert line == f"应到 20　实到 18　印制 20　作废 {voided}　发出 18　收回 16　未交 2{told}"


def test_the_figures_of_groups_are_told_with_their_abstentions(sound: Verdict) -> None:
    record = json.loads(as_json([sound]))["records"][0]
    assert record["groups"] == {
        label: [list(row) if row else None for row in rows] for label, rows in GROUPED_RESULT.items()
    }
    assert record["rest"]["labels"][0] == [LABELS[1], "直属单位班子其他成员"]
    text = as_text([sound])
    assert "# · 机关中层正职：弃权 1；安怀远 4；卞若川 1；岑知微 2\n" in text
    assert "# · 其余合计：弃权 2；安怀远 1；卞若川 2；岑知微 0\n" in text
    # 16 ballots, 14 of them with a mark: who marks nothing on an item abstains.
    assert "# · 合计：优秀 6；称职 4；基本称职 2；不称职 2；弃权 2\n" in text


def test_a_record_that_does_not_hold_tells_no_figures_and_says_what_to_do(shifted: Verdict) -> None:
    text, page = as_text([shifted]), as_page([shifted])
    record = json.loads(as_json([shifted]))["records"][0]
    assert (record["ok"], record["result"], record["groups"]) == (False, None, None)
    assert "合计：" not in text
    assert "figures" not in body(shifted)
    assert "没有成立的强证明，计数可能被改动，总计，第 1 题，第 2 项，第 1 位保管人 (郑为民)" in text
    assert "结果不能使用。请保存这份报告和选举记录，报告派驻纪检监察组。" in page
    assert "记录前后一致" not in page


def test_an_unfinished_record_is_not_called_whole() -> None:
    from tests.tally.builders import Draft

    page = body(verdict("record.bel", folder(Draft(until="closed").files()), 1))
    assert "全部" in page
    assert "记录前后一致" not in page
    assert "已封箱，尚未解密" in page
    assert "只核验到目前为止的部分" in page


class Page(HTMLParser):
    """What a page asks a browser to do beyond showing text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [name for name, _ in attrs if name in {"src", "href", "onload", "style"}]


def test_the_page_loads_nothing_and_runs_nothing(sound: Verdict, shifted: Verdict) -> None:
    page = Page()
    page.feed(as_page([sound, shifted]))
    assert page.loads == []
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert "url(" not in as_page([sound])
    assert "@import" not in as_page([sound])


def test_a_foreign_archive_is_called_foreign_whatever_holds() -> None:
    foreign = verdict("foreign.bel", folder(tweaks.a_foreign_record(weight=2)), 1)
    assert foreign.ok
    assert "这是外来档案，只按 Belenios 的规则核验。" in body(foreign)
    assert "记录前后一致" not in body(foreign)
    # Weighted counts are no numbers of ballots, so nobody's abstention can be told from them.
    assert "弃权 -" not in as_text([foreign])


def test_a_record_that_is_not_complete_says_so_in_its_last_line() -> None:
    from tests.tally.builders import Draft

    line = as_text([verdict("record.bel", folder(Draft(until="closed").files()), 1)]).splitlines()[-1]
    assert line.endswith("checks hold, but the record is not complete")


def test_spaces_in_a_name_cannot_push_a_forged_line_into_view(sound: Verdict) -> None:
    election = sound.report.election
    assert election is not None
    forged = replace(sound.report, election=replace(election, name="甲" + " " * 300 + "= 全部 19 项成立"))
    assert "甲 = 全部 19 项成立（" in as_text([replace(sound, report=forged)])


def test_names_in_a_record_are_text_and_nothing_else(sound: Verdict) -> None:
    election = sound.report.election
    assert election is not None
    forged = replace(election, name="<script>alert(1)</script>\x1b[2J\u202e&")
    report = replace(sound.report, election=forged)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u001b[2J\\u202e&amp;" in body(replace(sound, report=report))


def test_the_services_piece_has_no_style_of_its_own(sound: Verdict) -> None:
    """The service's policy forbids inline styles."""
    assert "style" not in body(sound)


def test_the_fingerprint_is_of_the_code_that_judges(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = program.fingerprint()
    assert len(before) == 64
    (tmp_path / "tally").mkdir()
    (tmp_path / "tally" / "__init__.py").write_bytes(b"")
    monkeypatch.setattr(program.tally, "__file__", str(tmp_path / "tally" / "__init__.py"))
    program.fingerprint.cache_clear()
    assert program.fingerprint() != before
    monkeypatch.undo()
    program.fingerprint.cache_clear()
    assert program.fingerprint() == before


def test_a_path_without_a_record_is_told_in_every_form() -> None:
    from voting.verify.judging import judge

    found = list(judge("no/such/file.bel", 1))
    assert "读不到选举记录" in as_text(found)
    assert "读不到选举记录" in as_page(found)
    assert json.loads(as_json(found))["records"][0]["archive"] is None
