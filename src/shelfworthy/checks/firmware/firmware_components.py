"""Does the firmware contain components with critical flaws that are known?

Why it matters: a product is mostly made of software of others, whose flaws are published with the repair.
A critical one that stayed means that nobody keeps the parts of this product up to date.

How we look (look): the components of the image and their versions, read from the bytes of its programs, are
compared with the CVE and OSV records that the operator imported. It fails for each component with a flaw
that its record rates critical, or that is known to be exploited, and counts the others: thousands of entries
are no answer. It passes only if the whole image was read, every component told its version, the data know
every component, and rate every flaw it has. A maker's VEX file counts as in `firmware-known-exploited`.

What it does not show: components there is no rule for; repairs that were taken over into an older version,
which its number does not show; flaws found after the date of the data; whether the flawed code is reached.

If it fails: update the component, and keep a list of components that says on the day of a new flaw whether
it is yours (`shelfworthy report --format cyclonedx` is one).
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._known import (
    DATA,
    MOST,
    VEX,
    Found,
    data,
    look,
    named,
    unknown_to,
    untold,
    words,
)
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Outcome,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.firmware import FirmwareComponents
from shelfworthy.seen.vulnerabilities import Flaw, Known

SAYS = {
    "critical": "{component} has {flaws} ({more} more like it, {others} other known flaws); data of {date}.",
    "denied": "{who} says that {component} is not affected: {what}.",
    "repaired": "{who} says that {component} is repaired ({what}), its version says otherwise.",
    "unrated": "{component} has {flaws} ({more} more), and no data say how bad that is.",
    "which-versions": "Whether this version of {component} has {flaws} ({more} more) no data say.",
    "no-data": "Nothing was imported that says which versions have which flaw "
    "(`shelfworthy vulndata import`).",
    "none-known": "No component was recognised in it, so nothing can be said of their flaws.",
    "unread": "No component that was found has a critical flaw, but not all of the image could be read.",
    "no-version": "{components} does not tell its version.",
    "not-in-data": "The data of {date} have no record about {components}.",
    "none": "No {other}critical flaw of its components is known, {lesser} lesser ones are; data of {date}.",
}


def judge(seen: FirmwareComponents, about: About) -> Iterator[Answer]:
    known = data(about)
    if not known.date("cve", "osv"):
        yield inconclusive("no-data", Cause.DATA_MISSING)
        return
    found = look(seen, about)
    told = [answer for one in found for answer in of_component(one, known)][:MOST]
    yield from told
    if all(answer.outcome is Outcome.PASS for answer in told):
        yield whole(seen, found, known, bool(told))


def bad(flaw: Flaw) -> bool:
    """Whether it is one of those that nobody may leave."""
    return flaw.severity == "critical" or bool(flaw.exploited)


def of_component(one: Found, known: Known) -> Iterator[Answer]:
    """What there is to say of one component."""
    at, name = field(one.place), one.component.name
    if worst := [flaw for flaw in one.open if bad(flaw)]:
        flaws, more = named(worst)
        yield fails(
            "critical",
            at,
            Severity.HIGH,
            confidence=Confidence.PROBABLE,  # a repair may have been taken over
            subject=name,
            component=one.called,
            flaws=flaws,
            more=more,
            others=len(one.open) - len(worst),
            date=known.date("cve", "osv"),
        )
    elif unrated := [flaw for flaw in one.open if not flaw.severity]:
        flaws, more = named(unrated)
        yield inconclusive(
            "unrated", Cause.DATA_MISSING, subject=name, component=one.called, flaws=flaws, more=more
        )
    if denied := [held for held in one.denied if bad(held.flaw) or not held.flaw.severity]:
        who, what = words(denied)
        yield passes(
            "denied",
            at,
            confidence=Confidence.PROBABLE,
            subject=name,
            component=one.called,
            who=who,
            what=what,
        )
    if repaired := [held for held in one.repaired if bad(held.flaw) or not held.flaw.severity]:
        who, what = words(repaired)
        yield inconclusive(
            "repaired", Cause.CONTRADICTORY, subject=name, component=one.called, who=who, what=what
        )
    if unsure := [flaw for flaw in one.untold if bad(flaw) or not flaw.severity]:
        flaws, more = named(unsure)
        yield inconclusive(
            "which-versions", Cause.DATA_MISSING, subject=name, component=one.called, flaws=flaws, more=more
        )


def whole(seen: FirmwareComponents, found: list[Found], known: Known, denied: bool) -> Answer:
    """The answer for all of it where nothing is open but, perhaps, what its maker denied."""
    if not seen.components:
        return inconclusive("none-known", Cause.NOT_UNDERSTOOD)
    if not seen.whole or seen.truncated:
        return inconclusive("unread", Cause.NOT_UNDERSTOOD)
    if names := untold(seen):
        return inconclusive("no-version", Cause.NOT_UNDERSTOOD, components=", ".join(names[:5]))
    date = known.date("cve", "osv")
    if names := unknown_to(known, seen):
        return inconclusive("not-in-data", Cause.DATA_MISSING, components=", ".join(names[:5]), date=date)
    return passes(
        "none",
        field("components"),
        confidence=Confidence.PROBABLE,
        other="other " if denied else "",
        lesser=sum(len(one.open) for one in found),
        date=date,
    )


CHECK = Check(
    id="firmware-components",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareComponents,),
    says=SAYS,
    needs=(DATA, VEX),
)
