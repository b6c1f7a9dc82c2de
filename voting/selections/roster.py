"""HR's roster (人员名册) read for facts about candidates: bytes in, rows out. Pure; one bad cell stops the whole file.

Only what the Party group's page shows is read. Remarks, health and political status stay in the file.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from voting.errors import Code, Refused
from voting.selections.importing import MAX_TEXT, clean_name, key_of, tidy, unprintable
from voting.selections.table import Cell, Problem, Table, Why

NAME, DEPARTMENT = "姓名", "所在处室"
TEXTS = {"birth": "出生年月", "degree": "学历", "post": "现任职务", "rank": "现职级"}
DAYS = {"post_since": "任现职务时间", "rank_since": "任现职级时间"}
REMARK = "备注"
YEAR = re.compile(r"(20\d\d)年度考核\Z")
YEARS = 3
GRADES = frozenset({"优秀", "称职", "基本称职", "不称职", "不定等次", ""})
DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?\Z")
HINTS = ("套转", "晋升")
"""Words of a remark that tell of earlier service at the same level."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the roster, as far as it is read. `assessments`: (year, grade), the oldest first, "" if missing."""

    row: int
    name: str
    department: str
    birth: str
    degree: str
    post: str
    post_since: dt.date | None
    rank: str
    rank_since: dt.date | None
    assessments: tuple[tuple[int, str], ...]
    hinted: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody on a ballot whom the roster is searched for."""

    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Matched:
    """Facts found for people on ballots, those not found, and what is wrong with the rows that were needed."""

    found: tuple[tuple[Wanted, RosterRow], ...]
    missing: tuple[Wanted, ...]
    errors: tuple[Problem, ...]


def match(table: Table, wanted: Sequence[Wanted]) -> Matched:
    """Find each wanted person's row by name, by office too where several bear it. Rows of others are not judged.

    Raises Refused(ROSTER_HEADERS) without one 姓名 column or without any column of facts.
    """
    at = _columns(table)
    lines: dict[str, list[tuple[Cell, ...]]] = {}
    for _, cells in table.rows:
        lines.setdefault(key_of(_text(cells, at[NAME])), []).append(cells)
    errors, found, missing = list(table.problems), [], []
    for one in wanted:
        same = lines.get(key_of(one.name), [])
        near = [row for row in same if key_of(_text(row, at.get(DEPARTMENT))) == key_of(one.department)]
        if len(same) > 1 and len(near) != 1:
            errors.append(Problem(same[0][0].row, Why.SAME_NAME, detail=one.name))
        elif same:
            found.append((one, _row(near[0] if len(same) > 1 else same[0], at, errors)))
        else:
            missing.append(one)
    rows = {row.row for _, row in found}
    # A formula or merged cell elsewhere in the roster concerns nobody here.
    needed = [one for one in errors if one.row in rows or one.row == 0 or one.why is Why.SAME_NAME]
    return Matched(tuple(found), tuple(missing), tuple(sorted(needed, key=lambda p: (p.row, p.ref))))


def _columns(table: Table) -> dict[str, int]:
    at: dict[str, int] = {}
    for k, header in enumerate(table.headers):
        known = header in {NAME, DEPARTMENT, REMARK, *TEXTS.values(), *DAYS.values()} or YEAR.match(header)
        if known and header in at:
            raise Refused(Code.ROSTER_HEADERS, f"“{header}”有两列")
        if known:
            at[header] = k
    if NAME not in at or not at.keys() - {NAME, DEPARTMENT, REMARK}:
        raise Refused(Code.ROSTER_HEADERS)
    return at


def _row(cells: tuple[Cell, ...], at: dict[str, int], errors: list[Problem]) -> RosterRow:
    texts = {field: _said(cells, at.get(header), errors) for field, header in TEXTS.items()}
    days = {field: _day(cells, at.get(header), errors) for field, header in DAYS.items()}
    years = sorted((int(found[1]), k) for header, k in at.items() if (found := YEAR.match(header)))[-YEARS:]
    return RosterRow(
        row=cells[0].row,
        name=clean_name(_text(cells, at[NAME])),
        department=_text(cells, at.get(DEPARTMENT)),
        assessments=tuple((year, _grade(cells, k, errors)) for year, k in years),
        hinted=any(word in _text(cells, at.get(REMARK)) for word in HINTS),
        birth=texts["birth"],
        degree=texts["degree"],
        post=texts["post"],
        rank=texts["rank"],
        post_since=days["post_since"],
        rank_since=days["rank_since"],
    )


def _text(cells: tuple[Cell, ...], at: int | None) -> str:
    return tidy(cells[at].text) if at is not None and at < len(cells) else ""


def _said(cells: tuple[Cell, ...], at: int | None, errors: list[Problem]) -> str:
    text = _text(cells, at)
    if at is not None and text:
        if unprintable(text):
            errors.append(Problem(cells[at].row, Why.CONTROL, cells[at].ref))
        elif re.match(r"[=+@]|[-－].", text):
            errors.append(Problem(cells[at].row, Why.FORMULA, cells[at].ref))
        elif len(text) > MAX_TEXT:
            errors.append(Problem(cells[at].row, Why.TOO_LONG, cells[at].ref, f"最多 {MAX_TEXT} 字"))
    return text


def _day(cells: tuple[Cell, ...], at: int | None, errors: list[Problem]) -> dt.date | None:
    text = _text(cells, at)
    if not text:
        return None
    found = DATE.match(text)
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    errors.append(Problem(cells[at or 0].row, Why.DATE, cells[at or 0].ref))
    return None


def _grade(cells: tuple[Cell, ...], at: int, errors: list[Problem]) -> str:
    text = _text(cells, at)
    if text not in GRADES:
        errors.append(Problem(cells[at].row, Why.GRADE, cells[at].ref))
    return text
