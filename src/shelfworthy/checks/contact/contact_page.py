"""Does the maker's site tell finders of vulnerabilities where to write?

Why it matters: a finder who is sent to a shop's order hotline gives up, or publishes. A page that says
where to report, in plain words, is what most people look for first.

How we look (look): the home page, `/`, and the places `/security`, `/vulnerability-disclosure`,
`/vulnerability-disclosure-policy`, `/responsible-disclosure`, `/bug-bounty`, `/contact` and `/support`
of the same site; besides at most six pages that these or security.txt link to in words of security. We
want an invitation to report vulnerabilities, and on the same page a mail address, a form, or a link to a
known reporting platform. Only sentences that speak of the matter are kept.

What it does not show: whether anybody answers; pages made by scripts, in images or in languages other
than English, German, French, Spanish, Italian and Dutch: these prove no absence. A page that names a way
by telephone only, or speaks of vulnerabilities and invites nobody in words we know, is left to a person.

If it fails: put a page at `/security` with a mail address and the promise not to sue, and link it from
the foot of the home page and from security.txt.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from shelfworthy.checks.contact._inviting import MAIL, inviting
from shelfworthy.checks.contact._platforms import on_platform
from shelfworthy.checks.contact._reading import REPORTING, hits, not_all_read
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
from shelfworthy.seen.contact import ContactSeen, Page

SAYS = {
    "mail": "A page invites reports of vulnerabilities and gives a mail address.",
    "form": "A page invites reports of vulnerabilities and has a form to write them into.",
    "platform": "A page invites reports of vulnerabilities through {platform}.",
    "no-way": "{url} speaks of reporting vulnerabilities, but invites nobody by a way that we recognise.",
    "absent": "No page of the site tells where to report a vulnerability.",
    "unseen": "No page tells where to report a vulnerability, but {url} could not be read.",
}


def judge(seen: ContactSeen, about: About) -> Iterator[Answer]:
    asking = []
    for number, page in enumerate(seen.pages):
        if any(hits(page, number, REPORTING)):
            asking.append(page.final)
        for at in inviting(page, number):
            if mail(page):
                yield passes("mail", at, confidence=Confidence.PROBABLE)
            elif platform := next(filter(None, (on_platform(link.url) for link in page.links)), ""):
                yield passes("platform", at, confidence=Confidence.PROBABLE, platform=platform)
            elif page.form:
                yield passes("form", at, confidence=Confidence.PROBABLE)
            else:
                break
            return
    if trouble := not_all_read(seen):
        yield inconclusive("unseen", trouble[0], url=trouble[1])
    elif asking:
        yield inconclusive("no-way", Cause.NEEDS_A_PERSON, url=asking[0])
    else:
        yield fails("absent", field("pages"), Severity.MEDIUM)


def mail(page: Page) -> bool:
    """Whether the page gives a mail address, in words or as a link."""
    written = any(MAIL.search(passage.text) for passage in page.passages)
    return written or any(urlsplit(link.url).scheme == "mailto" for link in page.links)


CHECK = Check(id="contact-page", version=1, level=Level.LOOK, judge=judge, reads=(ContactSeen,), says=SAYS)
