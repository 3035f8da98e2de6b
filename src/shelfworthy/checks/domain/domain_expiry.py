"""Is the registration of the domain paid for beyond the next 30 days?

Why it matters: a name that ends next month is a forgotten bill away from belonging to somebody else, with
all that products in use send there.

How we look (look): the date on which the registration ends, as the registry tells it by RDAP or WHOIS,
against the time of the look.

What it does not show: whether it is renewed by itself. Some registries tell no date. Where a registry
renews by itself and lets the holder decline for some weeks, the date may be a year too late.

If it fails: renew it now, for several years, and switch automatic renewal on.
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

SHORT = timedelta(days=30)

SAYS = {
    "paid": "The registration of {domain} lasts until {date}.",
    "expired": "The registration of {domain} ended on {date}.",
    "lapsed": "The registration of {domain} was let lapse; when it ended, the registry does not say.",
    "ends-soon": "The registration of {domain} ends on {date}, in {days} days.",
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
        yield fails("lapsed", field("registration.statuses"), Severity.HIGH, domain=held.domain)
    elif held.expires is None:
        yield inconclusive("not-told", Cause.NEEDS_A_PERSON, domain=held.domain)
    elif held.expires <= seen.at:
        date = held.expires.date().isoformat()
        yield fails("expired", at, Severity.HIGH, domain=held.domain, date=date)
    elif held.expires < seen.at + SHORT:
        date, days = held.expires.date().isoformat(), (held.expires - seen.at).days
        yield fails("ends-soon", at, Severity.MEDIUM, domain=held.domain, date=date, days=days)
    else:
        date = held.expires.date().isoformat()
        yield passes("paid", at, until=held.expires - SHORT, domain=held.domain, date=date)


CHECK = Check(
    id="domain-expiry", version=1, level=Level.LOOK, judge=judge, reads=(DomainRegistration,), says=SAYS
)
