"""Are the firmware's programs built so that flaws are hard to use?

Why it matters: every program has flaws. Protections that a compiler adds by an option turn many of them from
a way in into a crash.

How we look (look): each program and library of the unpacked image is read for what protects it: memory that
is written is not run, addresses are drawn anew (PIE), tables of calls are read-only (RELRO), stacks have a
canary. It passes if all have all four.

What it does not show: whether the kernel draws addresses; whether a program has flaws at all; canaries in
programs whose names were stripped away.

If it fails: build with -fPIE -pie -Wl,-z,relro,-z,now,-z,noexecstack -fstack-protector-strong.
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._contents import unseen
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
from shelfworthy.seen.firmware_contents import Program

WHAT = {
    "no_execute": "memory that is written can be run",
    "position_independent": "addresses that are always the same",
    "relro": "tables of calls that can be written",
    "canary": "stacks without a canary",
}
LACKS = {"no", "none"}

SAYS = {
    "lacks": "{count} of its {all} programs and libraries have {what}, {file} among them.",
    "all": "All {count} programs and libraries in it have the four protections.",
    "untold": "Whether {file} has all protections cannot be seen.",
    "nothing": "No program was found in it.",
    "unseen": "Whether all its programs are protected stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    wrong = [answer for field_ in WHAT if (answer := lacking(seen, field_)) is not None]
    if wrong:
        yield from wrong
        return
    untold = next((one for one in seen.programs if any(said(one, name) == "unknown" for name in WHAT)), None)
    if why := unseen(seen, "programs"):
        yield inconclusive("unseen", why[1], why=why[0])
    elif not seen.programs:
        yield inconclusive("nothing", Cause.NOT_UNDERSTOOD)
    elif untold is not None:
        yield inconclusive("untold", Cause.NOT_UNDERSTOOD, file=f"/{untold.files[0]}")
    else:
        yield passes("all", field("programs"), count=sum(one.count for one in seen.programs))


def lacking(seen: FirmwareContents, name: str) -> Answer | None:
    """How many programs lack a protection."""
    groups = [(number, one) for number, one in enumerate(seen.programs) if said(one, name) in LACKS]
    if not groups:
        return None
    number, first = groups[0]
    # Not every function needs a canary: a small program without one may have been built with it on.
    sure = Confidence.PROBABLE if name == "canary" else Confidence.CERTAIN
    return fails(
        "lacks",
        field(f"programs.{number}"),
        Severity.MEDIUM if name == "no_execute" else Severity.LOW,
        confidence=sure,
        subject=name,
        count=sum(one.count for _, one in groups),
        all=sum(one.count for one in seen.programs),
        what=WHAT[name],
        file=f"/{first.files[0]}",
    )


def said(one: Program, name: str) -> str:
    """What a group of programs has of a protection."""
    return {
        "no_execute": one.no_execute,
        "position_independent": one.position_independent,
        "relro": one.relro,
        "canary": one.canary,
    }[name]


CHECK = Check(
    id="firmware-hardening",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
)
