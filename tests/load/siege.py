"""Clients that hold what they can get: silent connections, bodies that drip, answers that nobody takes."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

from tests.load import wire

SILENT, DRIPPING, UNREAD = 24, 24, 8


async def while_waiting(port: int, uuid: str, crowd: Sequence[asyncio.Task[None]], chance: random.Random) -> None:
    """Besiege the service until the crowd has voted."""
    kinds = [_silent] * SILENT + [_dripping] * DRIPPING + [_never_closing] * UNREAD
    besiegers = [asyncio.create_task(_again_and_again(kind, port, uuid, chance)) for kind in kinds]
    try:
        await asyncio.gather(*crowd)
    finally:
        for one in besiegers:
            one.cancel()
        await asyncio.gather(*besiegers, return_exceptions=True)


async def _again_and_again(kind, port: int, uuid: str, chance: random.Random) -> None:
    while True:
        await asyncio.sleep(chance.random())
        line = wire.Line(port)
        try:
            with suppress(OSError):
                await line.open()
                await kind(line, uuid)
        finally:
            line.cut()


async def _silent(line: wire.Line, _uuid: str) -> None:
    """Says nothing, stays."""
    assert line.reader is not None
    await line.reader.read(1)


async def _dripping(line: wire.Line, uuid: str) -> None:
    """A ballot at one byte a second."""
    assert line.writer is not None
    line.writer.write(wire.head("POST", f"/v/{uuid}/ballots", b" " * 20_000))
    for _ in range(20_000):
        line.writer.write(b" ")
        await line.writer.drain()
        await asyncio.sleep(1)


async def _never_closing(line: wire.Line, uuid: str) -> None:
    """Asks for the connection's end and leaves its own half open."""
    assert line.writer is not None
    assert line.reader is not None
    line.writer.write(f"GET /v/{uuid} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    await line.writer.drain()
    while await line.reader.read(4096):
        pass
    await asyncio.sleep(30)
