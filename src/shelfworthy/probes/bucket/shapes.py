"""The shape of an object's key: what a listing proves without keeping a single name (law 8)."""

import re
from collections.abc import Mapping

from shelfworthy.seen.bucket import KeyShape

# Kept as they are: an extension nobody can mistake for a name.
# fmt: off
EXTENSIONS = frozenset({
    "aac", "amr", "apk", "avi", "bak", "bin", "bmp", "caf", "csv", "db", "doc", "docx",
    "flac", "gif", "gz", "heic", "htm", "html", "ico", "ini", "ipa", "jpeg", "jpg", "js",
    "json", "log", "m4a", "m4v", "mov", "mp3", "mp4", "mpeg", "mpg", "mur", "oga", "ogg",
    "opus", "pdf", "pem", "png", "ppt", "sql", "sqlite", "svg", "tar", "tgz", "tif", "tiff",
    "ts", "txt", "wav", "webm", "webp", "wma", "wmv", "xls", "xlsx", "xml", "yaml", "yml",
    "zip",
})
# fmt: on
# UUIDs and long runs of hex digits
HEX = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=[a-fA-F]*[0-9])[0-9a-fA-F]{12,}")
WORDS = re.compile(r"[^\W\d_]+")
DIGITS = re.compile(r"\d+")
LONGEST = 64
MOST = 50  # shapes; the rest is counted as "…"


def shape(key: str) -> str:
    """`voice/kid-0001.caf` → `a/a-9.caf`. Letters become `a`, digits `9`, UUIDs and long hex runs `h`."""
    key = key[:1024]
    stem, dot, extension = key.rpartition(".")
    if not dot or extension.lower() not in EXTENSIONS:
        stem, extension = key, ""
    parts = HEX.split(stem)
    masked = "h".join(DIGITS.sub("9", WORDS.sub("a", part)) for part in parts)
    masked = "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in masked)
    masked = masked if len(masked) <= LONGEST else masked[: LONGEST - 1] + "…"
    return f"{masked}.{extension.lower()}" if extension else masked


def shapes(counted: Mapping[str, int]) -> tuple[KeyShape, ...]:
    """The most frequent first, ties by name; at most `MOST` and the rest together."""
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [KeyShape(shape=name, count=count) for name, count in ranked[:MOST]]
    rest = sum(count for _, count in ranked[MOST:])
    return tuple(shown + ([KeyShape(shape="…", count=rest)] if rest else []))
