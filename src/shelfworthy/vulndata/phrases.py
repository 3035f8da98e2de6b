"""Versions as people write them into a field that is meant for one: "before 2.3", "1.0 - 1.4", "2.4.x"."""

import re

from shelfworthy.vulndata.words import version

LONGEST = 200  # characters
NUMBER = r"v?([0-9][0-9A-Za-z.+~_-]*)"
LINE = re.compile(r"v?\d+(?:\.\d+)*\.[xX*]")  # all releases of a line
SIGNED = re.compile(rf"\s*(<=|<|>=|>|=)?\s*{NUMBER}\s*")
_VERSIONS, _ALL = r"(?:versions? )?", r"(?: versions?)?"
BEFORE = re.compile(rf"{_VERSIONS}(?:before|prior to|earlier than|older than|below) (?:version )?{NUMBER}")
THROUGH = re.compile(rf"{_VERSIONS}(?:through|up to(?:,? (?:and )?including)?) (?:version )?{NUMBER}")
AND_BEFORE = re.compile(
    rf"{_VERSIONS}{NUMBER},? (?:and|or) (?:all )?(?:earlier|prior|below|older|before|previous){_ALL}"
)
FROM_TO = re.compile(rf"{_VERSIONS}(?:from )?{NUMBER} (?:-|–|to|through|up to) {NUMBER}")
AFTER = re.compile(rf"{_VERSIONS}(?:from )?{NUMBER} (?:and|or) (?:later|above|newer){_ALL}")
# As OpenSSL wrote it: "Fixed in OpenSSL 1.1.1l (Affected 1.1.1-1.1.1k)".
AFFECTED = re.compile(r"fixed in [^()]{1,60}\(affected ([0-9.a-z]{1,20})(?:-([0-9.a-z]{1,20}))?\)")

Bounds = tuple[str, str, bool]  # start, end, whether the end is one of them; as `Range` has them


def in_words(text: str) -> Bounds | None:
    """The versions that a text names; None where it is not understood."""
    plain = " ".join(text[: LONGEST + 1].lower().split())
    if len(plain) > LONGEST:
        return None
    if line := line_of(plain):
        return line[:-2], line, True
    if plain in ("all", "all versions", "any"):
        return "", "", False
    for pattern, closed in ((BEFORE, False), (THROUGH, True), (AND_BEFORE, True)):
        if (match := pattern.fullmatch(plain)) is not None:
            return _known("", match[1], closed=closed)
    if (match := AFTER.fullmatch(plain)) is not None:
        start = version(match[1])
        return (start, "", False) if start else None
    if (match := FROM_TO.fullmatch(plain) or AFFECTED.fullmatch(plain)) is not None:
        return _known(match[1], match[2] or match[1], closed=True)
    return signed(plain)


def line_of(text: str) -> str:
    """All releases of a line as `Range.end` has them ("2.4.*"); "" where a text names none."""
    return f"{text.lstrip('v')[:-2]}.*" if len(text) <= LONGEST and LINE.fullmatch(text) else ""


def _known(start: str, end: str, *, closed: bool) -> Bounds | None:
    """The same, where both can be read."""
    first, last = version(start), version(end)
    return (first, last, closed) if last and (first or not start) else None


def signed(text: str) -> Bounds | None:
    """A version, or what a text like ">= 1.0, < 1.2" says."""
    start, end, closed = "", "", False
    for part in text.split(","):
        match = SIGNED.fullmatch(part)
        number = version(match[2]) if match else ""
        if match is None or not number:
            return None
        sign = match[1] or "="
        if sign == "=":
            return number, number, True
        if sign.startswith(">"):
            start = number
        else:
            end, closed = number, sign == "<="
    return start, end, closed
