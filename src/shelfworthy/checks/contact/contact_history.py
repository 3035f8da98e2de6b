"""Does the maker publish advisories about the flaws it repaired?

Why it matters: every product has flaws. A maker that never published one either never looked or does not
tell; whoever owns the product learns neither that it was in danger nor that it no longer is.

How we look (look): CSAF provider metadata, where security.txt says that it is, or at
`/.well-known/csaf/provider-metadata.json`, and the lists of advisories that it names; the pages
`/security/advisories`, `/security-advisories` and `/advisories`, and at most two more that the site itself
calls advisories. We count advisories and read their days; the advisories are not fetched.

What it does not show: whether flaws were repaired in time, whether the list is complete, and whether there
was anything to tell: a maker of a new product has no history. Reported beside the answer; it decides nothing.

If it fails: publish what you repair, with a day and a number, and as CSAF, so that machines find it too.
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
    passes,
)
from shelfworthy.seen.contact import LANGUAGES, AdvisoryList, ContactHistory

GONE = frozenset({404, 410})

SAYS = {
    "csaf": "{count} advisories are published for machines and people, the last on {last}.",
    "page": "A page lists {count} advisories, the last of {last}.",
    "undated": "{url} lists advisories and no days.",
    "empty": "{url} is a list for advisories that lists none.",
    "absent": "Nothing is published about flaws that were repaired.",
    "unseen": "No advisories were found, but {url} could not be read.",
}


def judge(seen: ContactHistory, about: About) -> Iterator[Answer]:
    dated = [(number, one) for number, one in enumerate(seen.lists) if one.last is not None]
    if dated:
        number, newest = max(dated, key=lambda pair: (pair[1].how != "page", pair[1].last))
        assert newest.last is not None
        says, sure = ("page", Confidence.PROBABLE) if newest.how == "page" else ("csaf", Confidence.CERTAIN)
        at, last = field(f"lists.{number}"), newest.last.isoformat()
        yield passes(says, at, confidence=sure, count=newest.advisories, last=last)
        return
    undated = [one for one in seen.lists if one.advisories]
    empty = [
        one for one in seen.lists if one.how != "page" and unread(one) is None and one.status not in GONE
    ]
    if undated:
        yield inconclusive("undated", Cause.NEEDS_A_PERSON, url=undated[0].final)
    elif trouble := not_all_read(seen):
        yield inconclusive("unseen", trouble[0], url=trouble[1])
    elif empty:
        yield inconclusive("empty", Cause.NEEDS_A_PERSON, url=empty[0].final)
    else:
        yield fails("absent", field("lists"), Severity.LOW)


def not_all_read(seen: ContactHistory) -> tuple[Cause, str] | None:
    """The first place that was not read whole and is not gone."""
    provider = seen.provider
    if provider.cause is not None:
        return provider.cause, provider.url
    if not provider.text and provider.status not in GONE and not (provider.status == 200 and provider.whole):
        return Cause.NOT_UNDERSTOOD, provider.url
    for one in seen.lists:
        if cause := unread(one):
            return cause, one.url
    return None


def unread(one: AdvisoryList) -> Cause | None:
    if one.cause is not None:
        return one.cause
    if one.status in GONE:
        return None
    if one.status in {401, 403}:
        return Cause.REFUSED
    read = 200 <= one.status < 300 and one.whole and one.readable and one.language in LANGUAGES
    return None if read else Cause.NOT_UNDERSTOOD


CHECK = Check(
    id="contact-history", version=1, level=Level.LOOK, judge=judge, reads=(ContactHistory,), says=SAYS
)
