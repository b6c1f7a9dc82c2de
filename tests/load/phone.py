"""One phone: opens the page, sends its ballot, and tries again as static/js/booth/deliver.js does. Some have bad manners."""

import asyncio
import random
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from tally.ballot import tracker as tracker_of
from tally.closing import verify_receipt
from tally.errors import Invalid
from tests.load import wire
from tests.load.accounting import End, Outcome, credential_of
from tests.load.wire import Line, Unreachable

FILES = re.compile(rb'(?:src|href)="(/static/[^"]+)"')
CONNECTIONS = 6  # that a browser opens to one server


class Manner(StrEnum):
    """How a phone and its network behave."""

    STEADY = "steady"
    SLOW = "slow"  # the body drips in over seconds
    CUT_OFF = "cut off"  # the connection breaks in the middle of the ballot; sent again
    NO_ANSWER = "no answer"  # the ballot arrives, the answer is lost; sent again
    TRIPLE = "triple"  # three copies at the same moment
    OVERTAKEN = "overtaken"  # the first copy is held up, the second arrives before it
    VANISHING = "vanishing"  # sends, all or half, and never looks again


@dataclass(slots=True)
class Timing:
    """Seconds on the monotonic clock, and how often it was tried."""

    opened: float = 0.0  # how long page, scripts and paper took
    waited: float = 0.0  # from 提交 to 已投票
    attempts: int = 0


