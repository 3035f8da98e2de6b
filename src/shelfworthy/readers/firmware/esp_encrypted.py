"""What Espressif's update component takes encrypted: AES-GCM, its key wrapped for a key that devices share.

Whoever has the public half can make one, so this keeps what lies inside secret and proves nothing about it.
"""

from shelfworthy.readers.firmware.format import Format, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

MAGIC = b"\xcf\xb6\x88\x07"
HEADER = 512
LONGEST = 1 << 26


def parse(view: View, keys: Keys) -> Parsed:
    """One image: mark, wrapped key, start value, length, tag, and room."""
    size = view.number("<I", 4 + 384 + 16)
    if not 0 < size <= LONGEST:
        raise NotThis
    return Parsed(length=HEADER + size, sum="not computed", sum_by="AES-GCM", encrypted="yes", opaque=True)


ESP_ENCRYPTED = Format(name="esp-encrypted", starts=((0, MAGIC),), parse=parse)
