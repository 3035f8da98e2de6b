"""What a manifest says: which image, which hash, until when. Pure; never raises, whatever the bytes.

Manifests have no common form, so we read what most have in common: JSON with telling names, or text with an
address in it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec

from shelfworthy.probes.masking import masked
from shelfworthy.seen.update import Manifest

MOST = 2000  # values of a manifest that are looked at
DEEPEST = 16
MOST_KEYS = 8
LONGEST = 500
WORD = re.compile(r"[^\s\"'<>,;()]+")
CALLED = re.compile(r"[\w.-]{1,60}[=:](?!//)")  # the name before a value in a line of text
# fmt: off
IMAGES = (
    ".bin", ".img", ".fw", ".hex", ".dfu", ".ota", ".uf2", ".gbl", ".zip", ".swu", ".raucb", ".mender",
    ".upd", ".pkg", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".apk",
)
# fmt: on
SHA256 = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
VERSION = re.compile(r"version|\bver\b|build|revision", re.IGNORECASE)
EXPIRES = re.compile(r"expir|valid[_ -]?(?:until|to)|not[_ -]?after|gültig", re.IGNORECASE)
SIGNATURE = re.compile(r"\bsig(?:s|n|ned|nature|natures)?\b|signature|_sig\b", re.IGNORECASE)
JWS, JWS_NAME = re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]*\.[\w-]{16,}"), "JWS"
DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
NOTHING = Manifest(form="", image="", image_sha256="", version=False, expires=None, signatures=())


def read(content: bytes) -> Manifest:
    """What is said; `image` as it is written."""
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return text(content)
    if not isinstance(raw, dict | list):
        return text(content)
    pairs = list(leaves(raw))
    return Manifest(
        form="json",
        image=first_image(str(value) for _, value in pairs),
        image_sha256=only_hash(" ".join(str(value) for _, value in pairs)),
        version=any(VERSION.search(key) for key, _ in pairs),
        expires=earliest(value for key, value in pairs if EXPIRES.search(key)),
        signatures=tuple(dict.fromkeys(masked(key) for key in named(raw) if SIGNATURE.search(key)))[
            :MOST_KEYS
        ]
        + jws(str(value) for _, value in pairs),
    )


def text(content: bytes) -> Manifest:
    """A manifest that is lines of text: names and values, or addresses."""
    try:
        words = content.decode()
    except UnicodeDecodeError:
        return NOTHING
    if "\0" in words[:4096]:
        return NOTHING
    lines = words.splitlines()[:MOST]
    if not lines or words.lstrip()[:1] == "<":
        return NOTHING
    return Manifest(
        form="text",
        image=first_image(lines),
        image_sha256=only_hash(words[: MOST * LONGEST]),
        version=any(VERSION.search(line) for line in lines),
        expires=earliest(line for line in lines if EXPIRES.search(line)),
        signatures=tuple(
            dict.fromkeys(found[0].lower() for line in lines if (found := SIGNATURE.search(line[:LONGEST])))
        )[:MOST_KEYS]
        + jws(lines),
    )


def leaves(value: object, key: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """Names and values without the lists and tables around them, at most `MOST`."""
    waiting = [(key, value, depth)]
    given = 0
    while waiting and given < MOST:
        key, value, depth = waiting.pop()
        if isinstance(value, dict | list) and depth < DEEPEST:
            inside = value.items() if isinstance(value, dict) else ((key, one) for one in value)
            waiting += [(str(name), one, depth + 1) for name, one in reversed(list(inside)[:MOST])]
        elif not isinstance(value, dict | list):
            given += 1
            yield key, value


def named(value: object) -> Iterator[str]:
    """All names of a table and the tables in it."""
    waiting, given = [(value, 0)], 0
    while waiting and given < MOST:
        one, depth = waiting.pop()
        inside = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        if isinstance(one, dict):
            for name in one:
                given += 1
                yield str(name)[:LONGEST]
        if depth < DEEPEST:
            waiting += [(some, depth + 1) for some in list(inside)[:MOST]]


def jws(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Whether a signed token (RFC 7515, section 3.1) is in it, whatever it is called."""
    return (JWS_NAME,) if any(JWS.search(words) for words in texts) else ()


def first_image(texts: Iterator[str] | list[str]) -> str:
    """The first address of something called like an image."""
    for words in texts:
        for word in WORD.findall(words[: 4 * LONGEST]):
            address = CALLED.sub("", word, count=1) if CALLED.match(word) else word
            if len(address) <= LONGEST and address.partition("?")[0].lower().endswith(IMAGES):
                return str(address)
    return ""


def only_hash(words: str) -> str:
    """The one SHA-256 in it; of several nobody knows which is the image's."""
    found = {match.lower() for match in SHA256.findall(words)}
    return found.pop() if len(found) == 1 else ""


def earliest(values: Iterator[object]) -> datetime | None:
    """The first moment named: a day ends when it is over, a moment without a zone is UTC."""
    found = []
    for value in values:
        if isinstance(value, int) and 10**9 < value < 10**10:  # seconds since 1970
            found.append(datetime.fromtimestamp(value, UTC))
        elif match := DAY.search(str(value)[:LONGEST]):
            try:
                moment = datetime.fromisoformat(match[0])
                whole_day = len(match[0]) == len(date.min.isoformat())
                moment = moment.replace(hour=23, minute=59, second=59) if whole_day else moment
                zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                found.append(zoned.astimezone(UTC))
            except (ValueError, OverflowError):
                continue
    return min(found, default=None)
