"""AMQP 0-9-1, as much of it as a stranger needs. Section numbers are those of its specification.

Our own because a client library resolves names, opens sockets and keeps message bodies by itself.
"""

import re
import struct
from collections.abc import Iterator

from msgspec import Struct

from shelfworthy.probes.broker.frames import Frame
from shelfworthy.probes.masking import masked

HEADER = b"AMQP\x00\x00\x09\x01"  # section 4.2.2
METHOD, CONTENT, BODY, HEARTBEAT = 1, 2, 3, 8  # section 4.2.3
END = b"\xce"

START, START_OK, TUNE, TUNE_OK = (10, 10), (10, 11), (10, 30), (10, 31)
OPEN, OPEN_OK, CLOSE = (10, 40), (10, 41), (10, 50)
CHANNEL_OPEN, CHANNEL_OPEN_OK, CHANNEL_CLOSE = (20, 10), (20, 11), (20, 40)
DECLARE, DECLARE_OK, BIND, BIND_OK = (50, 10), (50, 11), (50, 20), (50, 21)
CONSUME, CONSUME_OK, DELIVER = (60, 20), (60, 21), (60, 60)

ACCESS_REFUSED = 403
LONGEST_FRAME = 1 << 16  # bytes we are ready for; a message that is longer comes in several
EXCLUSIVE_AUTO_DELETE = 0x0C
NO_ACK = 0x02
VERSION = re.compile(r"[0-9A-Za-z.+-]{1,32}")
MECHANISM = re.compile(r"[A-Z0-9_-]{1,32}")
# Bytes of a field's value by its type, section 4.2.5.5 and what RabbitMQ makes of it; -1: four bytes of
# length.
SIZES = {
    **dict.fromkeys("tbB", 1),
    **dict.fromkeys("sUu", 2),
    **dict.fromkeys("Iif", 4),
    **dict.fromkeys("lLdT", 8),
    **dict.fromkeys("SxAF", -1),
    "D": 5,
    "V": 0,
}


class Introduction(Struct, frozen=True):
    """How a broker introduces itself to anyone: `Connection.Start`."""

    product: str
    mechanisms: tuple[str, ...]


def measure(begins: bytes) -> tuple[int, int] | None:
    """The sizes of a frame, its end counted to the body, or of a protocol header. Raises ValueError."""
    if begins[:4] == b"AMQP"[: len(begins)]:
        return (8, 0) if len(begins) >= 8 else None
    if begins[0] not in (METHOD, CONTENT, BODY, HEARTBEAT):
        raise ValueError("no frame")
    return (7, int.from_bytes(begins[3:7], "big") + 1) if len(begins) >= 7 else None


def method(channel: int, name: tuple[int, int], arguments: bytes) -> bytes:
    """A frame with a method."""
    body = struct.pack("!HH", *name) + arguments
    return struct.pack("!BHI", METHOD, channel, len(body)) + body + END


def start_ok(mechanism: str, response: bytes) -> bytes:
    """The answer to `Connection.Start`. It asks for a refusal in words instead of a hang-up."""
    able = short("authentication_failure_close") + b"t\x01"
    properties = short("capabilities") + b"F" + long(able)
    return method(0, START_OK, long(properties) + short(mechanism) + long(response) + short("en_US"))


def named(frame: Frame) -> tuple[int, int]:
    """Which method a frame holds, (0, 0) if it holds none."""
    if frame.head[0] != METHOD or len(frame.body) < 4:
        return (0, 0)
    first, second = struct.unpack("!HH", frame.body[:4])
    return first, second


def introduction(frame: Frame) -> Introduction:
    """Out of `Connection.Start`, section 1.4.2.1 of the reference. Raises ValueError, struct.error."""
    table, at = _long(frame.body, 6)
    offered, _ = _long(frame.body, at)
    told = dict(_fields(table))
    product = masked(told.get("product", ""))
    version = told.get("version", "")
    return Introduction(
        product=f"{product} {version}".strip() if VERSION.fullmatch(version) else product,
        mechanisms=tuple(
            word for word in offered.decode(errors="replace").split()[:20] if MECHANISM.fullmatch(word)
        ),
    )


def tuned(frame: Frame) -> bytes:
    """Channels, bytes of a frame, seconds between heartbeats: as `Connection.Tune` wishes, but short frames.

    No number of bytes means no limit (section 1.4.2.5 of the reference). Raises struct.error.
    """
    channels, longest, pause = struct.unpack_from("!HIH", frame.body, 4)
    return struct.pack("!HIH", channels, min(longest or LONGEST_FRAME, LONGEST_FRAME), pause)


def closed(frame: Frame) -> str:
    """The code of `Connection.Close` or `Channel.Close`. Its text is not kept."""
    return str(int.from_bytes(frame.body[4:6], "big"))


def delivered(frame: Frame) -> str:
    """The routing key out of `Basic.Deliver`. Raises ValueError."""
    _, at = _short(frame.body, 4)
    _, at = _short(frame.body, at + 9)
    key, _ = _short(frame.body, at)
    return key.decode(errors="replace")


def body_size(frame: Frame) -> int:
    """Of a message, out of its content header, section 4.2.6.1. Raises struct.error."""
    size: int = struct.unpack_from("!Q", frame.body, 4)[0]
    return size


def queue(frame: Frame) -> str:
    """The name the broker gave our queue. Raises ValueError."""
    name, _ = _short(frame.body, 4)
    return name.decode(errors="replace")


def short(text: str) -> bytes:
    """A short string, section 4.2.5.3."""
    return bytes([len(text.encode())]) + text.encode()


def long(content: bytes) -> bytes:
    """A long string or a table."""
    return len(content).to_bytes(4, "big") + content


def _fields(table: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a table; everything else is passed over. Raises ValueError."""
    at = 0
    while at < len(table):
        name, at = _short(table, at)
        size = SIZES.get(chr(table[at])) if at < len(table) else None
        if size is None:
            raise ValueError("a field of unknown type")
        if size >= 0:
            at += 1 + size
            continue
        value, end = _long(table, at + 1)
        if table[at] == ord("S"):
            yield name.decode(errors="replace"), value.decode(errors="replace")
        at = end


def _short(content: bytes, at: int) -> tuple[bytes, int]:
    if at >= len(content) or at + 1 + content[at] > len(content):
        raise ValueError("a text cut short")
    end = at + 1 + content[at]
    return content[at + 1 : end], end


def _long(content: bytes, at: int) -> tuple[bytes, int]:
    end = at + 4 + int.from_bytes(content[at : at + 4], "big")
    if end > len(content) or at + 4 > len(content):
        raise ValueError("a text cut short")
    return content[at + 4 : end], end
