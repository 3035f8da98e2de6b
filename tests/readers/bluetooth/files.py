"""The same session in every container and framing."""

import struct
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from tests.readers.bluetooth.on_air import Broken, Sent, Sniffer, records
from tests.readers.bluetooth.sessions import TOY

Framed = tuple[int, bytes]  # microseconds, content
EPOCH = 0x00DCDDB30F2F8000  # btsnoop counts from the year 0


def btsnoop(link: int, packets: Iterable[tuple[int, int, bytes]]) -> bytes:
    """packets: time, flags, content."""
    parts = [b"btsnoop\0" + struct.pack(">II", 1, link)]
    for at, flags, content in packets:
        parts.append(struct.pack(">IIIIq", len(content), len(content), flags, 0, at) + content)
    return b"".join(parts)


def pcap(link: int, packets: Iterable[Framed], order: str = "<", *, nano: bool = False) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    parts = [struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link)]
    for at, content in packets:
        seconds, part = divmod(at, 1_000_000)
        sizes = (len(content), len(content))
        parts.append(struct.pack(f"{order}IIII", seconds, part * (1000 if nano else 1), *sizes) + content)
    return b"".join(parts)


def block(kind: int, content: bytes, order: str = "<") -> bytes:
    content += bytes(-len(content) % 4)
    size = struct.pack(f"{order}I", len(content) + 12)
    return struct.pack(f"{order}I", kind) + size + content + size


def pcapng(link: int, packets: Iterable[Framed], order: str = "<") -> bytes:
    """With a clock of nanoseconds, a name block and a second interface nobody uses."""
    resolution = struct.pack(f"{order}HHB3xHH", 9, 1, 9, 0, 0)
    parts = [
        block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order),
        block(4, bytes(40), order),
        block(1, struct.pack(f"{order}HHI", link, 0, 0) + resolution, order),
        block(1, struct.pack(f"{order}HHI", 1, 0, 0), order),
    ]
    for at, content in packets:
        high, low = divmod(at * 1000, 1 << 32)
        head = struct.pack(f"{order}IIIII", 0, high, low, len(content), len(content))
        parts.append(block(6, head + content, order))
    return b"".join(parts)


def _hci(tape: bytes, framed: Callable[[int, bytes], bytes]) -> list[Framed]:
    return [(at - EPOCH, framed(flags, content)) for at, flags, content in records(tape)]


def _monitor(flags: int, content: bytes) -> int:
    return {1: 2, 4: 3, 2: 5 if flags & 1 else 4}[content[0]]


def _phdr(one: Sent) -> bytes:
    flags = 0x0001 | 0x0010 | 0x0400 | (0 if isinstance(one, Broken) else 0x0800)
    flags |= {None: 0, True: 2 << 7, False: 3 << 7}[one.central]
    return struct.pack("<BbbBIH", one.channel, -50, -90, 0, one.access, flags) + one.bytes


def _ppi(one: Sent) -> bytes:
    field = struct.pack("<BHBIbbbB", 0, 2402 + 2 * one.channel, 0, 0, -50, -60, -55, 1)
    return struct.pack("<BBHIHH", 0, 0, 24, 147, 30006, len(field)) + field + one.bytes


def _nordic(one: Sent, version: int) -> bytes:
    kind = 2 if one.central is None and version == 3 else 6
    flags = (not isinstance(one, Broken)) | (2 if one.central else 0)
    about = struct.pack("<BBBBHI", 10, flags, one.channel, 50, 0, 0)
    size = len(about) + len(one.bytes)
    lengths = struct.pack("<BB", 6, size) if version == 1 else struct.pack("<H", size)
    return b"\x09" + lengths + struct.pack("<BHB", version, 0, kind) + about + one.bytes


def _framed(air: Iterable[Sent], framed: Callable[[Sent], bytes]) -> list[Framed]:
    return [(one.at - EPOCH, framed(one)) for one in air]


def _h1(at: int, flags: int, content: bytes) -> tuple[int, int, bytes]:
    return at, flags, content[1:]


HOST: dict[str, Callable[[bytes], bytes]] = {
    "btsnoop": lambda tape: tape,
    "btsnoop, without type": lambda tape: btsnoop(1001, (_h1(*one) for one in records(tape))),
    "btsnoop, monitor": lambda tape: btsnoop(
        2001, ((at, 1 << 16 | _monitor(flags, one), one[1:]) for at, flags, one in records(tape))
    ),
    "pcap 187": lambda tape: pcap(187, _hci(tape, lambda flags, one: one)),
    "pcap 201": lambda tape: pcap(201, _hci(tape, lambda flags, one: struct.pack(">I", flags & 1) + one)),
    "pcap 254": lambda tape: pcap(
        254, _hci(tape, lambda flags, one: struct.pack(">HH", 1, _monitor(flags, one)) + one[1:])
    ),
    "pcapng 201": lambda tape: pcapng(201, _hci(tape, lambda flags, one: struct.pack(">I", flags & 1) + one)),
}


def connection(
    messages: Iterable[tuple[bytes, bool, int]], *, left: bool = False
) -> Iterator[tuple[int, int, bytes]]:
    """A host's recording in which these were said in one connection: content, by the device, channel."""
    device = bytes.fromhex(TOY.replace(":", ""))[::-1]
    yield 0, 3, b"\x04" + struct.pack("<BBBBHBB6sHHHB", 0x3E, 19, 1, 0, 1, 0, 1, device, 24, 0, 100, 0)
    for at, (message, by_device, channel) in enumerate(messages):
        handle = 1 | (0x2000 if by_device else 0)
        head = struct.pack("<HHHH", handle, len(message) + 4, len(message), channel)
        yield at, int(by_device), b"\x02" + head + message
    if left:
        yield 0, 3, b"\x04" + struct.pack("<BBBHB", 5, 4, 0, 1, 0x13)


# By name: the file that holds the air's packets in one framing.
FRAMED: dict[str, Callable[[Iterable[Sent]], bytes]] = {
    "pcap 251": lambda air: pcap(251, _framed(air, lambda one: one.bytes)),
    "pcap 256": lambda air: pcap(256, _framed(air, _phdr)),
    "pcap 256, big-endian, ns": lambda air: pcap(256, _framed(air, _phdr), ">", nano=True),
    "pcap 192": lambda air: pcap(192, _framed(air, _ppi)),
    "pcap 272": lambda air: pcap(272, _framed(air, lambda one: _nordic(one, 3))),
    "pcap 157": lambda air: pcap(157, _framed(air, lambda one: _nordic(one, 1))),
    "pcapng 251": lambda air: pcapng(251, _framed(air, lambda one: one.bytes)),
    "pcapng 256, big-endian": lambda air: pcapng(256, _framed(air, _phdr), ">"),
    "pcapng 272": lambda air: pcapng(272, _framed(air, lambda one: _nordic(one, 2))),
}


@cache
def in_form(tape: bytes, form: str, *, noise: bool = True) -> bytes:
    """A host's recording in one of the forms, as it is or as a sniffer would have had it."""
    if form in HOST:
        return HOST[form](tape)
    return FRAMED[form](Sniffer(noise=noise).heard(tape))


FORMS = (*HOST, *FRAMED)
