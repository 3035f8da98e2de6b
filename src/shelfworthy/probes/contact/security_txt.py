"""Parse a security.txt (RFC 9116). Pure; never raises, whatever the bytes.

It says what there is and what the RFC does not allow; which of that matters is a check's work, and so is
everything that needs a clock.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from msgspec import Struct

from shelfworthy.seen.contact import Problem, SecurityField

LARGEST = 32 << 10  # bytes; section 5.6 wants a bound, and the RFC's own examples have less than 1 KiB
MOST_FIELDS = 100
LONGEST_VALUE = 500
KNOWN = frozenset(  # section 2.5, and CSAF from the IANA registry "security.txt Fields"
    {
        "acknowledgments",
        "canonical",
        "contact",
        "csaf",
        "encryption",
        "expires",
        "hiring",
        "policy",
        "preferred-languages",
    }
)
LINKS = KNOWN - {"expires", "preferred-languages"}
FIELD = re.compile(r"([^\s:#][^:]*):( ?)(.*)")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")  # RFC 3986, section 3: a scheme and what follows
# RFC 3339, section 5.6
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII)
TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)  # RFC 5646, loosely
BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
BEGIN_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
END_SIGNATURE = "-----END PGP SIGNATURE-----"


class Parsed(Struct, frozen=True):
    """signed: it is in a cleartext signature (RFC 9580, section 7), which nobody verified yet."""

    fields: tuple[SecurityField, ...]
    problems: tuple[Problem, ...]
    expires: datetime | None
    signed: bool


def parse(content: bytes) -> Parsed:
    """The fields of a file, and what is wrong with it."""
    problems: list[Problem] = []
    if content.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem("byte-order-mark", 1))
        content = content[3:]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        problems.append(Problem("not-utf-8", 0))
        text = content.decode("utf-8", "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[-1]:
        problems.append(Problem("no-final-newline", len(lines)))
    numbered, signed = unwrapped(list(enumerate(lines, 1)), problems)
    fields = list(parsed(numbered, problems))
    expires = judged_expiry([field for field in fields if field.name == "expires"], problems)
    check_links(fields, problems)
    check_languages([field for field in fields if field.name == "preferred-languages"], problems)
    if not any(field.name == "contact" for field in fields):
        problems.append(Problem("no-contact", 0))
    found = dict.fromkeys(problems)
    return Parsed(fields=tuple(fields), problems=tuple(found), expires=expires, signed=signed)


def unwrapped(lines: list[tuple[int, str]], problems: list[Problem]) -> tuple[list[tuple[int, str]], bool]:
    """The lines inside a cleartext signature, without its armour and dash-escapes; or all of them."""
    marks = {text.rstrip(): index for index, (_, text) in reversed(list(enumerate(lines)))}
    begin, middle, end = (marks.get(mark) for mark in (BEGIN_SIGNED, BEGIN_SIGNATURE, END_SIGNATURE))
    if begin is None:
        return lines, False
    if middle is None or end is None or not begin < middle < end:
        problems.append(Problem("broken-signature", lines[begin][0]))
        return lines[begin + 1 :], True
    outside = [number for number, text in (*lines[:begin], *lines[end + 1 :]) if text.strip()]
    if outside:
        problems.append(Problem("outside-signature", outside[0]))
    inside = lines[begin + 1 : middle]
    blank = next((index for index, (_, text) in enumerate(inside) if not text.strip()), None)
    if blank is None:  # RFC 9580, section 7: an empty line ends the armour's headers
        problems.append(Problem("broken-signature", lines[begin][0]))
        return [], True
    return [(number, text.removeprefix("- ")) for number, text in inside[blank + 1 :]], True


def parsed(lines: list[tuple[int, str]], problems: list[Problem]) -> list[SecurityField]:
    """The fields in these lines, names in lower case; comments and empty lines are none."""
    fields: list[SecurityField] = []
    for number, text in lines:
        if not text.strip() or text.startswith("#"):
            continue
        found = FIELD.fullmatch(text.rstrip())
        if found is None:
            problems.append(Problem("no-field", number))
            continue
        name = found[1].strip().lower()
        if name not in KNOWN:
            problems.append(Problem("unknown-field", number))
            continue
        if not found[2]:
            problems.append(Problem("no-space", number))
        if len(fields) >= MOST_FIELDS:
            problems.append(Problem("too-many-fields", number))
            break
        fields.append(SecurityField(name=name, value=found[3].strip()[:LONGEST_VALUE], line=number))
    return fields


def judged_expiry(fields: list[SecurityField], problems: list[Problem]) -> datetime | None:
    """Section 2.5.5: exactly one Expires, in the form of RFC 3339."""
    if not fields:
        problems.append(Problem("no-expires", 0))
        return None
    if len(fields) > 1:
        problems.append(Problem("many-expires", fields[1].line))
        return None
    try:
        if DATE.fullmatch(fields[0].value):
            return datetime.fromisoformat(fields[0].value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    problems.append(Problem("bad-expires", fields[0].line))
    return None


def check_links(fields: list[SecurityField], problems: list[Problem]) -> None:
    """Section 2.5: these values are URIs, and web URIs begin with https."""
    for field in fields:
        if field.name not in LINKS:
            continue
        if not URI.fullmatch(field.value):
            wrong = "contact-no-uri" if field.name == "contact" else "no-uri"
            problems.append(Problem(wrong, field.line))
        elif field.value.lower().startswith("http:"):
            problems.append(Problem("web-no-https", field.line))


def check_languages(fields: list[SecurityField], problems: list[Problem]) -> None:
    """Section 2.5.8: at most once, language tags separated by commas."""
    if len(fields) > 1:
        problems.append(Problem("many-languages", fields[1].line))
    for field in fields:
        if not all(TAG.fullmatch(tag.strip()) for tag in field.value.split(",")):
            problems.append(Problem("bad-languages", field.line))


def same_place(one: str, other: str) -> bool:
    """Whether two URLs name the same place: host in any case, the scheme's own port written or not."""
    return _place(one) == _place(other)


def _place(url: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(url)
        usual = {"https": 443, "http": 80}.get(parts.scheme)
        return parts.scheme, parts.hostname or "", parts.port or usual, parts.path or "/"
    except ValueError:
        return "", "", None, url
