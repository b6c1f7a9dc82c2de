"""`mipiao serve` as a process group of its own, so that master and workers die together as in a power cut."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from config import child_environment
from voting.rehearse.server import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class Service:
    """The real service on a loopback address that it keeps over restarts. `server.log` lies in the folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "server.log"
        self.settings = {
            "MIPIAO_INSTANCE": str(folder), "MIPIAO_BASE_URL": self.base, "MIPIAO_REHEARSAL_CLOSING_SECONDS": "0",
            **settings,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Service":
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "voting.cli", "serve", "--port", str(self.port)],
                env=child_environment(self.settings), cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with direct.open(f"{self.base}/", timeout=5):
                    return self
            except OSError:
                time.sleep(0.05)
        self.kill()
        raise AssertionError(self.log.read_text(encoding="utf-8", errors="replace"))

    def cpu_seconds(self) -> float:
        """Processor time of its living processes since they started."""
        found = 0.0
        group = self.process.pid if self.process else 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return found

    def kill(self) -> None:
        """As if the plug were pulled (SIGKILL to all its processes); harmless when it is dead already."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in peace."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, how)
            self.process.wait(30)
        except ProcessLookupError:
            self.process.wait()
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
