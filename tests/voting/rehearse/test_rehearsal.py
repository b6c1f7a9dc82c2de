"""One rehearsal of thirty voters: everything holds, and nothing it leaves behind tells who, when or in which order.

The phones come from addresses of their own (127.77.x.y), the test notes when and in which order the box took their
ballots, and a copy of the database is taken in the middle of the voting. Then every file is searched.
"""

import http.client
import json
import shutil
import socket
import sqlite3
import threading
import time
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from keys import credential
from keys.curve import ED25519
from voting.rehearse import phones, run

VOTERS = 30
QUIET = 2.2  # seconds before the first and after the last cast, so that no office request shares a second with a cast
SUSPICIOUS = 0.6  # Kendall's tau of 30 independent orders exceeds this once in some 400 000 times


@dataclass
class Watched:
    """What only an observer in the room could know."""

    out: Path
    code: int = -1
    order: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)

    @property
    def uuid(self) -> str:
        return next(iter(json.loads((self.out / "slips.json").read_text())))

    @property
    def codes(self) -> list[str]:
        found: list[str] = json.loads((self.out / "slips.json").read_text())[self.uuid]
        return found

    def traces(self) -> Iterator[tuple[str, bytes]]:
        """Every file that a server or an auditor keeps, and a copy made while the box was open."""
        for path in sorted(self.out.rglob("*")):
            if path.is_file() and path.name not in {"slips.json", "plaintext.json"}:
                yield str(path.relative_to(self.out)), path.read_bytes()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    seen = Watched(tmp_path_factory.mktemp("rehearsal") / "out")
    lock = threading.Lock()
    numbers = iter(range(10_000))
    really_cast, really_vote = phones.Ballotbox.cast, phones.vote_all

    def connect(base: str) -> http.client.HTTPConnection:
        where, number = urlsplit(base), next(numbers)
        source = (f"127.77.{number // 250}.{number % 250 + 1}", 0)
        return http.client.HTTPConnection(where.hostname or "", where.port, timeout=60, source_address=source)

    def cast(self: phones.Ballotbox, raw: bytes) -> tuple[int, dict[str, object]]:
        status, said = really_cast(self, raw)
        if status == 201:
            with lock:
                seen.order.append(str(said["tracker"]))
                seen.times.append(time.time())
                seen.bodies[str(said["tracker"])] = raw
                if len(seen.order) == VOTERS // 2:
                    copy_while_open(seen.out)
        return status, said

    def vote_all(*args: object) -> int:
        time.sleep(QUIET)
        garble(args[0].base)  # type: ignore[attr-defined]  # the box
        voted = really_vote(*args)  # type: ignore[arg-type]  # passed on as they came
        time.sleep(QUIET)
        return voted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phones, "connect", connect)
        patch.setattr(phones.Ballotbox, "cast", cast)
        patch.setattr(run, "vote_all", vote_all)
        seen.code = run.rehearse(VOTERS, seen.out, 3, 20261122)
    return seen


def garble(base: str) -> None:
    """A phone that speaks TLS to a port that does not: the server's own complaint must not name it either."""
    where = urlsplit(base)
    address = (where.hostname or "", where.port or 80)
    with socket.create_connection(address, timeout=30, source_address=("127.77.99.1", 0)) as line:
        line.sendall(b"\x16\x03\x01\r\n\r\n")
        assert b" 400 " in line.recv(1000)


def copy_while_open(out: Path) -> None:
    (out / "copy").mkdir()
    for path in out.glob("server.sqlite3*"):
        shutil.copy(path, out / "copy" / path.name)


def test_everything_holds(watched: Watched) -> None:
    assert watched.code == 0
    assert len(watched.order) == VOTERS


def test_it_leaves_the_promised_files_in_the_promised_shape(watched: Watched) -> None:
    uuid = watched.uuid
    plain = json.loads((watched.out / "plaintext.json").read_text())[uuid]
    counted = json.loads((watched.out / "result.json").read_text())[uuid]
    folder = {path.name for path in (watched.out / "records" / uuid).iterdir()}
    assert {f"{uuid}.bel", "manifest.json", "closing.json", "voids.json", "tally.json"} <= folder
    assert len(plain["ballots"]) == VOTERS
    assert plain["ballots"] == sorted(plain["ballots"])
    assert (
        plain["result"]
        == counted["result"]
        == [[sum(c) for c in zip(*q, strict=True)] for q in zip(*plain["ballots"], strict=True)]
    )
    # 30 voters spread as in the bureau: 2, 4, 2, 5 and 17; with the minimum 5 two groups are shown, 8 are together.
    assert [(label, [sum(row) >= n for row in rows]) for (label, rows), n in zip(counted["groups"].items(), (5, 17), strict=True)] == [
        ("直属单位班子其他成员", [True, True]), ("机关其他人员", [True, True]),
    ]  # fmt: skip
    assert len(set(watched.codes)) == VOTERS
    assert (watched.out / "server.sqlite3").exists()
    assert (watched.out / "server.log").exists()


def test_a_second_rehearsal_does_not_overwrite_the_first(watched: Watched) -> None:
    assert run.rehearse(5, watched.out, 2, 1) == 2


