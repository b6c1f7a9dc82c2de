"""Candidates from spreadsheets: good files in HR's order, bad files by row, cell and code."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voting.errors import Code, Refused
from voting.selections.importing import MAX_CANDIDATES, Preview, key_of, preview, read_table
from voting.selections.table import MAX_BYTES, Why, cell_name

HEADER = "姓名,现任职务,所在处室\r\n"
SOUND = HEADER + "季慕青,副处长,投资促进处\r\n顾𬱖,三级主任科员,外商投资管理处\r\n"


def of_csv(text: str | bytes) -> Preview:
    return preview(read_table("人选.csv", text if isinstance(text, bytes) else text.encode()))


def of_xlsx(raw: bytes) -> Preview:
    return preview(read_table("人选.xlsx", raw))


def workbook(rows: list[list[object]], tweak=None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    if tweak:
        tweak(book, sheet)
    book.close()
    return out.getvalue()


def repacked(raw: bytes, change: dict[str, bytes]) -> bytes:
    """The same workbook with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, body in change.items():
            new.writestr(name, body)
    return out.getvalue()


PEOPLE: list[list[object]] = [
    ["姓名", "现任职务", "所在处室"],
    ["季慕青", "副处长", "投资促进处"],
    ["顾𬱖", "三级主任科员", "外商投资管理处"],
]


