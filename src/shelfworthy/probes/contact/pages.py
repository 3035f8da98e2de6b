"""From an answer to the page that was seen: text, telling passages, telling links. Pure."""

from itertools import islice
from urllib.parse import urldefrag, urljoin

from shelfworthy.model import Cause
from shelfworthy.probes.contact import html
from shelfworthy.probes.contact.telling import MOST, strength, telling
from shelfworthy.reach import Address, Missing, Reply, Visit
from shelfworthy.seen.contact import Link, Page

CHARSETS = {  # whatever else a server names is read as UTF-8; some of Python's codecs are no text at all
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "windows-1252",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "utf-16": "utf-16",
}
MOST_LINKS = 30
LONGEST_URL = 500
LONGEST_WORDS = 120
READABLE = 200  # letters: fewer beside scripts, and the page is made by them
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", ""})


def url_of(at: Address) -> str:
    """The address as a URL, the scheme's own port left out."""
    usual = 443 if at.scheme == "https" else 80
    host = at.authority.removesuffix(f":{usual}") if at.port == usual else at.authority
    return f"{at.scheme}://{host}{at.path}"


def page(role: str, url: str, visit: Visit) -> Page:
    """What was seen of a page."""
    final = url_of(visit.final)[:LONGEST_URL]
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
        readable=is_readable(read),
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


def media_type(reply: Reply) -> tuple[str, str]:
    """The media type and charset of an answer, in lower case, "" where it does not say."""
    media, *parameters = reply.header("content-type").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charset = next((value.strip(" \"'") for name, _, value in pairs if name.strip() == "charset"), "")
    return media.strip(), charset


def decoded(reply: Reply) -> str:
    """The body as text; what cannot be decoded becomes U+FFFD."""
    _, charset = media_type(reply)
    return reply.body.decode(CHARSETS.get(charset, "utf-8"), "replace")


def telling_links(base: str, anchors: tuple[html.Anchor, ...], *, about: bool) -> tuple[Link, ...]:
    """The links that speak of security by their words or address, the most telling first.

    about: the page is about vulnerabilities, and a mail address on it may be where to report them.
    """
    found: dict[str, tuple[int, Link]] = {}
    for anchor in anchors:
        url = absolute(base, anchor.href)
        weight = strength(anchor.text, anchor.href)
        if url and (weight or (about and url.startswith("mailto:"))):
            found.setdefault(url, (weight, Link(text=anchor.text[:LONGEST_WORDS], url=url)))
    return tuple(link for _, link in sorted(found.values(), key=lambda pair: -pair[0]))


def absolute(base: str, href: str) -> str:
    """Where a link leads, without its fragment; "" if it leads nowhere one could go or write to."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return ""
    return url if url.startswith(("https://", "http://", "mailto:")) and len(url) <= LONGEST_URL else ""


def is_readable(read: html.Html) -> bool:
    """Whether a person without scripts has something to read."""
    letters = sum(sign.isalpha() for sign in read.text[:10_000])
    return letters >= READABLE or (read.scripts == 0 and letters > 0)


def language(read: html.Html) -> str:
    """The page's language as it says itself; "und" where hardly a letter is Latin."""
    letters = [sign for sign in read.text[:10_000] if sign.isalpha()]
    latin = sum(sign < "\u0250" for sign in letters)
    return "und" if latin * 2 < len(letters) else read.language.partition("-")[0][:8]
