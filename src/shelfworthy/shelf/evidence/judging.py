"""Judge what came from outside: in a child, each piece within limits of time and memory.

Evidence that was opened and is of the right types may still be made so that a check takes for ever over it,
or the roll-up. In the process that answers people it would hold up everybody. So that process never asks a
check: it reads answers that are remembered, and has everything else done by `sandbox.bounded`.
"""

import atexit
import importlib
import os
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from shelfworthy.audit.judge import Court, court, rolled_up, said_of, still_holds
from shelfworthy.checks import CHECKS
from shelfworthy.discovery import references
from shelfworthy.guidelines import read_rules
from shelfworthy.model import Finding, Judgement, Record, canonical
from shelfworthy.product.mistakes import BadFile
from shelfworthy.reach import fuse
from shelfworthy.record import CannotRedact, Unreadable, recall
from shelfworthy.record.cache import place
from shelfworthy.sandbox.bounded import Beyond, Bounds, NotStarted, Nursery
from shelfworthy.sandbox.limits import MIB
from shelfworthy.shelf.evidence.rolling import Lost, Rolled, Wanted, judgement_of, not_now, roll
from shelfworthy.vulndata.place import Unusable

OURS = "shelfworthy.audit.judge:our_court"
COURT = OURS  # `module:function` of who judges, by which a child finds it
BOUNDS = Bounds(memory=1024 * MIB, time=30.0, output=32 * MIB)
AGAIN = 3000.0  # seconds until what went beyond its limits may be tried once more
LARGEST = 16 * MIB  # bytes of what there is to say of one audit; those of the lab have less than one
PLACES = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "SHELFWORTHY_VULNDATA")  # where answers and data lie


class _Task(Record, frozen=True):
    """One of: what to roll up; evidence to ask about. kept: the digest of the judgement that may be the same.
    rules: the text of others than the court's."""

    court: str
    places: dict[str, str]
    wanted: Wanted | None = None
    kept: str = ""
    rules: str = ""
    folder: str = ""


class _Reply(Record, frozen=True):
    """rolled: the verdict, if there is one. wrong: why it cannot be judged. fault: why it cannot be now."""

    rolled: Rolled | None = None
    wrong: str = ""
    fault: str = ""


TASK = msgspec.msgpack.Decoder(_Task)
REPLY = msgspec.msgpack.Decoder(_Reply)
NURSERY = Nursery(f"{__name__}:work", f"{__name__}:warm")
SEATS = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))  # who may have work done at once
atexit.register(NURSERY.close)

_beyond: dict[tuple[object, ...], tuple[float, str]] = {}  # until when, and why, it is not tried again


class TooMuch(Exception):
    """Evidence that took more than it may: what, in words."""


class NotNow(Exception):
    """Evidence that could not be judged, by no fault of its own: why, in words."""


def bench() -> Court:
    """Who judges."""
    return named(COURT)


@cache
def named(name: str) -> Court:
    """The court of that name."""
    module, _, inside = name.partition(":")
    found: Court = getattr(importlib.import_module(module), inside)()
    return found


@cache
def _by(rules: str) -> Court:
    return court(CHECKS, read_rules(rules))


def rolled(
    several: Sequence[Wanted], rules: str = "", bounds: Bounds | None = None, kept: Sequence[str] = ()
) -> list[Rolled | Lost | None]:
    """The verdict of each, in their order: Lost where its evidence cannot be read, or took too much.

    Of those with the same evidence one is judged first: where that takes too much, the others are not tried.
    rules: the text of others than today's. bounds: others than usual. kept: of each the digest of a judgement
    that is kept; one that says the same comes without its content.
    """
    within, kept = bounds or BOUNDS, kept or [""] * len(several)
    keys = [(COURT, rules, one.audits, one.redacted, one.trust, within) for one in several]
    first = {key: number for number, key in reversed(list(enumerate(keys)))}
    found: dict[int, Rolled | Lost | None] = {}
    for begins in (True, False):
        asked = []
        for number, key in enumerate(keys):
            if (first[key] == number) is begins:
                if words := _barred(key):
                    found[number] = Lost(words=f"{words} It is tried again within the hour.", limit=True)
                else:
                    asked.append(number)
        replies = _asked([_task(several[number], kept[number], rules) for number in asked], within)
        for number, reply in zip(asked, replies, strict=True):
            if isinstance(reply, Beyond):
                words = f"Judging its evidence {reply.words}."
                if reply.limit:
                    _bar(keys[number], words)
                found[number] = Lost(words=words, limit=reply.limit)
            else:
                lost = reply.wrong or reply.fault
                found[number] = Lost(words=lost) if lost else reply.rolled
    return [found[number] for number in range(len(several))]


