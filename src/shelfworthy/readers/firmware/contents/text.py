"""Text in the files of a part: its lines and where they are, and what may be shown of them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from shelfworthy.seen.firmware_contents import Place

LONGEST_LINE = 4096  # characters that patterns of many words are looked for in
SHOWN = 120  # characters of a line

PAPERS = re.compile(r"(?:.*/)?usr/(?:local/)?share/(?:doc|man|info)/")

SECRET = re.compile(
    r"(?i)((?:pass(?:word|wd|phrase)?|psk|pwd|secret|token|key)[\"']?\s*[=:\s]\s*)[^\s\"',;&]{1,200}"
)
USER = re.compile(r"(://)[^/@\s]{1,200}@")
USER_OPTION = re.compile(r"(\s(?:-u|--user|-P|--password)[ =]?)\S{1,200}")


class Line(NamedTuple):
    """A line, without its end. at: where it begins; length: bytes."""

    at: int
    length: int
    text: str


def is_text(content: bytes) -> bool:
    """Whether this can be read as lines."""
    return b"\0" not in content


def lines(content: bytes, having: re.Pattern[bytes] | None = None) -> Iterator[Line]:
    """The lines of a text, in order. having: only those in which this is found, in small letters."""
    at, small = 0, content.lower() if having is not None else b""
    while at < len(content):
        if having is not None:
            found = having.search(small, at)
            if found is None:
                return
            at = max(at, content.rfind(b"\n", at, found.start()) + 1)
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end
        yield Line(at, end - at, content[at:end].decode("utf-8", "replace").rstrip("\r"))
        at = end + 1


def shown(line: str) -> str:
    """A line as evidence may keep it: what may be secret in it masked."""
    text = " ".join(line.split())[:LONGEST_LINE]
    text = USER_OPTION.sub(r"\1***", SECRET.sub(r"\1***", USER.sub(r"\1***@", text)))
    return "".join(one if one.isprintable() else "?" for one in text)[:SHOWN]


def place(part: int, file: str, line: Line) -> Place:
    """Where a line is."""
    return Place(part, file, line.at, line.length)


def is_comment(text: str) -> bool:
    """Whether a line of a configuration or script says nothing."""
    return not text.strip() or text.lstrip()[0] in "#;"


def masked(secret: str) -> str:
    """At most 16 characters, the first and last four of a long secret; nothing of a short one."""
    return f"{secret[:4]}********{secret[-4:]}" if len(secret) >= 20 else ""
