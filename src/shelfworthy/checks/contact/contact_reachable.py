"""Can mail reach the mailboxes that the maker names for reports?

Why it matters: an address that bounces is worse than none: whoever wrote to it thinks that it was read. A
domain that lapsed takes its mailboxes along, and hands the next reports to whoever buys it.

How we look (look): every mailbox named in security.txt, and on the pages that `contact-page` looks at, in
sentences and links about security. Of its domain the operator's resolvers are asked for MX records and the
addresses of the hosts in them, and where there are none for an address of the domain itself (RFC 5321,
section 5.1). No domain, no host, a host without an address, and the null MX (RFC 7505), which says that no
mail is taken, fail. Nobody sends mail, and no mail server is contacted. At most five domains are asked about.

What it does not show: whether the mailbox exists, who reads it, and how soon; only what an answer to a report
shows that. Mailboxes in images, made by scripts, or in languages that `contact-page` does not know.

If it fails: name a mailbox of a domain that you keep, and let a test mail arrive there every month.
"""

from collections.abc import Iterator

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
)
from shelfworthy.seen.contact import LANGUAGES, ContactMail, Reading

GONE = frozenset({404, 410})

SAYS = {
    "mx": "{host} takes mail for {domain}.",
    "address": "{domain} names no mail server, and has an address that mail would go to.",
    "null-mx": "{domain} says that it takes no mail; {named} names a mailbox there.",
    "nowhere": "Nothing takes mail for {domain}; {named} names a mailbox there.",
    "no-name": "There is no {domain}; {named} names a mailbox there.",
    "dead-host": "No mail server of {domain} has an address; {named} names a mailbox there.",
    "unseen": "Nobody could say where mail for {domain} goes.",
    "not-told": "The resolver did not answer where mail for {domain} goes ({state}).",
    "more": "More mailboxes are named than were asked about ({count} domains).",
    "none-named": "No mailbox is named, so none can be out of reach.",
    "unread": "No mailbox was found, but {url} could not be read.",
}
DEAD = {
    "null mx": ("null-mx", Severity.MEDIUM),
    "nothing": ("nowhere", Severity.MEDIUM),
    "no such name": ("no-name", Severity.HIGH),
    "mx without address": ("dead-host", Severity.MEDIUM),
}


def judge(seen: ContactMail, about: About) -> Iterator[Answer]:
    if not seen.domains:
        yield nobody_named(seen)
        return
    for number, one in enumerate(seen.domains):
        at, domain = field(f"domains.{number}.state"), one.domain
        if one.state in DEAD:
            says, severity = DEAD[one.state]
            yield fails(says, at, severity, subject=domain, domain=domain, named=one.named)
        elif one.state == "mx":
            yield passes("mx", at, subject=domain, domain=domain, host=one.hosts[0])
        elif one.state == "address":
            yield passes("address", at, confidence=Confidence.PROBABLE, subject=domain, domain=domain)
        elif one.cause is not None:
            yield inconclusive("unseen", one.cause, subject=domain, domain=domain)
        else:
            cause = Cause.NOT_UNDERSTOOD
            yield inconclusive("not-told", cause, subject=domain, domain=domain, state=one.state)
    if seen.unasked:
        yield inconclusive("more", Cause.NOBODY_LOOKED, subject="more", count=seen.unasked)


def nobody_named(seen: ContactMail) -> Answer:
    """That none is named holds only where every page was read whole or is not there."""
    for page in seen.pages:
        if cause := unread(page):
            return inconclusive("unread", cause, url=page.url)
    return moot("none-named", field("pages"))


def unread(page: Reading) -> Cause | None:
    if page.cause is not None:
        return page.cause
    if page.status in GONE:
        return None
    if page.status in {401, 403}:
        return Cause.REFUSED
    read = 200 <= page.status < 300 and page.whole and page.readable and page.language in LANGUAGES
    return None if read else Cause.NOT_UNDERSTOOD


CHECK = Check(
    id="contact-reachable", version=1, level=Level.LOOK, judge=judge, reads=(ContactMail,), says=SAYS
)
