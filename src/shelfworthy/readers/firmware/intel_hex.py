"""Intel HEX: lines of text with address, bytes and a check sum; and what they decode to.

The content is what lies at one address after another. A small gap is what a linker leaves to align things;
erased flash reads as FF there. What lies further apart is looked into by itself.
"""

from binascii import Error, unhexlify

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

DATA, END, SEGMENT, START, LINEAR, ENTRY = range(6)  # kinds of records
LONGEST = 16 << 20  # bytes of text
GAP = 256  # bytes that are filled
MOST = 64  # runs that are looked into


class Lines(Record, frozen=True):
    """What the lines came to. length: of the text. runs: bytes and the address of the first one."""

    length: int
    ended: bool
    right: bool
    runs: list[tuple[int, bytearray]]


def parse(view: View, keys: Keys) -> Parsed:
    """One file, up to its last record or the first line that is none."""
    text = bytes(view.content[:LONGEST])
    record(text[: text.find(b"\n") + 1 or None].strip())
    told = lines(text)
    if not told.runs:
        raise NotThis
    return Parsed(
        length=told.length if told.ended else len(view) + 1,
        sum="right" if told.right else "wrong",
        sum_by="check sum of each line",
        opaque=True,
        whole=told.ended,
        inside=tuple(
            Inside(f"0x{address:08x}", -1, View(memoryview(content)), searched=True)
            for address, content in told.runs[:MOST]
        ),
    )


def lines(text: bytes) -> Lines:
    """Every record up to the one that says it is the last."""
    runs: list[tuple[int, bytearray]] = []
    base, at, right, ended = 0, 0, True, False
    while at < len(text) and not ended:
        end = text.find(b"\n", at) + 1 or len(text)
        try:
            kind, address, content, fits = record(text[at:end].strip())
        except NotThis:
            if text[at:end].strip():
                break
            kind, address, content, fits = START, 0, b"", True
        at, right, ended = end, right and fits, kind == END
        if kind == DATA:
            add(runs, base + address, content)
        elif kind in (SEGMENT, LINEAR):
            base = int.from_bytes(content, "big") << (4 if kind == SEGMENT else 16)
    return Lines(at, ended, right, runs)


def record(line: bytes) -> tuple[int, int, bytes, bool]:
    """Kind, address and content of one, and whether its check sum is right. Raises NotThis."""
    if line[:1] != b":":
        raise NotThis
    try:
        told = unhexlify(line[1:])
    except Error:
        raise NotThis from None
    if (
        len(told) < 5
        or len(told) != told[0] + 5
        or told[3] > ENTRY
        or (told[3] in (SEGMENT, LINEAR) and told[0] != 2)
    ):
        raise NotThis
    return told[3], int.from_bytes(told[1:3], "big"), told[4:-1], not sum(told) & 0xFF


def add(runs: list[tuple[int, bytearray]], address: int, content: bytes) -> None:
    """Put bytes to the last run, or begin another one."""
    if runs:
        first, run = runs[-1]
        gap = address - first - len(run)
        if 0 <= gap <= GAP:
            run += b"\xff" * gap + content
            return
    runs.append((address, bytearray(content)))


INTEL_HEX = Format(name="intel-hex", starts=((0, b":"),), parse=parse)
