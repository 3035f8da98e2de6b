"""A judgement's text, packed. Its findings are most of it and the same on every day: they are packed once.

What is packed is one stream of zlib (RFC 1950) of three blocks, and read by whoever reads that.
"""

import struct
import zlib

from shelfworthy.model import Record

FAST = 1
BEGINS = b"\x78\x01"  # a stream of zlib that looks back as far as it may
RAW = -zlib.MAX_WBITS  # a stream without beginning and end, to stand within another


class Written(Record, frozen=True):
    """Findings as every judgement has them. text: in canonical form. block: the same, packed."""

    text: bytes
    block: bytes


def written(findings: bytes) -> Written:
    """Findings in canonical form, with their block."""
    packing = zlib.compressobj(wbits=RAW)
    return Written(text=findings, block=packing.compress(findings) + packing.flush(zlib.Z_SYNC_FLUSH))


def packed(text: bytes, findings: Written | None = None) -> bytes:
    """A judgement's text, packed. findings: its own, if they were written before."""
    if findings is None:
        return zlib.compress(text, FAST)
    before, found, after = text.partition(findings.text)
    assert found
    packing = zlib.compressobj(FAST, wbits=RAW)
    ends = packing.compress(after) + packing.flush()
    return b"".join((BEGINS, _as_it_is(before), findings.block, ends, zlib.adler32(text).to_bytes(4, "big")))


def _as_it_is(text: bytes) -> bytes:
    """The block of a short text that is not worth packing (RFC 1951, section 3.2.4)."""
    return struct.pack("<BHH", 0, len(text), len(text) ^ 0xFFFF) + text