@dataclass(slots=True)
class Phone:
    """A phone with its ballot made."""

    port: int
    uuid: str
    phi: str
    receipt_key: str
    ballot: bytes
    manner: Manner
    chance: random.Random
    hurry: float = 1.0  # waits are multiplied with this in short runs
    give_up: float = 300.0
    loads_page: bool = True
    spare: bool = True  # browsers open a connection more than they need, in case
    timing: Timing = field(default_factory=Timing)
    answers: list[str] = field(default_factory=list)
    end: End = End.GAVE_UP
    said: str = ""
    done_at: float = 0.0

    @property
    def path(self) -> str:
        return f"/v/{self.uuid}"

    @property
    def outcome(self) -> Outcome:
        """The phone's story for the accounting."""
        return Outcome(
            tracker_of(self.ballot), credential_of(self.ballot), self.end,
            may_vanish=self.manner is Manner.VANISHING, said=self.said, answers=tuple(self.answers),
        )  # fmt: skip

    async def vote(self) -> None:
        """From the scan to the end of the story."""
        lines = [Line(self.port) for _ in range(CONNECTIONS + 1)]
        try:
            async with asyncio.timeout(self.give_up):
                if self.spare:
                    await _open_idle(lines[CONNECTIONS])
                if self.loads_page and not await self._open_page(lines[:CONNECTIONS]):
                    return
                await self._send(lines[0])
        except TimeoutError:
            self.said = "out of time"
        finally:
            for line in lines:
                line.cut()
            self.done_at = time.monotonic()

    async def _open_page(self, lines: list[Line]) -> bool:
        """Page, scripts, paper; whether the box is open."""
        start = time.monotonic()
        page = await self._patiently(lines[0], self.path)
        files = sorted(set(FILES.findall(page.body)))
        await asyncio.gather(
            *(self._fetch_some(line, files[at :: len(lines)]) for at, line in enumerate(lines))
        )  # fmt: skip
        paper = await self._patiently(lines[0], self.path + "/election.json")
        self.timing.opened = time.monotonic() - start
        if paper.status == 200:
            return True
        self.end = End.CLOSED if paper.json().get("error") == "closed" else End.REFUSED
        self.said = f"paper: {paper.status}"
        return False

    async def _fetch_some(self, line: Line, files: list[bytes]) -> None:
        for file in files:
            await self._patiently(line, file.decode())

    async def _patiently(self, line: Line, path: str) -> wire.Answer:
        for attempt in range(1, 1000):
            try:
                answer = await line.ask("GET", path)
                if answer.status < 500:
                    return answer
            except Unreachable:
                pass
            await self._pause(attempt)
        raise TimeoutError

    async def _pause(self, attempt: int) -> None:
        """As wire.js: patience(attempt)."""
        full = min(30, 2**attempt)
        await asyncio.sleep(max(1, round(full * (0.6 + 0.4 * self.chance.random()))) * self.hurry)

    async def _send(self, line: Line) -> None:
        start = time.monotonic()
        if not await self._first(line):
            return
        for attempt in range(1, 1000):
            try:
                self._judge(await self._cast(line))
            except Unreachable:
                await self._pause(attempt)
                continue
            self.timing.waited = time.monotonic() - start
            return

    async def _cast(self, line: Line, send: wire.Sender | None = None) -> wire.Answer:
        self.timing.attempts += 1
        answer = await line.ask("POST", self.path + "/ballots", self.ballot, send)
        answer.json()
        return answer

    async def _first(self, line: Line) -> bool:
        """What goes wrong the first time; whether the phone goes on."""
        match self.manner:
            case Manner.SLOW:
                try:
                    self._judge(await self._cast(line, wire.dripping(8 * self.hurry)))
                except Unreachable:
                    await self._pause(1)
            case Manner.CUT_OFF:
                await self._break(line, self.chance.random(), 0.0)
            case Manner.NO_ANSWER:
                await self._break(line, 1.0, self.chance.random())
            case Manner.VANISHING:
                await self._break(line, self.chance.choice((0.5, 1.0, 1.0)), 0.3 * self.chance.random())
                return False
            case Manner.TRIPLE:
                await self._copies(3)
            case Manner.OVERTAKEN:
                await self._overtake(line)
            case Manner.STEADY:
                pass
        return True

    async def _break(self, line: Line, part: float, linger: float) -> None:
        """Send a part, stay a moment, and drop off the network."""
        self.timing.attempts += 1
        try:
            await line.open()
            assert line.writer is not None
            whole = wire.head("POST", self.path + "/ballots", self.ballot) + self.ballot
            line.writer.write(whole[: int(len(whole) * part)])
            await line.writer.drain()
            await asyncio.sleep(linger)
        except OSError:
            pass
        line.cut()

    async def _copies(self, n: int) -> None:
        """Several copies at once, each on its own connection; every answer must be the same."""
        await asyncio.gather(*(self._copy(None) for _ in range(n)))

    async def _overtake(self, line: Line) -> None:
        """The first copy lacks its last byte until the second has been answered."""
        arrived = asyncio.Event()
        late = asyncio.create_task(self._copy(wire.held_back(arrived, 12 * self.hurry)))
        await asyncio.sleep(0.05)
        with suppress(Unreachable):
            self._judge(await self._cast(line))
        arrived.set()
        await late

    async def _copy(self, send: wire.Sender | None) -> None:
        line = Line(self.port)
        try:
            self._judge(await self._cast(line, send))
        except Unreachable:
            pass
        finally:
            line.cut()

    def _judge(self, answer: wire.Answer) -> None:
        """As deliver.js: judged. A later answer never takes an earlier acknowledgement back."""
        body = answer.json()
        if answer.status in (200, 201):
            try:
                verify_receipt(self.receipt_key, self.uuid, self.phi, body["tracker"], body["receipt"])
            except (Invalid, KeyError, TypeError) as error:
                self.end, self.said = End.BAD_RECEIPT, repr(error)
                return
            self.answers.append(body["tracker"])
            end = End.DONE
        elif body.get("error") == "credential_used":
            end = End.USED
        elif body.get("error") == "closed":
            end = End.CLOSED
        else:
            end, self.said = End.REFUSED, f"{answer.status} {body.get('error')}"
        if self.end is not End.DONE:
            self.end = end


async def _open_idle(line: Line) -> None:
    with suppress(OSError):
        await line.open()
