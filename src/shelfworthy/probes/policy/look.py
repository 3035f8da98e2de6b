"""Look for a maker's privacy policy as a shopper would, and read it with the texts that belong to it.

The page that the product file names is the policy, if it calls itself one; else it is where a shopper
begins, and the policy is looked for by its links: one click, or two. Redirects and links go through reach,
which asks the permission anew for each; so does all that a page asks for that needs a browser.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime

from shelfworthy.model import Cause, Kind, Level, PrivacyPolicy, Seen
from shelfworthy.probes.policy.showing import Window, tried
from shelfworthy.probes.policy.texts import Came, fetched, with_scripts
from shelfworthy.probes.web import url_of
from shelfworthy.product.address import parse_where
from shelfworthy.reach import Address, NotSeen, Reach, destination, visit
from shelfworthy.seen.policy import (
    PolicyDocument,
    PolicyHop,
    PolicyLink,
    PolicyPage,
    PolicySeen,
    Role,
)
from shelfworthy.seen.policy_words import calls_itself, on_the_way, role

MOST_POLICIES = 3
MOST_OTHERS = 4  # texts beside the policy
MOST_HUBS = 5
MOST_UNVISITED = 20
NO_WAY = -1


async def observe(policy: PrivacyPolicy, reach: Reach) -> AsyncIterator[Seen]:
    at = datetime.now(UTC).replace(microsecond=0)
    walk = Walk(reach)
    first = await walk.page("", reach.address)
    if first.document.status == 0 and first.document.cause is not None:
        raise NotSeen(first.document.cause, first.document.words)
    if policy.start:
        walk.keep("policy", first, NO_WAY)
        await walk.search(await walk.page("", parse_where(Kind.ENDPOINT, policy.start)))
    elif calls_itself(first.document):
        walk.keep("policy", first, NO_WAY)
    else:
        await walk.search(first)
    named: dict[Role, str] = {"terms": policy.terms, "children": policy.children, "cookies": policy.cookies}
    for what, page in named.items():
        if page:
            await walk.take(what, PolicyLink(text=what, url=page), NO_WAY)
    await walk.others()
    documents = tuple(sorted(walk.documents.values(), key=lambda one: one.role != "policy"))
    yield PolicySeen(
        at=at,
        hops=tuple(walk.hops),
        documents=documents,
        unvisited=tuple(walk.left.values())[:MOST_UNVISITED],
    )
    policies = [one for one in documents if one.role == "policy"]
    for one in policies:
        yield await tried(walk.window, at, one)
    if not policies:
        words = "No policy was found that could be shown."
        yield PolicyPage(at=at, url="", form="", cause=Cause.NOT_UNDERSTOOD, words=words)


class Walk:
    """The pages that were asked for, and what is left to ask for, by URL."""

    def __init__(self, reach: Reach) -> None:
        self.window = Window(reach)
        self.hops: list[PolicyHop] = []
        self.documents: dict[str, PolicyDocument] = {}
        self.left: dict[str, PolicyLink] = {}
        self._reach = reach
        self._asked: dict[str, Came] = {}

    async def page(self, by: str, at: Address) -> Came:
        """Fetch a page, once. by: the words of the link."""
        url = url_of(at)
        if url not in self._asked:
            came = await fetched(self.window, url, await visit(self._reach, at, level=Level.LOOK), by)
            self._asked[url] = came
        return self._asked[url]

    async def search(self, start: Came) -> None:
        """Look for policies from where a shopper begins, by one click or two.

        A page that shows no link of itself may still make one by a script.
        """
        self.hops.append(start.hop)
        if not await self._search(start) and start.scripted:
            fuller = await with_scripts(self.window, start)
            self.hops[self.hops.index(start.hop)] = fuller.hop
            self._asked[start.document.url] = fuller
            await self._search(fuller)

    async def _search(self, start: Came) -> bool:
        """Whether a policy was found."""
        await self._policies(start, 1)
        hubs = [
            link for link in start.document.links if on_the_way(link) and role(link.text, link.url) is None
        ]
        for number, link in enumerate(hubs):
            if self._found():
                return True
            at = destination(self._reach.address, link.url)
            if at is None or url_of(at) in self._asked:
                continue
            if number >= MOST_HUBS:
                self.left[link.url] = link
                continue
            hub = await self.page(link.text, at)
            self.hops.append(hub.hop)
            await self._policies(hub, 2)
        return self._found()

    def _found(self) -> bool:
        return any(one.role == "policy" and one.clicks != NO_WAY for one in self.documents.values())

    async def _policies(self, page: Came, clicks: int) -> None:
        links = [(role(link.text, link.url), link) for link in page.document.links]
        found = [link for what, link in links if what == "policy"]
        # Where there is no other, the one about children is the policy.
        found = found or [link for what, link in links if what == "children"]
        for number, link in enumerate(found):
            if number < MOST_POLICIES:
                await self.take("policy", link, clicks)
            else:
                self.left[link.url] = link

    async def take(self, what: Role, link: PolicyLink, clicks: int) -> None:
        """Read a text of the maker."""
        at = destination(self._reach.address, link.url)
        if at is not None:
            self.keep(what, await self.page(link.text, at), clicks)

    def keep(self, what: Role, came: Came, clicks: int) -> None:
        """Keep a page as a text of the maker; by the shortest way to it, where there are several."""
        known = self.documents.get(came.document.final)
        if known is None:
            self.documents[came.document.final] = came.as_text(what, clicks)
        elif known.clicks == NO_WAY:
            self.documents[came.document.final] = came.as_text(known.role, clicks)

    async def others(self) -> None:
        """Read the texts that belong to the policy: it and the pages on the way to it link to them."""
        pages = [one for one in self._asked.values() if one.hop in self.hops]
        known = {one.final for one in self.documents.values()}
        links = unique(
            [
                *(link for one in self.documents.values() for link in one.links),
                *(link for page in pages for link in page.document.links),
            ]
        )
        taken = 0
        for link in links:
            what = role(link.text, link.url)
            if what in (None, "policy") or link.url in known or not link.url.startswith("http"):
                continue
            if taken < MOST_OTHERS:
                taken += 1
                await self.take(what, link, NO_WAY)
            else:
                self.left[link.url] = link


def unique(links: Iterable[PolicyLink]) -> list[PolicyLink]:
    """Each place once, in order."""
    return list({link.url: link for link in reversed(list(links))}.values())[::-1]
