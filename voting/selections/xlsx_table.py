"""Excel workbooks, read with suspicion: sizes before contents, no DTD or entity, no formula, no merged cell."""

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import openpyxl
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from voting.errors import Code, Refused
from voting.selections.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Cell, Problem, Table, Why, cell_name

MAX_UNPACKED = 24 * 1024 * 1024
MAX_RATIO = 150
MAX_PARTS = 300
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MERGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::.*)?$")


def read(raw: bytes) -> Table:
    """Read the first sheet. Formula and merged cells are reported by name, not evaluated.

    Raises Refused(IMPORT_TOO_LARGE, IMPORT_ZIP_BOMB, IMPORT_NOT_A_TABLE, IMPORT_EMPTY, IMPORT_TOO_MANY).
    """
    if len(raw) > MAX_BYTES:
        raise Refused(Code.IMPORT_TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            _weigh(parts)
            sheet = _first_sheet(parts)
            problems = [*_merged(sheet), *_formulas(sheet)]
            _refuse_entities(parts)
        return _values(raw, problems)
    except Refused:
        raise
    except DefusedXmlException as error:
        raise Refused(Code.IMPORT_ZIP_BOMB) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        AssertionError,
    ) as error:
        # A workbook is a stranger's file: whatever its reader stumbles over is one refusal to the person who sent it.
        raise Refused(Code.IMPORT_NOT_A_TABLE) from error


def _weigh(parts: zipfile.ZipFile) -> None:
    """Sizes as declared; the zip reader stops at the declared size, so a lie ends as a bad file, not as a flood."""
    entries = parts.infolist()
    total = sum(e.file_size for e in entries)
    dense = any(e.file_size > MAX_RATIO * max(e.compress_size, 1) and e.file_size > 65536 for e in entries)
    # Of several parts of one name a reader takes the last, each time: a small file would be read as a large one.
    repeated = len({e.filename for e in entries}) != len(entries)
    if len(entries) > MAX_PARTS or total > MAX_UNPACKED or dense or repeated:
        raise Refused(Code.IMPORT_ZIP_BOMB)
    if any(e.flag_bits & 1 for e in entries) or "xl/workbook.xml" not in parts.namelist():
        raise Refused(Code.IMPORT_NOT_A_TABLE)


def _xml(raw: bytes) -> Element:
    root: Element = ElementTree.fromstring(raw, forbid_dtd=True)
    return root


def _refuse_entities(parts: zipfile.ZipFile) -> None:
    """Parse every part once with DTDs forbidden, so that no reader further down meets an entity."""
    for name in parts.namelist():
        if name.endswith((".xml", ".rels")):
            _xml(parts.read(name))


def _first_sheet(parts: zipfile.ZipFile) -> Element:
    first = _xml(parts.read("xl/workbook.xml")).find(f"{MAIN}sheets/{MAIN}sheet")
    if first is None:
        raise Refused(Code.IMPORT_EMPTY)
    targets = {r.get("Id"): r.get("Target", "") for r in _xml(parts.read("xl/_rels/workbook.xml.rels"))}
    return _xml(parts.read(posixpath.normpath(posixpath.join("/xl", targets[first.get(REL)])).lstrip("/")))


def _merged(sheet: Element) -> Iterator[Problem]:
    for found in sheet.iter(f"{MAIN}mergeCell"):
        ref = found.get("ref", "")
        match = MERGE.match(ref)
        yield Problem(int(match[2]) if match else 0, Why.MERGED, ref[:20])


def _formulas(sheet: Element) -> Iterator[Problem]:
    for cell in sheet.iter(f"{MAIN}c"):
        ref = cell.get("r", "")[:10]
        row = int("".join(filter(str.isdigit, ref)) or 0)
        if cell.find(f"{MAIN}f") is not None:
            yield Problem(row, Why.FORMULA, ref)
        elif cell.get("t") == "e":
            yield Problem(row, Why.ERROR_VALUE, ref)


def _values(raw: bytes, problems: list[Problem]) -> Table:
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        # The declared dimension is the sender's word: a claim of a million empty rows must not be walked.
        sheet.reset_dimensions()
        rows: list[tuple[int, tuple[Cell, ...]]] = []
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MAX_ROWS + 1 or len(values) > MAX_COLUMNS:
                raise Refused(Code.IMPORT_TOO_MANY)
            rows.append(
                (number, tuple(Cell(number, cell_name(number, i), _show(v)) for i, v in enumerate(values, start=1)))
            )
    finally:
        book.close()
    while rows and not any(cell.text.strip() for cell in rows[0][1]):
        rows.pop(0)
    if len(rows) < 2:
        raise Refused(Code.IMPORT_EMPTY)
    headers = tuple("".join(cell.text.split()) for cell in rows[0][1])
    return Table(headers, tuple(rows[1:]), tuple(problems))


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)
