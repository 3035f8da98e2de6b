"""Look for published security advisories: CSAF provider metadata and its lists, then pages for people.

Advisories themselves are not fetched: that there are some, and of which days, is all that is asked.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from shelfworthy.model import Level
from shelfworthy.probes.contact.well_known import place
from shelfworthy.probes.web import HTML_TYPES, decoded, language, media_type, url_of
from shelfworthy.reach import Address, Missing, Reach, Reply, Visit, destination, visit
from shelfworthy.seen.contact import (
    ADVISORY_PLACES,
    PROVIDER_METADATA,
    AdvisoryList,
    ContactHistory,
    ContactSeen,
)
from shelfworthy.webtext import html

MOST_LISTS = 2  # of a provider
MOST_LINKED = 2  # pages that the site calls advisories
MOST_ENTRIES = 5000
ADVISORY = re.compile(
    r"advisor|bulletin|\bcves?\b|sicherheitshinweis|sicherheitsmeldung|vuln.{0,20}(?:list|news)",
    re.IGNORECASE,
)
# CVE-2019-1234, MUR-SA-2019-001, VDE-2020-012, RHSA-2021:1234
NUMBER = re.compile(r"\b[A-Z]{2,12}(?:-[A-Z]{1,8}){0,3}-\d{2,4}[-:]\d{1,7}\b", re.IGNORECASE)
ISO = re.compile(r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)")
WRITTEN = re.compile(
    r"\b(?:(?P<d>\d{1,2})\.? (?P<m>[A-Z][a-zä]{2,8})|(?P<um>[A-Z][a-z]{2,8})\.? (?P<ud>\d{1,2}),?)"
    r" (?P<y>(?:19|20)\d\d)\b"
)
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"),
        1,
    )
    for name in names.split()
}


async def history(reach: Reach, seen: ContactSeen) -> ContactHistory:
    """What was published of flaws; never raises NotSeen."""
    at = provider_at(reach.address, seen)
    came = await visit(reach, at, level=Level.LOOK)
    content = body(came)
    lists = list_places(content, came.final) if content is not None else None
    found = [machine_list(how, to, await visit(reach, to, level=Level.LOOK)) for how, to in lists or ()]
    for to in pages(reach.address, seen):
        found.append(page_list(to, await visit(reach, to, level=Level.LOOK)))
    return ContactHistory(
        at=seen.at,
        site=seen.site,
        provider=msgspec.structs.replace(place(at, came), text=lists is not None),
        lists=tuple(found),
    )


def provider_at(site: Address, seen: ContactSeen) -> Address:
    """Where provider metadata is: as security.txt says, or the usual place."""
    fields = seen.security_txt.fields if seen.security_txt else ()
    named = next((one.value for one in fields if one.name == "csaf"), "")
    at = destination(site, named) if named else None
    return at or msgspec.structs.replace(site, path=PROVIDER_METADATA)


def body(came: Visit) -> bytes | None:
    """The whole body of an answer 200, else None."""
    reply = came.came if isinstance(came.came, Reply) else None
    return reply.body if reply is not None and reply.status == 200 and reply.whole else None


def list_places(content: bytes, final: Address) -> list[tuple[str, Address]] | None:
    """Where the lists of a provider are (CSAF 2.0, section 7.1.7); None if this is no provider metadata."""
    try:
        raw = msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    distributions = raw.get("distributions")
    if not isinstance(distributions, list) or "publisher" not in raw:
        return None
    found: list[tuple[str, Address]] = []
    for one in distributions[:MOST_LISTS]:
        for how, url in named_lists(one if isinstance(one, dict) else {}):
            if (to := destination(final, url)) is not None:
                found.append((how, to))
    return found[:MOST_LISTS]


def named_lists(distribution: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The lists of one distribution: its directory's changes.csv, and its first feed."""
    if isinstance(folder := distribution.get("directory_url"), str):
        yield "csaf", f"{folder.rstrip('/')}/changes.csv"
    rolie = distribution.get("rolie")
    feeds = rolie.get("feeds") if isinstance(rolie, dict) else None
    first = feeds[0] if isinstance(feeds, list) and feeds else None
    if isinstance(first, dict) and isinstance(url := first.get("url"), str):
        yield "rolie", url


