"""The readable text of a page, and its links. Pure; takes linear time, whatever the bytes; never raises.

Our own, because `html.parser` of Python 3.11 takes minutes over 256 KiB of unclosed comments (its work grows
with the square of the length).
"""

import re
from html import unescape
from urllib.parse import urldefrag, urljoin

from msgspec import Struct

from shelfworthy.webtext.hiding import Colour, Hiding, alike

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})")
# Up to an empty line, or a line that begins like one of a list or a table.
PARAGRAPH = re.compile(
    r"[^\s][^\n]*(?:\n(?![^\S\n]*(?:(?:[*•·-]|\(?\d{1,2}[.)])[^\S\n]|\|))[^\S\n]*[^\s][^\n]*)*"
)
ITEM = re.compile(r"[*•·-][^\S\n]")
RULER = re.compile(r"\s*(\|[ \t|:-]+)(?=\n|\Z)")  # below what stands above a table's columns
CELL = re.compile(r"(?:\\.|[^|\\])+")
BOLD = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")
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
CELLS = frozenset({"td", "th"})
ASIDE = frozenset({"nav", "footer"})  # what frames a page and is the same on all of its site's
CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # keeps every offset, unlike lower()
MOST_LINKS = 2000
DEEPEST = 100
LONGEST_LINK = 2000
LONGEST_URL = 500
READABLE = 200  # letters: fewer beside scripts, and the page is made by them
LONGEST_DOCUMENT = 1 << 20  # characters
LONGEST_TEXT = 200_000
MOST_MARKUP = 50_000  # tags, comments and stray signs; a long page has a tenth of that


class Anchor(Struct, frozen=True):
    """A link as written: its words and its reference. aside: it is in the frame of the page."""

    text: str
    href: str
    aside: bool = False


class Block(Struct, frozen=True):
    """A paragraph, heading or the like. at: where it begins in the document, in characters.

    tag: the element it is in, "" if in none; of the first cell of a row it is `tr`. aside: it is in the frame
    of the page (navigation, footer).
    """

    text: str
    at: int
    tag: str
    aside: bool


class Html(Struct, frozen=True):
    """text: one line of the document a line. language: of the html element. scripts: how many there are.

    form: there is a field to write a message into. whole: all of the document was read. title: of the page,
    which is in the text as well. hidden: letters of text that nobody sees. blocks: the text, block by block.
    """

    text: str
    anchors: tuple[Anchor, ...]
    language: str
    scripts: int
    form: bool
    whole: bool
    title: str = ""
    hidden: int = 0
    blocks: tuple[Block, ...] = ()


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
        title=next((one.text for one in reading.blocks if one.tag == "title"), ""),
        hidden=reading.unseen,
        blocks=tuple(one for one in reading.blocks if one.tag != "title"),
        whole=reading.ended
        and len(document) <= LONGEST_DOCUMENT
        and len(text) <= LONGEST_TEXT
        and len(reading.anchors) < MOST_LINKS,
    )


def plain(document: str) -> Html:
    """The same of a page that is text and has no markup."""
    text = tidy(document)
    whole = len(text) <= LONGEST_TEXT
    blocks: list[Block] = []
    for found in PARAGRAPH.finditer(document[:LONGEST_TEXT]):
        if not found[0].startswith("|"):
            tag = "li" if ITEM.match(found[0]) else "p"
            blocks.append(Block(text=" ".join(found[0].split()), at=found.start(), tag=tag, aside=False))
        elif not is_ruler(document, found.start()):
            blocks += row(found[0], found.start(), heads=is_ruler(document, found.end()))
    return Html(
        text=text[:LONGEST_TEXT],
        anchors=(),
        language="",
        scripts=0,
        form=False,
        whole=whole,
        blocks=tuple(blocks),
    )


def is_ruler(document: str, at: int) -> bool:
    """Whether the line that follows here parts what stands above a table's columns from them."""
    found = RULER.match(document, at)
    return found is not None and "-" in found[1]


def row(line: str, at: int, *, heads: bool) -> list[Block]:
    """The cells of a row of Markdown's tables. at: where it begins. heads: it stands above the columns.

    So does one that is all bold.
    """
    cells = [(found.start(), " ".join(found[0].split())) for found in CELL.finditer(line)]
    cells = [(start, text) for start, text in cells if text]
    heads = heads or all(BOLD.fullmatch(text) for _, text in cells)
    tags = ["tr"] + ["th" if heads else "td"] * len(cells)
    return [
        Block(text, at + start, tag, aside=False) for (start, text), tag in zip(cells, tags, strict=False)
    ]


def is_readable(page: Html) -> bool:
    """Whether a person without scripts has something to read besides the frame of the page."""
    letters = sum(map(str.isalpha, "".join(one.text for one in page.blocks if not one.aside)[:10_000]))
    return letters >= READABLE or (page.scripts == 0 and letters > 0)


