"""Look for a way to report a vulnerability, as a finder would: security.txt first, then the usual pages.

Then, of what was found: whether mail can get there, and what was published of flaws before.

Redirects and links go through reach, which asks the permission anew for each; what it does not allow is kept
as a link and not followed.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from shelfworthy.model import Contact, Level
from shelfworthy.probes.contact.history import history
from shelfworthy.probes.contact.mail import mail
from shelfworthy.probes.contact.pages import page
from shelfworthy.probes.contact.telling import names_policy, strength
from shelfworthy.probes.contact.well_known import Found, security_txt
from shelfworthy.probes.web import url_of
from shelfworthy.reach import Address, NotSeen, Reach, destination, visit
from shelfworthy.seen.contact import (
    PAGE_PLACES,
    ContactHistory,
    ContactMail,
    ContactSeen,
    Link,
    Page,
)

MOST_LINKED = 6  # pages beyond the usual places
MOST_UNVISITED = 20
POLICY = 3  # weight of a link that calls where it leads a policy


async def observe(
    contact: Contact, reach: Reach
) -> AsyncIterator[ContactSeen | ContactMail | ContactHistory]:
    at = datetime.now(UTC).replace(microsecond=0)
    found = await security_txt(reach)
    walk = Walk(reach)
    walk.note(named_links(found))
    await walk.follow(POLICY)
    for path in PAGE_PLACES:
        await walk.ask("place", msgspec.structs.replace(reach.address, path=path))
    await walk.ask("place", reach.address)  # where the product file gives a path of its own
    await walk.follow(1)
    if not any(place.status for place in found.places) and not any(page.status for page in walk.pages):
        raise walk.silence()
    seen = ContactSeen(
        at=at,
        site=url_of(msgspec.structs.replace(reach.address, path="")),
        places=found.places,
        security_txt=found.file,
        pages=tuple(walk.pages),
        unvisited=walk.unvisited(),
    )
    yield seen
    yield await mail(reach, seen)
    yield await history(reach, seen)


def named_links(found: Found) -> list[Link]:
    """Web pages a security.txt names: its policies first."""
    fields = found.file.fields if found.file else ()
    return [
        Link(text=f"security.txt {name}", url=field.value)
        for name in ("policy", "contact")
        for field in fields
        if field.name == name and field.value.lower().startswith(("https:", "http:"))
    ]


class Waiting(NamedTuple):
    """A link that waits to be followed."""

    weight: int
    text: str
    at: Address


class Walk:
    """The pages asked so far, and the links that wait, by URL."""

    def __init__(self, reach: Reach) -> None:
        self.pages: list[Page] = []
        self.waiting: dict[str, Waiting] = {}
        self._reach = reach
        self._asked: set[str] = set()
        self._left = MOST_LINKED

    async def ask(self, role: str, at: Address) -> None:
        """Fetch a page, once, and note what it links to."""
        url = url_of(at)
        self.waiting.pop(url, None)
        if url in self._asked:
            return
        seen = page(role, url, await visit(self._reach, at, level=Level.LOOK))
        self._asked |= {url, seen.final}
        self.pages.append(seen)
        self.note(list(seen.links))

    def note(self, links: list[Link]) -> None:
        """Let links to web pages wait for their turn."""
        for link in links:
            at = destination(self._reach.address, link.url)  # None for a mail address
            if at is not None and (url := url_of(at)) not in self._asked | self.waiting.keys():
                self.waiting[url] = Waiting(weight(link), link.text, at)

    async def follow(self, least: int) -> None:
        """Fetch the most telling links of at least this weight, as many as are left."""
        while self._left and self.waiting:
            heaviest = max(self.waiting.values(), key=lambda one: one.weight)
            if heaviest.weight < least:
                return
            self._left -= 1
            await self.ask("policy" if heaviest.weight == POLICY else "linked", heaviest.at)

    def unvisited(self) -> tuple[Link, ...]:
        """Links nobody asked for, because there were too many."""
        waiting = list(self.waiting.items())[:MOST_UNVISITED]
        return tuple(Link(text=one.text, url=url) for url, one in waiting)

    def silence(self) -> NotSeen:
        """Why nothing was seen at all."""
        first = next(one for one in self.pages if one.cause is not None)
        assert first.cause is not None
        return NotSeen(first.cause, first.words)


def weight(link: Link) -> int:
    """3: it is called a policy; 2: it speaks of vulnerabilities; 1: of security."""
    if link.text == "security.txt policy" or names_policy(link.text, link.url):
        return POLICY
    return max(strength(link.text, link.url), 1)
