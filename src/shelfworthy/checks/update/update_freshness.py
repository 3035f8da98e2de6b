"""Does what is signed say until when it holds, and is that still to come?

Why it matters: an old update is as well signed as the newest. Whoever shows a device nothing but last year's
can break in by what was repaired since, and no signature warns of it.

How we look (look): what was signed and verified, see `update-metadata-signed`. TUF: none of root, timestamp,
snapshot and targets had expired at the time of the look, and the timestamp ends within 366 days. A signed
manifest: the same for the date until which it says that it holds. It fails where that date is past (then
clients that follow the rules take nothing more), more than 366 days away, or where what is signed says
nothing, or nothing is signed. A pass holds until the first of these dates.

What it does not show: whether devices compare dates and versions; versions inside an image; whether updates
come as often as they are needed.

If it fails: renew the timestamp by machine, every day, and let it end within days. Where it has expired, find
out why nobody noticed that devices get no updates.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shelfworthy.checks.update.update_metadata_signed import why_open
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Place,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.update import Signature, Tuf, Unsaid, UpdateSeen

LONG = timedelta(days=366)
ALL = ("root", "timestamp", "snapshot", "targets")
ABOUT_THE_IMAGE = frozenset({"", "image", "no image", "delegated"})  # the metadata itself was not refused

SAYS = {
    "holds": "What is signed holds until {date}; an older state is taken until then at most.",
    "expired": "The {role} ended on {date}: a client that follows the rules takes nothing from this server.",
    "too-long": "The {role} ends only on {date}: until then the state of today passes for the newest.",
    "not-verified": "The dates stand in what could not be verified.",
    "says-nothing": "The signed manifest says neither until when it holds nor which version it is.",
    "version-only": "The signed manifest names a version and no end; nobody saw if older ones are refused.",
    "image-only": "Only the image is signed; whether it holds a version that devices compare nobody looked.",
    "unclear": "Whether anything is signed stays open, see `update-metadata-signed`.",
    "unsigned": "Nothing is signed, so nothing limits for how long an old update is taken.",
}


def judge(seen: UpdateSeen, about: About) -> Iterator[Answer]:
    match seen.signed:
        case Tuf() as tuf:
            yield from by_tuf(tuf, seen.at)
        case Signature() as signature:
            yield by_signature(signature, seen)
        case Unsaid() as unsaid:
            if reason := why_open(seen, unsaid):
                yield inconclusive("unclear", reason.cause or Cause.NOT_UNDERSTOOD)
            else:
                yield fails("unsigned", field("signed"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


def by_tuf(tuf: Tuf, at: datetime) -> Iterator[Answer]:
    vouched = [(number, one) for number, one in enumerate(tuf.roles) if one.good >= one.threshold]
    newest = len(tuf.roles) > 1  # before the timestamp is read, a newer root may be to come (5.3.10)
    late = [
        past(f"{role.role} metadata", role.expires, at, field(f"signed.roles.{number}.expires"), role.role)
        for number, role in vouched
        if (role.expires <= at and newest) or (role.role == "timestamp" and role.expires > at + LONG)
    ]
    complete = sorted(role.role for _, role in vouched) == sorted(ALL) and tuf.refused in ABOUT_THE_IMAGE
    if late:
        yield from late
    elif not complete or not tuf.trusted:
        yield inconclusive("not-verified", Cause.NOT_UNDERSTOOD if tuf.trusted else Cause.NOT_SUPPLIED)
    else:
        first = min(role.expires for role in tuf.roles)
        stamp = next(role.expires for role in tuf.roles if role.role == "timestamp")
        yield passes("holds", field("signed.roles"), until=first, date=stamp.date().isoformat())


def by_signature(signature: Signature, seen: UpdateSeen) -> Answer:
    ends = seen.says.expires
    if signature.state != "good":
        return inconclusive("not-verified", Cause.NOT_UNDERSTOOD)
    if signature.covers == "image":
        return inconclusive("image-only", Cause.NOBODY_LOOKED)
    if ends is None and seen.says.version:
        return inconclusive("version-only", Cause.NEEDS_A_PERSON)
    if ends is None:
        return fails("says-nothing", field("says"), Severity.MEDIUM)
    if not seen.at < ends <= seen.at + LONG:
        return past("manifest", ends, seen.at, field("says.expires"), "manifest")
    return passes("holds", field("says.expires"), until=ends, date=ends.date().isoformat())


def past(role: str, ends: datetime, at: datetime, place: Place, subject: str) -> Answer:
    """An end that has passed, or is so far away that it says nothing."""
    date = ends.date().isoformat()
    if ends <= at:
        return fails("expired", place, Severity.MEDIUM, subject=subject, role=role, date=date)
    return fails("too-long", place, Severity.LOW, subject=subject, role=role, date=date)


CHECK = Check(id="update-freshness", version=1, level=Level.LOOK, judge=judge, reads=(UpdateSeen,), says=SAYS)