def problems(found: Preview) -> list[tuple[int, Why]]:
    return [(p.row, p.why) for p in found.errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_every_encoding_that_office_software_writes(encoding):
    found = of_csv(SOUND.encode(encoding))
    assert found.sound
    assert [(r.row, r.name, r.duty, r.department) for r in found.rows] == [
        (2, "季慕青", "副处长", "投资促进处"),
        (3, "顾𬱖", "三级主任科员", "外商投资管理处"),
    ]


def test_an_xlsx_is_read_in_the_order_of_its_rows():
    found = of_xlsx(workbook(PEOPLE))
    assert found.sound
    assert [r.name for r in found.rows] == ["季慕青", "顾𬱖"]
    assert found.rows[1].department == "外商投资管理处"


def test_a_workbook_written_by_another_library_is_read():
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in PEOPLE:
        sheet.append([str(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    assert [r.name for r in of_xlsx(out.getvalue()).rows] == ["季慕青", "顾𬱖"]


def test_other_columns_of_a_roster_are_passed_over_and_columns_may_stand_in_any_order():
    found = of_csv("序号,所在处室,姓 名,性别,现任\u3000职务\r\n1,办公室,过静宜,女,副主任\r\n")
    assert [(r.name, r.duty, r.department) for r in found.rows] == [("过静宜", "副主任", "办公室")]


def test_padding_and_full_width_spaces_go_and_inner_spaces_of_a_duty_become_one():
    found = of_csv(
        HEADER + "张\u3000三,\u3000副处长\u3000\u3000主持工作\u00a0,办公室\r\n古丽米热•艾山,,\r\nJohn  Smith,,\r\n"
    )
    assert [(r.name, r.duty) for r in found.rows] == [
        ("张三", "副处长 主持工作"),
        ("古丽米热·艾山", ""),
        ("John Smith", ""),
    ]


def test_empty_rows_are_passed_over_and_row_numbers_stay_the_spreadsheets_own():
    found = of_csv(HEADER + "\r\n,,\r\n季慕青,,\r\n")
    assert [r.row for r in found.rows] == [4]


@pytest.mark.parametrize(("line", "row", "why"), [
    (",副处长,办公室", 3, Why.EMPTY_NAME),
    ("\u3000 ,副处长,办公室", 3, Why.EMPTY_NAME),
    ("很长" * 20 + ",副处长,办公室", 3, Why.TOO_LONG),
    ("过静宜," + "长" * 61 + ",办公室", 3, Why.TOO_LONG),
    ("过\u0007静宜,副处长,办公室", 3, Why.CONTROL),
    ("过静宜,副\u202e处长,办公室", 3, Why.CONTROL),
    ("过\u200b静宜,副处长,办公室", 3, Why.CONTROL),
    ("过\ue863静宜,副处长,办公室", 3, Why.CONTROL),
    ("过静\ufffd,副处长,办公室", 3, Why.CONTROL),
    ("=1+1,副处长,办公室", 3, Why.FORMULA),
    ("过静宜,+cmd,办公室", 3, Why.FORMULA),
    ("过静宜,@SUM(A1),办公室", 3, Why.FORMULA),
    ("过静宜,-2+3,办公室", 3, Why.FORMULA),
    ("过静宜（女）,副处长,办公室", 3, Why.BRACKET),
    ("季 慕青,处长,投资促进处", 3, Why.DUPLICATE),
])  # fmt: skip
def test_a_bad_row_is_named_by_its_number_and_stops_the_whole_list(line, row, why):
    found = of_csv(HEADER + "季慕青,副处长,投资促进处\r\n" + line + "\r\n")
    assert problems(found) == [(row, why)]
    assert not found.sound


def test_every_bad_row_is_reported_at_once():
    found = of_csv(HEADER + ",,办公室\r\n季慕青,,\r\n=A1,,\r\n季慕青,,\r\n")
    assert problems(found) == [(2, Why.EMPTY_NAME), (4, Why.FORMULA), (5, Why.DUPLICATE)]


def test_two_people_of_one_name_in_different_offices_are_kept_and_pointed_out():
    found = of_csv(HEADER + "张伟,副处长,办公室\r\n张伟,副处长,财务处\r\n")
    assert found.sound
    assert len(found.notes) == 1
    assert "第 2、3 行" in found.notes[0]


def test_a_formula_is_refused_by_the_name_of_its_cell():
    raw = workbook(
        PEOPLE, lambda _, sheet: sheet.write_formula("B3", '=CONCATENATE("三级","主任科员")', None, "三级主任科员")
    )
    found = of_xlsx(raw)
    assert [(p.row, p.why, p.ref) for p in found.errors] == [(3, Why.FORMULA, "B3")]
    assert found.errors[0].text.startswith("B3 是公式")


def test_a_formula_outside_the_columns_we_read_is_refused_too():
    raw = workbook(PEOPLE, lambda _, sheet: sheet.write_formula("F2", "=A2"))
    assert [(p.row, p.why, p.ref) for p in of_xlsx(raw).errors] == [(2, Why.FORMULA, "F2")]


def test_merged_cells_are_refused_by_their_range():
    raw = workbook(PEOPLE, lambda _, sheet: sheet.merge_range("C2:C3", "投资促进处"))
    assert [(p.row, p.why, p.ref) for p in of_xlsx(raw).errors] == [(2, Why.MERGED, "C2:C3")]


def test_an_error_value_is_refused_by_the_name_of_its_cell():
    book = workbook(PEOPLE)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    bad = sheet.replace(b'<c r="B2" t="s"><v>4</v></c>', b'<c r="B2" t="e"><v>#REF!</v></c>')
    assert bad != sheet
    assert (2, Why.ERROR_VALUE) in problems(of_xlsx(repacked(book, {"xl/worksheets/sheet1.xml": bad})))


def code_of(name: str, raw: bytes) -> Code:
    with pytest.raises(Refused) as refused:
        preview(read_table(name, raw))
    return refused.value.code


@pytest.mark.parametrize(("raw", "code"), [
    (b"", Code.IMPORT_EMPTY),
    (b"\r\n\r\n", Code.IMPORT_EMPTY),
    (HEADER.encode(), Code.IMPORT_EMPTY),
    ((HEADER + ",,\r\n").encode(), Code.IMPORT_EMPTY),
    ("职务,处室\r\n副处长,办公室\r\n".encode(), Code.IMPORT_HEADERS),
    ("姓名,姓名\r\n甲,乙\r\n".encode(), Code.IMPORT_HEADERS),
    (SOUND.encode("utf-16"), Code.IMPORT_ENCODING),
    (SOUND.encode("utf-16-le"), Code.IMPORT_ENCODING),
    (SOUND.encode() + b"\xff\xff", Code.IMPORT_ENCODING),
    ("姓名,現任職務\r\n張三,處長\r\n".encode("big5"), Code.IMPORT_HEADERS),
    ((HEADER + '"季慕青,,\r\n').encode(), Code.IMPORT_NOT_A_TABLE),
    ((HEADER + "".join(f"人{i},,\r\n" for i in range(MAX_CANDIDATES + 1))).encode(), Code.IMPORT_TOO_MANY),
    ((HEADER + "甲,,\r\n" * 3000).encode(), Code.IMPORT_TOO_MANY),
    ((HEADER + "甲" + "," * 200 + "\r\n").encode(), Code.IMPORT_TOO_MANY),
    (b"a" * (MAX_BYTES + 1), Code.IMPORT_TOO_LARGE),
])  # fmt: skip
def test_a_csv_that_cannot_be_read_is_refused_by_code(raw, code):
    assert code_of("人选.csv", raw) == code


def test_an_old_binary_workbook_is_refused_with_the_way_out():
    assert code_of("人选.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)) == Code.IMPORT_NOT_A_TABLE


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04", b"PK\x03\x04" + bytes(300), workbook(PEOPLE)[:-40], workbook(PEOPLE)[:900]]
)
def test_a_broken_workbook_is_refused_by_code(raw):
    assert code_of("人选.xlsx", raw) == Code.IMPORT_NOT_A_TABLE


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_workbook_with_several_parts_of_one_name_is_refused():
    out = io.BytesIO(workbook(PEOPLE))
    with zipfile.ZipFile(out, "a") as parts:
        for size in (1, 1, 1000):
            parts.writestr("xl/extra.xml", f"<x>{' ' * size}</x>")
    assert code_of("人选.xlsx", out.getvalue()) == Code.IMPORT_ZIP_BOMB


def test_a_zip_that_is_no_workbook_is_refused_by_code():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("hello.txt", "hello")
    assert code_of("人选.xlsx", out.getvalue()) == Code.IMPORT_NOT_A_TABLE


def test_a_part_that_unpacks_to_many_times_its_size_is_refused_before_it_is_read():
    bomb = repacked(workbook(PEOPLE), {"xl/sharedStrings.xml": b" " * (8 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert code_of("人选.xlsx", bomb) == Code.IMPORT_ZIP_BOMB


def test_a_workbook_of_too_many_parts_is_refused():
    assert (
        code_of("人选.xlsx", repacked(workbook(PEOPLE), {f"x/{i}.bin": b"" for i in range(400)}))
        == Code.IMPORT_ZIP_BOMB
    )


def test_a_declared_size_that_lies_ends_as_a_refusal_too():
    bomb = bytearray(repacked(workbook(PEOPLE), {"xl/sharedStrings.xml": b" " * (8 * 1024 * 1024)}))
    size = (8 * 1024 * 1024).to_bytes(4, "little")
    while size in bomb:
        at = bomb.index(size)
        bomb[at : at + 4] = (100).to_bytes(4, "little")
    assert code_of("人选.xlsx", bytes(bomb)) == Code.IMPORT_NOT_A_TABLE


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>'
)
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'
)


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
@pytest.mark.parametrize("body", [ENTITIES, EXTERNAL], ids=["billion laughs", "external entity"])
def test_entities_in_any_part_of_a_workbook_are_refused(part, body):
    assert code_of("人选.xlsx", repacked(workbook(PEOPLE), {part: body})) == Code.IMPORT_ZIP_BOMB


def test_a_sheet_that_claims_a_million_rows_is_refused_without_walking_them():
    raw = workbook(PEOPLE, lambda _, sheet: sheet.write(1_048_575, 0, "远"))
    assert code_of("人选.xlsx", raw) == Code.IMPORT_TOO_MANY


def test_strings_stay_strings_and_dates_and_numbers_become_text():
    found = of_xlsx(workbook([["姓名", "现任职务"], ["甲", 3.0], ["乙", True]]))
    assert [r.duty for r in found.rows] == ["3", "True"]


def test_the_samples_own_lists_are_read():
    folder = Path(__file__).parents[3] / "sample"
    found = of_csv((folder / "推荐人选.csv").read_bytes())
    assert found.sound
    assert [r.name for r in found.rows][:3] == ["季慕青", "过静宜", "俞景行"]
    assert len(found.rows) == 10
    if (folder / "人员名册-gbk.csv").exists():
        roster = of_csv((folder / "人员名册-gbk.csv").read_bytes())
        assert len(roster.rows) == 46
        assert "顾𬱖" in [r.name for r in roster.rows]


@pytest.mark.parametrize(
    ("a", "b"), [("张 三", "张三"), ("古丽•艾山", "古丽·艾山"), ("ＡＢ", "ab"), ("张\u3000三", "张三")]
)
def test_spellings_of_one_name_have_one_key(a, b):
    assert key_of(a) == key_of(b)


def test_cells_are_named_as_a_spreadsheet_names_them():
    assert [cell_name(1, 1), cell_name(7, 26), cell_name(3, 27), cell_name(2, 703)] == ["A1", "Z7", "AA3", "AAA2"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", HEADER.encode(), HEADER.encode("gb18030")]))
def test_no_bytes_at_all_end_in_anything_but_a_preview_or_a_refusal(noise, start):
    try:
        rows = len(preview(read_table("x", start + noise)).rows)
    except Refused as refused:
        ended = refused.code.value
    else:
        ended = f"preview of {rows}" if rows else "nothing"
    assert ended.startswith(("import_", "preview of "))
