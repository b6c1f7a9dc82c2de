"""Plays one scenario from an empty database to a verified record, and gives an account of every ballot."""

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tally.ballot import Ballot
from tally.questions import Election
from tally.record import Log
from tests.load import siege
from tests.load.accounting import Account, account
from tests.load.phone import Manner, Phone
from tests.load.room import OFFICIALS, Clerk, Room, finish, make_ballots, prepare
from tests.load.scenarios import Incident, Scenario
from tests.load.service import Service
from voting.rehearse.browser import Stuck

TICK = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """What came out of one run. Times in seconds, one a phone, of phones that were acknowledged."""

    scenario: Scenario
    account: Account
    waited: tuple[float, ...]
    waited_steady: tuple[float, ...]
    opened: tuple[float, ...]
    retries: int
    verified: bool
    check_ms: float
    load: float
    server_cpu: float

    @property
    def sound(self) -> bool:
        """No ballot lost, doubled or unknown, and the record verifies."""
        return not self.account.faults and self.verified


def play(scenario: Scenario, url: str, folder: Path, pool: Executor, seed: int) -> Run:
    """Everything, once. `url` names an empty database, `folder` an empty folder for the service and the record."""
    chance = random.Random(seed)
    room = prepare(url, scenario.paper, scenario.phones)
    ballots = make_ballots(room, pool, seed)
    check_ms = _check_ms(room, ballots)
    service = Service(folder, **room.settings).start()
    try:
        clerk = Clerk(service.base, room).log_in()
        phones = _crowd(scenario, room, ballots, service.port, chance)
        with ThreadPoolExecutor(1) as apart:  # a browser's tests may have left an event loop running in this thread
            apart.submit(lambda: asyncio.run(_burst(scenario, phones, service, clerk, room, chance))).result()
        load, cpu = os.getloadavg()[0], service.cpu_seconds()
        shown = _close(scenario, service, clerk, room, chance)
    finally:
        service.stop()
    files = finish(room, folder / room.uuid)
    record = Log.parse(files[f"{room.uuid}.bel"]).ballots
    found = account([phone.outcome for phone in phones], record, shown)
    acknowledged = [phone for phone in phones if phone.answers]
    return Run(
        scenario, found,
        waited=tuple(phone.timing.waited for phone in acknowledged),
        waited_steady=tuple(p.timing.waited for p in acknowledged if p.manner is Manner.STEADY),
        opened=tuple(phone.timing.opened for phone in phones if phone.timing.opened),
        retries=sum(max(0, phone.timing.attempts - 1) for phone in phones),
        verified=_verifies(folder / room.uuid), check_ms=check_ms, load=load, server_cpu=cpu,
    )  # fmt: skip


def _crowd(scenario: Scenario, room: Room, ballots: Sequence[bytes], port: int, chance: random.Random) -> list[Phone]:
    manners = scenario.crowd()
    chance.shuffle(manners)
    return [
        Phone(
            port, room.uuid, room.phi, room.receipt_key, ballot, manner, random.Random(chance.random()),
            hurry=scenario.hurry,
        )
        for ballot, manner in zip(ballots, manners, strict=True)
    ]  # fmt: skip


async def _burst(
    scenario: Scenario, phones: Sequence[Phone], service: Service, clerk: Clerk, room: Room, chance: random.Random
) -> None:
    async def one(phone: Phone, at: float) -> None:
        await asyncio.sleep(at)
        await phone.vote()

    crowd = [asyncio.create_task(one(phone, chance.random() * scenario.seconds)) for phone in phones]
    match scenario.incident:
        case Incident.KILL:
            for share in (0.3, 0.6):
                await _until(phones, share)
                await asyncio.to_thread(service.kill)
                await asyncio.to_thread(service.start)
        case Incident.CLOSE:
            await _until(phones, 0.6)
            await asyncio.to_thread(clerk.press, "closing")
        case Incident.KILL_CLOSING:
            await _until(phones, 0.6)
            await asyncio.to_thread(_killed, service, clerk, "closing", chance.random() * 0.15)
            if await asyncio.to_thread(room.state) == "open":
                await asyncio.to_thread(clerk.press, "closing")
        case Incident.SIEGE:
            await siege.while_waiting(service.port, room.uuid, crowd, chance)
        case Incident.NONE:
            pass
    await asyncio.gather(*crowd)


async def _until(phones: Sequence[Phone], share: float) -> None:
    """Wait until so many of the phones have been answered."""
    while sum(phone.done_at > 0 for phone in phones) < share * len(phones):  # noqa: ASYNC110 - phones tell nobody
        await asyncio.sleep(TICK)


def _killed(service: Service, clerk: Clerk, step: str, after: float, **fields: str) -> None:
    """Press a button of the console and pull the plug `after` seconds later; start the service again."""

    def press() -> None:
        with suppress(Stuck):  # the answer was lost; whether the step was taken stands in the database
            clerk.press(step, **fields)

    pressing = threading.Thread(target=press)
    pressing.start()
    time.sleep(after)
    service.kill()
    pressing.join()
    service.start()


def _close(scenario: Scenario, service: Service, clerk: Clerk, room: Room, chance: random.Random) -> list[str]:
    """From the last answer to the sealed box; the trackers as the room saw them."""
    if room.state() == "open":
        clerk.press("closing")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{service.base}/board/{room.uuid}/trackers.json", timeout=60) as answer:
        shown: list[str] = json.load(answer)["trackers"]
    if scenario.incident is Incident.KILL_CLOSING:
        _killed(service, clerk, "close", chance.random() * 0.3, **OFFICIALS)
    if room.state() == "closing":
        clerk.press("close", **OFFICIALS)
    return shown


def _verifies(folder: Path) -> bool:
    """Whether `mipiao verify`, as a process of its own, finds nothing wrong."""
    told = subprocess.run(
        [sys.executable, "-m", "voting.cli", "verify", str(folder)], capture_output=True, text=True, check=False
    )
    if told.returncode:
        print(told.stdout[-2000:], told.stderr[-2000:])
    return told.returncode == 0


def _check_ms(room: Room, ballots: Sequence[bytes]) -> float:
    """Milliseconds that this machine needs at the moment to judge one ballot on one thread: a mark to read the rest by."""
    election = Election.parse(room.election)
    times = []
    for raw in ballots[:5]:
        start = time.perf_counter()
        Ballot.check(raw, election)
        times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[len(times) // 2]
