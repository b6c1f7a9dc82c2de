"""Papers as a workbook: one worksheet a paper, numbers as numbers, words always words, ready for A4.

The tables of one paper share the worksheet's columns: those of words are merged where a table has fewer of them.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from voting.papers.model import Paper, Table, Value, shown
from voting.papers.picture import png
from voting.polls.share import Share

WIDTHS = {"no": 5.0, "name": 11.0, "text": 26.0, "half": 20.0, "num": 8.5, "count": 7.0, "wide": 44.0}
WORDS = frozenset({"no", "name", "text", "half"})
A4 = 9
LINE = 16  # points
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(papers: Sequence[Paper]) -> bytes:
    """The `.xlsx` file."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, OPTIONS) as book:
        styles = _styles(book)
        for k, paper in enumerate(papers):
            name = FORBIDDEN.sub("", paper.title)[:24] + (f" {k + 1}" if len(papers) > 1 else "")
            _Sheet(book.add_worksheet(name), styles, paper).write()
    return sink.getvalue()


def _styles(book: Workbook) -> dict[str, Any]:
    song, fang = {"font_name": "方正小标宋简体", "font_size": 22}, {"font_name": "仿宋", "font_size": 12}
    middle = {"align": "center", "valign": "vcenter", "text_wrap": True}
    left = {"align": "left", "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format(song | middle),
        "line": book.add_format(fang | middle),
        "left": book.add_format(fang | left),
        "small": book.add_format(fang | left | {"font_size": 10}),
        "mono": book.add_format(left | {"font_name": "Consolas", "font_size": 9}),
        "stamp": book.add_format(fang | middle | {"bold": True, "border": 3}),
        "head": book.add_format(fang | middle | {"font_name": "黑体", "font_size": 11, "border": 1}),
        "word": book.add_format(fang | left | {"border": 1, "indent": 1}),
        "int": book.add_format(fang | middle | {"border": 1, "num_format": "0"}),
        "share": book.add_format(fang | middle | {"border": 1, "num_format": "0.00%"}),
        "mark": book.add_format(fang | middle | {"border": 1}),
        "seal": book.add_format(
            left | {"font_name": "Consolas", "font_size": 16, "bold": True, "font_color": "#A3241B"}
        ),
    }


