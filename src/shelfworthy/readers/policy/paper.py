"""Read a policy from a file, in a child of its own: a web page, a PDF, or a plain text; or what names one.

A PDF is read by pypdf; what it takes is bounded by the child's limits. Pictures of text are not read: a page
without a letter is no text.
"""

import importlib
import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from shelfworthy.model import Cause, NotSeen
from shelfworthy.readers.policy import listing
from shelfworthy.seen.policy import PolicyDocument, PolicyListing, PolicySeen
from shelfworthy.seen.policy_words import begins_so, calls_itself
from shelfworthy.webtext.documents import Source, of_html, of_pages, of_text

LARGEST = 8 << 20  # bytes
MOST_PAGES = 200
PDF = b"%PDF-"
JSON = re.compile(rb'\{\s*["}]|\[\s*[\[{"\]]')
BOM = b"\xef\xbb\xbf"
TAGS = ("!doctype", "html", "head", "body", "p", "h1", "div", "meta", "title", "!--")
MARKUP = tuple(f"<{one}".encode() for one in TAGS)
FAULTS = (PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

logging.getLogger("pypdf").disabled = True
# Else imported when nothing can be any more.
LETTERS = (
    "ascii",
    "charmap",
    "cp1252",
    "gb18030",
    "gbk",
    "latin_1",
    "mac_roman",
    "shift_jis",
    "utf_16",
    "utf_16_be",
    "utf_16_le",
    "utf_8",
    "utf_8_sig",
)
for late in ("pypdf._codecs._codecs", "pypdf.filters", *(f"encodings.{one}" for one in LETTERS)):
    importlib.import_module(late)


def read(file: BinaryIO, name: str) -> Iterator[PolicySeen | PolicyListing]:
    """One observation. Raises NotSeen where the file is empty, or not understood."""
    content = file.read(LARGEST + 1)
    if is_json(content, name):
        if len(content) > LARGEST:
            words = f"{name} has more than {LARGEST >> 20} MB, which is more than any listing."
            raise NotSeen(Cause.NOT_UNDERSTOOD, words)
        yield listing.of_json(content.removeprefix(BOM), name)
        return
    source = Source(role="policy", url=name, final=name, clicks=-1, status=0)
    document = document_of(source, content[:LARGEST], whole=len(content) <= LARGEST)
    if not document.text:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{name} holds no text that could be read.")
    # A policy links to those of others, too: only what neither is called so nor begins so is another page.
    another = not calls_itself(document) and not begins_so(document)
    if another and (names := listing.of_page(document, name)) is not None:
        yield names
        return
    yield PolicySeen(at=None, hops=(), documents=(document,), unvisited=())


def is_json(content: bytes, name: str) -> bool:
    """Whether it is JSON by its name, or by its beginning: no text begins with so many signs."""
    bare = content.removeprefix(BOM).lstrip()
    return JSON.match(bare) is not None or (name.lower().endswith(".json") and bare[:1] in (b"{", b"["))


def document_of(source: Source, content: bytes, *, whole: bool) -> PolicyDocument:
    """What a file holds, by its beginning. Raises NotSeen."""
    if content.startswith(PDF):
        return of_pdf(source, whole=whole, content=content)
    text = decoded(content)
    begins = content.removeprefix(BOM).lstrip()[:200].lower()
    return (of_html if begins.startswith(MARKUP) else of_text)(source, text, whole=whole)


def decoded(content: bytes) -> str:
    """Text of a file that does not say its letters."""
    for beginning, charset in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(beginning):
            return content.decode(charset, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")


def of_pdf(source: Source, *, content: bytes, whole: bool) -> PolicyDocument:
    """A PDF's text, page by page. Raises NotSeen where it is locked or damaged."""
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotSeen(Cause.NOT_UNDERSTOOD, f"{source.url} is locked by a password.")
        count = len(reader.pages)
        pages = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except FAULTS:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{source.url} is damaged, or no PDF.") from None
    return of_pages(source, pages, whole=whole and count <= MOST_PAGES, title=title)
