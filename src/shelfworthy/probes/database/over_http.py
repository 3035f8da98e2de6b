"""What the stores that speak HTTP have in common: which scheme they serve, and what their answers hold.

The `+http` or `+https` of an address only names its usual port: which of the two is served is found out.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database.both_ways import Ways, both_ways
from shelfworthy.probes.masking import word
from shelfworthy.reach import Address, Missing, NotHttp, NotSeen, Reach, Reply, attempt, request
from shelfworthy.seen.database import Refused, StoreHello

OK = 200
# What servers say in cleartext on a port that is for TLS, or where they send whoever comes without it.
NOT_THIS_WAY = frozenset({301, 302, 303, 307, 308, 400, 426, 497})
REFUSALS = frozenset({401, 403})
VERSION = re.compile(r"[0-9A-Za-z.+-]{1,32}")
BETWEEN = re.compile(r"[\s,]*")  # the items of an array


class Introduction(Struct, frozen=True):
    """Which store answered. version: "" where it did not say. refused: it asks strangers for a login."""

    product: str
    version: str
    refused: bool


Recognise = Callable[[Reply], Introduction | None]


async def get(database: Database, reach: Reach, path: str, level: Level, *, tls: bool) -> Reply:
    """One request. Raises NotSeen, NotHttp."""
    return await request(reach, place(reach, path, tls=tls), level=level, name=database.name)


async def tried(database: Database, reach: Reach, path: str, level: Level, *, tls: bool) -> Reply | Missing:
    """The same for details: what did not come is told, not raised."""
    return await attempt(reach, place(reach, path, tls=tls), level=level, name=database.name)


def place(reach: Reach, path: str, *, tls: bool) -> Address:
    """The same host and port, with a path."""
    return msgspec.structs.replace(reach.address, scheme="https" if tls else "http", path=path)


async def introduced(
    database: Database, reach: Reach, recognise: Recognise, level: Level, path: str = "/", *, again: bool
) -> Ways[tuple[Introduction, Reply]]:
    """Ask for a page both ways. recognise: which store gave this answer, or None if none of those it knows.

    Raises NotSeen, also where something else answers.
    """

    async def plain() -> tuple[Introduction, Reply] | None:
        try:
            reply = await get(database, reach, path, level, tls=False)
        except NotHttp:  # how a TLS server takes it, by hanging up or with an alert
            return None
        told = recognise(reply)
        return None if told is None and reply.status in NOT_THIS_WAY else (known(told, reach), reply)

    async def secret() -> tuple[Introduction, Reply] | None:
        reply = await get(database, reach, path, level, tls=True)
        return known(recognise(reply), reach), reply

    return await both_ways(plain, secret, again=again)


def known(told: Introduction | None, reach: Reach) -> Introduction:
    """Raises NotSeen if it is none of ours."""
    if told is None:
        where = f"{reach.address.scheme}://{reach.address.authority}"
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"What answers at {where} is no such store.")
    return told


def hello(ways: Ways[tuple[Introduction, Reply]], *, login: bool | NotLooked) -> StoreHello:
    """What an introduction showed."""
    assert ways.told is not None  # a request over TLS is answered, or raises
    told, _ = ways.told
    return StoreHello(product=told.product, version=told.version, plain=ways.plain, tls=ways.tls, login=login)


def refused(reply: Reply, name: object = "") -> Refused:
    """A status, and the word for it if the answer has one."""
    return Refused(code=reply.status, name=word(name), words="")


def document(reply: Reply) -> dict[str, Any]:
    """The JSON object an answer holds; empty if it holds none."""
    told = value(reply)
    return told if isinstance(told, dict) else {}


def value(reply: Reply) -> object:
    """The JSON an answer holds, None if it holds none or not all of it came."""
    try:
        return msgspec.json.decode(reply.body) if reply.whole else None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def items(body: bytes) -> tuple[list[object], bool]:
    """The whole items at the beginning of a JSON array, and whether that is all of it."""
    text, at = body.decode("utf-8", "replace"), 1
    found: list[object] = []
    decoder = json.JSONDecoder()
    if not text.startswith("["):
        return [], False
    while True:
        at = BETWEEN.match(text, at).end()  # type: ignore[union-attr] # it matches anything
        if text[at : at + 1] == "]":
            return found, True
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found, False
        found.append(item)


def version(told: object) -> str:
    return told if isinstance(told, str) and VERSION.fullmatch(told) else ""
