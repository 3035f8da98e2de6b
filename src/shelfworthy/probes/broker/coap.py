"""CoAP over UDP, as much of it as a stranger needs: RFC 7252, blocks of RFC 7959, lists of links of RFC 6690.

Our own because a client library resolves names, opens sockets and keeps payloads by itself.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from msgspec import Struct

CONFIRMABLE, NON_CONFIRMABLE, ACKNOWLEDGEMENT, RESET = range(4)  # section 3
GET = 1
EMPTY = 0
RESPONSES = frozenset("245")  # classes of codes, section 5.9
URI_PATH, URI_QUERY, BLOCK2, SIZE2 = 11, 15, 23, 28
LONGEST_SIZE = 4  # bytes of the number in Size2, RFC 7959, section 4
SIXTEEN_BYTES = 0  # the smallest block there is, RFC 7959, section 2.2
PAYLOAD = 0xFF
BAD_OPTION = "4.02"
NEEDS_LOGIN = frozenset({"4.01", "4.03"})  # section 5.9.2: unauthorized, forbidden
# A text that does not end is one to the end of the list: else each of its quotes would be tried as another.
LINK = re.compile(r'"(?:\\.|[^"\\])*(?:"|\\?\Z)|<([^<>"]{0,255})>', re.DOTALL)


class Message(Struct, frozen=True):
    """What came. code: `2.05`; "" for none. block: (number, more to come, size exponent) of Block2, or None.

    whole: bytes of the whole content where the server told (Size2), else -1.
    """

    type: int
    number: int
    code: str
    token: bytes
    block: tuple[int, bool, int] | None
    whole: int
    payload: bytes


def get(path: str, number: int, token: bytes, block: tuple[int, int] | None = None) -> bytes:
    """A confirmable GET. block: (number, size exponent) of the block that is wanted."""
    names, _, query = path.partition("?")
    options = [(URI_PATH, unquote_to_bytes(name)) for name in names.split("/")[1:] if name or names != "/"]
    options += [(URI_QUERY, unquote_to_bytes(part)) for part in query.split("&") if part]
    if block is not None:
        options += [(BLOCK2, _uint(block[0] << 4 | block[1])), (SIZE2, b"")]
    head = bytes([0x40 | CONFIRMABLE << 4 | len(token), GET]) + number.to_bytes(2, "big")
    return head + token + b"".join(_options(options))


def acknowledge(number: int) -> bytes:
    """That a confirmable message came, section 4.2."""
    return bytes([0x40 | ACKNOWLEDGEMENT << 4, EMPTY]) + number.to_bytes(2, "big")


def read(datagram: bytes) -> Message:
    """A message, section 3. Raises ValueError."""
    if len(datagram) < 4 or datagram[0] >> 6 != 1 or (datagram[0] & 15) > 8:
        raise ValueError("no CoAP")
    at = 4 + (datagram[0] & 15)
    if len(datagram) < at:
        raise ValueError("a token cut short")
    options, payload = _content(datagram[at:])
    block, size = options.get(BLOCK2), options.get(SIZE2)
    exponent = None if block is None else int.from_bytes(block, "big")
    code = datagram[1]
    return Message(
        type=datagram[0] >> 4 & 3,
        number=int.from_bytes(datagram[2:4], "big"),
        code=f"{code >> 5}.{code & 31:02}" if code else "",
        token=datagram[4:at],
        block=None if exponent is None else (exponent >> 4, bool(exponent & 8), exponent & 7),
        whole=int.from_bytes(size, "big") if size is not None and len(size) <= LONGEST_SIZE else -1,
        payload=payload,
    )


def links(listing: str) -> Iterator[str]:
    """The targets of a list of links, RFC 6690, section 2."""
    for found in LINK.finditer(listing):
        if found[1] is not None:
            yield found[1]


def _options(options: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """Section 3.1, for options in their order."""
    before = 0
    for number, value in options:
        (delta, more), (length, longer) = _nibble(number - before), _nibble(len(value))
        yield bytes([delta << 4 | length]) + more + longer + value
        before = number


def _nibble(number: int) -> tuple[int, bytes]:
    if number < 13:
        return number, b""
    if number < 269:
        return 13, bytes([number - 13])
    return 14, (number - 269).to_bytes(2, "big")


def _content(rest: bytes) -> tuple[dict[int, bytes], bytes]:
    """Options (the last of each number) and payload. Raises ValueError."""
    found: dict[int, bytes] = {}
    at = number = 0
    while at < len(rest):
        if rest[at] == PAYLOAD:
            return found, rest[at + 1 :]
        first, at = rest[at], at + 1
        delta, at = _extended(first >> 4, rest, at)
        length, at = _extended(first & 15, rest, at)
        number += delta
        if at + length > len(rest):
            raise ValueError("an option cut short")
        found[number] = rest[at : at + length]
        at += length
    return found, b""


def _extended(nibble: int, rest: bytes, at: int) -> tuple[int, int]:
    size = {13: 1, 14: 2}.get(nibble, 0)
    if nibble == 15 or at + size > len(rest):
        raise ValueError("an option of no length")
    if not size:
        return nibble, at
    return int.from_bytes(rest[at : at + size], "big") + (13 if size == 1 else 269), at + size


def _uint(number: int) -> bytes:
    """Section 3.2: without leading zeros, so zero is nothing."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
