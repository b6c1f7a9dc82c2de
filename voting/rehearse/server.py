"""The real service in a process of its own: loopback address, own database, own log."""

import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from config import child_environment
from voting.rehearse.browser import Stuck

START_SECONDS = 60
LINK = re.compile(r"https?://\S+/setup#\S+")
ROOT = Path(__file__).resolve().parent.parent.parent


class Server:
    """`mipiao serve` for one rehearsal: `server.sqlite3` and `server.log` in the given folder. A context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        env = child_environment({
            "MIPIAO_INSTANCE": str(self.folder),
            "MIPIAO_DATABASE_URL": f"sqlite:///{(self.folder / 'server.sqlite3').absolute()}",
            "MIPIAO_SECRET": secrets.token_urlsafe(48),  # never written down: nobody forges this rehearsal's receipts
            "MIPIAO_BASE_URL": self.base,
            "MIPIAO_BUREAU": "演练单位",
            "MIPIAO_REHEARSAL_CLOSING_SECONDS": "0",
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
        })  # fmt: skip
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "voting.cli", "serve", "--port", str(self.port)],
                env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def setup_link(self) -> str:
        """The one-time link that the first start printed. Raises Stuck."""
        found = LINK.search(self.log.read_text(encoding="utf-8", errors="replace"))
        if found is None:
            raise Stuck(f"no set-up link in {self.log}")
        return found[0]

    def stop(self) -> None:
        """End the service."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait(self) -> None:
        for _ in range(START_SECONDS * 10):
            if self._process is None or self._process.poll() is not None:
                break
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.base}/", timeout=5):
                    return
            except OSError:  # nobody listens yet, or a worker is still starting
                time.sleep(0.1)
        raise Stuck(f"the service did not start; see {self.log}")


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
