"""Who may read what a customer put there, and could its name be guessed?"""

import re
from collections.abc import Sequence
from itertools import pairwise

from shelfworthy.model import Cause
from shelfworthy.probes.account.stranger import Own, Stop, Stranger, Took
from shelfworthy.probes.filling import Value, Values
from shelfworthy.seen.account import Ids, Reading, Shown, Stopped

SAMPLES = 4
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-([1-8])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)  # MongoDB's: its first 8 digits are seconds
ALPHABETS = (
    ("digits", re.compile(r"[0-9]*")),
    ("hexadecimal", re.compile(r"[0-9a-fA-F-]*")),
    ("letters and digits", re.compile(r"[A-Za-z0-9_-]*")),
)
DATED_VERSIONS = frozenset({1, 6})  # RFC 9562: time and place; 7 has 74 random bits beside its time
YEAR = 31_557_600


async def create(stranger: Stranger, own: Own) -> Took:
    """Put one small object there. Raises Stop if that is not accepted."""
    await stranger.in_session(own)
    took = await stranger.take("create", own, {**own.values, "content": stranger.content})
    if not took.accepted:
        words = took.answer.why or f"Nothing could be put there (status {took.answer.status})."
        raise Stop(took.cause or Cause.REFUSED, words)
    return took


async def created(stranger: Stranger) -> tuple[Took, ...]:
    """Objects of the first account, made one after the other; at least one. Raises Stop."""
    took = [await create(stranger, stranger.first)]
    try:
        while len(took) < SAMPLES:
            took.append(await create(stranger, stranger.first))
    except Stop:
        pass  # how many there are is told
    return tuple(took)


async def reading(stranger: Stranger, thing: Values) -> Reading:
    """Ask for one object as its owner, as nobody, and as somebody else. Raises Stop."""
    return Reading(
        owner=await stranger.read_in_session(stranger.first, thing),
        nobody=await stranger.read(stranger.nobody, thing),
        another=await _another(stranger, thing),
    )


async def _another(stranger: Stranger, thing: Values) -> Shown | Stopped:
    try:
        if not stranger.second.made:
            raise Stop(Cause.REFUSED, "We have no second account.")
        shown = await stranger.read_in_session(stranger.second, thing)
        if shown.answer.meaning == "refused":
            await _control(stranger, stranger.second)
        return shown
    except Stop as stop:
        return Stopped(stop.cause, stop.words)


async def _control(stranger: Stranger, own: Own) -> None:
    """See that an account may read what is its own: else a refusal shows nothing. Raises Stop.

    Asked only behind the refusal: before, it had nothing that could be shown in place of another's.
    """
    its = dict((await create(stranger, own)).said)
    if not (await stranger.read_in_session(own, its)).ours:
        raise Stop(Cause.NOT_UNDERSTOOD, "The other account could not read what was its own either.")


def ids(values: Sequence[Value], own: Own, now: float) -> Ids:
    """The shape of identifiers. now: seconds since 1970, to know a time when there is one in them. Pure."""
    texts = [str(value) for value in values]
    numbers = [int(text) for text in texts if text.isdecimal()]
    lengths = [len(text) for text in texts]
    versions = {found[1] if (found := UUID.fullmatch(text)) else "0" for text in texts}
    uuid = int(versions.pop()) if len(versions) == 1 else 0
    return Ids(
        count=len(texts),
        length=(min(lengths), max(lengths)),
        alphabet=next((name for name, form in ALPHABETS if all(map(form.fullmatch, texts))), "other"),
        varying=sum(len(set(places)) > 1 for places in zip(*texts, strict=False)),
        steps=tuple(b - a for a, b in pairwise(numbers)) if len(numbers) == len(texts) else (),
        uuid=uuid,
        dated=uuid in DATED_VERSIONS or all(dated(text, now) for text in texts),
        ours=any(own.handle in text.lower() or own.email.lower() in text.lower() for text in texts),
    )


def dated(text: str, now: float) -> bool:
    """Whether an identifier begins with the time: seconds, thousandths or millionths, or as MongoDB's do."""
    if OBJECT_ID.fullmatch(text):
        return abs(int(text[:8], 16) - now) < YEAR
    if not text.isdecimal() or len(text) > 20:
        return False
    return any(abs(int(text) / unit - now) < YEAR for unit in (1, 1e3, 1e6))
