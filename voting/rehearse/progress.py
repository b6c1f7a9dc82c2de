"""A progress bar on standard error: redrawn on a terminal, one line per stage elsewhere."""

import sys
from threading import Lock

WIDTH = 24


class Progress:
    """Counts a rehearsal's steps. Safe to use from several threads."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._stage = total, 0, ""
        self._live = sys.stderr.isatty()
        self._lock = Lock()

    def stage(self, words: str) -> None:
        """Begin a stage and name it."""
        with self._lock:
            self._stage = words
            if not self._live:
                print(f"… {words}", file=sys.stderr)
        self.step(0)

    def step(self, by: int = 1) -> None:
        """Count work done."""
        with self._lock:
            self._done = min(self._total, self._done + by)
            if self._live:
                full = WIDTH * self._done // self._total
                bar = "█" * full + "·" * (WIDTH - full)
                print(f"\r\033[K{bar} {100 * self._done // self._total:3d} %  {self._stage}", end="", file=sys.stderr)

    def close(self) -> None:
        """Leave the line."""
        if self._live:
            print(file=sys.stderr)
