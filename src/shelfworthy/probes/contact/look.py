"""Look for a way to report a vulnerability, as a finder would: security.txt first, then the usual pages.

Redirects and links go through reach, which asks the permission anew for each; what it does not allow is kept
as a link and not followed.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from shelfworthy.model import Contact, Level
from shelfworthy.probes.contact.pages import page, url_of
from shelfworthy.probes.contact.telling import names_policy, strength
from shelfworthy.probes.contact.well_known import Found, security_txt
from shelfworthy.reach import Address, NotSeen, Reach, leads_to, visit
from shelfworthy.seen.contact import PAGE_PLACES, ContactSeen, Link, Page

MOST_LINKED = 6  # pages beyond the usual places
MOST_UNVISITED = 20


async def observe(contact: Contact, reach: Reach) -> AsyncIterator[ContactSeen]:
    at = datetime.now(UTC).replace(microsecond=0)
    found = await security_txt(reach)
    walk = Walk(reach)
    walk.note(named_links(found))
    await walk.follow()
    for path in PAGE_PLACES:
        await walk.ask("place", msgspec.structs.replace(reach.address, path=path))
    await walk.follow()
    if not any(one.status for one in (*found.places, *walk.pages)):
        raise walk.silence()
    yield ContactSeen(
        at=at,
        site=url_of(msgspec.structs.replace(reach.address, path="")),
        places=found.places,
        security_txt=found.file,
        pages=tuple(walk.pages),
        unvisited=tuple(link for _, link in walk.waiting.values())[:MOST_UNVISITED],
    )


def named_links(found: Found) -> list[Link]:
    """Web pages a security.txt names: its policies first."""
    fields = found.file.fields if found.file else ()
    return [
        Link(text=f"security.txt {name}", url=field.value)
        for name in ("policy", "contact")
        for field in fields
        if field.name == name and field.value.lower().startswith(("https:", "http:"))
    ]


class Walk:
    """The pages asked so far, and the links that wait. waiting: (weight, link) by URL."""

    def __init__(self, reach: Reach) -> None:
        self.pages: list[Page] = []
        self.waiting: dict[str, tuple[int, Link]] = {}
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
            try:
                url = url_of(leads_to(self._reach.address, link.url))
            except NotSeen:  # it leads to a mail address, or to no address at all
                continue
            if url not in self._asked and url not in self.waiting:
                self.waiting[url] = (weight(link), Link(text=link.text, url=url))

    async def follow(self) -> None:
        """Fetch the most telling links, as many as are left."""
        while self.waiting and self._left:
            self._left -= 1
            url, (heavy, link) = max(self.waiting.items(), key=lambda item: item[1][0])
            await self.ask("policy" if heavy > 2 else "linked", leads_to(self._reach.address, url))

    def silence(self) -> NotSeen:
        """Why nothing was seen at all."""
        first = next(one for one in self.pages if one.cause is not None)
        assert first.cause is not None
        return NotSeen(first.cause, first.words)


def weight(link: Link) -> int:
    """3: it is called a policy; 2: it speaks of vulnerabilities; 1: of security."""
    if link.text == "security.txt policy" or names_policy(link.text, link.url):
        return 3
    return max(strength(link.text, link.url), 1)
