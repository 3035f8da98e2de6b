"""From an answer to the page that was seen: text, telling passages, telling links. Pure."""

from itertools import islice

from shelfworthy.model import Cause
from shelfworthy.probes.contact.telling import MOST, strength, telling
from shelfworthy.probes.web import HTML_TYPES, decoded, language, media_type, url_of
from shelfworthy.reach import Missing, Visit
from shelfworthy.seen.contact import Link, Page
from shelfworthy.webtext import html

MOST_LINKS = 30
LONGEST_WORDS = 120


def page(role: str, url: str, visit: Visit) -> Page:
    """What was seen of a page."""
    final = url_of(visit.final)[: html.LONGEST_URL]
    if isinstance(visit.came, Missing):
        return _page(role, url, final, cause=visit.came.cause, words=visit.came.words)
    reply = visit.came
    media, _ = media_type(reply)
    if not 200 <= reply.status < 300:
        return _page(role, url, final, status=reply.status, whole=reply.whole)
    if media not in HTML_TYPES and not media.startswith("text/"):
        words = "It is neither a web page nor text."
        return _page(role, url, final, status=reply.status, cause=Cause.NOT_UNDERSTOOD, words=words)
    text = decoded(reply)
    read = html.read(text) if media in HTML_TYPES else html.plain(text)
    passages = tuple(islice(telling(read.text), MOST + 1))
    links = telling_links(final, read.anchors, about=strength(read.text, "") == 2)
    return Page(
        role=role,
        url=url,
        final=final,
        status=reply.status,
        cause=None,
        words="",
        whole=reply.whole and read.whole and len(passages) <= MOST and len(links) <= MOST_LINKS,
        readable=html.is_readable(read),
        language=language(read),
        form=read.form,
        passages=passages[:MOST],
        links=links[:MOST_LINKS],
    )


def _page(
    role: str,
    url: str,
    final: str,
    status: int = 0,
    cause: Cause | None = None,
    words: str = "",
    whole: bool = False,
) -> Page:
    """A page of which nothing was read."""
    return Page(
        role=role,
        url=url,
        final=final,
        status=status,
        cause=cause,
        words=words,
        whole=whole,
        readable=False,
        language="",
        form=False,
        passages=(),
        links=(),
    )


def telling_links(base: str, anchors: tuple[html.Anchor, ...], *, about: bool) -> tuple[Link, ...]:
    """The links that speak of security by their words or address, the most telling first.

    about: the page is about vulnerabilities, and a mail address on it may be where to report them.
    """
    found: dict[str, tuple[int, Link]] = {}
    for anchor in anchors:
        url = html.absolute(base, anchor.href)
        weight = strength(anchor.text, anchor.href)
        if url and (weight or (about and url.startswith("mailto:"))):
            found.setdefault(url, (weight, Link(text=anchor.text[:LONGEST_WORDS], url=url)))
    return tuple(link for _, link in sorted(found.values(), key=lambda pair: -pair[0]))