def absolute(base: str, href: str) -> str:
    """Where a link leads, without its fragment; "" if it leads nowhere one could go or write to."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return ""
    return url if url.startswith(("https://", "http://", "mailto:")) and len(url) <= LONGEST_URL else ""


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
        self.blocks: list[Block] = []
        self.unseen = 0
        self.anchors: list[Anchor] = []
        self.language = ""
        self.scripts = 0
        self.form = False
        self.ended = False
        self._hidden: tuple[str, int] | None = None  # element that hides, and how many of its name are open
        self._link: tuple[str, int] | None = None  # open link: its reference, and where its words begin
        self._hiding = Hiding(document)
        # Of what is open: its name, its background (None: not known), how many of that name are open in it.
        self._grounds: list[tuple[str, Colour | None, int]] = [("", self._hiding.page(), 1)]
        self._block: list[str] = []  # of the block that is open, its words, where they begin, and its element
        self._began = -1
        self._tag = ""
        self._row = False  # a row has begun, and no cell of it yet
        self._aside = 0  # how many elements that frame the page are open

    def run(self) -> None:
        self._run()
        self._end_block()

    def _run(self) -> None:
        at = 0
        for _ in range(MOST_MARKUP):
            sign = self.document.find("<", at)
            if sign < 0:
                self._text(self.document[at:], at)
                self.ended = True
                return
            self._text(self.document[at:sign], at)
            at = self._markup(sign)

    def _markup(self, at: int) -> int:
        """Read what begins with "<"; where to go on."""
        if self.document.startswith("<!--", at):
            return self._past("-->", at + 2)
        if self.document.startswith(("<!", "<?"), at):
            return self._past(">", at)
        tag = TAG.match(self.document, at)
        if tag is None:
            self._text("<", at)
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
        if name not in VOID | OPAQUE and self._is_hidden(name, attributes):
            self._hidden = (name, 1)
            return
        if name in ASIDE:
            self._aside += 1
        if name in BLOCKS:
            self._new_block(name)
        self.scripts += name == "script"
        self.form = self.form or name == "textarea"
        if name == "html":
            self.language = self.language or attributes.get("lang", "")[:40].lower()
        if name == "a" and attributes.get("href"):
            self._end_link()
            self._link = (decoded(attributes["href"]), len(self.pieces))

    def _is_hidden(self, name: str, attributes: dict[str, str]) -> bool:
        """Whether nobody sees an element; if it is seen, its background is that of what is in it."""
        look = self._hiding.look(name, attributes)
        ground = look.ground if look.ground or not look.known else self._grounds[-1][1]
        if look.gone or alike(look.colour, ground):
            return True
        if (look.ground or not look.known) and len(self._grounds) < DEEPEST:
            self._grounds.append((name, ground, 1))
        elif name == self._grounds[-1][0]:
            self._count(1)
        return False

    def _count(self, more: int) -> None:
        """One more, or one less, of the name of the innermost element with a background is open."""
        name, ground, number = self._grounds.pop()
        if number + more > 0:
            self._grounds.append((name, ground, number + more))

    def _close(self, name: str) -> None:
        if self._hidden:
            if name == self._hidden[0]:
                self._hidden = (name, self._hidden[1] - 1) if self._hidden[1] > 1 else None
            return
        if name == self._grounds[-1][0]:
            self._count(-1)
        if name == "a":
            self._end_link()
        if name in BLOCKS:
            self._new_block("")
        if name in ASIDE:
            self._aside = max(0, self._aside - 1)

    def _new_block(self, name: str) -> None:
        self.pieces.append("\n")
        self._end_block()
        if name == "tr":
            self._row = True
        if name in CELLS:
            self._tag, self._row = "tr" if self._row else name, False
        elif name != "br":
            self._tag = name

    def _end_block(self) -> None:
        text = " ".join("".join(self._block).split())
        if text:
            self.blocks.append(Block(text=text, at=self._began, tag=self._tag, aside=self._aside > 0))
        self._block, self._began = [], -1

    def _end_link(self) -> None:
        if self._link and len(self.anchors) < MOST_LINKS:
            href, start = self._link
            words = " ".join("".join(self.pieces[start:])[:LONGEST_LINK].split())
            self.anchors.append(Anchor(text=words, href=href, aside=self._aside > 0))
        self._link = None

    def _text(self, some: str, at: int) -> None:
        if self._hidden:
            self.unseen += sum(map(str.isalpha, some))
        elif some:
            text = decoded(some)
            self.pieces.append(text)
            self._block.append(text)
            if self._began < 0 and (words := some.lstrip()):
                self._began = at + len(some) - len(words)
