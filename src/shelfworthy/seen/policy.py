"""What can be seen of the texts in which a maker says what it does with data: policy, terms, notices."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from shelfworthy.model import Cause, Mention, Seen

Role = Literal["policy", "terms", "children", "cookies"]
Form = Literal["web page", "pdf", "text", ""]


class PolicyBlock(Struct, frozen=True, forbid_unknown_fields=True):
    """A paragraph, heading or the like. start: in the document's text. at: in the page as it came.

    Both in characters; in a PDF `at` is the number of its page, from 1. tag: the element it is in. aside: it
    belongs to the frame of the page, which is the same on all of a site's (navigation, footer).
    """

    start: int
    at: int
    tag: str
    aside: bool


class PolicyLink(Struct, frozen=True, forbid_unknown_fields=True):
    """A link in a document, absolute; also `mailto:`."""

    text: str
    url: str


class PolicyHop(Struct, frozen=True, forbid_unknown_fields=True):
    """A page on the way from where a shopper begins. by: the words of the link that led there.

    status: 0 without an answer; then cause and words say why. whole: all of it was read, so that a link that
    was not found is not there. readable: it has text without running scripts.
    """

    url: str
    final: str
    by: str
    status: int
    cause: Cause | None
    words: str
    whole: bool
    readable: bool


class PolicyDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """One text, as a person sees it. role: what it is, by the link that led there, or as it was supplied.

    url: asked for, or the file's name. final: after permitted redirects. clicks: from where a shopper begins;
    -1 where no way was walked. form: "" where nothing was read; then cause and words say why. whole: all of
    it was read. readable: it has text without running scripts. rendered: a browser ran its scripts.
    language: as it says itself. text: its blocks, one a line. hidden: letters that nobody sees and that are
    not in the text.
    """

    role: Role
    url: str
    final: str
    clicks: int
    status: int
    cause: Cause | None
    words: str
    form: Form
    whole: bool
    readable: bool
    rendered: bool
    language: str
    title: str
    text: str
    blocks: tuple[PolicyBlock, ...]
    links: tuple[PolicyLink, ...]
    hidden: int


class PolicySeen(Seen, frozen=True, tag="policy/1"):
    """The texts of a maker about a product's data. at: when they were fetched; None for a file.

    hops: the pages on the way, in the order asked. documents: policies first, as they were found. unvisited:
    links that were not followed, because there were too many.
    """

    at: datetime | None
    hops: tuple[PolicyHop, ...]
    documents: tuple[PolicyDocument, ...]
    unvisited: tuple[PolicyLink, ...]

    def mentions(self) -> tuple[Mention, ...]:
        """Where its pages led to."""
        led: list[tuple[str, tuple[PolicyHop | PolicyDocument, ...]]] = [
            ("hops", self.hops),
            ("documents", self.documents),
        ]
        return tuple(
            Mention(
                what=one.final,
                role="redirect not followed" if one.cause is Cause.NOT_PERMITTED else "redirect",
                field=f"{part}.{number}.final",
            )
            for part, several in led
            for number, one in enumerate(several)
            if one.final != one.url
        )
