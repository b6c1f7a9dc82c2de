"""Comma separated files as office software writes them: UTF-8 with or without a mark, or GBK/GB18030."""

import csv
import io

from voting.errors import Code, Refused
from voting.selections.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Cell, Table, cell_name


def read(raw: bytes) -> Table:
    """Read a csv file. Raises Refused(IMPORT_TOO_LARGE, _ENCODING, _NOT_A_TABLE, _EMPTY, _TOO_MANY)."""
    if len(raw) > MAX_BYTES:
        raise Refused(Code.IMPORT_TOO_LARGE)
    text = decode(raw)
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    try:
        for number, line in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1
        ):
            if number > MAX_ROWS + 1 or len(line) > MAX_COLUMNS:
                raise Refused(Code.IMPORT_TOO_MANY)
            rows.append(
                (number, tuple(Cell(number, cell_name(number, i), value) for i, value in enumerate(line, start=1)))
            )
    except csv.Error as error:
        raise Refused(Code.IMPORT_NOT_A_TABLE) from error
    while rows and not any(cell.text.strip() for cell in rows[0][1]):
        rows.pop(0)
    if len(rows) < 2:
        raise Refused(Code.IMPORT_EMPTY)
    headers = tuple("".join(cell.text.split()) for cell in rows[0][1])
    return Table(headers, tuple(rows[1:]))


def decode(raw: bytes) -> str:
    """Text of a csv file. UTF-8 comes first: GB18030 accepts almost any bytes. Raises Refused(IMPORT_ENCODING)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
        raise Refused(Code.IMPORT_ENCODING)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Code.IMPORT_ENCODING)
