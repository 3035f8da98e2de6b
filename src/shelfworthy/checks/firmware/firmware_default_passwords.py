"""Does the firmware come with default passwords that every unit shares?

Why it matters: what a unit takes before anybody has set it up, every other unit takes as well. The worms of
2016 needed sixty words to get into hundreds of thousands of cameras.

How we look (look): accounts of the unpacked image, as in `firmware-passwords`. It fails where a password is
one of the published defaults or none is asked for; it passes if every account is locked as it comes.

What it does not show: whether set-up makes the owner choose another: then a password that is on no list
stays open; defaults that a program makes when it is first started.

If it fails: give each unit a password of its own, or let the owner choose one before anything else works.
"""

from collections.abc import Iterator

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

MOST = 12  # answers
SETTINGS = ("password", "wireless password")

SAYS = {
    "published": "Every unit comes with the same password of {name}, a default that is published.",
    "blank": "Every unit comes with the account {name}, which asks for no password.",
    "built-in": "Every unit comes with the same password of {name}; whether set-up changes it stayed open.",
    "setting": "Every unit comes with the same password in {file}; whether set-up changes it stayed open.",
    "locked": "No account has a password as it comes ({count} were read), and no setting holds one.",
    "no-account": "No account was found in it.",
    "unseen": "Whether it comes with default passwords stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    able = [(number, one) for number, one in enumerate(seen.accounts) if one.login]
    wrong = {one.name: (number, one) for number, one in reversed(able) if one.published or one.blank}
    for name, (number, one) in list(wrong.items())[:MOST]:
        says = "blank" if one.blank else "published"
        yield fails(says, field(f"accounts.{number}"), Severity.CRITICAL, subject=name, name=name)
    if wrong:
        return
    built_in = next((one for _, one in able if one.password in ("hash", "text")), None)
    setting = next((one for one in seen.secrets if one.sort in SETTINGS), None)
    if why := unseen(seen, "accounts", "secrets"):
        yield inconclusive("unseen", why[1], why=why[0])
    elif built_in is not None:
        yield inconclusive("built-in", Cause.NOBODY_LOOKED, name=built_in.name)
    elif setting is not None:
        yield inconclusive("setting", Cause.NOBODY_LOOKED, file=lies_in(setting.place))
    elif not seen.accounts:
        yield inconclusive("no-account", Cause.NOT_UNDERSTOOD)
    else:
        yield passes("locked", field("accounts"), confidence=Confidence.PROBABLE, count=len(seen.accounts))


CHECK = Check(
    id="firmware-default-passwords",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
    needs=("published-passwords",),
)
