"""Does the maker reward those who report vulnerabilities?

Why it matters: a bug bounty says more than any sentence that reports are welcome, and brings them to the
maker before they reach anybody else. It is one way to be reachable, and none is bound to take it.

How we look (look): in security.txt, on the home page, `/`, at `/security`, `/vulnerability-disclosure`,
`/vulnerability-disclosure-policy`, `/responsible-disclosure`, `/bug-bounty`, `/contact` and `/support`,
and on at most six pages that these link to in words of security: a link to a programme at one of ten
known platforms, or a sentence that offers a bug bounty or rewards for vulnerabilities. Links to a
platform count as seen and are followed only where the permission allows it.

What it does not show: whether the programme is open, pays, and covers this product; some programmes at
the platforms take reports and pay nothing. Private programmes are not seen.

If it fails: nothing needs to be done where another way to report exists.
"""

import re
from collections.abc import Iterator

from shelfworthy.checks.contact._platforms import on_platform
from shelfworthy.checks.contact._reading import DENIAL, hits, not_all_read
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Place,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.contact import ContactSeen

MENTION = re.compile(
    r"\bbug[\s-]?bount\w+|\bbount(?:y|ies)\b.{0,60}vulnerab|vulnerability rewards? program"
    r"|\breward\w*.{0,60}vulnerab|vulnerab.{0,60}\breward",
    re.IGNORECASE,
)
# Of what mentions one, what says that it is theirs or what it is: many write of bounties and hunters.
OFFER = re.compile(
    r"\b(?:we|our|us|you|your)\b|\b(?:bug[\s-]?bount(?:y|ies)|rewards?)\s+(?:program|scheme|policy|rules|scope|terms)",
    re.IGNORECASE,
)
OTHERS = re.compile(r"\b(?:hunter|researcher)s?\b|\b(?:prosecut|sue|illegal)", re.IGNORECASE)

SAYS = {
    "linked": "The site links to a programme at {platform}.",
    "offered": "The site offers rewards for reported vulnerabilities.",
    "declined": "The site says that it offers no rewards.",
    "unsure": "The site speaks of bug bounties; whether it offers one is for a person to read.",
    "absent": "No page of the site offers rewards for reported vulnerabilities.",
    "unseen": "No reward is offered as far as was seen, but {url} could not be read.",
}


def judge(seen: ContactSeen, about: About) -> Iterator[Answer]:
    for at, url in links(seen):
        if platform := on_platform(url):
            yield passes("linked", at, confidence=Confidence.PROBABLE, platform=platform)
            return
    said = [hit for number, page in enumerate(seen.pages) for hit in hits(page, number, MENTION)]
    rest = [(at, words) for at, words in said if not DENIAL.search(words)]
    offers = [at for at, words in rest if OFFER.search(words) and not OTHERS.search(words)]
    if offers:
        yield passes("offered", offers[0], confidence=Confidence.PROBABLE)
    elif rest:
        yield inconclusive("unsure", Cause.NEEDS_A_PERSON)
    elif trouble := not_all_read(seen):
        yield inconclusive("unseen", trouble[0], url=trouble[1])
    elif said:
        yield fails("declined", said[0][0], Severity.LOW)
    else:
        yield fails("absent", field("pages"), Severity.LOW)


def links(seen: ContactSeen) -> Iterator[tuple[Place, str]]:
    """Every address that security.txt and the pages lead to."""
    for index, named in enumerate(seen.security_txt.fields if seen.security_txt else ()):
        yield field(f"security_txt.fields.{index}"), named.value
    for number, page in enumerate(seen.pages):
        yield field(f"pages.{number}.final"), page.final
        for index, link in enumerate(page.links):
            yield field(f"pages.{number}.links.{index}"), link.url


CHECK = Check(id="contact-bounty", version=1, level=Level.LOOK, judge=judge, reads=(ContactSeen,), says=SAYS)