def pages(site: Address, seen: ContactSeen) -> list[Address]:
    """Pages for people: the usual places, and what the site's own pages call advisories. Pure."""
    places = [msgspec.structs.replace(site, path=path) for path in ADVISORY_PLACES]
    links = [link for page in seen.pages for link in page.links if not link.url.startswith("mailto:")]
    called = [destination(site, link.url) for link in links if ADVISORY.search(f"{link.text} {link.url}")]
    own = [at for at in dict.fromkeys(called) if at is not None and at not in places]
    return places + own[:MOST_LINKED]


def machine_list(how: str, at: Address, came: Visit) -> AdvisoryList:
    """A list for machines. Pure."""
    content = body(came)
    days = None if content is None else changes(content) if how == "csaf" else feed(content)
    return listed(how, at, came, days is not None, "", days or [])


def changes(content: bytes) -> list[date | None] | None:
    """The days of a changes.csv (CSAF 2.0, section 7.1.13): a line for each, its path and moment."""
    lines = content.decode("utf-8", "replace").splitlines()[:MOST_ENTRIES]
    rows = [line.partition(",") for line in lines if line.strip()]
    if any(not path.strip('" ').endswith(".json") for path, _, _ in rows):
        return None
    return [first_day(moment) for _, _, moment in rows]


def feed(content: bytes) -> list[date | None] | None:
    """The days of a ROLIE feed in JSON (RFC 8322; CSAF 2.0, section 7.1.15)."""
    try:
        raw = msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    inside = raw.get("feed")
    entries = inside.get("entry") if isinstance(inside, dict) else None
    if not isinstance(entries, list):
        return None
    told = [one for one in entries[:MOST_ENTRIES] if isinstance(one, dict)]
    return [first_day(str(one.get("published") or one.get("updated") or "")) for one in told]


def page_list(at: Address, came: Visit) -> AdvisoryList:
    """A page for people: lines with the number of an advisory, or of a CVE. Pure."""
    reply = came.came if isinstance(came.came, Reply) else None
    if reply is None or not 200 <= reply.status < 300 or media_type(reply)[0] not in HTML_TYPES:
        return listed("page", at, came, False, "", [])
    read = html.read(decoded(reply))
    days = list(numbered(read.text))
    found = listed("page", at, came, html.is_readable(read), language(read), days)
    return msgspec.structs.replace(found, whole=found.whole and read.whole)


def numbered(text: str) -> Iterator[date | None]:
    """The day of each line that names an advisory, None where it has none."""
    for line in text.split("\n")[:MOST_ENTRIES]:
        if NUMBER.search(line[:400]):
            yield first_day(NUMBER.sub(" ", line[:400]))


def first_day(words: str) -> date | None:
    """The first day named in these words."""
    try:
        if found := ISO.search(words):
            return date.fromisoformat(found[0])
        if found := WRITTEN.search(words):
            month = MONTHS.get((found["m"] or found["um"]).lower()[:3], 0)
            return date(int(found["y"]), month, int(found["d"] or found["ud"]))
    except ValueError:
        pass
    return None


def listed(
    how: str, at: Address, came: Visit, readable: bool, spoken: str, days: list[date | None]
) -> AdvisoryList:
    dated = sorted(day for day in days if day is not None)
    missing = came.came if isinstance(came.came, Missing) else None
    reply = came.came if isinstance(came.came, Reply) else None
    return AdvisoryList(
        how=how,
        url=url_of(at),
        final=url_of(came.final),
        status=reply.status if reply else 0,
        cause=missing.cause if missing else None,
        words=missing.words if missing else "",
        whole=reply is not None and reply.whole,
        readable=readable,
        language=spoken,
        advisories=len(days),
        dated=len(dated),
        first=dated[0] if dated else None,
        last=dated[-1] if dated else None,
    )
