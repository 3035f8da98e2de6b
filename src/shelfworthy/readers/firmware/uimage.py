"""U-Boot's legacy images: a header of 64 bytes with two check sums. Nothing in them can sign."""

from zlib import crc32

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, text
from shelfworthy.readers.firmware.keys import Keys

MAGIC = b"\x27\x05\x19\x56"
HEADER = 64
# Type: our word for it. What others hold may be wrapped again.
TYPES = {
    1: "standalone program",
    2: "kernel",
    3: "RAM disk",
    4: "several files",
    5: "firmware",
    6: "script",
    7: "file system",
    8: "device tree",
    14: "kernel",
}
PLAIN = frozenset({2, 3, 4, 6, 7, 8, 14})
SEVERAL, SCRIPT = 4, 6
HIGHEST = 64  # of the numbers for operating system, architecture, type and compression
MOST = 32  # files in one


def parse(view: View, keys: Keys) -> Parsed:
    """One image. Its header counts as one if its sum is right, or all else in it may be."""
    _, header_sum, _, size, _, _, data_sum, system, architecture, kind, packed = view.numbers(">7I4B", 0)
    name = view.take(32, 32).rstrip(b"\0")
    head = view.take(0, 4) + bytes(4) + view.take(8, HEADER - 8)
    right = crc32(head) == header_sum
    usual = kind in TYPES and packed < 8 and max(system, architecture) < HIGHEST
    if not size or not (right or (usual and all(0x20 <= byte < 0x7F for byte in name))):
        raise NotThis
    whole = HEADER + size <= len(view)
    content = view.slice(HEADER, size)
    right &= not whole or crc32(content.content) == data_sum
    return Parsed(
        length=HEADER + size,
        sum="wrong" if not right else "right" if whole else "not computed",
        sum_by="CRC-32",
        opaque=kind not in PLAIN,
        version=f"{text(name)} ({TYPES.get(kind, f'type {kind}')})".strip(),
        whole=whole,
        inside=tuple(files(content)) if kind in (SEVERAL, SCRIPT) else (payload(content, packed),),
    )


def payload(content: View, packed: int) -> Inside:
    """The one file that an image holds."""
    return Inside("payload", HEADER, content, searched=not packed)


def sizes(content: View) -> list[int]:
    """How long the files of an image with several are: a list that ends with zero."""
    found: list[int] = []
    while len(found) < MOST and 4 * len(found) + 4 <= len(content):
        size = content.number(">I", 4 * len(found))
        if not size:
            break
        found.append(size)
    return found


def files(content: View) -> list[Inside]:
    """The files of an image with several: behind the list of their lengths, each from a word on."""
    told = sizes(content)
    at, found = 4 * len(told) + 4, []
    for number, size in enumerate(told):
        if at < len(content):
            found.append(Inside(f"file {number}", HEADER + at, content.slice(at, size)))
        at += (size + 3) & ~3
    return found


UIMAGE = Format(name="u-boot-legacy", starts=((0, MAGIC),), parse=parse, searched=True)
