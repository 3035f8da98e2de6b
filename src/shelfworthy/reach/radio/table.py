"""List what a device says it has (Core Specification, volume 3, part G, sections 4.4 to 4.7).

A device may say anything: each answer must lead on, or the listing ends there, as truncated.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

from shelfworthy.model import Record
from shelfworthy.reach.radio.att import Att, Told
from shelfworthy.reach.radio.records import Table
from shelfworthy.seen.advertising import uuid_words
from shelfworthy.seen.bluetooth import Attribute

BY_TYPE, BY_GROUP, INFORMATION = 0x08, 0x10, 0x04
SERVICE, CHARACTERISTIC, CONFIGURATION = 0x2800, 0x2803, "2902"
LAST = 0xFFFF
NOT_FOUND = 0x0A  # "attribute not found": there is nothing more
MOST_SERVICES = 256
PROPERTIES = {
    0x01: "broadcast",
    0x02: "read",
    0x04: "write without response",
    0x08: "write",
    0x10: "notify",
    0x20: "indicate",
    0x40: "signed write",
}


class Piece(Record, frozen=True):
    """One entry of an answer: its handle, and what stands behind it."""

    handle: int
    content: bytes


class Ended(Exception):
    """The device stopped telling before it was all told, or told nonsense."""


async def list_table(att: Att, most: int, seconds: float) -> Table:
    """Services and characteristics, at most so many, in so many seconds. Raises NotSeen past the deadline."""
    services: list[tuple[int, int, str]] = []
    found: list[Attribute] = []
    truncated = True
    try:
        async with asyncio.timeout(seconds):
            async for piece in _walk(att, BY_GROUP, SERVICE, sizes=(6, 20)):
                end = int.from_bytes(piece.content[:2], "little")
                services.append((piece.handle, end, uuid_words(piece.content[2:])))
                if len(services) >= MOST_SERVICES:
                    break
            else:
                truncated = False
            async for piece in _walk(att, BY_TYPE, CHARACTERISTIC, sizes=(7, 21)):
                if len(found) >= most:
                    truncated = True
                    break
                found.append(_attribute(piece, services))
            found = [one async for one in _configured(att, found, services)]
    except (Ended, TimeoutError):
        truncated = True
    return Table(
        attributes=tuple(found), truncated=truncated, services=tuple(uuid for _, _, uuid in services)
    )


async def _walk(att: Att, operation: int, kind: int, sizes: tuple[int, int]) -> AsyncIterator[Piece]:
    """Entries from the first handle to the last, asked for piece by piece. Raises Ended."""
    start = 1
    while start <= LAST:
        told = await att.ask(_range(operation, start, LAST) + kind.to_bytes(2, "little"))
        if told.code == NOT_FOUND:
            return
        pieces = list(_pieces(told, sizes))
        if not pieces:
            raise Ended
        for piece in pieces:
            if piece.handle < start:
                raise Ended
            end = int.from_bytes(piece.content[:2], "little") if operation == BY_GROUP else piece.handle
            if end < piece.handle:
                raise Ended
            yield piece
            start = end + 1


def _range(operation: int, start: int, end: int) -> bytes:
    return bytes([operation]) + start.to_bytes(2, "little") + end.to_bytes(2, "little")


def _pieces(told: Told, sizes: tuple[int, int]) -> Iterator[Piece]:
    """Entries of an answer, if it has one of the lengths it may have."""
    if told.came != "done" or not told.body or told.body[0] not in sizes:
        return
    size = told.body[0]
    for at in range(1, len(told.body) - size + 1, size):
        yield Piece(
            handle=int.from_bytes(told.body[at : at + 2], "little"), content=told.body[at + 2 : at + size]
        )


def _attribute(piece: Piece, services: list[tuple[int, int, str]]) -> Attribute:
    """A characteristic's declaration (section 3.3.1), with no configuration yet."""
    return Attribute(
        handle=int.from_bytes(piece.content[1:3], "little"),
        configuration=0,
        service=next((uuid for start, end, uuid in services if start <= piece.handle <= end), ""),
        uuid=uuid_words(piece.content[3:]),
        properties=tuple(word for bit, word in PROPERTIES.items() if piece.content[0] & bit),
    )


async def _configured(
    att: Att, found: list[Attribute], services: list[tuple[int, int, str]]
) -> AsyncIterator[Attribute]:
    """The same with their Client Characteristic Configuration (section 3.3.3.3), where they have one.

    It lies between a value and the next declaration, which lies before the next value.
    """
    for place, one in enumerate(found):
        end = next((end for start, end, _ in services if start <= one.handle <= end), LAST)
        if place + 1 < len(found):
            end = min(end, found[place + 1].handle - 2)
        handle = await _configuration(att, one.handle + 1, end) if one.handle < end else 0
        yield Attribute(
            handle=one.handle,
            configuration=handle,
            service=one.service,
            uuid=one.uuid,
            properties=one.properties,
        )


async def _configuration(att: Att, start: int, end: int) -> int:
    """The handle of the configuration in this range, 0 if there is none. Raises Ended."""
    while start <= end:
        told = await att.ask(_range(INFORMATION, start, end))
        if told.code == NOT_FOUND:
            return 0
        size = {1: 4, 2: 18}.get(told.body[0]) if told.came == "done" and told.body else None
        if size is None or len(told.body) < 1 + size:
            raise Ended
        for at in range(1, len(told.body) - size + 1, size):
            handle = int.from_bytes(told.body[at : at + 2], "little")
            if not start <= handle <= end:
                raise Ended
            start = handle + 1
            if uuid_words(told.body[at + 2 : at + size]) == CONFIGURATION:
                return handle
    return 0
