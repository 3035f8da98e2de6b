"""Does what fetches updates make sure whom they are from?

Why it matters: an updater that takes what comes over an unprotected line takes it from whoever is on that
line, and runs it.

How we look (look): scripts, settings of known agents, and strings of programs in the unpacked image are read
for addresses of updates, for options that skip the server's certificate, and for commands that verify a
signature. It fails where updates come unprotected, where a certificate is not looked at, or where what was
fetched is written without a signature being verified; it passes if every updater does all three.

What it does not show: what a program really does: strings are a hint, and the answer says how sure it is;
what a signature covers (see `firmware-signed`).

If it fails: fetch over TLS, verify the certificate, and verify a signature over the whole image before it
is written.
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._contents import path_of, unseen
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
from shelfworthy.seen.firmware_contents import Updater

MOST = 24  # answers
# A script that lies there need not be run; of a program nothing but its strings was seen.
SURE = {
    "script": Confidence.PROBABLE,
    "configuration": Confidence.PROBABLE,
    "program": Confidence.TENTATIVE,
}

SAYS = {
    "in-clear": "{program} fetches updates over an unprotected line ({url}).",
    "unchecked": "{program} fetches updates from a server whose certificate it does not look at ({url}).",
    "unsigned": "{program} writes an update without verifying a signature.",
    "trusted": "Every updater in it fetches over TLS and verifies server and signature: {programs}.",
    "not-told": "Whether {program} makes sure whom its updates are from stayed open.",
    "nothing": "Nothing that fetches or installs updates was recognised in it.",
    "unseen": "Whether more in it fetches updates stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    wrong = {
        (answer.says, answer.subject): answer
        for number, one in reversed(list(enumerate(seen.updaters)))
        for answer in wrong_with(number, one)
    }
    if wrong:
        yield from list(reversed(wrong.values()))[:MOST]
        return
    untold = next((one for one in seen.updaters if not trusted(one)), None)
    if why := unseen(seen, "updaters"):
        yield inconclusive("unseen", why[1], why=why[0])
    elif untold is not None:
        yield inconclusive("not-told", Cause.NOT_UNDERSTOOD, program=path_of(untold.program))
    elif not seen.updaters:
        yield inconclusive("nothing", Cause.NOT_UNDERSTOOD)
    else:
        programs = ", ".join(dict.fromkeys(path_of(one.program) for one in seen.updaters))
        yield passes("trusted", field("updaters.0"), confidence=Confidence.PROBABLE, programs=programs)


def wrong_with(number: int, one: Updater) -> Iterator[Answer]:
    """What is wrong with an updater."""
    at, sure, program = field(f"updaters.{number}"), SURE[one.shown_by], path_of(one.program)
    # Whoever is on the line can still hold updates back, but not bring their own.
    severity = Severity.MEDIUM if one.signed == "yes" else Severity.HIGH
    if one.secure == "no":
        yield fails(
            "in-clear",
            at,
            severity,
            confidence=sure,
            subject=one.program,
            program=program,
            url=one.url,
        )
    elif one.verifies == "no":
        yield fails(
            "unchecked",
            at,
            severity,
            confidence=sure,
            subject=one.program,
            program=program,
            url=one.url,
        )
    if one.signed == "no":
        yield fails("unsigned", at, Severity.HIGH, confidence=sure, subject=one.program, program=program)


def trusted(one: Updater) -> bool:
    """Whether an updater was seen to make sure of all of it."""
    return one.secure == one.verifies == one.signed == "yes"


CHECK = Check(
    id="firmware-update-trust",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
)