@dataclass
class _Sheet:
    """One worksheet being written, from the top down."""

    sheet: Worksheet
    styles: dict[str, Any]
    paper: Paper
    row: int = 0

    def write(self) -> None:
        paper = self.paper
        self.words = max(sum(kind in WORDS for kind in table.columns) for table in paper.tables)
        self.width = max(self._place(table, len(table.columns)) for table in paper.tables)
        self.widths = self._widths()
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        if paper.stamp:
            self._line(paper.stamp, "stamp")
        self._line(paper.title, "title", height=34)
        for text in paper.about:
            self._line(text, "line")
        for fact in paper.facts:
            self._line(f"{fact.label}：{fact.value}", "left")
        for table in paper.tables:
            self._table(table)
            self.row += 1
        for check in paper.checks:
            self._line(f"{check.text}　{check.outcome}".strip(), "small")
        for number, note in enumerate(paper.notes, 1):
            self._line(f"{number}. {note}", "small")
        self._seals()
        self._line(
            "　".join(f"{s.role}{f'（{s.name}）' if s.name else ''}：＿＿＿＿＿" for s in paper.signatures), "left"
        )
        for mark in paper.marks:
            self._line(f"{mark.label} {mark.value}", "mono", LINE)
        for seal in paper.seals:
            self._line(f"{seal.name}全文 {seal.full}", "mono", LINE)
        self._print_setup()

    def _place(self, table: Table, column: int) -> int:
        """The worksheet's column at which a table's column begins; its first column of words takes what others need more."""
        own = sum(kind in WORDS for kind in table.columns)
        return column if column < 1 else column + self.words - own

    def _widths(self) -> list[float]:
        found = [0.0] * self.width
        for table in self.paper.tables:
            own = sum(kind in WORDS for kind in table.columns)
            for column, kind in enumerate(table.columns):
                if own == self.words or column >= 1:
                    place = self._place(table, column)
                    found[place] = max(found[place], WIDTHS[kind])
        return found

    def _line(self, text: str, style: str, height: float = 0) -> None:
        lines = -(-_columns(text) // max(1, int(sum(self.widths) * 1.05)))
        self.sheet.set_row(self.row, height or LINE * max(1, lines) + 2)
        self.sheet.merge_range(self.row, 0, self.row, self.width - 1, "", self.styles[style])
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.row += 1

    def _table(self, table: Table) -> None:
        if table.caption:
            self._line(table.caption, "left")
        self.head = (self.row, self.row + len(table.head) - 1)
        self._head(table)
        for values in table.rows:
            height = max(self._height(table, column, value) for column, value in enumerate(values))
            self.sheet.set_row(self.row, height)
            for column, value in enumerate(values):
                self._cell(table, column, value)
            self.row += 1

    def _head(self, table: Table) -> None:
        taken: set[tuple[int, int]] = set()
        for depth, heads in enumerate(table.head):
            column, lines = 0, 1
            for head in heads:
                while (depth, column) in taken:
                    column += 1
                taken |= {(depth + r, column + c) for r in range(head.rows) for c in range(head.cols)}
                first, last = self._place(table, column), self._place(table, column + head.cols) - 1
                bottom = self.row + head.rows - 1
                if (self.row, first) != (bottom, last):
                    self.sheet.merge_range(self.row, first, bottom, last, "", self.styles["head"])
                self.sheet.write_string(self.row, first, head.text, self.styles["head"])
                width = sum(self.widths[first : last + 1])
                lines = max(lines, -(-_columns(head.text) // max(1, int(width))) - head.rows + 1)
                column += head.cols
            self.sheet.set_row(self.row, LINE * lines + 4)
            self.row += 1

    def _cell(self, table: Table, column: int, value: Value) -> None:
        first, last = self._place(table, column), self._place(table, column + 1) - 1
        style = self.styles[_style(table.columns[column], value)]
        if first != last:
            self.sheet.merge_range(self.row, first, self.row, last, "", style)
        if isinstance(value, Share) and value.valid:
            # The figure as it is printed everywhere, so that no program rounds it another way.
            self.sheet.write_number(self.row, first, float(value.percent) / 100, style)
        elif isinstance(value, int):
            self.sheet.write_number(self.row, first, value, style)
        else:
            self.sheet.write_string(self.row, first, shown(value), style)

    def _height(self, table: Table, column: int, value: Value) -> float:
        first, last = self._place(table, column), self._place(table, column + 1)
        lines = -(-_columns(shown(value)) // max(1, int(sum(self.widths[first:last]))))
        return LINE * max(1, lines) + 4

    def _seals(self) -> None:
        """Each seal beside its QR code, which stands inside the widest column: across a border programs stretch it."""
        widest = max(range(self.width), key=lambda column: self.widths[column])
        first, last = (0, widest - 1) if widest == self.width - 1 else (widest + 1, self.width - 1)
        for seal in self.paper.seals:
            self.sheet.set_row(self.row, 76)
            if first != last:
                self.sheet.merge_range(self.row, first, self.row, last, "", self.styles["seal"])
            self.sheet.write_string(self.row, first, f"{seal.name}\n{seal.eight}", self.styles["seal"])
            picture = {"image_data": io.BytesIO(png(seal.full)), "x_scale": 0.45, "y_scale": 0.45, "x_offset": 4, "y_offset": 2,
                       "description": f"{seal.name}全文的二维码"}  # fmt: skip
            self.sheet.insert_image(self.row, widest, "seal.png", picture)
            self.row += 1

    def _print_setup(self) -> None:
        self.sheet.set_paper(A4)
        if self.paper.landscape:
            self.sheet.set_landscape()
        self.sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.7)
        self.sheet.fit_to_pages(1, 0 if self.paper.landscape else 1)
        self.sheet.center_horizontally()
        self.sheet.repeat_rows(*self.head)
        self.sheet.set_header(f"&R{self.paper.stamp}")
        self.sheet.set_footer("&C第 &P 页，共 &N 页")


def _style(kind: str, value: Value) -> str:
    if isinstance(value, Share):
        return "share"
    if isinstance(value, int):
        return "int"
    return "word" if kind in {"text", "half", "wide"} else "mark"


def _columns(text: str) -> int:
    """How wide a text is in a worksheet's units: a Chinese character counts double."""
    return sum(1 if char.isascii() else 2 for char in text)