def _barred(key: tuple[object, ...]) -> str:
    """Why this is not tried again yet, "" if it may be."""
    until, words = _beyond.get(key, (0.0, ""))
    return words if until > time.monotonic() else ""


def _bar(key: tuple[object, ...], words: str) -> None:
    """Not to be tried again for a while."""
    at = time.monotonic()
    for old in [old for old, (until, _) in list(_beyond.items()) if until <= at]:
        _beyond.pop(old, None)
    _beyond[key] = (at + AGAIN, words)


def room(trusted: bool) -> Bounds:
    """Within what all evidence of a product may be judged, for more of it to be taken in.

    Those whose evidence may not clear have less: however much they send, there is room for the lab's.
    """
    if trusted:
        return BOUNDS
    return replace(BOUNDS, memory=BOUNDS.memory * 3 // 4, time=BOUNDS.time / 2, output=BOUNDS.output // 2)


def judgement(wanted: Wanted, rules: str = "") -> Judgement | None:
    """The same of one, as a judgement. Raises Unreadable."""
    (found,) = rolled([wanted], rules)
    if isinstance(found, Lost):
        raise Unreadable(found.words)
    return None if found is None else judgement_of(found.content)


def try_on(folder: Path) -> None:
    """Ask all checks about an evidence, and remember the answers. Raises Unreadable, TooMuch, NotNow."""
    key = (COURT, str(folder), BOUNDS)
    if words := _barred(key):
        raise TooMuch(words)
    (reply,) = _asked([_task(folder=str(folder))], BOUNDS)
    if isinstance(reply, Beyond):
        words = f"judging it {reply.words}."
        if not reply.limit:
            raise NotNow(words)
        _bar(key, words)
        raise TooMuch(words)
    if reply.fault:
        raise NotNow(reply.fault)
    if reply.wrong:
        raise Unreadable(reply.wrong)


def findings_in(folder: Path) -> tuple[Finding, ...]:
    """What the checks say of an evidence. Raises Unreadable, also where asking them takes too much."""
    by = bench()
    known = recall(folder)
    if known is None or not still_holds(known, by):
        try:
            try_on(folder)
        except (TooMuch, NotNow) as why:
            raise Unreadable(f"{folder}: {why}") from None
        known = recall(folder)
    if known is None:
        raise Unreadable(f"{folder}: its answers cannot be kept: is the cache's folder writable?")
    return known.said.findings


def _task(wanted: Wanted | None = None, kept: str = "", rules: str = "", folder: str = "") -> bytes:
    return msgspec.msgpack.encode(
        _Task(court=COURT, places=_places(), wanted=wanted, kept=kept, rules=rules, folder=folder)
    )


def _places() -> dict[str, str]:
    return {name: os.environ[name] for name in PLACES if name in os.environ}


def _asked(tasks: list[bytes], bounds: Bounds) -> list[_Reply | Beyond]:
    if not tasks:
        return []
    try:
        with fuse.child(), SEATS:
            answers = NURSERY.each(tasks, bounds)
    except NotStarted as why:  # all of it may be asked again
        return [_Reply(fault=str(why)) for _ in tasks]
    return [one if isinstance(one, Beyond) else REPLY.decode(one) for one in answers]


def warm() -> None:
    """In the child: what all forks need."""
    named(OURS)
    references()


def work(content: bytes) -> bytes:
    """In the child: do one task."""
    task = TASK.decode(content)
    if task.places != _places():  # of a fork that waited they may be others'
        for name in PLACES:
            os.environ.pop(name, None)
        os.environ |= task.places
    by = _by(task.rules) if task.rules else named(task.court)
    if task.wanted is not None:
        found = roll(task.wanted, by, task.kept)
        reply = _Reply(wrong=found.words) if isinstance(found, Lost) else _Reply(rolled=found)
    else:
        reply = _tried(Path(task.folder), by)
    return msgspec.msgpack.encode(reply)


def _tried(folder: Path, by: Court) -> _Reply:
    """What is wrong with an evidence: it is asked about, and rolled up by itself.

    What was said of evidence that is refused is not remembered.
    """
    try:
        known = said_of(folder, by)
    except (Unreadable, BadFile, CannotRedact) as wrong:
        return _Reply(wrong=str(wrong))
    except (Unusable, OSError) as fault:
        return _Reply(fault=not_now(fault))
    at = datetime.now(UTC).replace(microsecond=0)
    if len(canonical(rolled_up(known.outline, known.said, at, by))) > LARGEST:
        if (answers := place(folder)) is not None:
            answers.unlink(missing_ok=True)
        return _Reply(wrong=f"There is more to say of it than {LARGEST // MIB} MiB.")
    return _Reply()