def forms_of(code: str, uuid: str) -> list[bytes]:
    """How a credential might have been written down: typed, bare, hashed, or as the private key it stands for."""
    secret = int(credential.secret(ED25519, uuid, code))
    bare = code.replace("-", "")
    texts = [code, code.lower(), bare, bare.lower(), code.replace("-", " "), str(secret), f"{secret:064x}"]
    digests = [sha256(text.encode()).digest() for text in (code, bare)]
    raws = [secret.to_bytes(32, "little"), secret.to_bytes(32, "big"), *digests]
    return [*(text.encode() for text in texts), *raws, *(d.hex().encode() for d in digests)]


def test_no_credential_is_anywhere(watched: Watched) -> None:
    needles = [form for code in watched.codes for form in forms_of(code, watched.uuid)]
    found = [name for name, raw in watched.traces() if any(needle in raw for needle in needles)]
    assert found == []
    assert any(needle in (watched.out / "slips.json").read_bytes() for needle in needles)


def test_no_address_of_a_phone_is_anywhere(watched: Watched) -> None:
    assert [name for name, raw in watched.traces() if b"127.77." in raw] == []


def test_no_time_of_a_cast_is_anywhere(watched: Watched) -> None:
    first, last = min(watched.times) - 1, max(watched.times) + 1
    for name in ("server.sqlite3", "copy/server.sqlite3"):
        assert [where for where, moment in moments(watched.out / name) if first <= moment <= last] == []
    seconds = range(int(first), int(last) + 1)
    stamps = [time.strftime(form, clock(s)).encode() for s in seconds for clock in (time.gmtime, time.localtime)
              for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%b/%Y:%H:%M:%S")]  # fmt: skip
    stamps += [str(s).encode() for s in seconds]
    assert [name for name, raw in watched.traces() if any(stamp in raw for stamp in stamps)] == []


def moments(path: Path) -> Iterator[tuple[str, float]]:
    """Every number in the database that could be a moment, in seconds."""
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as base:
        tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            columns = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]
            for row in base.execute(f'SELECT * FROM "{table}"'):
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, int | float):
                        for scale in (1, 1000, 1_000_000, 1_000_000_000):
                            yield f"{table}.{column}", value / scale


def test_the_office_did_leave_times_so_the_search_above_can_find_some(watched: Watched) -> None:
    assert any(abs(moment - watched.times[0]) < 3600 for _, moment in moments(watched.out / "server.sqlite3"))


def tau(seen: Sequence[int]) -> float:
    """Kendall's rank correlation of a sequence with its positions."""
    pairs = list(combinations(seen, 2))
    return (sum(a < b for a, b in pairs) - sum(a > b for a, b in pairs)) / len(pairs)


def marks(watched: Watched, tracker: str) -> list[bytes]:
    """Bytes by which a ballot can be recognised in a file."""
    body = watched.bodies[tracker]
    public: str = json.loads(body)["credential"]
    return [tracker.encode(), b64decode(tracker + "="), public.encode(), bytes.fromhex(public)[::-1], body[:400]]


def orders(watched: Watched, raw: bytes, cast: Sequence[str]) -> Iterator[list[int]]:
    """For each kind of mark: the ballots' cast numbers in the order in which the file first names them."""
    for kind in range(5):
        places = [(raw.find(marks(watched, tracker)[kind]), number) for number, tracker in enumerate(cast)]
        found = [number for place, number in sorted(places) if place >= 0]
        if len(found) > 10:
            yield found


def test_no_file_keeps_the_order_in_which_ballots_came(watched: Watched) -> None:
    for name, raw in watched.traces():
        cast = watched.order[: VOTERS // 2] if name.startswith("copy/") else watched.order
        limit = SUSPICIOUS + 0.2 if name.startswith("copy/") else SUSPICIOUS
        for found in orders(watched, raw, cast):
            assert abs(tau(found)) < limit, name


def test_the_search_for_an_order_would_have_found_it(watched: Watched) -> None:
    telling = b"".join(watched.bodies[tracker] for tracker in watched.order)
    assert [tau(found) for found in orders(watched, telling, watched.order)] != []
    assert all(tau(found) == 1 for found in orders(watched, telling, watched.order))


@pytest.mark.parametrize("column", ["rowid", "credential"])
def test_no_rows_of_the_box_keep_the_order(watched: Watched, column: str) -> None:
    by_tracker = {b64decode(tracker + "="): number for number, tracker in enumerate(watched.order)}
    with sqlite3.connect(f"file:{watched.out / 'server.sqlite3'}?mode=ro&immutable=1", uri=True) as base:
        rows = base.execute(f"SELECT tracker FROM board_box WHERE filled=1 ORDER BY {column}").fetchall()
    found = [by_tracker[tracker] for (tracker,) in rows]
    assert len(found) == VOTERS
    assert abs(tau(found)) < SUSPICIOUS


def test_the_record_lists_ballots_by_tracker(watched: Watched) -> None:
    raw = (watched.out / "records" / watched.uuid / f"{watched.uuid}.bel").read_bytes()
    places = [raw.find(watched.bodies[tracker]) for tracker in sorted(watched.order)]
    assert -1 not in places
    assert places == sorted(places)


def test_the_log_has_no_line_about_a_phone(watched: Watched) -> None:
    lines = (watched.out / "server.log").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert told != []
    assert [
        line for line in told if not line["route"].startswith(("/office", "/review", "/login", "/setup", "/account"))
    ] == []


def test_no_journal_is_left(watched: Watched) -> None:
    assert [path.name for path in watched.out.iterdir() if path.name.startswith("server.sqlite3-")] == []
