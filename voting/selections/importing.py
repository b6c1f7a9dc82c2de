"""Candidates from a spreadsheet: bytes in, a preview out. Pure; one bad cell stops the whole list."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from voting.errors import Code, Refused
from voting.selections import csv_table, xlsx_table
from voting.selections.table import Cell, Problem, Table, Why

MAX_CANDIDATES = 100
MAX_NAME = 30
MAX_TEXT = 60
NAME = ("姓名",)
DUTY = ("现任职务", "职务")
DEPARTMENT = ("所在处室", "所在单位", "处室", "部门")
# A name stands before the first bracket of an answer, so it may hold none itself.
BRACKETS = re.compile(r"[()（）]")
DOTS = re.compile(r"[•・･‧∙⋅．]")


class Column(StrEnum):
    """The three columns that a ballot prints."""

    NAME = "姓名"
    DUTY = "现任职务"
    DEPARTMENT = "所在处室"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One person as the ballot will print them. `row` is the spreadsheet's own row number."""

    row: int
    name: str
    duty: str
    department: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. It may be confirmed only when `errors` is empty."""

    rows: tuple[CandidateRow, ...]
    errors: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Nothing stands in the way of importing every row."""
        return bool(self.rows) and not self.errors


def read_table(filename: str, raw: bytes) -> Table:
    """Read an .xlsx or .csv file by its content; the file's name only chooses between refusals.

    Raises Refused(IMPORT_*) where the file as a whole cannot be read.
    """
    if not raw:
        raise Refused(Code.IMPORT_EMPTY)
    if raw.startswith(b"PK\x03\x04"):
        return xlsx_table.read(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0") or filename.lower().endswith((".xls", ".xlsx", ".et", ".ods")):
        raise Refused(Code.IMPORT_NOT_A_TABLE)
    return csv_table.read(raw)


def preview(table: Table) -> Preview:
    """Turn a table into candidates in the file's order, with every problem by row number. Raises Refused(IMPORT_*)."""
    name_at = _column(table, NAME)
    if name_at is None:
        raise Refused(Code.IMPORT_HEADERS, "、".join(h for h in table.headers if h)[:80])
    duty_at, department_at = _column(table, DUTY), _column(table, DEPARTMENT)
    errors = list(table.problems)
    rows: list[CandidateRow] = []
    for number, cells in table.rows:
        if not any(cell.text for cell in cells):
            continue
        name = _clean_name(_text(cells, name_at, MAX_NAME, Column.NAME, errors))
        duty = _text(cells, duty_at, MAX_TEXT, Column.DUTY, errors)
        department = _text(cells, department_at, MAX_TEXT, Column.DEPARTMENT, errors)
        if not name:
            errors.append(Problem(number, Why.EMPTY_NAME))
        elif BRACKETS.search(name):
            errors.append(Problem(number, Why.BRACKET, cells[name_at].ref))
        rows.append(CandidateRow(number, name, duty, department))
    if not rows:
        raise Refused(Code.IMPORT_EMPTY)
    if len(rows) > MAX_CANDIDATES:
        raise Refused(Code.IMPORT_TOO_MANY, f"{len(rows)}")
    notes = _same_names(rows, errors)
    return Preview(tuple(rows), tuple(sorted(errors, key=lambda p: (p.row, p.ref))), notes)


def key_of(name: str) -> str:
    """What two spellings of one name share: compatibility forms folded, spaces and dots dropped."""
    return re.sub(r"[\s·.]", "", DOTS.sub("·", unicodedata.normalize("NFKC", name))).casefold()


def tidy(text: str) -> str:
    """Canonical composition; every run of white space, the full-width space included, becomes one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def unprintable(text: str) -> bool:
    """True for characters that no ballot can show: controls, direction marks, private use, replacement characters."""
    return any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or c == "\ufffd" for c in text)


def clean_name(text: str) -> str:
    """A person's name without the padding that lists put between two characters (张　三)."""
    return _clean_name(tidy(text))


def _clean_name(text: str) -> str:
    text = DOTS.sub("·", text)
    return re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", text)


def _column(table: Table, titles: Iterable[str]) -> int | None:
    for title in titles:
        found = [i for i, header in enumerate(table.headers) if header == title]
        if len(found) > 1:
            raise Refused(Code.IMPORT_HEADERS, f"“{title}”有 {len(found)} 列")
        if found:
            return found[0]
    return None


def _text(cells: tuple[Cell, ...], at: int | None, limit: int, column: Column, errors: list[Problem]) -> str:
    if at is None or at >= len(cells):
        return ""
    cell = cells[at]
    raw = re.sub(r"[\r\n\t]", " ", cell.text)
    if unprintable(raw):
        errors.append(Problem(cell.row, Why.CONTROL, cell.ref))
        return "".join(c for c in tidy(raw) if not unprintable(c))
    text = tidy(raw)
    if re.match(r"[=+@]|[-－].", text):
        errors.append(Problem(cell.row, Why.FORMULA, cell.ref))
    if len(text) > limit:
        errors.append(Problem(cell.row, Why.TOO_LONG, cell.ref, f"{column.value}最多 {limit} 字，现有 {len(text)} 字"))
    return text


def _same_names(rows: list[CandidateRow], errors: list[Problem]) -> tuple[str, ...]:
    """The same person twice is an error; two people of one name in different offices are pointed out."""
    first: dict[tuple[str, str], int] = {}
    by_name: dict[str, list[CandidateRow]] = {}
    for row in rows:
        if not row.name:
            continue
        key = (key_of(row.name), row.department)
        if key in first:
            errors.append(Problem(row.row, Why.DUPLICATE, detail=f"与第 {first[key]} 行相同：{row.name}"))
            continue
        first[key] = row.row
        by_name.setdefault(key[0], []).append(row)
    return tuple(
        f"第 {'、'.join(str(r.row) for r in same)} 行姓名相同（{same[0].name}），所在处室不同，按不同的人导入。"
        for same in by_name.values()
        if len(same) > 1
    )
