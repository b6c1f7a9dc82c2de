"""A paper's tables in Word: merged heads, repeated on every page, rows that do not break."""

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from voting.papers.model import Paper, Table, shown

WEIGHTS = {"no": 5, "name": 11, "text": 22, "half": 18, "num": 10, "count": 8, "wide": 44}
SIZE, SMALL = Pt(10.5), Pt(9)
HEAD_FONT, FONT = "黑体", "仿宋"


def insert(filled: Document, mark: Paragraph, paper: Paper) -> None:
    """Put the paper's tables in the place of the paragraph `mark`, a line apart."""
    section = filled.sections[0]
    room = (section.page_width or Emu(0)) - (section.left_margin or Emu(0)) - (section.right_margin or Emu(0))
    anchor = mark._p  # noqa: SLF001 - python-docx has no call for moving an element
    for table in paper.tables:
        made = _table(filled, table, room)
        for element in (*_caption(filled, table), made._tbl, filled.add_paragraph()._p):  # noqa: SLF001 - as above
            anchor.addprevious(element)
    anchor.getparent().remove(anchor)


def _caption(filled: Document, table: Table) -> tuple[object, ...]:
    return (filled.add_paragraph(table.caption)._p,) if table.caption else ()  # noqa: SLF001 - as above


def _table(filled: Document, table: Table, room: int) -> WordTable:
    made: WordTable = filled.add_table(rows=len(table.head) + len(table.rows), cols=len(table.columns))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(made)
    size = SMALL if len(table.columns) > 8 else SIZE
    grid = [list(row.cells) for row in made.rows]
    _widths(made, grid, table, room)
    _head(grid, table, size)
    for cells, values in zip(grid[len(table.head) :], table.rows, strict=True):
        for cell, value, kind in zip(cells, values, table.columns, strict=True):
            _write(cell, shown(value), FONT, size, centred=kind not in {"text", "half", "wide"})
    for number, row in enumerate(made.rows):
        _mark(row, "w:cantSplit")
        if number < len(table.head):
            _mark(row, "w:tblHeader")
    return made


def _narrow_margins(made: WordTable) -> None:
    """Half a millimetre beside the words of a cell: sixteen columns stand on one sheet."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        one = OxmlElement(side)
        one.set(qn("w:w"), "30")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    made._tbl.tblPr.append(margins)  # noqa: SLF001 - python-docx has no call for it


def _widths(made: WordTable, grid: list[list[_Cell]], table: Table, room: int) -> None:
    whole = sum(WEIGHTS[kind] for kind in table.columns)
    for k, kind in enumerate(table.columns):
        width = Emu(room * WEIGHTS[kind] // whole)
        made.columns[k].width = width
        for cells in grid:
            cells[k].width = width


def _head(grid: list[list[_Cell]], table: Table, size: Pt) -> None:
    taken: set[tuple[int, int]] = set()
    for depth, heads in enumerate(table.head):
        column = 0
        for head in heads:
            while (depth, column) in taken:
                column += 1
            taken |= {(depth + r, column + c) for r in range(head.rows) for c in range(head.cols)}
            cell = grid[depth][column].merge(grid[depth + head.rows - 1][column + head.cols - 1])
            _write(cell, head.text, HEAD_FONT, size, centred=True)
            column += head.cols


def _write(cell: _Cell, text: str, font: str, size: Pt, *, centred: bool) -> None:
    for spare in cell.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)  # noqa: SLF001 - merging leaves empty paragraphs behind
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.25)  # fixed: fonts differ from machine to machine
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size = size
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - python-docx sets no East Asian font
    fonts.set(qn("w:eastAsia"), font)
    cell.vertical_alignment = 1  # type: ignore[assignment]  # WD_ALIGN_VERTICAL.CENTER


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - as above
