"""A QR code as one SVG path: small, and free of inline style."""

from dataclasses import dataclass
from typing import Any

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A square of `size` modules, quiet zone included, and the path of its dark modules."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """Draw a text; runs of dark modules become rectangles one module high."""
    code: QRCode[Any] = QRCode(border=0, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return Picture(len(rows) + 2 * QUIET, "".join(_run(y, row) for y, row in enumerate(rows)))


def _run(y: int, row: list[bool]) -> str:
    path, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(path)
