"""Files that are much larger once they are unpacked."""

import struct
import zlib
from functools import cache

BLOCK = 1 << 20


@cache
def gzip_of_zeros(mebibytes: int) -> bytes:
    """So many MiB of zeros as one gzip member (RFC 1952), about a thousandth of that.

    A block after a full flush depends on nothing before it, so it is packed once.
    """
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(wbits=-15).flush()
    check = 0
    for _ in range(mebibytes):
        check = zlib.crc32(bytes(BLOCK), check)
    size = (mebibytes * BLOCK) & 0xFFFF_FFFF
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + block * mebibytes + end + struct.pack("<II", check, size)
