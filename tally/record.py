"""The archive `.bel`: a tar of data and a hash chain of events, in Belenios' own form, written and read here.

Reading replays the archive through the same grammar that writing follows, so every byte of it is accounted for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, overload

from tally import canonical
from tally.errors import Code, Invalid

_BLOCK = 512
_MAX_TIMESTAMP = 8**11 - 1
# type -> (types that may stand before it, data items that stand before its event). Spec: REC-4.
_GRAMMAR: dict[str, tuple[set[str | None], tuple[int, ...]]] = {
    "Setup": ({None}, (4, 5)),
    "Ballot": ({"Setup", "Ballot"}, (1,)),
    "EndBallots": ({"Setup", "Ballot"}, (0,)),
    "EncryptedTally": ({"EndBallots"}, (2,)),
    "PartialDecryption": ({"EncryptedTally", "PartialDecryption"}, (2,)),
    "Result": ({"PartialDecryption"}, (1,)),
}
_SETUP = ("election", "trustees", "credentials", "credentials_certificate")
STAGES = {None: "empty", "Setup": "open", "Ballot": "open", "EndBallots": "ended", "EncryptedTally": "closed"}


@dataclass(frozen=True, slots=True)
class Event:
    """One link of the chain. Spec: REC-3."""

    parent: str | None
    height: int
    type: str
    payload: str | None

    @property
    def raw(self) -> bytes:
        """The canonical encoding."""
        parent = {} if self.parent is None else {"parent": self.parent}
        payload = {} if self.payload is None else {"payload": self.payload}
        return canonical.dump({**parent, "height": self.height, "type": self.type, **payload})


@dataclass(frozen=True, slots=True)
class Partial:
    """One trustee's partial decryption as it stands in the record; owners count from 1."""

    owner: int
    raw: bytes


