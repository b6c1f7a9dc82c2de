"""Whether the server's disk has room and keeps what it was told to keep."""

import os
import shutil
import tempfile
from pathlib import Path

LEAST_FREE = 1024
"""Megabytes; a meeting of 20 000 slips needs a tenth of it."""
SIZE = 1 << 20


def free_megabytes(folder: Path) -> int:
    """Room left on the folder's disk. Raises OSError."""
    return shutil.disk_usage(folder).free >> 20


def keeps(folder: Path) -> bool:
    """Write a megabyte durably (fsync), read it back, remove it. False where the disk or its rights do not allow it."""
    wrote = os.urandom(SIZE)
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(wrote)
            file.flush()
            os.fsync(file.fileno())
            return Path(file.name).read_bytes() == wrote
    except OSError:
        return False
