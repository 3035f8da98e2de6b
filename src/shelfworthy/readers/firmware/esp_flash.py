"""The whole flash of an ESP32, as tools merge it: boot loader, table of partitions, and what lies in them."""

from hashlib import md5

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Sum

TABLE, ENTRY, MOST = 0x8000, 32, 95  # where the table lies, bytes of an entry, and how many there may be
MAGIC, SUMMED = b"\xaa\x50", b"\xeb\xeb"
BOOT_LOADERS = (
    0x1000,
    0x0000,
    0x2000,
)  # the first of the ESP32 and the S2, the last of the P4 and C5
APPLICATION = 0
IMAGE = b"\xe9"


class Partition(Record, frozen=True):
    """One entry."""

    kind: int
    at: int
    size: int
    label: str


def parse(view: View, keys: Keys) -> Parsed:
    """What such a file is as a whole nobody signs: the parts are signed."""
    partitions, sum_ = table(view)
    last = max(one.at + one.size for one in partitions)
    begins = [at for at in BOOT_LOADERS if bytes(view.slice(at, 1).content) == IMAGE]
    inside = [Inside("boot loader", at, view.slice(at, TABLE - at)) for at in begins[:1]]
    inside += [
        Inside(one.label, one.at, view.slice(one.at, one.size))
        for one in partitions
        if one.kind == APPLICATION
    ]
    return Parsed(
        length=min(last, len(view)),  # what was never written is left out of a merged file
        sum=sum_,
        sum_by="MD5 of the table" if sum_ != "none" else "",
        opaque=True,
        inside=tuple(inside),
    )


def table(view: View) -> tuple[list[Partition], Sum]:
    """The partitions, and whether the table's check sum is right. Raises NotThis."""
    found: list[Partition] = []
    at = TABLE
    for _ in range(MOST):
        mark, kind, _, start, size, label = view.numbers("<2sBBII16s", at)
        if mark == SUMMED:
            made = md5(view.take(TABLE, at - TABLE), usedforsecurity=False).digest()
            return checked(found), "right" if made == view.take(at + 16, 16) else "wrong"
        if mark != MAGIC:
            break
        if start <= TABLE or not size:
            raise NotThis
        found.append(Partition(kind, start, size, label.split(b"\0")[0].decode("ascii", "replace")))
        at += ENTRY
    return checked(found), "none"


def checked(partitions: list[Partition]) -> list[Partition]:
    """The same, if there is one for an application."""
    if not any(one.kind == APPLICATION for one in partitions):
        raise NotThis
    return partitions


ESP_FLASH = Format(name="esp-flash", starts=((TABLE, MAGIC),), parse=parse)
