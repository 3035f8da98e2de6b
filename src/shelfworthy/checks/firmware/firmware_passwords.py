"""Is the firmware free of passwords written into it?

Why it matters: what is in the firmware is in every unit, and in the hands of everybody who downloads it. One
password opens them all; where it is published, a worm has it already.

How we look (look): the image is unpacked, and its accounts (`passwd`, `shadow`, those of web servers and
brokers) and settings are read. Each hash is compared with the published default passwords
(`published-passwords`, listed in the judgement). It passes if every account is locked and no setting holds a
password; it fails for each that lets somebody in.

What it does not show: passwords inside of programs; whether set-up makes the owner choose another (see
`firmware-default-passwords`); what is in parts that could not be opened.

If it fails: lock the account, or write a password of its own into each unit when it is made.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache

from shelfworthy.checks.firmware._contents import lies_in, unseen
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
    passes,
)
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Account, Secret

MOST = 24  # answers
LOCKED = "locked"
SETTINGS = ("password", "wireless password")

SAYS = {
    "published": "The same password of {name} opens every unit, and it is published ({source}).",
    "blank": "The account {name} asks for no password.",
    "built-in": "The same password of {name} opens every unit: it is built in ({scheme}).",
    "clear": "The password of {name} stands in clear text in {file}.",
    "setting": "A password stands in {file} ({what}).",
    "wireless": "The password of a wireless network stands in {file} ({what}).",
    "locked": "No account has a built-in password ({count} were read), and no setting holds one.",
    "no-account": "No account was found in it.",
    "unseen": "Whether there are more passwords in it stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    sources = published(about.references["published-passwords"])
    found = [of_account(number, one, sources) for number, one in enumerate(seen.accounts) if opens(one)]
    found += [of_setting(number, one) for number, one in enumerate(seen.secrets) if one.sort in SETTINGS]
    if found:
        yield from once(found)
    elif why := unseen(seen, "accounts", "secrets"):
        yield inconclusive("unseen", why[1], why=why[0])
    elif not seen.accounts:
        yield inconclusive("no-account", Cause.NOT_UNDERSTOOD)
    else:
        yield passes("locked", field("accounts"), confidence=Confidence.PROBABLE, count=len(seen.accounts))


def opens(one: Account) -> bool:
    """Whether somebody gets in by it, as it comes."""
    return one.login and one.password != LOCKED


def of_account(number: int, one: Account, sources: Mapping[str, str]) -> Answer:
    """What there is to say of an account that lets somebody in."""
    at = field(f"accounts.{number}")
    if one.blank:
        return fails("blank", at, Severity.CRITICAL, subject=one.name, name=one.name)
    if one.published:
        source = sources.get(one.published, "a list of default passwords")
        return fails("published", at, Severity.CRITICAL, subject=one.name, name=one.name, source=source)
    if one.password == "text":  # noqa: S105 - a word, not a password
        return fails("clear", at, Severity.HIGH, subject=one.name, name=one.name, file=lies_in(one.place))
    return fails("built-in", at, Severity.HIGH, subject=one.name, name=one.name, scheme=one.scheme)


def of_setting(number: int, one: Secret) -> Answer:
    """What there is to say of a password in a setting: what it opens does not stand there."""
    at, file = field(f"secrets.{number}"), lies_in(one.place)
    severity = Severity.HIGH if one.published else Severity.MEDIUM
    says = "wireless" if one.sort == "wireless password" else "setting"
    return fails(
        says,
        at,
        severity,
        confidence=Confidence.PROBABLE,
        subject=f"{one.place.file} {one.scheme}",
        file=file,
        what=one.scheme,
    )


def once(found: list[Answer]) -> Iterator[Answer]:
    """Each subject once, the worst of it first; copies of a file say the same again."""
    told: set[tuple[str, str]] = set()
    for answer in sorted(found, key=lambda one: tuple(Severity).index(one.severity or Severity.LOW)):
        if (answer.says, answer.subject) not in told and len(told) < MOST:
            told.add((answer.says, answer.subject))
            yield answer


@lru_cache(maxsize=4)
def published(content: bytes) -> Mapping[str, str]:
    """Where each published password is published."""
    lists = tomllib.loads(content.decode())["list"]
    return {password: one["source"] for one in reversed(lists) for password in one["passwords"]}


CHECK = Check(
    id="firmware-passwords",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
    needs=("published-passwords",),
)
