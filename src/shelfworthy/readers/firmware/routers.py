"""Headers that makers of home routers put before their images: check sums only, no place for a signature.

Whether a maker hid one in what TP-Link's header leaves free shows in its bytes not being free.
"""

from hashlib import md5
from itertools import accumulate
from zlib import crc32

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, text
from shelfworthy.readers.firmware.keys import Keys

TRX_MAGIC, TRX_PARTS = b"HDR0", {1: 3, 2: 4}  # version: partitions it can name
CODE_HEADER, CODE_MARK = 32, b"U2ND"
CHK_MAGIC, CHK_HEADER = b"\x2a\x23\x24\x5e", 40
SEAMA_MAGIC = b"\x5e\xa3\xa4\x17"
TP_LINK, TP_LINK_HEADER, TP_LINK_SUM = b"\x01\x00\x00\x00TP-LINK Technologies", 512, 0x4C
SALTS = tuple(
    bytes.fromhex(one) for one in ("dcd73aa5c39598fbddf9e7f40eae4738", "8cef335bd5c5cefaa79c28dab2e90f42")
)
LARGEST = 1 << 26
MOST = 16


def trx(view: View, keys: Keys) -> Parsed:
    """Broadcom's: up to four parts behind each other."""
    length, sum_, version = view.numbers("<IIxxH", 4)
    if version not in TRX_PARTS or not 28 <= length <= LARGEST:
        raise NotThis
    starts = [at for at in view.numbers(f"<{TRX_PARTS[version]}I", 16) if 28 <= at < length]
    if not starts:
        raise NotThis
    whole = length <= len(view)
    made = crc32(view.content[12:length]) ^ 0xFFFFFFFF
    parts = zip(starts, [*starts[1:], length], strict=True)
    return Parsed(
        length=length,
        sum="not computed" if not whole else "right" if made == sum_ else "wrong",
        sum_by="CRC-32",
        version=f"{version}",
        whole=whole,
        inside=tuple(
            Inside(f"part {number}", start, view.slice(start, end - start))
            for number, (start, end) in enumerate(parts)
        ),
    )


def code(view: View, keys: Keys) -> Parsed:
    """Linksys' header before a TRX."""
    if view.take(CODE_HEADER, 4) != TRX_MAGIC:
        raise NotThis
    length = CODE_HEADER + view.number("<I", CODE_HEADER + 4)
    version = ".".join(map(str, view.take(11, 3)))
    inside = Inside("image", CODE_HEADER, view.slice(CODE_HEADER, length))
    return Parsed(length=length, version=f"{text(view.take(0, 4))} {version}", inside=(inside,))


def chk(view: View, keys: Keys) -> Parsed:
    """Netgear's: a kernel and a root file system, with sums of the header and of both."""
    head, *version = view.numbers(">I8B", 4)
    kernel, root, image_sum, header_sum = view.numbers(">IIII", 24)
    if not CHK_HEADER <= head <= CHK_HEADER + 64 or max(kernel, root) > LARGEST:
        raise NotThis
    length = head + kernel + root
    whole = length <= len(view)
    header = view.take(0, 36) + bytes(4) + view.take(CHK_HEADER, head - CHK_HEADER)
    right = netgear(header) == header_sum and (not whole or netgear(view.content[head:length]) == image_sum)
    return Parsed(
        length=length,
        sum="wrong" if not right else "right" if whole else "not computed",
        sum_by="Netgear's sum",
        version=f"{text(view.take(CHK_HEADER, head - CHK_HEADER))} {'.'.join(map(str, version[1:]))}",
        whole=whole,
        inside=(
            Inside("kernel", head, view.slice(head, kernel)),
            Inside("root file system", head + kernel, view.slice(head + kernel, root)),
        ),
    )


def netgear(content: bytes | memoryview) -> int:
    """The sum of bytes, and that of all sums on the way, each folded to 16 bits."""
    low, high = (folded(one & 0xFFFFFFFF) for one in (sum(content), sum(accumulate(content))))
    return high << 16 | low


def folded(number: int) -> int:
    """A number's halves added to each other, twice."""
    number = (number & 0xFFFF) + (number >> 16)
    return (number >> 16) + number & 0xFFFF


def seama(view: View, keys: Keys) -> Parsed:
    """D-Link's: entities one after the other; those with content have its MD5."""
    at, right = 0, True
    inside: list[Inside] = []
    while len(inside) < MOST and view.slice(at, 4).content == SEAMA_MAGIC:
        reserved, meta, size = view.numbers(">HHI", at + 4)
        if reserved or size > LARGEST:
            raise NotThis
        start = at + 12 + (16 if size else 0) + meta
        if size and start + size <= len(view):
            right &= md5(view.content[start : start + size], usedforsecurity=False).digest() == view.take(
                at + 12, 16
            )
        inside.append(Inside(text(view.take(start - meta, meta)) or "entity", start, view.slice(start, size)))
        at = start + size
    if not any(len(one.content) for one in inside):
        raise NotThis
    whole = at <= len(view)
    return Parsed(
        length=at,
        sum="wrong" if not right else "right" if whole else "not computed",
        sum_by="MD5",
        whole=whole,
        inside=tuple(one for one in inside if len(one.content)),
    )


def tp_link(view: View, keys: Keys) -> Parsed:
    """TP-Link's first: its MD5 is over all, with a secret that everybody knows in its own place."""
    length, kernel, kernel_size, root, root_size = view.numbers(">5I", 0x7C)
    if not TP_LINK_HEADER < length <= LARGEST or max(kernel, root) > length:
        raise NotThis
    whole = length <= len(view)
    stated = view.take(TP_LINK_SUM, 16)
    right = any(
        salted(view.content[:end], salt) == stated
        for end in {length, len(view)}
        if end <= len(view)
        for salt in SALTS
    )
    parts = (("kernel", kernel, kernel_size), ("root file system", root, root_size))
    return Parsed(
        length=length,
        sum="right" if right else "wrong" if length == len(view) else "not computed",
        sum_by="MD5 with a known salt",
        opaque=bool(view.take(0x9E, TP_LINK_HEADER - 0x9E).strip(b"\x00\xff")),
        version=text(view.take(0x1C, 36)),
        whole=whole,
        inside=tuple(
            Inside(name, at, view.slice(at, size)) for name, at, size in parts if at >= TP_LINK_HEADER
        ),
    )


def salted(content: memoryview, salt: bytes) -> bytes:
    """The MD5 of an image that has the salt where the sum will be."""
    made = md5(content[:TP_LINK_SUM], usedforsecurity=False)
    made.update(salt)
    made.update(content[TP_LINK_SUM + 16 :])
    return made.digest()


TRX = Format(name="trx", starts=((0, TRX_MAGIC),), parse=trx, searched=True)
LINKSYS = Format(name="linksys-code", starts=((14, CODE_MARK),), parse=code)
CHK = Format(name="netgear-chk", starts=((0, CHK_MAGIC),), parse=chk, searched=True)
SEAMA = Format(name="seama", starts=((0, SEAMA_MAGIC),), parse=seama, searched=True)
TP_LINK_V1 = Format(name="tp-link-v1", starts=((0, TP_LINK),), parse=tp_link, searched=True)
