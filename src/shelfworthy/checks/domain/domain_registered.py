"""Is the domain the product relies on registered, and not about to be given up?

Why it matters: whoever registers a domain that was given up receives everything that toys, apps and
parents send to it, and may answer in the maker's name. In the story the domain of the tutorial lapsed
with the company.

How we look (look): the registry is asked by RDAP, or by WHOIS where it has no RDAP, and the resolver
whether the domain is there. Nobody is contacted who has to do with the name. A domain fails that the
registry does not know, or that is in its redemption period or pending delete.

What it does not show: whether it is the maker who holds it, nor whether the holder will renew it. A
registry that does not know a domain the DNS knows contradicts itself, and nothing is concluded.

If it fails: restore the domain at once (in the redemption period its last holder can), or take every
mention of it out of app, firmware, packaging and pages, and keep it registered for as long as products
are in use.
"""

from collections.abc import Iterator

from shelfworthy.checks.domain._held import PENDING_DELETE, certainly_free, contradicts, lapsing
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
from shelfworthy.seen.domain import DomainRegistration

SAYS = {
    "registered": "{domain} is registered.",
    "unregistered": "Nobody holds {domain}: anyone may register it.",
    "redemption": "{domain} was let lapse and is in its redemption period.",
    "pending-delete": "{domain} was let lapse and is about to be deleted; then anyone may register it.",
    "contradiction": "The registry does not know {domain}, but the DNS does.",
}


def judge(seen: DomainRegistration, about: About) -> Iterator[Answer]:
    held = seen.registration
    status, at = lapsing(held), field("registration.statuses")
    if contradicts(held):
        yield inconclusive("contradiction", Cause.CONTRADICTORY, domain=held.domain)
    elif not held.found:
        sure = Confidence.CERTAIN if certainly_free(held) else Confidence.PROBABLE
        where = field("registration.found")
        yield fails("unregistered", where, Severity.CRITICAL, confidence=sure, domain=held.domain)
    elif status == PENDING_DELETE:
        yield fails("pending-delete", at, Severity.CRITICAL, domain=held.domain)
    elif status:
        yield fails("redemption", at, Severity.HIGH, domain=held.domain)
    else:
        until = held.expires if held.expires and held.expires > seen.at else None
        yield passes("registered", field("registration.found"), until=until, domain=held.domain)


CHECK = Check(
    id="domain-registered", version=1, level=Level.LOOK, judge=judge, reads=(DomainRegistration,), says=SAYS
)
