"""UEFI's capsules for firmware management (UEFI specification, "Firmware Management Protocol").

Each payload may begin with an authentication: a count that only goes up, and a PKCS #7 message over the
image and that count.
"""

import uuid

from shelfworthy.readers.firmware.cms_signatures import signatures
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, told_as
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Signature

CAPSULE = uuid.UUID("6dcbd5ed-e82d-4c44-bda1-7194199ad92a").bytes_le
PKCS7 = uuid.UUID("4aafd29d-68df-49ee-8aa9-347d375665a7").bytes_le
REVISION, WITH_GUID = 0x0200, 0x0EF1  # of WIN_CERTIFICATE
HEADERS = {1: 32, 2: 40, 3: 48}  # version of an image's header: its length
DEPENDENCIES = b"MSS1"  # a payload's own header, with its version
MOST = 32


def parse(view: View, keys: Keys) -> Parsed:
    """One capsule. What it cannot do without is there, or it is none."""
    head, _, length = view.numbers("<III", 16)
    if not 28 <= head <= 4096 or length < head + 8:
        raise NotThis
    version, drivers, payloads = view.numbers("<IHH", head)
    if version != 1 or not 0 < payloads <= MOST or drivers > MOST:
        raise NotThis
    offsets = view.numbers(f"<{drivers + payloads}Q", head + 8)
    whole = length <= len(view)
    rest = view.slice(head, length - head)
    inside = []
    for number, at in enumerate(offsets):
        if at < 8 + 8 * len(offsets):
            raise NotThis
        if at >= len(rest):
            continue
        part = rest.slice(at, len(rest))
        if number < drivers:
            end = offsets[number + 1] if number + 1 < len(offsets) else length - head
            one = Inside(f"driver {number}", head + at, part.slice(0, max(0, end - at)))
        else:
            one = payload(part, head + at, number - drivers, keys)
        inside.append(one)
    return Parsed(length=length, signs=True, whole=whole, inside=tuple(inside))


def payload(part: View, at: int, number: int, keys: Keys) -> Inside:
    """An image, with the signature over it."""
    layout, kind = part.numbers("<I16s", 0)
    size, vendor = part.numbers("<II", 24)
    if layout not in HEADERS:
        raise NotThis
    start = HEADERS[layout]
    image = part.slice(start, size)
    made, head, count = authentication(image, size, start, keys)
    content = image.slice(head, size - head)
    known = Parsed(
        format="uefi-fmp-image",
        length=start + size + vendor,
        signs=True,
        signatures=made,
        opaque=not made,
        version=f"{uuid.UUID(bytes_le=kind)}{revision(content)}",
        rollback=count,
        whole=len(image) == size,
        inside=(Inside("image", start + head, content, searched=True),),
    )
    return Inside(f"payload {number}", at, part.slice(0, start + size + vendor), format=told_as(known))


def authentication(image: View, size: int, start: int, keys: Keys) -> tuple[tuple[Signature, ...], int, str]:
    """The signatures over an image, how much of it they take up, and what counts it up."""
    if len(image) < 32:
        return (), 0, ""
    count, length, layout, kind, guid = image.numbers("<QIHH16s", 0)
    if (layout, kind, guid) != (REVISION, WITH_GUID, PKCS7) or not 24 < length <= size - 8:
        return (), 0, ""
    told = f"monotonic count {count}" if count else ""
    head, at = 8 + length, start + 32
    if len(image) < size:
        return (Signature("CMS", "image and count", "not understood", at, length - 24, "", ""),), head, told
    over = image.take(head, size - head) + image.take(0, 8)
    return signatures(image.take(32, length - 24), over, "image and count", at, keys), head, told


def revision(content: View) -> str:
    """The version that a payload's own header states."""
    if len(content) < 16 or content.take(0, 4) != DEPENDENCIES:
        return ""
    version, lowest = content.numbers("<II", 8)
    return f", version 0x{version:08x}, not older than 0x{lowest:08x}"


UEFI = Format(name="uefi-capsule", starts=((0, CAPSULE),), parse=parse, searched=True)
