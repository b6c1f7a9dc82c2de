"""The same papers for Word and Excel, read back: all three say the same, and a template that does not work is refused."""

import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from config import Config
from tests.voting.papers.reading import COUNTS, Rows, page_tables, summary_rows
from voting.errors import Code, Refused
from voting.papers import excel, word
from voting.papers.model import Check, Fact, Head, Paper, Seal, Signature, Table
from voting.polls.share import Share

SEAL = Seal("封箱印记", "81D4 2B6E", "81d42b6e" + "0" * 56)
PAPER = Paper(
    "report", "计票报告单", ("本局",), (Fact("日期", "2021年5月14日"),),
    (Table("", ("name", "num", "num"), ((Head("姓名"), Head("票数"), Head("得票率")),),
           (("=1+1", 3, Share(1, 3)), ("薛明澈", 1, Share(0, 0)))),),
    checks=(Check("收回 3 ≤ 发出 3", "达到"),), notes=("注一",), seals=(SEAL,), marks=(Fact("投票编号", "u"),),
    signatures=(Signature("监票人", "糜文珊"), Signature("日期")), stamp="演练，不计入任何结果",
)  # fmt: skip


def fetched(client, uuid: str, name: str, form: str) -> bytes:
    answer = client.get(f"/review/polls/{uuid}/papers/{name}.{form}")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def word_rows(raw: bytes) -> list[Rows]:
    """Every table's rows; a merged cell is told once."""
    found = docx.Document(io.BytesIO(raw))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found.tables]


def sheet_rows(raw: bytes) -> Rows:
    """Every row that has figures, as they are shown."""
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]
    return [[told(cell) for cell in row if cell.value is not None] for row in sheet.iter_rows()]


def told(cell) -> str:
    return f"{cell.value:.2%}" if cell.number_format == "0.00%" else str(cell.value)


@pytest.mark.usefixtures("tallied")
def test_page_word_and_excel_have_the_same_figures_and_they_are_the_samples(tallied, review_client, expected) -> None:
    wanted = expected["recommendation"]
    persons = list(wanted["total"]["votes"])
    page = review_client.get(f"/review/polls/{tallied}/papers/summary.html").text
    on_page = page_tables(page).bodies[1]
    in_word = word_rows(fetched(review_client, tallied, "summary", "docx"))[1][3:]
    in_excel = [
        row for row in sheet_rows(fetched(review_client, tallied, "summary", "xlsx")) if persons_row(row, persons)
    ]
    assert on_page == in_word == in_excel
    assert [row[3:] for row in on_page] == summary_rows(wanted)


def persons_row(row: list[str], persons: list[str]) -> bool:
    return len(row) > 3 and row[1] in persons


@pytest.mark.usefixtures("tallied")
def test_the_report_has_the_same_counts_in_all_three(tallied, review_client, expected) -> None:
    counts = {word_: str(expected["recommendation"]["counts"][name]) for word_, name in COUNTS.items()} | {"弃权": "5"}
    (in_word,) = word_rows(fetched(review_client, tallied, "report", "docx"))
    in_excel = sheet_rows(fetched(review_client, tallied, "report", "xlsx"))
    assert {row[0]: row[1] for row in in_word[1:]} == counts
    assert {row[0]: row[1] for row in in_excel if len(row) > 1 and row[0] in counts} == counts


@pytest.mark.usefixtures("tallied")
def test_word_and_excel_carry_seal_stamp_signatures_and_notes(tallied, review_client) -> None:
    page = review_client.get(f"/review/polls/{tallied}/papers/report.html").text
    notes = re.findall(r"<li>([^<]+)</li>", page)
    sigma = re.search(r"封箱印记全文 <code>([0-9a-f]{64})", page)[1]
    of_word = "\n".join(
        one.text for one in docx.Document(io.BytesIO(fetched(review_client, tallied, "report", "docx"))).paragraphs
    )
    of_excel = "\n".join(" ".join(row) for row in sheet_rows(fetched(review_client, tallied, "report", "xlsx")))
    assert len(notes) >= 3
    for text in (of_word, of_excel):
        for words in (
            *notes,
            sigma,
            f"{sigma[:4]} {sigma[4:8]}".upper(),
            "演练，不计入任何结果",
            "监票人（糜文珊）",
            "计票人（荣佳怡）",
        ):
            assert words in text, words


def test_a_name_that_looks_like_a_formula_stays_a_word_and_figures_are_numbers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(excel.workbook([PAPER]))).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert cells["=1+1"].data_type == "s"
    assert (cells[3].data_type, cells[0.3333].number_format) == ("n", "0.00%")
    assert "—" in cells


def test_a_worksheet_is_ready_for_a4_with_its_head_on_every_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(excel.workbook([PAPER]))).worksheets[0]
    heads = [cell.row for row in sheet.iter_rows() for cell in row if cell.value == "姓名"]
    assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("9", True) or (
        int(sheet.page_setup.paperSize), sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)  # fmt: skip
    assert sheet.print_title_rows == f"${heads[0]}:${heads[0]}"
    assert "演练" in sheet.oddHeader.right.text


