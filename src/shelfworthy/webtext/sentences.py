"""A document sentence by sentence, each with its place, its heading, and what leads to it. Pure."""

import re
from collections.abc import Iterator

from msgspec import Struct

from shelfworthy.seen.policy import PolicyBlock, PolicyDocument

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "legend", "caption", "figcaption"})
END = re.compile(r"[.!?…]+[\"'»”’)\]_*]*(?=\s)|[。！？]+[」』）]*|(?:<br ?/?>\s*)+")
BEGINS = re.compile(r"\s*[\"'«„“‘(\[¿¡•·–-]*\s*[\w¿¡«„“]")
# What ends with a full stop and ends no sentence.
SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|inc|ltd|co|corp|llc|no|nos|art|arts|sec|para|mr|mrs|ms|dr|st|vs|approx|incl|cf|fig|vol|z\.\s?b|d\.\s?h"
    r"|u\.\s?a|bzw|ggf|usw|vgl|nr|abs|str|inkl|evtl|ca|sog|gem|lit|ziff|sr|sra|srta|ud|uds|p\.\s?ej|núm|pág|avda|c\.|tel|m|mme"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|\d{1,2}|[a-z])|§)\.$",
    re.IGNORECASE,
)
DAY = re.compile(r"\d{1,2}\.$")
MONTH = re.compile(  # after "3." in German, which writes it large
    r"(?:januar|jänner|jan|februar|feb|märz|april|apr|mai|juni|juli|august|aug|september|sept?|oktober|okt|november|nov"
    r"|dezember|dez)\b",
    re.IGNORECASE,
)
# A line of a text without markup that heads what follows: with Markdown's sign, or short and unsigned.
TITLE = re.compile(r"#{1,6} .{1,120}$|(?:(?:§ ?)?(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.)] +)?[^.!?:;,]{2,70}[?]?$")
# Markdown's pictures, and its links: their words, and where they lead.
PICTURE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\s]{0,2000}\)")
LINK = re.compile(r"\[([^\[\]]{0,500})\]\((mailto:)?([^()\s]{0,2000})[^()]{0,200}\)")
BREAK = re.compile(r"<br ?/?>")
LED = "http://x"  # instead of an address, whose words say nothing
LONGEST_COLUMN = 100  # characters of what stands above one
LONGEST = 1500  # characters of a sentence; more is cut there
MOST = 6000


class Sentence(Struct, frozen=True):
    """document: its number. start, end: in its text. text: the words, on one line.

    heading: of its section. lead: the words before a list that it is an item of; in a table, those above its
    column and those that begin its row. aside: in the page's frame. head: it is a heading itself.
    """

    document: int
    start: int
    end: int
    text: str
    heading: str
    lead: str
    aside: bool
    head: bool

    @property
    def said(self) -> str:
        """With what leads to it, and without the addresses of links."""
        words = spoken(self.text)
        return f"{spoken(self.lead).removesuffix(':')}: {words}" if self.lead else words


def spoken(text: str, led: str = LED) -> str:
    """The words of a text that may be Markdown. led: what stands for an address that words link to."""
    if "](" not in text and "<br" not in text:
        return text
    text = BREAK.sub(" ", PICTURE.sub(" ", text))
    return LINK.sub(lambda link: words_of(link, led), text).strip()


def words_of(link: re.Match[str], led: str) -> str:
    """The words of a link, with the mail address that it writes to."""
    words, mails, address = link.groups()
    if mails:
        return str(words) if "@" in words else f"{words} {address.partition('?')[0]}"
    leads = bool(led) and not address.startswith("#") and "://" not in words
    return f"{words} {led}" if leads else str(words)


def sentences(document: PolicyDocument, number: int) -> tuple[Sentence, ...]:
    """All sentences of a document, the `number`th, at most `MOST`."""
    found: list[Sentence] = []
    for one in _sentences(document, number):
        found.append(one)
        if len(found) == MOST:
            break
    return tuple(found)


