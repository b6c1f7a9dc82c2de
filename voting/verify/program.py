"""Which program says so: its version, the fingerprint of the code that judges, and what it stands on."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import keys
import tally

FINGERPRINT_DIGITS = 16


@cache
def fingerprint() -> str:
    """Hex SHA-256 over names and bytes of the sources of `keys` and `tally`: the same code gives the same everywhere."""
    digest = sha256()
    for room in (keys, tally):
        folder = Path(room.__file__ or "").parent
        for source in sorted(folder.glob("*.py")):
            body = source.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{folder.name}/{source.name} {len(body)}\n".encode() + body)
    return digest.hexdigest()


def about() -> dict[str, str]:
    """Name, version and fingerprint of the verifier, and the versions that it runs on."""
    return {
        "name": "mipiao",
        "version": _version("mipiao"),
        "fingerprint": fingerprint(),
        "python": platform.python_version(),
        "pynacl": _version("PyNaCl"),
    }


def line() -> str:
    """The same in one line."""
    found = about()
    return (
        f"mipiao {found['version']} ({found['fingerprint'][:FINGERPRINT_DIGITS]}), "
        f"Python {found['python']}, PyNaCl {found['pynacl']}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder of sources: the fingerprint tells
        return "0"
