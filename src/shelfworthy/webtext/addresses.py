"""Addresses of privacy policies in content that is no page by itself: programs, scripts, an app's parts.

Pure, and takes linear time. Which files count, and whose hosts, says whoever reads that kind of
file: firmware today, and an app in the same way.
"""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from shelfworthy.seen.policy_words import PRIVACY, names_policy
from shelfworthy.webtext import html

LONGEST = 400  # characters of an address
LONGEST_PAGE = 1 << 17  # bytes; a page on a device has a tenth of that
SIGNS = rb"[!#-&(-;=?-\[\]^_a-z~]"
PLAIN = re.compile(rb"https?://[0-9A-Za-z\[]" + SIGNS + rb"{3,1000}")
WIDE = re.compile(
    rb"h\0t\0t\0p\0(?:s\0)?:\0/\0/\0(?:" + SIGNS + rb"\0){4,1000}"
)  # UTF-16, as resources have it
MARKUP = re.compile(rb"\s*<[!a-z]", re.IGNORECASE)
# What a program fills in: `%s`, `${host}`. Percent-encoding is none.
FILLED_IN = re.compile(r"[${}<>]|%(?![0-9A-Fa-f]{2})")


class Place(Struct, frozen=True):
    """An address and where it stands, in bytes. url: without user, query and fragment."""

    url: str
    at: int
    length: int


def policies(content: bytes, affords: Callable[[int], bool]) -> Iterator[Place]:
    """What is the address of a privacy policy by its own words, or by those of a link; a few twice.

    affords: asked for each address, with its place, whether it may still be looked at.
    """
    some = False
    for pattern, letters in ((PLAIN, "ascii"), (WIDE, "utf-16-le")):
        for found in pattern.finditer(content):
            if not affords(found.start()):
                return
            some = True
            url = bare(found[0].decode(letters, "replace"))
            if is_policy(url):
                yield Place(url, found.start(), len(found[0]))
    if some and len(content) <= LONGEST_PAGE and MARKUP.match(content):
        yield from _links(content)


def _links(content: bytes) -> Iterator[Place]:
    """The same of a page, by what people read there."""
    text = content.decode("utf-8", "replace")
    if PRIVACY.search(text) is None:
        return
    for link in html.read(text).anchors:
        url = bare(link.href.strip())
        if url.startswith(("https://", "http://")) and names_policy(link.text, url) and not vague(url):
            raw = link.href.strip().encode()
            if (at := content.find(raw)) >= 0:
                yield Place(url, at, len(raw))


def is_policy(url: str) -> bool:
    """Whether an address says of itself that a privacy policy is there."""
    return names_policy("", url) and not vague(url)


def vague(url: str) -> bool:
    """Whether a program makes an address of it only when it runs, or it is longer than any."""
    return len(url) > LONGEST or FILLED_IN.search(url) is not None


def bare(url: str) -> str:
    """An address without what may be secret, and without the sentence it stands in."""
    url = re.split(r"[?#]", url[: LONGEST + 1])[0].rstrip(".,;:)]}'\"\\")
    return re.sub(r"://[^/@]*@", "://", url)
