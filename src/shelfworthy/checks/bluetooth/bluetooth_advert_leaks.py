"""Does the advertisement keep firmware version, set-up time and names of people to itself?

Why it matters: everybody in range receives it, always. A version tells an attacker what will work, a
set-up time makes one device out of thousands recognisable, and a name says whose it is.

How we look (look): we listen and connect to nothing. Of the advertised name we look at numbers that are
written like versions, and at what looks like a person's part in it, which is masked before it is kept; of
manufacturer data that is printable text, at its shape: how many digits and which signs between them.

What it does not show: what is in manufacturer data that is no text, what an advertisement holds at other
times, and what the device tells only those who ask (its scan response): we ask nobody.

If it fails: advertise a name that is the same for all devices, and tell the rest to those who have
paired.
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
    quote,
)
from shelfworthy.seen.bluetooth import BluetoothAdvert, BluetoothNoLe
from shelfworthy.seen.bluetooth_numbers import company_name

MASK = "•"
VERSION = re.compile(
    r"(?<![\w.])[vV]?\d{1,3}(?:\.\d{1,4}){2,3}(?![\w.])|(?<!\w)(?:[vV]|[fF][wW] ?)\d{1,3}\.\d{1,4}(?![\w.])"
)
# In a shape every digit is a 9: three numbers of two digits or more, with the same sign between them.
TIME = re.compile(r"(?:99)?99(?P<sign>[-_:./ ])99(?:(?P=sign)99)+(?!9)")
SHAPE_OF_VERSION = re.compile(r"(?<![9.])9{1,3}(?:\.9{1,4}){2,3}(?![9.])")

SAYS = {
    "version": "Everybody in range is told its firmware version: {name}.",
    "version-shape": "Everybody in range is sent what is written like a firmware version ({shape}).",
    "set-up": "Everybody in range is sent what is written like a time, as when it was set up ({shape}).",
    "person": "Everybody in range is told a name with what looks like a person's in it: {name}.",
    "quiet": "In {adverts} advertisements there was no version, no time and no person's name.",
    "not-heard": "It was not heard, so nobody knows what it tells.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothAdvert | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothAdvert(adverts=adverts):
            told = [*by_name(seen), *by_maker(seen)]
            if told:
                yield from told
            elif adverts < 1:
                yield inconclusive("not-heard", Cause.SILENT)
            else:
                yield passes("quiet", field("name"), adverts=adverts)


def by_name(seen: BluetoothAdvert) -> Iterator[Answer]:
    """What its name tells."""
    if found := VERSION.search(seen.name):
        at = quote("name", seen.name, found.start(), found.end())
        yield fails("version", at, Severity.LOW, subject="version in the name", name=seen.name)
    if MASK in seen.name:
        yield fails(
            "person",
            field("name"),
            Severity.MEDIUM,
            confidence=Confidence.PROBABLE,
            subject="person",
            name=seen.name,
        )


def by_maker(seen: BluetoothAdvert) -> Iterator[Answer]:
    """What manufacturer data looks like: one answer of each sort."""
    said: set[str] = set()
    for at, company in enumerate(seen.companies):
        place = field(f"companies.{at}")
        subject = company_name(company.id) or f"company {company.id:04x}"
        if "set-up" not in said and TIME.search(company.shape):
            said.add("set-up")
            yield fails(
                "set-up",
                place,
                Severity.LOW,
                confidence=Confidence.PROBABLE,
                subject=f"time, {subject}",
                shape=company.shape,
            )
        elif "version-shape" not in said and SHAPE_OF_VERSION.search(company.shape):
            said.add("version-shape")
            yield fails(
                "version-shape",
                place,
                Severity.LOW,
                confidence=Confidence.PROBABLE,
                subject=f"version, {subject}",
                shape=company.shape,
            )


CHECK = Check(
    id="bluetooth-advert-leaks",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(BluetoothAdvert, BluetoothNoLe),
    says=SAYS,
)
