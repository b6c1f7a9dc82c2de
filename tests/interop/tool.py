"""Debian's belenios-tool (2.0) as a person would run it: a folder, commands, files."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import pbkdf2_hmac
from pathlib import Path

from keys.group import Group, Rng, Scalar

PROGRAM = shutil.which("belenios-tool")
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Tool:
    """The program at work in one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run one command; what it prints. Raises CalledProcessError, whose stderr says why."""
        assert PROGRAM is not None
        return subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.folder,
            input=given,
            capture_output=True,
            check=True,
            env={**os.environ, "BELENIOS_USE_URANDOM": "1"},
        ).stdout

    def write(self, name: str, content: bytes | str) -> str:
        """Put a file into the folder; its name."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    def add(self, kind: str, data: bytes = b"") -> None:
        """Append an event to the archive."""
        self.run("archive", "add-event", f"--type={kind}", given=data)

    @property
    def bel(self) -> bytes:
        """The archive that the folder holds."""
        (path,) = self.folder.glob("*.bel")
        return path.read_bytes()

    def refusal(self, bel: bytes, uuid: str) -> str | None:
        """What `election verify` has against an archive, or None."""
        self.write(f"{uuid}.bel", bel)
        try:
            self.run("election", "verify")
        except subprocess.CalledProcessError as error:
            return str(error.stderr.decode())
        return None

    def ballot(self, code: str, vote: Sequence[Sequence[int]]) -> bytes:
        """Make a ballot for the folder's election with a voter's credential."""
        private, choices = self.write("credential", code), self.write("vote", json.dumps(vote))
        return self.run("election", "generate-ballot", f"--privcred={private}", f"--ballot={choices}").strip()


def credential(rng: Rng) -> str:
    """A credential of 2.0's form: 14 base-58 characters and one that checks them. Source: specification 2.0."""
    values = [int.from_bytes(rng(8)) % 58 for _ in range(14)]
    number = 0
    for value in values:
        number = number * 58 + value
    characters = "".join(BASE58[value] for value in [*values, 53 - number % 53])
    return "-".join(characters[at : at + 3] for at in range(0, 15, 3))


def secret(group: Group, uuid: str, code: str) -> Scalar:
    """The private key of such a credential; its dashes belong to it. Source: specification 2.0."""
    return group.scalar(int.from_bytes(pbkdf2_hmac("sha256", code.encode(), uuid.encode(), 1000, 32)))