class Source(Protocol):
    """An archive's bytes: in memory, or read from a file piece by piece. A piece cut short stands for a missing one."""

    def __len__(self) -> int: ...

    def __getitem__(self, piece: slice, /) -> bytes | memoryview: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ballot lies in its archive, and the hash that it had when the archive was read."""

    source: Source
    start: int
    stop: int
    digest: str

    def read(self) -> bytes:
        """The ballot, unchanged. Raises Invalid(DATA_HASH)."""
        raw = bytes(self.source[self.start : self.stop])
        if canonical.hex_hash(raw) != self.digest:
            raise Invalid(Code.DATA_HASH, "the archive changed while it was read")
        return raw


class Ballots(Sequence[bytes]):
    """Ballots as exact bytes. Those of an archive that was read stay where they lie in it until they are asked for."""

    def __init__(self) -> None:
        self._pieces: list[bytes | memoryview | Place] = []

    def append(self, raw: bytes | memoryview) -> None:
        """Add a ballot."""
        self._pieces.append(raw)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self._read(piece) for piece in self._pieces[index]]
        return self._read(self._pieces[index])

    def leave(self, place: Place) -> None:
        """Keep only where the last ballot lies."""
        self._pieces[-1] = place

    @staticmethod
    def _read(piece: bytes | memoryview | Place) -> bytes:
        return piece.read() if isinstance(piece, Place) else bytes(piece)

    def __len__(self) -> int:
        return len(self._pieces)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a list in all but name


@dataclass
class Log:
    """The record of one election, growing event by event. All data are exact bytes."""

    timestamp: int
    election: bytes = b""
    trustees: bytes = b""
    credentials: bytes = b""
    certificate: bytes | None = None
    ballots: Ballots = field(default_factory=Ballots)
    encrypted_tally: bytes = b""
    num_tallied: int = 0
    total_weight: int = 0
    partials: list[Partial] = field(default_factory=list)
    result: bytes = b""
    head: str | None = None
    setup_event: str | None = None
    closed_event: str | None = None
    _height: int = 0
    _last: str | None = None
    _members: list[Source] = field(default_factory=list)
    _source: Source | None = None
    _read: int = 0
    _same: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.timestamp <= _MAX_TIMESTAMP:
            raise Invalid(Code.ARCHIVE, "timestamp")
        self._append("BELENIOS", _first(str(self.timestamp)))

    @property
    def stage(self) -> str:
        """How far the record has come: empty, open, ended, closed, decrypting, tallied."""
        return "tallied" if self._last == "Result" else STAGES.get(self._last, "decrypting")

    @property
    def events(self) -> int:
        """How many events the chain has."""
        return self._height

    def setup(self, election: bytes, trustees: bytes, credentials: bytes, certificate: bytes | None = None) -> None:
        """Freeze election, trustees and credentials. Spec: REC-4."""
        self.election, self.trustees, self.credentials, self.certificate = election, trustees, credentials, certificate
        data = [election, trustees, credentials, *([] if certificate is None else [certificate])]
        self._event("Setup", [*data, canonical.dump(dict(zip(_SETUP, map(canonical.hex_hash, data), strict=False)))])
        self.setup_event = self.head

    def ballot(self, raw: bytes | memoryview) -> None:
        """Add a ballot."""
        self.ballots.append(raw)
        self._event("Ballot", [raw])

    def end_ballots(self) -> None:
        """End the casting: no ballot can follow."""
        self._event("EndBallots", [])

    def add_encrypted_tally(self, encrypted_tally: bytes, num_tallied: int, total_weight: int) -> None:
        """Add the sums of all ballots, still encrypted."""
        self.encrypted_tally, self.num_tallied, self.total_weight = encrypted_tally, num_tallied, total_weight
        sized = {
            "num_tallied": num_tallied,
            "total_weight": weight(total_weight),
            "encrypted_tally": canonical.hex_hash(encrypted_tally),
        }
        self._event("EncryptedTally", [encrypted_tally, canonical.dump(sized)])
        self.closed_event = self.head

    def add_partial_decryption(self, owner: int, raw: bytes) -> None:
        """Add one trustee's factors with Belenios' proofs."""
        self.partials.append(Partial(owner, raw))
        owned = canonical.dump({"owner": owner, "payload": canonical.hex_hash(raw)})
        self._event("PartialDecryption", [raw, owned])

    def add_result(self, raw: bytes) -> None:
        """Add the result: the last event."""
        self.result = raw
        self._event("Result", [raw])

    def encode(self) -> bytes:
        """Return the archive. Spec: REC-1, REC-2."""
        return b"".join(piece[:] for piece in self._members)

    @classmethod
    def parse(cls, raw: Source) -> "Log":
        """Read an archive; whatever differs by one byte from what writing gives is refused. Spec: REC-1 to REC-4.

        Ballots are not kept: they are read again, and must be the same, when they are asked for.
        Raises Invalid(ARCHIVE, DATA_HASH, EVENT_CHAIN, EVENT_ORDER, MISSING_DATA, EXTRA_DATA, …).
        """
        source: Source = memoryview(raw) if isinstance(raw, bytes) else raw
        members = _members(source)
        log = cls(_timestamp(next(members, None)), _source=source)
        pending: list[bytes | memoryview] = []
        place = Place(source, 0, 0, "")
        for start, name, content in members:
            digest, _, kind = name.partition(".")
            if kind not in {"data.json", "event.json"}:
                raise Invalid(Code.ARCHIVE, name[:100])
            if canonical.hex_hash(content) != digest:
                raise Invalid(Code.DATA_HASH, name)
            if kind == "data.json":
                pending.append(content)
                place = Place(source, start, start + len(content), digest)
                continue
            log._replay(_read_event(content), content, pending)
            if log._last == "Ballot":
                log.ballots.leave(place)
            pending = []
        if pending:
            raise Invalid(Code.EXTRA_DATA, "after the last event")
        # Also holds the tar headers: what was read was written again, piece by piece, and must be the same.
        if not log._same or log._read != len(source):
            raise Invalid(Code.ARCHIVE, "headers")
        log._members, log._source = [source], None
        return log

    def _replay(self, event: Event, content: bytes | memoryview, data: list[bytes | memoryview]) -> None:
        where = f"event {self._height}"
        if event.parent != self.head or event.height != self._height:
            raise Invalid(Code.EVENT_CHAIN, where)
        before, sizes = _GRAMMAR.get(event.type, ({""}, ()))
        if self._last not in before:
            raise Invalid(Code.EVENT_ORDER, f"{where}, {event.type[:40]}")
        if len(data) not in sizes:
            raise Invalid(Code.MISSING_DATA if len(data) < min(sizes) else Code.EXTRA_DATA, f"{where}, {event.type}")
        if event.payload != (canonical.hex_hash(data[-1]) if data else None):
            raise Invalid(Code.EVENT_CHAIN, f"{where}, payload")
        self._replay_payload(event.type, data, where)
        # The event is right about its data, so these were written otherwise than they stand, or name other data.
        if self.head != canonical.hex_hash(content):
            raise Invalid(Code.NOT_CANONICAL, where)

    def _replay_payload(self, kind: str, pieces: list[bytes | memoryview], where: str) -> None:
        if kind == "Ballot":
            self.ballot(pieces[0])
            return
        data = [bytes(piece) for piece in pieces]
        match kind:
            case "Setup":
                names = _SETUP[: len(data) - 1]
                for name, named in _fields(data[-1], where, names).items():
                    canonical.text(named, f"{where}, {name}")
                self.setup(data[0], data[1], data[2], data[3] if len(data) == 5 else None)
            case "EndBallots":
                self.end_ballots()
            case "EncryptedTally":
                fields = _fields(data[1], where, ("num_tallied", "total_weight", "encrypted_tally"))
                count = canonical.whole(fields["num_tallied"], where)
                canonical.text(fields["encrypted_tally"], where)
                self.add_encrypted_tally(data[0], count, read_weight(fields["total_weight"], where))
            case "PartialDecryption":
                fields = _fields(data[1], where, ("owner", "payload"))
                canonical.text(fields["payload"], where)
                self.add_partial_decryption(canonical.whole(fields["owner"], where, 1), data[0])
            case _:
                self.add_result(data[0])

    def _event(self, kind: str, data: Sequence[bytes | memoryview]) -> None:
        before, _ = _GRAMMAR[kind]
        if self._last not in before:
            raise Invalid(Code.EVENT_ORDER, kind)
        for one in data:
            self._append(f"{canonical.hex_hash(one)}.data.json", one)
        payload = canonical.hex_hash(data[-1]) if data else None
        event = Event(self.head, self._height, kind, payload).raw
        self.head = canonical.hex_hash(event)
        self._append(f"{self.head}.event.json", event)
        self._height += 1
        self._last = kind

    def _append(self, name: str, content: bytes | memoryview) -> None:
        header, padding = _header(name, len(content), self.timestamp), b"\0" * (-len(content) % _BLOCK)
        if self._source is None:
            self._members += [header, content, padding]
            return
        for piece in (header, content, padding):
            self._same = self._same and self._source[self._read : self._read + len(piece)] == piece
            self._read += len(piece)


def weight(value: int) -> int | str:
    """Return a weight or count as the record has it: a string above 2^30 - 1. Spec: JSON-3."""
    return value if value < 2**30 else str(value)


def read_weight(value: Any, where: str) -> int:
    """Read a weight or count. Spec: JSON-3."""
    if isinstance(value, str):
        digits = value.isascii() and value.isdigit() and 10 <= len(value) <= 18 and not value.startswith("0")
        if not digits or int(value) < 2**30:
            raise Invalid(Code.MALFORMED, where)
        return int(value)
    return canonical.whole(value, where, 0, 2**30 - 1)


def _fields(raw: bytes | memoryview, where: str, names: tuple[str, ...]) -> dict[str, Any]:
    return canonical.record(canonical.load(bytes(raw), where, 1000), where, names)


def _read_event(content: bytes | memoryview) -> Event:
    where, raw = "event", bytes(content)
    fields = canonical.record(canonical.load(raw, where, 1000), where, ("height", "type"), ("parent", "payload"))
    event = Event(
        parent=canonical.text(fields["parent"], where) if "parent" in fields else None,
        height=canonical.whole(fields["height"], where),
        type=canonical.text(fields["type"], where),
        payload=canonical.text(fields["payload"], where) if "payload" in fields else None,
    )
    canonical.same(raw, event.raw, where)
    return event


def _first(timestamp: str) -> bytes:
    return canonical.dump({"version": 1, "timestamp": timestamp})


def _timestamp(first: tuple[int, str, bytes | memoryview] | None) -> int:
    if first is None or first[1] != "BELENIOS":
        raise Invalid(Code.ARCHIVE, "BELENIOS")
    fields = _fields(first[2], "BELENIOS", ("version", "timestamp"))
    if canonical.whole(fields["version"], "BELENIOS") != 1:
        raise Invalid(Code.UNSUPPORTED_VERSION, "BELENIOS")
    digits = canonical.text(fields["timestamp"], "BELENIOS")
    canonical.same(bytes(first[2]), _first(digits), "BELENIOS")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 11):
        raise Invalid(Code.ARCHIVE, "BELENIOS, timestamp")
    return int(digits)


def _header(name: str, size: int, timestamp: int) -> bytes:
    """Return an old-style tar header. Spec: REC-1."""
    fields = f"{'0000644':\0<8}{'0000000':\0<8}{'0000000':\0<8}{size:011o}\0{timestamp:011o}\0"
    start = name.encode().ljust(100, b"\0") + fields.encode()
    rest = b"0".ljust(_BLOCK - len(start) - 8, b"\0")
    checksum = sum(start) + 8 * ord(" ") + sum(rest)
    return start + f"{checksum:06o}\0 ".encode() + rest


def _members(raw: Source) -> Iterator[tuple[int, str, bytes | memoryview]]:
    """Walk over place, name and content. A header that is not what writing gives is refused before its length is believed."""
    at = 0
    while at < len(raw):
        header = bytes(raw[at : at + _BLOCK])
        name = header[:100].rstrip(b"\0")
        size = header[124:135]
        if len(header) < _BLOCK or not name.isascii() or not size.isdigit():
            raise Invalid(Code.ARCHIVE, f"byte {at}")
        try:
            length, time = int(size, 8), int(header[136:147], 8)
        except ValueError as error:
            raise Invalid(Code.ARCHIVE, f"byte {at}") from error
        if header != _header(name.decode(), length, time):
            raise Invalid(Code.ARCHIVE, f"byte {at}")
        start = at + _BLOCK
        if start + length > len(raw):
            raise Invalid(Code.ARCHIVE, f"cut short in {name.decode()[:80]}")
        if length > canonical.MAX_BYTES:  # judged before it is read
            raise Invalid(Code.TOO_LARGE, name.decode()[:80])
        yield start, name.decode(), raw[start : start + length]
        at = start + length + (-length % _BLOCK)
