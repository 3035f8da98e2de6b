"""MQTT 3.1.1 and 5 (OASIS), as much of them as a stranger needs: join, subscribe, listen.

Our own because a client library resolves names, opens sockets and keeps payloads by itself. Section numbers
are those of MQTT 5 where not said otherwise; 3.1.1 has the same.
"""

import secrets
from collections.abc import Iterator

from shelfworthy.probes.broker.frames import Frame

CONNACK, PUBLISH, SUBACK, DISCONNECT = 2, 3, 9, 14  # section 2.1.2
FROM_SERVER = frozenset({CONNACK, PUBLISH, 4, 5, 6, 7, SUBACK, 11, 13, DISCONNECT, 15})
LEVELS = {"3.1.1": 4, "5": 5}  # section 3.1.2.2
KEEP_ALIVE = 30  # seconds
RETAIN = 1  # flag of PUBLISH
REFUSED = 0x80  # section 2.4: from here on a reason code says no
# Of those the one for want of rights, section 3.9.3. 3.1.1 has no other; 5 has others for what a broker
# cannot do (0xA2: wildcards), or cannot do now (0x97: quota).
NO_RIGHT = {"3.1.1": 0x80, "5": 0x87}
# Section 3.2.2.3 of 3.1.1, and section 2.4: bad user name or password, not authorised.
NEEDS_LOGIN = {"3.1.1": frozenset({4, 5}), "5": frozenset({0x86, 0x87, 0x8C})}


def measure(begins: bytes) -> tuple[int, int] | None:
    """The sizes of a packet, section 2.1. Raises ValueError if a server sends no such thing."""
    if not begins:
        return None
    if begins[0] >> 4 not in FROM_SERVER:
        raise ValueError("no packet of a server")
    number = _variable(begins, 1)
    return None if number is None else (1 + number[1], number[0])


def connect(version: str, user: str = "", password: str = "") -> bytes:
    """CONNECT with a clean start, section 3.1; without user name and password if there is no user.

    The client's name is new every time: with one in use we would throw its owner out.
    """
    flags, fields = 0x02, _text("audit" + secrets.token_hex(8))
    if user:
        flags |= 0xC0
        fields += _text(user) + _text(password)
    head = _text("MQTT") + bytes([LEVELS[version], flags]) + KEEP_ALIVE.to_bytes(2, "big")
    return _packet(0x10, head + _properties(version) + fields)


def subscribe(version: str, number: int, topics: str) -> bytes:
    """SUBSCRIBE to one filter, at most once delivered, section 3.8."""
    return _packet(0x82, number.to_bytes(2, "big") + _properties(version) + _text(topics) + b"\0")


def kind(packet: Frame) -> int:
    """Of a packet, section 2.1.2."""
    return packet.head[0] >> 4


def joined(packet: Frame) -> int:
    """The code of a CONNACK, section 3.2.2. Raises ValueError if it is none."""
    if kind(packet) != CONNACK or len(packet.body) < 2:
        raise ValueError("no CONNACK")
    return packet.body[1]


def subscribed(packet: Frame) -> tuple[int, int]:
    """(number, code) of a SUBACK for one filter, section 3.9. Raises ValueError."""
    if len(packet.body) < 3 or packet.length != len(packet.body):
        raise ValueError("SUBACK cut short")
    return int.from_bytes(packet.body[:2], "big"), packet.body[-1]


def granted(version: str, number: int) -> bool | None:
    """What the code of a SUBACK says; None if it says no for another reason than want of rights."""
    if number < REFUSED:
        return True
    return False if number == NO_RIGHT[version] else None


def published(version: str, packet: Frame) -> tuple[str, int, bool]:
    """(topic, bytes of payload, retained) of a PUBLISH, section 3.3. Raises ValueError."""
    length = int.from_bytes(packet.body[:2], "big")
    end = 2 + length
    if len(packet.body) < end:
        raise ValueError("PUBLISH cut short")
    topic = packet.body[2:end].decode(errors="replace")
    end += 2 if packet.head[0] & 0x06 else 0  # its number, if it wants to be acknowledged
    if version == "5":
        properties = _variable(packet.body, end)
        if properties is None:
            raise ValueError("PUBLISH cut short")
        end += properties[0] + properties[1]
    if end > packet.length:
        raise ValueError("PUBLISH cut short")
    return topic, packet.length - end, bool(packet.head[0] & RETAIN)


def code(version: str, number: int) -> str:
    """As the two versions write theirs: `5`, `0x87`."""
    return str(number) if version == "3.1.1" else f"0x{number:02x}"


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + bytes(_length(len(body))) + body


def _properties(version: str) -> bytes:
    """None; 3.1.1 has no place for them."""
    return b"\0" if version == "5" else b""


def _text(text: str) -> bytes:
    return len(text.encode()).to_bytes(2, "big") + text.encode()


def _length(number: int) -> Iterator[int]:
    """Section 1.5.5: seven bits a byte, the lowest first."""
    while number > 0x7F:
        yield number & 0x7F | 0x80
        number >>= 7
    yield number


def _variable(content: bytes, at: int) -> tuple[int, int] | None:
    """(number, bytes it takes), section 1.5.5; None if it is not whole. Raises ValueError over four bytes."""
    number = 0
    for place, byte in enumerate(content[at : at + 4]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number, place + 1
    if len(content) >= at + 4:
        raise ValueError("a length of more than four bytes")
    return None
