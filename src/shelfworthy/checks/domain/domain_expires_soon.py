"""Is the registration of the domain paid for beyond the next 90 days?

Why it matters: three months is time to find out who pays for a name before it is lost. This is a note,
for the one who can still act in peace.

How we look (look): the date on which the registration ends, as the registry tells it by RDAP or WHOIS,
against the time of the look.

What it does not show: whether it is renewed by itself; most registrations that end within 90 days are.

If it fails: look up who pays for the name, and switch automatic renewal on.
"""

from collections.abc import Iterator
from datetime import timedelta

from shelfworthy.checks.domain._held import contradicts, lapsing
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.domain import DomainRegistration

SOON = timedelta(days=90)

SAYS = {
    "paid": "The registration of {domain} lasts until {date}.",
    "ends-soon": "The registration of {domain} ends within 90 days, on {date}, or has ended.",
    "lapsed": "The registration of {domain} was let lapse; when it ended, the registry does not say.",
    "not-told": "The registry does not say until when {domain} is registered.",
    "unregistered": "Nobody holds {domain}: there is nothing to end.",
    "contradiction": "The registry does not know {domain}, but the DNS does.",
}


def judge(seen: DomainRegistration, about: About) -> Iterator[Answer]:
    held, at = seen.registration, field("registration.expires")
    if contradicts(held):
        yield inconclusive("contradiction", Cause.CONTRADICTORY, domain=held.domain)
    elif not held.found:
        yield moot("unregistered", field("registration.found"), domain=held.domain)
    elif lapsing(held) and (held.expires is None or held.expires > seen.at):
        # Many registries renew by themselves first: then the date is that of a year nobody paid for.
        yield fails("lapsed", field("registration.statuses"), Severity.LOW, domain=held.domain)
    elif held.expires is None:
        yield inconclusive("not-told", Cause.NEEDS_A_PERSON, domain=held.domain)
    elif held.expires < seen.at + SOON:
        date = held.expires.date().isoformat()
        yield fails("ends-soon", at, Severity.LOW, domain=held.domain, date=date)
    else:
        date = held.expires.date().isoformat()
        yield passes("paid", at, until=held.expires - SOON, domain=held.domain, date=date)


CHECK = Check(
    id="domain-expires-soon", version=1, level=Level.LOOK, judge=judge, reads=(DomainRegistration,), says=SAYS
)
