"""Makes the offline bundle: everything that an office without internet needs to install the service or the auditor's tool.

`make bundle` calls it; needs the index once, at the desk where it is made. Options: `--help`.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
AUDITOR = ("cffi", "pycparser", "pynacl")
"""What the auditor's tool needs: PyNaCl and what that brings."""

DOCS = ("operations.md", "deployment.md", "ceremony.md", "field-test.md", "threat-model.md")


def main() -> None:
    """Fill the folder anew."""
    options = _options()
    out: Path = options.out
    shutil.rmtree(out, ignore_errors=True)
    wheels = out / "wheels"
    wheels.mkdir(parents=True)
    own = _own_wheel(wheels)
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    auditor = "".join(entry for name, entry in _entries(lock) if name in AUDITOR)
    (out / "requirements-auditor.txt").write_text(auditor, encoding="utf-8")
    if not options.auditor_only:
        (out / "requirements.txt").write_text(lock, encoding="utf-8")
        _download(wheels, out / "requirements.txt")
    else:
        _download(wheels, out / "requirements-auditor.txt")
    for platform in options.auditor_platform:
        for version in options.auditor_python:
            _download(wheels, out / "requirements-auditor.txt", "--platform", platform, "--python-version", version)
    pin = f"mipiao=={own.name.split('-')[1]} --hash=sha256:{_digest(own)}\n"
    for path in out.glob("requirements*.txt"):
        path.write_text(path.read_text(encoding="utf-8") + pin, encoding="utf-8")
    shutil.copytree(ROOT / "tests" / "vectors" / "record" / "tallied", out / "sample-record")
    shutil.copytree(ROOT / "deploy", out / "deploy")
    (out / "docs").mkdir()
    for name in DOCS:
        shutil.copy(ROOT / "docs" / name, out / "docs")
    for name in ("install.sh", "install-auditor.cmd", "README.txt"):
        text = (HERE / name).read_text(encoding="utf-8")
        newline = "\r\n" if name.endswith((".cmd", ".txt")) else "\n"  # Notepad and cmd.exe want both characters
        (out / name).write_text(text, encoding="utf-8", newline=newline)
    (out / "install.sh").chmod(0o755)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    sums = "".join(f"{_digest(path)}  {path.relative_to(out).as_posix()}\n" for path in files)
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8")
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{out}: {len(files) + 1} files, {size:.1f} MB")
    print(f"SHA-256 of SHA256SUMS (tell it by another way): {_digest(out / 'SHA256SUMS')}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=main.__doc__, prog="make bundle BUNDLE='…'")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "bundle", help="the folder; it is emptied first")
    parser.add_argument("--auditor-only", action="store_true", help="without the server: PyNaCl only")
    parser.add_argument(
        "--auditor-platform", action="append", default=[], metavar="TAG",
        help="wheels of the auditor's tool for another system too, e.g. win_amd64, macosx_11_0_arm64, manylinux_2_28_aarch64",
    )  # fmt: skip
    parser.add_argument(
        "--auditor-python",
        action="append",
        default=[],
        metavar="3.N",
        help="… and for which Python (default 3.11 to 3.13)",
    )
    options = parser.parse_args()
    options.auditor_python = options.auditor_python or ["3.11", "3.12", "3.13"]
    return options


def _own_wheel(wheels: Path) -> Path:
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, ROOT)
    (made,) = wheels.glob("mipiao-*.whl")
    return made


def _download(wheels: Path, listed: Path, *target: str) -> None:
    _pip("download", "--require-hashes", "--only-binary", ":all:", "--no-deps", *target, "-d", wheels, "-r", listed)


def _pip(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words], check=True)  # noqa: S603 - our own words


def _entries(lock: str) -> Iterator[tuple[str, str]]:
    """(name, its lines) of a hash-locked list."""
    for entry in re.split(r"(?m)^(?=[a-zA-Z0-9])", lock):
        found = re.match(r"([a-zA-Z0-9._-]+)(?:\[[a-z]+\])?==", entry)
        if found:
            yield found[1].lower().replace("_", "-"), entry


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
