"""JFFS2 for unblob, in this process: no program of Python's has to be found, and each check sum is looked at.

A log of nodes (Linux, `include/uapi/linux/jffs2.h`). Of nodes about the same thing the one with the highest
version counts. How long a JFFS2 is it does not say: one that is cut off between two nodes looks whole, unless
a name is left whose file is missing.
"""

import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from lzallright import LZOCompressor, LZOError
from unblob.file_utils import File, FileSystem
from unblob.handlers.filesystem.jffs2 import JFFS2NewHandler, JFFS2OldHandler
from unblob.models import Extractor, ExtractResult, ValidChunk

from shelfworthy.readers.firmware.contents.damage import Damaged
from shelfworthy.readers.firmware.contents.inodes import LARGEST, Entry, Inode, write

MAGICS = {b"\x19\x85": ">", b"\x85\x19": "<", b"\x19\x84": ">", b"\x84\x19": "<"}
ACCURATE, KINDS = 0x2000, 0x1FFF  # a node without this flag was given up
DIRENT, INODE = 0xE001 & KINDS, 0xE002 & KINDS
HEAD, DIRENT_LENGTH, INODE_LENGTH = 12, 40, 68
ROOT = 1
LONGEST_PIECE = 1 << 20  # bytes of a file that one node may hold; Linux writes a page
WRITTEN = re.compile(rb"[^\0\xff]")


class Piece(NamedTuple):
    """Some bytes of a file. size: of the file, from here on; content: packed."""

    version: int
    mode: int
    size: int
    at: int
    length: int
    packer: int
    content: bytes


def summed(content: bytes) -> int:
    """JFFS2's check sum: CRC-32 without turning bits over at either end."""
    return zlib.crc32(content, 0xFFFF_FFFF) ^ 0xFFFF_FFFF


class Log:
    """All nodes of one JFFS2. whole: that each could be read."""

    def __init__(self, content: bytes) -> None:
        self.whole = True
        self.entries: dict[tuple[int, bytes], tuple[int, int]] = {}  # where: version, inode
        self.pieces: dict[int, list[Piece]] = {}
        self._order = MAGICS.get(content[:2], "<")
        for kind, node in self._nodes(content):
            if kind == DIRENT:
                self._entry(node)
            elif kind == INODE:
                self._piece(node)

    def _nodes(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        head = Struct(self._order + "2sHII")
        at, end = 0, len(content)
        while (at := written(content, at)) + HEAD <= end:
            magic, kind, length, said = head.unpack_from(content, at)
            gone = not kind & ACCURATE
            right = MAGICS.get(magic) == self._order and HEAD <= length <= end - at
            if right and (gone or summed(content[at : at + 8]) == said):
                if not gone:
                    yield kind & KINDS, content[at : at + length]
                at += length + 3 & ~3
            else:
                self.whole = False
                at += 4
        self.whole &= at >= end

    def _entry(self, node: bytes) -> None:
        if len(node) < DIRENT_LENGTH:
            self.whole = False
            return
        parent, version, inode, _, size, _, _, said, name_sum = Struct(self._order + "4IBBHII").unpack_from(
            node, HEAD
        )
        name = node[DIRENT_LENGTH : DIRENT_LENGTH + size]
        if summed(node[:32]) != said or summed(name) != name_sum or len(name) != size:
            self.whole = False
        elif version >= self.entries.get((parent, name), (0, 0))[0]:
            self.entries[parent, name] = version, inode

    def _piece(self, node: bytes) -> None:
        if len(node) < INODE_LENGTH:
            self.whole = False
            return
        fields = Struct(self._order + "IIIHHIIIIIIIBBHII").unpack_from(node, HEAD)
        number, version, mode, _, _, size, _, _, _, at, packed, length, packer, _, _, data_sum, said = fields
        content = node[INODE_LENGTH : INODE_LENGTH + packed]
        if summed(node[:60]) != said or summed(content) != data_sum or len(content) != packed:
            self.whole = False
            return
        self.pieces.setdefault(number, []).append(Piece(version, mode, size, at, length, packer, content))

    def inode(self, number: int) -> Inode | None:
        """A file as its last version says; None where there is none. whole becomes False where it is not."""
        pieces = sorted(self.pieces.get(number, ()))
        if not pieces:
            return None
        size = pieces[-1].size
        if size > LARGEST:
            self.whole = False
            return None
        content = bytearray()
        for one in pieces:
            if one.at > LARGEST or one.length > LONGEST_PIECE:
                self.whole = False
                continue
            try:
                new = unpacked(one)
            except (ValueError, IndexError, zlib.error, lzma.LZMAError, LZOError):
                self.whole = False
                continue
            del content[one.size :]  # it was that long when this was written
            content += bytes(max(0, one.at - len(content)))
            content[one.at : one.at + len(new)] = new
        del content[size:]
        return Inode(pieces[-1].mode, bytes(content) + bytes(size - len(content)))


def unpacked(piece: Piece) -> bytes:
    """The bytes of a piece. Raises ValueError, or what a packer does, for what cannot be unpacked."""
    if piece.packer not in PACKERS:
        raise ValueError("a packer that is not known")
    content = PACKERS[piece.packer](piece.content, piece.length)
    if len(content) != piece.length:
        raise ValueError("it is shorter or longer than it says")
    return content


def inflated(content: bytes, length: int) -> bytes:
    return zlib.decompressobj().decompress(content, length + 1)


def runs(content: bytes, length: int) -> bytes:
    """Linux' `rtime`: each byte, and how often what followed its last occurrence follows again."""
    made = bytearray()
    after = [0] * 256
    at = 0
    while len(made) < length:
        byte, count = content[at], content[at + 1]
        at += 2
        made.append(byte)
        back, after[byte] = after[byte], len(made)
        for place in range(back, back + min(count, length - len(made))):
            made.append(made[place])
    return bytes(made)


def lzo(content: bytes, length: int) -> bytes:
    return bytes(LZOCompressor.decompress(content, output_size_hint=length))


def lzma_of_openwrt(content: bytes, length: int) -> bytes:
    """LZMA without a header: the patched JFFS2 of OpenWrt and others."""
    how = {"id": lzma.FILTER_LZMA1, "dict_size": 0x2000, "lc": 0, "lp": 0, "pb": 0}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[how]).decompress(content, length)


