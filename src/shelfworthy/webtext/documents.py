"""From the bytes of a page or text file to the document that was seen. Pure."""

from collections.abc import Iterable

from msgspec import Struct

from shelfworthy.model import Cause
from shelfworthy.seen.policy import Form, PolicyBlock, PolicyDocument, PolicyLink, Role
from shelfworthy.webtext import html
from shelfworthy.webtext.html import Anchor, Block

LONGEST_TEXT = html.LONGEST_TEXT
MOST_BLOCKS = 10_000
MOST_LINKS = 400
LONGEST_WORDS = 120


class Source(Struct, frozen=True):
    """Where a document came from: see `PolicyDocument`."""

    role: Role
    url: str
    final: str
    clicks: int
    status: int


def unread(source: Source, cause: Cause, words: str, *, form: Form = "") -> PolicyDocument:
    """A document of which nothing was read."""
    return _document(source, form, cause=cause, words=words)


def of_html(source: Source, text: str, *, whole: bool, rendered: bool = False) -> PolicyDocument:
    """A web page. whole: all of it came."""
    page = html.read(text)
    return _document(
        source,
        "web page",
        blocks=page.blocks,
        links=links(source.final, page.anchors),
        whole=whole and page.whole,
        readable=html.is_readable(page),
        rendered=rendered,
        language=page.language.partition("-")[0][:8],
        title=page.title[:LONGEST_WORDS],
        hidden=page.hidden,
    )


def of_text(source: Source, text: str, *, whole: bool) -> PolicyDocument:
    """A text without markup."""
    page = html.plain(text)
    return _document(source, "text", blocks=page.blocks, whole=whole and page.whole, readable=bool(page.text))


def of_pages(source: Source, pages: Iterable[str], *, whole: bool, title: str = "") -> PolicyDocument:
    """A document of numbered pages."""
    blocks = [
        Block(text=one.text, at=number, tag="p", aside=False)
        for number, page in enumerate(pages, 1)
        for one in html.plain(page).blocks
    ]
    return _document(
        source, "pdf", blocks=tuple(blocks), whole=whole, readable=bool(blocks), title=title[:LONGEST_WORDS]
    )


def _document(
    source: Source,
    form: Form,
    *,
    blocks: tuple[Block, ...] = (),
    links: tuple[PolicyLink, ...] = (),
    whole: bool = False,
    readable: bool = False,
    rendered: bool = False,
    language: str = "",
    title: str = "",
    hidden: int = 0,
    cause: Cause | None = None,
    words: str = "",
) -> PolicyDocument:
    kept: list[PolicyBlock] = []
    start = 0
    for one in blocks[:MOST_BLOCKS]:
        if start + len(one.text) > LONGEST_TEXT:
            break
        kept.append(PolicyBlock(start, one.at, one.tag, one.aside))
        start += len(one.text) + 1
    return PolicyDocument(
        role=source.role,
        url=source.url[: html.LONGEST_URL],
        final=source.final[: html.LONGEST_URL],
        clicks=source.clicks,
        status=source.status,
        cause=cause,
        words=words,
        form=form,
        whole=whole and len(kept) == len(blocks) and len(links) <= MOST_LINKS,
        readable=readable,
        rendered=rendered,
        language=language,
        title=title,
        text="\n".join(one.text for one in blocks[: len(kept)]),
        blocks=tuple(kept),
        links=links[:MOST_LINKS],
        hidden=hidden,
    )


def links(base: str, anchors: tuple[Anchor, ...]) -> tuple[PolicyLink, ...]:
    """The links of a page that lead somewhere, each once."""
    found: dict[str, PolicyLink] = {}
    for anchor in anchors:
        if url := html.absolute(base, anchor.href):
            found.setdefault(url, PolicyLink(text=anchor.text[:LONGEST_WORDS], url=url))
    return tuple(found.values())