def _sentences(document: PolicyDocument, number: int) -> Iterator[Sentence]:
    heading = lead = ""
    columns: list[str] = []
    blocks = list(joined(document))
    for index, (start, end, tag, aside, heads) in enumerate(blocks):
        text = document.text[start:end]
        if heads or tag != "tr":
            columns = text.split("\n") if heads else []
        row = tag == "tr" and not heads and text.count("\n") + 1 == len(columns)
        head = tag in HEADINGS or (
            document.form != "web page"
            and tag == "p"
            and TITLE.fullmatch(text) is not None
            and index + 1 < len(blocks)
        )
        if head:
            heading, lead = text[:200], ""
        elif tag not in ("li", "tr", "dd"):
            lead = ""
        for first, last, above in split(text, columns, row=row, cells=document.form != "web page"):
            words = " ".join(text[first:last].split())
            if BREAK.sub(" ", words).strip():
                led = f"{lead} {above}".strip()
                yield Sentence(
                    number, start + first, start + last, words, "" if head else heading, led, aside, head
                )
        if not head and text.rstrip().endswith((":", "：")):
            lead = text[list(pieces(text))[-1][0] :].strip()[-300:]


def split(text: str, columns: list[str], *, row: bool, cells: bool) -> Iterator[tuple[int, int, str]]:
    """The sentences of a block, and what stands above each. row: of a table with such columns.

    cells: each cell ends a sentence, whatever its columns are.
    """
    if row or (cells and "\n" in text):
        yield from parts(text, columns if row else [""] * (text.count("\n") + 1))
    else:
        yield from ((*one, "") for one in pieces(text))


def parts(text: str, columns: list[str]) -> Iterator[tuple[int, int, str]]:
    """The sentences of a row, cell by cell: start, end, and what stands above and before it."""
    start, row = 0, ""
    for above, cell in zip(columns, text.split("\n"), strict=True):
        for first, last in pieces(cell):
            yield start + first, start + last, f"{above[:LONGEST_COLUMN]}{row}"
        row = row or f": {cell[:LONGEST_COLUMN].rstrip('.')}:"
        start += len(cell) + 1


def joined(document: PolicyDocument) -> Iterator[tuple[int, int, str, bool, bool]]:
    """Blocks as start, end, element, aside, and whether it is what stands above a table's columns.

    The cells of a row are one.
    """
    text, blocks = document.text, document.blocks
    at = 0
    while at < len(blocks):
        block = blocks[at]
        last = at
        if block.tag == "tr":
            while last + 1 < len(blocks) and blocks[last + 1].tag in ("td", "th"):
                last += 1
        heads = last > at and all(one.tag == "th" for one in blocks[at + 1 : last + 1])
        yield block.start, end_of(text, blocks, last), block.tag, block.aside, heads
        at = last + 1


def end_of(text: str, blocks: tuple[PolicyBlock, ...], number: int) -> int:
    """Where a block ends: before the line end that parts it from the next."""
    return blocks[number + 1].start - 1 if number + 1 < len(blocks) else len(text)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a block begin and end."""
    start = 0
    for end in END.finditer(text):
        at = end.end()
        if not continues(text, start, at):
            yield from cut(start, at)
            start = (
                at + len(text[at:]) - len(text[at:].lstrip()) if at < len(text) and text[at].isspace() else at
            )
    if start < len(text):
        yield from cut(start, len(text))


def continues(text: str, start: int, at: int) -> bool:
    """Whether a sentence goes on after its sign."""
    after = text[at : at + 12].lstrip()
    if not after or text[at - 1] in "。！？」』）":
        return False
    if after[0].islower() and text[at - 1] != "?":
        return True
    said = text[max(start, at - 12) : at]
    return SHORT.search(said) is not None and (
        after[0].islower() or after[0].isdigit() or not DAY.search(said) or MONTH.match(after) is not None
    )


def cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or its parts where it is longer than any is."""
    for at in range(start, end, LONGEST):
        yield at, min(end, at + LONGEST)
