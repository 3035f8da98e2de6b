"""What the contact checks share: searching pages, and how sure one can be that something is nowhere."""

import re
from collections.abc import Iterator

from shelfworthy.model import Cause, Quote, quote
from shelfworthy.seen.contact import LANGUAGES, PAGE_PLACES, ContactSeen, Page

GONE = frozenset({404, 410})
FLAW = (
    r"(?:vuln[eé]rabilit\w*|vulnerabilidad\w*|security (?:issue|problem|flaw|bug|concern|weakness|hole)\w*"
    r"|schwachstelle\w*|sicherheitslück\w*|sicherheitsproblem\w*|faille\w*|kwetsbaarhe\w*|beveiligingslek\w*)"
)
TELL = (
    r"(?:report\w*|found|find|discover\w*|submit\w*|disclos\w*|notify|let us know|tell us|meld\w*|mitteil\w*"
    r"|gefunden|entdeck\w*|signal\w*|découv\w*|notific\w*|comuni\w*|descub\w*|segnal\w*|scopert\w*|gevonden)"
)
REPORTING = re.compile(rf"\b{TELL}\b.{{0,60}}\b{FLAW}|\b{FLAW}\b.{{0,60}}\b{TELL}", re.IGNORECASE)
DENIAL = re.compile(
    r"\b(?:no|not|never|cannot|without|unable|kein\w*|nicht|pas|aucun\w*|geen|niet|non)\b|n['’]t\b",
    re.IGNORECASE,
)
ABOUT_FLAWS = re.compile(rf"\b{FLAW}|\bdisclosure\b", re.IGNORECASE)


def hits(page: Page, number: int, words: re.Pattern[str]) -> Iterator[tuple[Quote, str]]:
    """Where the page says this: the place, and the whole passage around it."""
    for index, passage in enumerate(page.passages):
        if found := words.search(passage.text):
            yield (
                quote(f"pages.{number}.passages.{index}.text", passage.text, found.start(), found.end()),
                passage.text,
            )


def unread(page: Page) -> Cause | None:
    """Why one cannot say what this page does not say; None if it was read whole, or is not there."""
    if page.cause is not None:
        return page.cause
    if page.status in GONE:
        return None
    if page.status in {401, 403}:
        return Cause.REFUSED
    read = 200 <= page.status < 300 and page.whole and page.readable and page.language in LANGUAGES
    return None if read else Cause.NOT_UNDERSTOOD


def not_all_read(seen: ContactSeen) -> tuple[Cause, str] | None:
    """The first reason why one cannot say that the site says nothing, with where; None if all was read."""
    for path in PAGE_PLACES:
        url = seen.site + path
        if not any(url in {page.url, page.final} for page in seen.pages):
            return Cause.NOBODY_LOOKED, url
    for page in seen.pages:
        if cause := unread(page):
            return cause, page.url
    if seen.unvisited:
        return Cause.NOBODY_LOOKED, seen.unvisited[0].url
    return None
