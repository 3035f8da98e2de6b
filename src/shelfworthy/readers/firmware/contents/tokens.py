"""Tokens of services in the content of a file: what was found to look like one, read as one.

Where a token carries a check sum or a structure, it must be right; examples of documentation are none.
"""

import base64
import binascii
import re
import string
import zlib
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from shelfworthy.readers.firmware.contents.published import SOURCES
from shelfworthy.readers.firmware.contents.text import masked
from shelfworthy.seen.firmware_contents import SecretSort

AROUND = 400  # bytes before and behind an AWS key's name in which its other half is looked for
AWS_SECRET = re.compile(rb"(?<![0-9A-Za-z/+=])[0-9A-Za-z/+]{40}(?![0-9A-Za-z/+=])")
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
EXAMPLES = (b"EXAMPLE", b"example", b"XXXX", b"xxxx", b"0000000000")
WORD = frozenset((string.ascii_letters + string.digits + "_").encode())
# What stands for a password in documentation and formats.
NO_PASSWORD = re.compile(
    r"(?i).*[%$<>{}*\[\]].*|pass(?:word|wd|phrase)?|pw|secret|xxx+|changeit|your.*|my.*|\.+"
)
ENTRY, STRING, BLOBS = 32, 0x21, (0x41, 0x42)  # of Espressif's non-volatile storage


class Found(NamedTuple):
    """What can be read as a secret. scheme: as people call it."""

    sort: SecretSort
    scheme: str
    fingerprint: str
    masked: str
    published: str
    at: int
    length: int


def found_by(rule: str, content: bytes, at: int, length: int) -> Found | None:
    """The secret that a rule's match is, if it is one."""
    if rule == "esp_station":
        return esp_station(content, at)
    text = content[at : at + length]
    if not stands_alone(content, at, length) or any(one in text for one in EXAMPLES):
        return None
    if rule == "url_password":
        return url_password(text.decode("latin-1"), at, length)
    name, right = TOKENS[rule]
    if not right(content, at, length):
        return None
    return Found("token", name, sha256(text).hexdigest(), masked(text.decode("latin-1")), "", at, length)


def stands_alone(content: bytes, at: int, length: int) -> bool:
    """Whether it is no part of a longer word, as in a table of random letters."""
    return not ((at and content[at - 1] in WORD) or content[at + length : at + length + 1].isalnum())


def varied(content: bytes, at: int, length: int) -> bool:
    """Whether it is as irregular as what is drawn at random."""
    return len(set(content[at : at + length])) >= min(14, length // 2)


def aws(content: bytes, at: int, length: int) -> bool:
    """Whether the secret half of an access key stands near its name, which alone opens nothing."""
    near = content[max(0, at - AROUND) : at + length + AROUND]
    return any(
        re.search(rb"[a-z]", one) and re.search(rb"[A-Z]", one) and re.search(rb"[0-9]", one)
        for one in AWS_SECRET.findall(near)
        if not any(example in one for example in EXAMPLES)
    )


def github(content: bytes, at: int, length: int) -> bool:
    """Whether the last six letters are the CRC32 of the thirty before them, as GitHub writes it."""
    body, said = content[at + 4 : at + 34], content[at + 34 : at + 40].decode()
    number, made = zlib.crc32(body), ""
    while number:
        number, digit = divmod(number, 62)
        made = BASE62[digit] + made
    return made.rjust(6, "0") == said


def jwt(content: bytes, at: int, length: int) -> bool:
    """Whether its head is JSON that names an algorithm."""
    head = content[at : at + length].split(b".")[0]
    try:
        said = msgspec.json.decode(base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4)))
    except (binascii.Error, msgspec.DecodeError, ValueError):
        return False
    return isinstance(said, dict) and isinstance(said.get("alg"), str)


TOKENS: dict[str, tuple[str, Callable[[bytes, int, int], bool]]] = {
    "aws": ("AWS access key", aws),
    "github": ("GitHub token", github),
    "github_fine": ("GitHub token", varied),
    "slack": ("Slack token", varied),
    "slack_hook": ("Slack web hook", varied),
    "google": ("Google API key", varied),
    "stripe": ("Stripe key", varied),
    "jwt": ("JSON web token", jwt),
    "azure_hub": ("Azure IoT Hub key", varied),
    "azure_storage": ("Azure storage key", varied),
}


def is_password(text: str) -> bool:
    """Whether words in the place of a password can be one, and stand for none."""
    return 1 < len(text) <= 128 and text.isprintable() and NO_PASSWORD.fullmatch(text) is None


def password(sort: SecretSort, scheme: str, text: str, at: int, length: int) -> Found:
    """A password: nothing of it is kept, but where it is published if it is."""
    return Found(sort, scheme, "", "", SOURCES.get(text, ""), at, length)


def url_password(text: str, at: int, length: int) -> Found | None:
    """The password that a URL holds."""
    user, _, word = text.partition("://")[2].rpartition("@")[0].partition(":")
    host = text.rpartition("@")[2]
    if not is_password(word) or not is_password(user) or host.startswith(("host", "example", "server")):
        return None
    scheme = text.partition(":")[0]
    return password("password", f"{scheme} URL", word, at, length)


def esp_station(content: bytes, at: int) -> Found | None:
    """The wireless password in an ESP32's storage: an entry with a check sum over what it holds."""
    start = at - 8
    entry = content[max(start, 0) : start + ENTRY]
    if start < 0 or len(entry) < ENTRY or entry[1] not in (STRING, *BLOBS):
        return None
    size, said = int.from_bytes(entry[24:26], "little"), int.from_bytes(entry[28:32], "little")
    data = content[start + ENTRY : start + ENTRY + size]
    if not 1 < size <= 128 or zlib.crc32(data, 0xFFFFFFFF) != said or not data.strip(b"\0\xff"):
        return None
    word = data.split(b"\0")[0].decode("utf-8", "replace")
    return password("wireless password", "ESP32 station", word, start + ENTRY, size)


def by_place(found: Iterable[Found]) -> list[Found]:
    """In one order."""
    return sorted(found, key=lambda one: (one.at, one.scheme))
