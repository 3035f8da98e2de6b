"""What an advertisement says. Anybody in range may send any bytes as one: nothing here fails on them.

Types: Core Specification Supplement, part A, and the SIG's assigned numbers, section 2.3. Also how the house
writes UUIDs and names kinds of addresses.
"""

import re
from collections.abc import Iterator

from shelfworthy.model import Record
from shelfworthy.seen.bluetooth import AddressKind, Company

LONGEST = 64  # characters of a name that are kept
MOST = 32  # services, and companies
# Service UUIDs by the type they stand in: how long one is.
SERVICES = {0x02: 2, 0x03: 2, 0x04: 4, 0x05: 4, 0x06: 16, 0x07: 16}
FLAGS, SHORT_NAME, NAME, MAKER = 0x01, 0x08, 0x09, 0xFF
MASK = "•"
# A person's part in a name, as phones make it up: "Anna's Bear", "Teddy von Anna", an e-mail address.
PERSON = re.compile(
    r"[^\W\d_][\w-]*(?=['’]s\b)"
    r"|(?<=\bof )[^\W\d_][\w-]*$|(?<=\bvon )[^\W\d_][\w-]*$|(?<=\bde )[^\W\d_][\w-]*$"
    r"|[\w.+-]+@[\w.-]+"
)

# Core Specification, volume 3, part B, section 2.5.1: 0000xxxx-0000-1000-8000-00805F9B34FB, as it is sent.
BASE = bytes.fromhex("fb349b5f8000008000100000")


class Advert(Record, frozen=True):
    """One advertisement, read. name: whole, and not masked yet."""

    name: str
    flags: int
    services: tuple[str, ...]
    companies: tuple[Company, ...]


def structures(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each structure, as far as they are whole."""
    at = 0
    while at + 1 < len(data) and data[at] and at + 1 + data[at] <= len(data):
        yield data[at + 1], data[at + 2 : at + 1 + data[at]]
        at += 1 + data[at]


def read_advert(data: bytes) -> Advert:
    """What its structures say; what is broken in it is left out."""
    names: dict[int, str] = {}
    flags = -1
    services: list[str] = []
    companies: list[Company] = []
    for kind, content in structures(data):
        if kind in (NAME, SHORT_NAME):
            names.setdefault(kind, plain_name(content))
        elif kind == FLAGS and content:
            flags = content[0]
        elif kind in SERVICES:
            size = SERVICES[kind]
            services += [
                uuid_words(content[at : at + size]) for at in range(0, len(content) - size + 1, size)
            ]
        elif kind == MAKER and len(content) >= 2:
            maker, rest = int.from_bytes(content[:2], "little"), content[2:]
            companies.append(Company(id=maker, length=len(rest), shape=shape(rest)))
    return Advert(
        name=names.get(NAME) or names.get(SHORT_NAME, ""),
        flags=flags,
        services=tuple(dict.fromkeys(services))[:MOST],
        companies=tuple(dict.fromkeys(companies))[:MOST],
    )


def plain_name(content: bytes) -> str:
    """A name as text, without what no terminal should be shown."""
    text = content.split(b"\0")[0].decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)[:LONGEST]


def bears(advertised: str, name: str) -> bool:
    """Whether an advertised name is the one meant: the same, or with more behind a blank (a version)."""
    return advertised == name or advertised.startswith(f"{name} ")


def masked_name(name: str) -> str:
    """The name with what looks like a person's part in it as "•"."""
    return PERSON.sub(MASK, name)


def shape(content: bytes) -> str:
    """Printable ASCII with digits as 9, capitals as A and other letters as a; "" for anything else."""
    if not content or not all(0x20 <= one < 0x7F for one in content):
        return ""
    text = content.decode("ascii")
    return re.sub("[b-z]", "a", re.sub("[B-Z]", "A", re.sub("[0-8]", "9", text)))


def address_kind(address: str, *, random: bool) -> AddressKind:
    """Which kind of address (Core Specification, volume 6, part B, section 1.3)."""
    if not random:
        return "public"
    match int(address[:2], 16) >> 6:
        case 3:
            return "random static"
        case 1:
            return "resolvable"
    return "non-resolvable"


def uuid_words(content: bytes) -> str:
    """A UUID of 2, 4 or 16 bytes as it is sent, least byte first: 4 hex digits for the SIG's own, else 32."""
    if len(content) == 16 and content.startswith(BASE):
        content = content[12:]
    if len(content) == 4 and content.endswith(bytes(2)):
        content = content[:2]
    if len(content) == 4:
        content = BASE + content
    text = content[::-1].hex()
    if len(text) != 32:
        return text
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
