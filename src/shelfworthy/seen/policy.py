"""What can be seen of the texts in which a maker says what it does with data: policy, terms, notices."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from shelfworthy.model import Cause, Mention, Seen

Role = Literal["policy", "terms", "children", "cookies"]
Form = Literal["web page", "pdf", "text", ""]


SIGNS = str.maketrans("’‘“”„«»–—", '\'\'"""""--')
LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?")


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
    was not found is not there. language: as it says itself. readable: it has text, of itself or once a
    browser ran its scripts.
    """

    url: str
    final: str
    by: str
    status: int
    cause: Cause | None
    words: str
    whole: bool
    language: str
    readable: bool


class PolicyDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """One text, as a person sees it. role: what it is, by the link that led there, or as it was supplied.

    url: asked for, or the file's name. final: after permitted redirects. clicks: from where a shopper begins;
    -1 where no way was walked. form: "" where nothing was read; then cause and words say why, as they do
    where a browser was needed and could not show it. whole: all of it was read. readable: it has text, of
    itself or once a browser ran its scripts (rendered); then words say what these did not get. language: as
    it says itself. text: its blocks, one a line. hidden: letters that nobody sees and that are not in the
    text.
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

    def holds(self, words: str) -> bool | None:
        """Whether these words stand in it, parts parted by `…` in their order; None where it cannot be told.

        Letters' case, white space and typographic signs make no difference.
        """
        parts = [found for one in LEFT_OUT.split(words) if (found := _level(one))]
        if any(_in_order(parts, _level(one.text)) for one in self.documents):
            return True
        read = bool(self.documents) and all(one.whole and one.readable for one in self.documents)
        return False if read and not self.unvisited else None

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


class PolicyNaming(Struct, frozen=True, forbid_unknown_fields=True):
    """What a listing calls its privacy policy. words: of the link, or of the key and what stands beside it.

    place: in JSON the keys that lead there (`results.0.privacyPolicyUrl`), of a page the number of the link.
    clicks: 1 where it is a link that people see there; 0 where nobody knows how it is shown.
    """

    url: str
    words: str
    place: str
    clicks: int


class PolicyListing(Seen, frozen=True, tag="policy-listing/1"):
    """A file that is no policy and names some: what a store lists of an app, or a page that was saved.

    named: the best first, which is where the surface itself is looked at. more: how many are not listed.
    whole: all of it was read.
    """

    file: str
    form: Literal["json", "web page"]
    named: tuple[PolicyNaming, ...]
    more: int
    whole: bool

    def mentions(self) -> tuple[Mention, ...]:
        """What it names besides the first."""
        return tuple(
            Mention(what=one.url, role="privacy policy", field=f"named.{at}.url", place=self.told(at))
            for at, one in enumerate(self.named)
            if at
        )

    def told(self, at: int) -> str:
        """Where one is named, in words."""
        one = self.named[at]
        if one.clicks:
            return f'the link "{one.words}" in {self.file}, one click'
        return f"{one.words} at {one.place} in {self.file}" if one.words else f"{one.place} in {self.file}"


class PolicyNamed(Seen, frozen=True, tag="policy-named/1"):
    """The first step to a policy that no page led to: what named its address, in words (found)."""

    url: str
    found: str


class PolicyRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of axe that a page breaks, or may. impact: axe's word (minor, moderate, serious, critical).

    places: elements of the page.
    """

    rule: str
    impact: str
    places: int


class PolicyLack(Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of a page that it asked for and did not get, and why. part: stylesheet, script, image, …"""

    part: str
    cause: Cause
    number: int


class PolicyPage(Seen, frozen=True, tag="policy-page/1"):
    """What axe, in a browser, says of a policy as its site serves it; one for each policy.

    url: where it is; "" if no policy was found. form: only a web page is shown to axe. cause, words: why it
    was not, or not to its end; then nothing below is known. held: what confined the browser. broken,
    undecided: rules that do not hold, or that axe could not decide. passes: number of those that hold.
    letters: on the page outside of navigation and footer. headings, pictures, frames: on it that are seen;
    pictures and frames big enough for text, which axe does not read. loaded: it came to rest in time.
    """

    at: datetime
    url: str
    form: Form
    cause: Cause | None
    words: str
    axe: str = ""
    browser: str = ""
    held: str = ""
    loaded: bool = False
    broken: tuple[PolicyRule, ...] = ()
    undecided: tuple[PolicyRule, ...] = ()
    passes: int = 0
    letters: int = 0
    headings: int = 0
    pictures: int = 0
    frames: int = 0
    lacks: tuple[PolicyLack, ...] = ()


def _level(text: str) -> str:
    """A text without what is typography."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(SIGNS).casefold().split()).strip('"')


def _in_order(parts: Iterable[str], text: str) -> bool:
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at > 0
