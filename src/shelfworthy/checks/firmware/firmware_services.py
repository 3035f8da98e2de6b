"""Does what the firmware starts ask who is there?

Why it matters: a telnet server or a shell on a port is how cameras became a botnet. What was meant for the
bench is reached from the network the day somebody opens a port.

How we look (look): start-up files of the unpacked image (`inittab`, `rcS`, `init.d` and `rc.d`, procd,
systemd, inetd) are read for programs that wait for others, and for what lets them in without a password. It
passes if all that starts by itself asks; it fails for what does not, and for log-ins in clear text.

What it does not show: what a maker's own program starts or listens on; firewalls; programs that lie there
and that nothing starts are kept in the evidence, and not held against it.

If it fails: take the service out of the image, or out of what is started.
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
from shelfworthy.seen.firmware_contents import Service

MOST = 24  # answers
IN_CLEAR = ("telnet", "ftp", "tftp")
ON_THE_BOARD = ("serial console",)  # reached with a screwdriver

SAYS = {
    "open": "{program} is started by itself and lets everybody in ({sort}).",
    "console": "{program} gives whoever opens the device a shell on its serial console without a password.",
    "in-clear": "{program} is started by itself: passwords typed there are sent in clear ({sort}).",
    "asks": "What is started by itself asks who is there: {programs}.",
    "not-told": "{program} is started by itself; whether it asks who is there stayed open ({sort}).",
    "nothing": "Nothing that we know is started by itself; what its own programs do stayed open.",
    "unseen": "Whether it starts more than that stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    started = [(number, one) for number, one in enumerate(seen.services) if one.boot != "no"]
    wrong = [answer for number, one in started if (answer := wrong_with(number, one)) is not None]
    if wrong:
        yield from wrong[:MOST]
        return
    untold = next((one for _, one in started if one.open == "unknown"), None)
    if why := unseen(seen, "services"):
        yield inconclusive("unseen", why[1], why=why[0])
    elif untold is not None:
        yield inconclusive(
            "not-told", Cause.NOT_UNDERSTOOD, program=path_of(untold.program), sort=untold.sort
        )
    elif not started:
        yield inconclusive("nothing", Cause.NOT_UNDERSTOOD)
    else:
        programs = ", ".join(dict.fromkeys(path_of(one.program) for _, one in started))
        at = field(f"services.{started[0][0]}")
        yield passes("asks", at, confidence=Confidence.PROBABLE, programs=programs)


def wrong_with(number: int, one: Service) -> Answer | None:
    """What is wrong with a service that is started, or may be."""
    at, subject = field(f"services.{number}"), f"{one.sort} {one.program.rpartition('/')[2]}"
    sure = Confidence.CERTAIN if one.boot == "yes" else Confidence.TENTATIVE
    if one.open == "yes" and one.sort in ON_THE_BOARD:
        return fails(
            "console", at, Severity.MEDIUM, confidence=sure, subject=subject, program=path_of(one.program)
        )
    if one.open == "yes":
        return fails(
            "open",
            at,
            Severity.HIGH if one.sort == "tftp" else Severity.CRITICAL,
            confidence=sure,
            subject=subject,
            program=path_of(one.program),
            sort=one.sort,
        )
    if one.sort in IN_CLEAR:
        return fails(
            "in-clear",
            at,
            Severity.MEDIUM,
            confidence=sure,
            subject=subject,
            program=path_of(one.program),
            sort=one.sort,
        )
    return None


CHECK = Check(
    id="firmware-services",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
)
