"""A QR code as a PNG file, for Word and Excel, which draw no SVG everywhere."""

import struct
import zlib

from voting.web.qr import QUIET_ZONE, matrix

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SCALE = 4


def png(text: str) -> bytes:
    """The code in black and white, one bit a pixel, `SCALE` pixels a module, quiet zone included (PNG, ISO/IEC 15948)."""
    rows = matrix(text)
    side = (len(rows) + 2 * QUIET_ZONE) * SCALE
    white = [False] * (len(rows) + 2 * QUIET_ZONE)
    margin = [False] * QUIET_ZONE
    padded = [white] * QUIET_ZONE + [margin + row + margin for row in rows] + [white] * QUIET_ZONE
    lines = b"".join(_line(row) * SCALE for row in padded)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")


def _line(row: list[bool]) -> bytes:
    """One line of pixels after its filter byte; a set bit is white."""
    bits = "".join("0" * SCALE if dark else "1" * SCALE for dark in row)
    bits += "0" * (-len(bits) % 8)
    return b"\x00" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