PACKERS: dict[int, Callable[[bytes, int], bytes]] = {
    0: lambda content, length: content,
    1: lambda content, length: bytes(length),
    2: runs,
    6: inflated,
    7: lzo,
    8: lzma_of_openwrt,
}


class JFFS2Extractor(Extractor):
    """Writes what the log says is there. Raises Damaged where something is missing."""

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult:
        log = Log(inpath.read_bytes())
        files = FileSystem(outdir)
        entries = [Entry(parent, name, inode) for (parent, name), (_, inode) in log.entries.items() if inode]
        whole = write(files, ROOT, entries, log.inode)
        if not (whole and log.whole):
            raise Damaged
        return ExtractResult(reports=files.problems)


class JFFS2(JFFS2NewHandler):
    """As long as nodes follow each other, or erased bytes; a node that is not whole is not part of it."""

    EXTRACTOR = JFFS2Extractor()  # type: ignore[assignment] # a base class narrows it

    def calculate_chunk(self, file: File, start_offset: int) -> ValidChunk | None:
        return extent(file, start_offset)


class JFFS2Old(JFFS2OldHandler):
    """The same with the older magic."""

    EXTRACTOR = JFFS2Extractor()  # type: ignore[assignment] # a base class narrows it

    def calculate_chunk(self, file: File, start_offset: int) -> ValidChunk | None:
        return extent(file, start_offset)


def extent(file: File, start: int) -> ValidChunk | None:
    """From a node on, as far as nodes with a right sum follow; at least two, for two bytes are no proof."""
    magic = file[start : start + 2]
    head = Struct(MAGICS[magic] + "2sHII")
    at, end, count, last = start, file.size(), 0, start
    while (at := written(file, at, start)) + HEAD <= end:
        found, kind, length, said = head.unpack_from(file, at)
        gone = not kind & ACCURATE
        right = found == magic and HEAD <= length <= end - at
        if not right or not (gone or summed(file[at : at + 8]) == said):
            cut = found == magic and length > end - at and summed(file[at : at + 8]) == said
            last = end if cut else last
            break
        at, count = at + length + 3 & ~3, count + 1
        last = min(at, end)
    if 0 < end - at < HEAD and file[at:end].startswith(magic[: end - at]):
        last = end  # of a node that is cut off there is no more
    if count < 2:
        return None
    return ValidChunk(start_offset=start, end_offset=end if at >= end else last)


def written(content: bytes | File, at: int, start: int = 0) -> int:
    """The first word from a place on that is not erased; the end where all of them are."""
    found = WRITTEN.search(content, at)
    if found is None:
        return len(content)
    return max(at, found.start() - (found.start() - start) % 4)
