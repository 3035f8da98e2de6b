"""Zip archives, read in memory and within bounds: members by name, and what one unpacks to.

Python's own reader takes the whole directory into memory before one can say no, and loads a codec for old
names, which a confined child cannot. A name that occurs twice is an error: others might read the other one.
"""

import zlib

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import NotThis, View

MAGIC = b"PK\x03\x04"
DIRECTORY, END = b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED = 0, 8
LOCKED, SIZES_FOLLOW = 0x01, 0x08  # flags
LONGEST_COMMENT = 0xFFFF


class Member(Record, frozen=True):
    """One file in it. at: of its local header."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int


class Archive(Record, frozen=True):
    """length: up to the end of the directory. whole: that there is one; else, what members there are."""

    members: dict[str, Member]
    length: int
    whole: bool


def archive(view: View, most: int) -> Archive:
    """The members, at most so many. Raises NotThis."""
    tail = max(0, len(view) - LONGEST_COMMENT - 22)
    at = bytes(view.content[tail:]).rfind(END)
    if at < 0 or tail + at + 22 > len(view):
        return Archive(walked(view, most), len(view) + 1, False)
    at += tail
    number, count, size, start, comment = view.numbers("<HHIIH", at + 8)
    if number != count or count > most or start + size != at or at + 22 + comment > len(view):
        raise NotThis
    members: dict[str, Member] = {}
    place = start
    for _ in range(count):
        member, place = listed(view, place)
        add(members, member)
    return Archive(members, at + 22 + comment, True)


def add(members: dict[str, Member], member: Member) -> None:
    """Note one more."""
    if member.name in members:
        raise NotThis
    members[member.name] = member


def listed(view: View, at: int) -> tuple[Member, int]:
    """One entry of the directory, and where the next one is."""
    if view.take(at, 4) != DIRECTORY:
        raise NotThis
    flags, method, _, crc, packed, size, name, extra, comment = view.numbers("<HHIIIIHHH", at + 8)
    (local,) = view.numbers("<I", at + 42)
    text = view.take(at + 46, name).decode("utf-8", "replace")
    return Member(text, flags, method, crc, packed, size, local), at + 46 + name + extra + comment


def walked(view: View, most: int) -> dict[str, Member]:
    """The members of an archive that is cut off: from one to the next, if they say how long they are."""
    members: dict[str, Member] = {}
    at = 0
    try:
        while len(members) < most and view.take(at, 4) == MAGIC:
            flags, method, _, crc, packed, size, name, extra = view.numbers("<HHIIIIHH", at + 6)
            text = view.take(at + 30, name).decode("utf-8", "replace")
            add(members, Member(text, flags, method, crc, packed, size, at))
            if flags & SIZES_FOLLOW:
                break
            at += 30 + name + extra + packed
    except NotThis:
        pass  # this is where it is cut off
    return members


def unpacked(view: View, member: Member, most: int) -> tuple[bytes, bool]:
    """What a member of at most so many bytes holds, and whether its check sum is right."""
    if member.flags & LOCKED or member.size > most or view.take(member.at, 4) != MAGIC:
        raise NotThis
    name, extra = view.numbers("<HH", member.at + 26)
    packed = view.take(member.at + 30 + name + extra, member.packed)
    if member.method == DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            packed = stream.decompress(packed, member.size + 1)
        except zlib.error:
            raise NotThis from None
    elif member.method != STORED:
        raise NotThis
    if len(packed) != member.size:
        raise NotThis
    return packed, zlib.crc32(packed) == member.crc