def test_a_word_tables_head_is_repeated_on_every_page() -> None:
    made = docx.Document(io.BytesIO(word.document([PAPER], word.template("计票报告单", Path("nowhere")))))
    assert "tblHeader" in made.tables[0].rows[0]._tr.xml
    assert "tblHeader" not in made.tables[0].rows[1]._tr.xml


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The shipped template in the office's own folder, to be changed."""
    mine = tmp_path / "计票报告单.docx"
    mine.write_bytes((word.SHIPPED / mine.name).read_bytes())
    return mine


def change(path: Path, old: str, new: str) -> None:
    """Change the words of a template."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)


def test_the_offices_own_template_is_used(own: Path) -> None:
    change(own, "{{ paper.title }}", "云州市商务局{{ paper.title }}")
    assert word.template("计票报告单", own.parent) == own
    made = docx.Document(io.BytesIO(word.document([PAPER], own)))
    assert "云州市商务局计票报告单" in [one.text for one in made.paragraphs]


@pytest.mark.parametrize(
    ("old", "new", "told_"),
    [
        ("{{ paper.title }}", "{{ paper.tilte }}", "没有“tilte”这个字段"),
        ("{{ paper.title }}", "{{ secrets }}", "没有“secrets”这个字段"),
        ("{{ paper.title }}", "{% for x in %}", "模板语法不对"),
        ("{{ paper.title }}", "标题", "缺少 {{ paper.title }}"),
        ("{{ paper.tables }}", "表", "没有独占一段的 {{ paper.tables }}"),
        ("{{ paper.stamp }}", "", "缺少 {{ paper.stamp }}"),
        ("{{ seal.eight }}", "", "缺少 {{ seal.eight }}"),
        ("{{ one.role }}", "", "缺少 {{ one.role }}"),
        ("{{ note }}", "", "缺少 {{ note }}"),
        ("{{ paper.title }}", "{{ paper.title.__class__.__mro__ }}", "计票报告单.docx"),
    ],
)
def test_a_template_that_does_not_work_is_refused_with_what_is_wrong(own: Path, old: str, new: str, told_: str) -> None:
    change(own, old, new)
    with pytest.raises(Refused) as refused:
        word.document([PAPER], own)
    assert refused.value.code is Code.PAPER_TEMPLATE
    assert told_ in refused.value.detail
    assert refused.value.detail.startswith("计票报告单.docx：")


@pytest.mark.parametrize(
    "way", ["seal.qr.tpl.docx.save(%r)", "(seal.qr|attr('tpl')).docx.save(%r)", "seal.qr['tpl'].docx.save(%r)"]
)
def test_a_template_reaches_no_file_through_a_picture(own: Path, tmp_path: Path, way: str) -> None:
    target = tmp_path / "written.docx"
    change(own, "{{ seal.eight }}", "{{ seal.eight }}{{ %s }}" % (way % str(target)))
    with pytest.raises(Refused) as refused:
        word.document([PAPER], own)
    assert refused.value.code is Code.PAPER_TEMPLATE
    assert not target.exists()


def test_a_template_may_still_count_and_join(own: Path) -> None:
    new = "{% set ns = namespace(n=0) %}{% for s in paper.signatures %}{% set ns.n = ns.n + loop.index %}{% endfor %}{{ paper.title }}{{ ns.n }}{{ '、'.join(paper.about) }}"
    change(own, "{{ paper.title }}", new)
    assert word.document([PAPER], own)


@pytest.mark.parametrize("raw", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18, b"\0" * ((4 << 20) + 1)])
def test_a_file_that_is_no_document_is_refused(own: Path, raw: bytes) -> None:
    own.write_bytes(raw)
    with pytest.raises(Refused) as refused:
        word.document([PAPER], own)
    assert refused.value.code is Code.PAPER_TEMPLATE


@pytest.mark.usefixtures("tallied")
def test_a_broken_template_is_told_on_the_page_and_the_other_forms_still_work(
    config: Config, tallied, office_client
) -> None:
    config.paper_templates.mkdir(parents=True)
    (config.paper_templates / "计票报告单.docx").write_bytes(b"junk")
    answer = office_client.get(f"/review/polls/{tallied}/papers/report.docx", headers={"Accept": "text/html"})
    assert (answer.status_code, "paper_template" in answer.text, "另存为 .docx" in answer.text) == (409, True, True)
    assert office_client.get(f"/review/polls/{tallied}/papers/report.xlsx").status_code == 200
    assert "本局模板" in office_client.get(f"/review/polls/{tallied}/papers").text


def test_the_office_downloads_the_template_in_use_and_no_other_file(office_client, review_client) -> None:
    answer = office_client.get("/office/paper-templates/计票报告单.docx")
    assert answer.data == (word.SHIPPED / "计票报告单.docx").read_bytes()
    for name in ("nothing", "..%2F..%2Fsecret", "报告"):
        assert office_client.get(f"/office/paper-templates/{name}.docx").status_code == 404
    assert review_client.get("/office/paper-templates/计票报告单.docx").status_code == 403
