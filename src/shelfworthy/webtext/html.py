"""The readable text of a page, and its links. Pure; takes linear time, whatever the bytes; never raises.

Our own, because `html.parser` of Python 3.11 takes minutes over 256 KiB of unclosed comments (its work grows
with the square of the length).
"""

import re
from html import unescape

from msgspec import Struct

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})")
SPACES = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
# Their content is no text of the page; it goes on to their closing tag, whatever stands in between.
OPAQUE = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "textarea", "noembed"})
# fmt: off
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr",
})
# fmt: on
# fmt: off
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "button", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "legend", "li", "main", "nav",
    "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "title", "tr", "ul",
})
# fmt: on
INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # keeps every offset, unlike lower()
MOST_LINKS = 2000
LONGEST_LINK = 2000
LONGEST_DOCUMENT = 1 << 20  # characters
LONGEST_TEXT = 200_000
MOST_MARKUP = 50_000  # tags, comments and stray signs; a long page has a tenth of that


class Anchor(Struct, frozen=True):
    """A link as written: its words and its reference."""

    text: str
    href: str


class Html(Struct, frozen=True):
    """text: one block a line. language: of the html element. scripts: how many there are.

    form: there is a field to write a message into. whole: all of the document was read.
    """

    text: str
    anchors: tuple[Anchor, ...]
    language: str
    scripts: int
    form: bool
    whole: bool


def read(document: str) -> Html:
    """What a person without scripts sees of a page."""
    reading = _Reading(document[:LONGEST_DOCUMENT])
    reading.run()
    text = tidy("".join(reading.pieces))
    return Html(
        text=text[:LONGEST_TEXT],
        anchors=tuple(reading.anchors),
        language=reading.language,
        scripts=reading.scripts,
        form=reading.form,
        whole=reading.ended
        and len(document) <= LONGEST_DOCUMENT
        and len(text) <= LONGEST_TEXT
        and len(reading.anchors) < MOST_LINKS,
    )


def plain(document: str) -> Html:
    """The same of a page that is text and has no markup."""
    text = tidy(document)
    whole = len(text) <= LONGEST_TEXT
    return Html(text=text[:LONGEST_TEXT], anchors=(), language="", scripts=0, form=False, whole=whole)


def tidy(text: str) -> str:
    """Blocks on lines of their own, white space collapsed."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def decoded(text: str) -> str:
    """Character references resolved; the text as it is where one is absurd."""
    try:
        return unescape(text)
    except ValueError:  # a number of thousands of digits
        return text


class _Reading:
    def __init__(self, document: str) -> None:
        self.document = document
        self.small = document.translate(CAPITALS)
        self.pieces: list[str] = []
        self.anchors: list[Anchor] = []
        self.language = ""
        self.scripts = 0
        self.form = False
        self.ended = False
        self._hidden: tuple[str, int] | None = None  # element that hides, and how many of its name are open
        self._link: tuple[str, int] | None = None  # open link: its reference, and where its words begin

    def run(self) -> None:
        at = 0
        for _ in range(MOST_MARKUP):
            sign = self.document.find("<", at)
            if sign < 0:
                self._text(self.document[at:])
                self.ended = True
                return
            self._text(self.document[at:sign])
            at = self._markup(sign)

    def _markup(self, at: int) -> int:
        """Read what begins with "<"; where to go on."""
        if self.document.startswith("<!--", at):
            return self._past("-->", at + 2)
        if self.document.startswith(("<!", "<?"), at):
            return self._past(">", at)
        tag = TAG.match(self.document, at)
        if tag is None:
            self._text("<")
            return at + 1
        name = tag[2].translate(CAPITALS)
        attributes, at = self._attributes(tag.end())
        if tag[1]:
            self._close(name)
            return at
        self._open(name, attributes)
        if name in OPAQUE:
            end = self.small.find(f"</{name}", at)
            return end if end >= 0 else len(self.document)
        return at

    def _past(self, mark: str, at: int) -> int:
        end = self.document.find(mark, at)
        return len(self.document) if end < 0 else end + len(mark)

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while (at := SPACES.match(self.document, at).end()) < len(self.document):  # type: ignore[union-attr]
            one = ATTRIBUTE.match(self.document, at)
            if one is not None:
                value = one[2] or one[3] or one[4] or ""
                found.setdefault(one[1].lower()[:40], value[:LONGEST_LINK])
                at = one.end()
            elif self.document[at] == ">":
                return found, at + 1
            else:
                at += 1
        return found, at

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if self._hidden:
            if name == self._hidden[0]:
                self._hidden = (name, self._hidden[1] + 1)
            return
        hides = "hidden" in attributes or INVISIBLE.search(attributes.get("style", ""))
        if hides and name not in VOID | OPAQUE:
            self._hidden = (name, 1)
            return
        if name in BLOCKS:
            self.pieces.append("\n")
        self.scripts += name == "script"
        self.form = self.form or name == "textarea"
        if name == "html":
            self.language = self.language or attributes.get("lang", "")[:40].lower()
        if name == "a" and attributes.get("href"):
            self._end_link()
            self._link = (decoded(attributes["href"]), len(self.pieces))

    def _close(self, name: str) -> None:
        if self._hidden:
            if name == self._hidden[0]:
                self._hidden = (name, self._hidden[1] - 1) if self._hidden[1] > 1 else None
            return
        if name == "a":
            self._end_link()
        if name in BLOCKS:
            self.pieces.append("\n")

    def _end_link(self) -> None:
        if self._link and len(self.anchors) < MOST_LINKS:
            href, start = self._link
            words = " ".join("".join(self.pieces[start:])[:LONGEST_LINK].split())
            self.anchors.append(Anchor(text=words, href=href))
        self._link = None

    def _text(self, some: str) -> None:
        if some and not self._hidden:
            self.pieces.append(decoded(some))
