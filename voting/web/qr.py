"""A QR code as one small SVG path: the matrix by `qrcode`, the drawing ours (a quarter of the size of its own)."""

from dataclasses import dataclass

from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE = 4
"""Modules of white on every side (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A code ready to be drawn: `path` in units of one module; the view box includes the quiet zone."""

    path: str
    size: int

    @property
    def view_box(self) -> str:
        """The SVG attribute."""
        return f"-{QUIET_ZONE} -{QUIET_ZONE} {self.size + 2 * QUIET_ZONE} {self.size + 2 * QUIET_ZONE}"

    def svg(self, label: str) -> Markup:
        """The whole element; `label` is what a screen reader says."""
        return Markup(
            '<svg class="qr" viewBox="{}" shape-rendering="crispEdges" role="img" aria-label="{}"><path d="{}"/></svg>'
        ).format(self.view_box, label, self.path)


def draw(text: str) -> Picture:
    """Encode a text as SVG."""
    rows = matrix(text)
    return Picture("".join(_row(y, row) for y, row in enumerate(rows)), len(rows))


def matrix(text: str) -> list[list[bool]]:
    """A text's dark modules, row by row, without a quiet zone; with medium error correction a stain may cost 15 %."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _row(y: int, modules: list[bool]) -> str:
    """One rectangle per run of dark modules."""
    parts, start = [], None
    for x, dark in enumerate([*modules, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(parts)
