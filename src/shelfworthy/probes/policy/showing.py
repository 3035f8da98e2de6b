"""Pages in a browser: what each asks for is asked for anew through reach, and what axe says of them."""

from datetime import datetime

from shelfworthy.model import Cause, Level, NotSeen
from shelfworthy.probes.web import url_of
from shelfworthy.reach import Missing, Reach, Reply, attempt, destination, fuse, visit
from shelfworthy.sandbox.browser import Answered, Asked, Shown, show
from shelfworthy.seen.policy import PolicyDocument, PolicyLack, PolicyPage, PolicyRule

MOST_SHOWN = 6  # pages of one look
MOST_RULES = 60
LEAST_TIME = 6.0  # seconds; with less left no browser is started
# What a page's text may be made by: without it nobody knows whether all of it is there.
MAKES_TEXT = frozenset({"document", "script", "xhr", "fetch"})


class Window:
    """The browser of one look. What was answered once is not asked for again."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._known: dict[tuple[str, str], Answered | Cause] = {}
        self._shown: dict[str, Shown | NotSeen] = {}

    def keep(self, url: str, reply: Reply) -> None:
        """What came of asking for a page is what the browser is given for it."""
        self._known["GET", url] = answered(url, reply)

    async def show(self, url: str) -> Shown:
        """Show a page, once. Raises NotSeen."""
        if url not in self._shown:
            if len(self._shown) >= MOST_SHOWN:
                words = f"More than {MOST_SHOWN} pages are not shown in a browser."
                raise NotSeen(Cause.NOBODY_LOOKED, words)
            if self._reach.seconds_left < LEAST_TIME:
                raise NotSeen(Cause.NOBODY_LOOKED, "The time of the look was used up before.")
            try:
                with fuse.child():
                    self._shown[url] = await show(url, self._answer, patience=self._reach.seconds_left)
            except NotSeen as trouble:
                self._shown[url] = trouble
        came = self._shown[url]
        if isinstance(came, NotSeen):
            raise came
        return came

    async def _answer(self, asked: Asked) -> Answered | Cause:
        """What the page gets: what reach may fetch, and nothing else."""
        key = (asked.method, asked.url)
        if key not in self._known:
            self._known[key] = await self._fetched(asked)
        return self._known[key]

    async def _fetched(self, asked: Asked) -> Answered | Cause:
        at = destination(self._reach.address, asked.url)
        if at is None:
            return Cause.NOT_PERMITTED
        if asked.method == "HEAD":
            came = await attempt(self._reach, at, level=Level.LOOK, method="HEAD", counts_as="parts")
        else:
            gone = await visit(self._reach, at, level=Level.LOOK, counts_as="parts")
            at, came = gone.final, gone.came
        if isinstance(came, Missing):
            return came.cause
        return answered(url_of(at), came) if came.whole else Cause.NOT_UNDERSTOOD


def answered(url: str, reply: Reply) -> Answered:
    """A reply as the browser gets it."""
    return Answered(url=url, status=reply.status, headers=reply.headers, body=reply.body)


def not_got(shown: Shown) -> str:
    """What a page's text may be made by and did not come, in words; "" if nothing lacks."""
    several = [f"{one.number} {one.part} ({one.cause})" for one in shown.lacks if one.part in MAKES_TEXT]
    page = shown.page
    if not page.loaded:
        several.append("time to come to rest")
    if page.became.frames or page.became.shadows:
        several.append("frames, whose text was not read")
    return f"The page wanted what it did not get: {', '.join(several)}." if several else ""


def whole(shown: Shown) -> bool:
    """Whether all that a person sees there was read."""
    return not not_got(shown) and len(shown.page.became.html) == shown.page.became.size


async def tried(window: Window, at: datetime, policy: PolicyDocument) -> PolicyPage:
    """What axe says of a policy."""
    page = PolicyPage(at=at, url=policy.final, form=policy.form, cause=policy.cause, words=policy.words)
    if policy.form != "web page":
        return page
    try:
        return said(page, await window.show(policy.final))
    except NotSeen as trouble:
        return PolicyPage(at=at, url=policy.final, form=policy.form, cause=trouble.cause, words=trouble.words)


def said(page: PolicyPage, shown: Shown) -> PolicyPage:
    """What the browser and axe saw of it."""
    axe, became = shown.page.axe, shown.page.became
    if axe is None:
        words = "axe did not come to its end on this page."
        return PolicyPage(at=page.at, url=page.url, form=page.form, cause=Cause.NOT_UNDERSTOOD, words=words)
    broken, undecided = (
        tuple(PolicyRule(rule=one.rule, impact=one.impact, places=one.places) for one in rules[:MOST_RULES])
        for rules in (axe.broken, axe.undecided)
    )
    return PolicyPage(
        at=page.at,
        url=page.url,
        form=page.form,
        cause=None,
        words="",
        axe=axe.version,
        browser=shown.page.browser,
        held=shown.held,
        loaded=shown.page.loaded,
        broken=broken,
        undecided=undecided,
        passes=axe.passes,
        letters=became.letters,
        headings=became.headings,
        pictures=became.pictures,
        frames=became.frames,
        lacks=tuple(PolicyLack(one.part, one.cause, one.number) for one in shown.lacks),
    )
