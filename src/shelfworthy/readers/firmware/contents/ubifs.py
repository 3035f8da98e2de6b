"""UBIFS for unblob, in this process: every node with a right check sum, and of the same thing the latest.

Nodes as Linux has them (`fs/ubifs/ubifs-media.h`). The index is not asked: so a file that was deleted and not
yet written over may be found again, which in an image that a maker gives out none is.
"""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

from lzallright import LZOCompressor, LZOError
from pyzstd import ZstdDecompressor, ZstdError
from unblob.file_utils import FileSystem
from unblob.handlers.filesystem.ubi import UBIFSHandler
from unblob.models import Extractor, ExtractResult

from shelfworthy.readers.firmware.contents.damage import Damaged
from shelfworthy.readers.firmware.contents.inodes import LARGEST, Entry, Inode, write

MAGICS = {b"\x31\x18\x10\x06": "<", b"\x06\x10\x18\x31": ">"}
HEAD = 24
INODE, DATA, ENTRY, CUT = 0, 1, 2, 4  # sorts of nodes
LEAST = {INODE: 160, DATA: 48, ENTRY: 56, CUT: 56}
NO_INODE = INODE, 64  # mkfs.ubifs writes a reference of its log so
ROOT = 1
BLOCK = 4096
LONGEST = 16 << 10  # bytes of a node; Linux writes less
WIDE = 0x1FFF_FFFF  # bits of a key that number a block


class Block(NamedTuple):
    """Some bytes of a file, packed. later: its number in the order of writing."""

    later: int
    size: int
    packer: int
    content: bytes


class Told(NamedTuple):
    """What is told of a file. content: of a link its target."""

    later: int
    size: int
    mode: int
    content: bytes


class Nodes:
    """All nodes of one UBIFS. whole: that each could be read."""

    def __init__(self, content: bytes) -> None:
        self.whole = True
        self.entries: dict[tuple[int, bytes], tuple[int, int]] = {}  # where: its order, inode
        self.told: dict[int, Told] = {}
        self.blocks: dict[int, dict[int, Block]] = {}
        self.cut: dict[int, list[tuple[int, int]]] = {}  # its order, bytes that were left
        self._order = MAGICS.get(content[:4], "<")
        notes = {INODE: self._inode, DATA: self._data, ENTRY: self._entry, CUT: self._cut}
        for sort, later, node in self._nodes(content):
            if sort in notes:
                if LEAST[sort] <= len(node) <= LONGEST:
                    notes[sort](later, node)
                elif (sort, len(node)) != NO_INODE:
                    self.whole = False

    def _nodes(self, content: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Each node: its sort, its order, its bytes."""
        magic = next(one for one, order in MAGICS.items() if order == self._order)
        head = Struct(self._order + "4xIQIB3x")
        at = 0
        while (at := content.find(magic, at)) >= 0 and at + HEAD <= len(content):
            said, later, length, sort = head.unpack_from(content, at)
            if not HEAD <= length <= len(content) - at:
                self.whole = False
                at += 8
                continue
            node = content[at : at + length]
            if zlib.crc32(node[8:]) ^ 0xFFFF_FFFF != said:
                self.whole = False
                at += 8
                continue
            yield sort, later, node
            at += length + 7 & ~7

    def _numbers(self, layout: str, node: bytes, at: int) -> tuple[Any, ...]:
        return Struct(self._order + layout).unpack_from(node, at)

    def _inode(self, later: int, node: bytes) -> None:
        (number,), (size,) = self._numbers("I", node, 24), self._numbers("Q", node, 48)
        mode, _, length = self._numbers("III", node, 104)
        if number not in self.told or self.told[number].later < later:
            self.told[number] = Told(later, size, mode, node[160 : 160 + length])

    def _entry(self, later: int, node: bytes) -> None:
        (parent,), (inode, _, _, length) = self._numbers("I", node, 24), self._numbers("QBBH", node, 40)
        name = node[56 : 56 + length]
        if later >= self.entries.get((parent, name), (0, 0))[0]:
            self.entries[parent, name] = later, inode

    def _data(self, later: int, node: bytes) -> None:
        (number, key), (size, packer) = self._numbers("II", node, 24), self._numbers("IH", node, 40)
        blocks = self.blocks.setdefault(number, {})
        if key & WIDE not in blocks or blocks[key & WIDE].later < later:
            blocks[key & WIDE] = Block(later, size, packer, node[48:])

    def _cut(self, later: int, node: bytes) -> None:
        (number,), (left,) = self._numbers("I", node, 24), self._numbers("Q", node, 48)
        self.cut.setdefault(number, []).append((later, left))

    def inode(self, number: int) -> Inode | None:
        """A file; None where there is none. whole becomes False where it is not."""
        told = self.told.get(number)
        if told is None or told.size > LARGEST:
            return None
        blocks = self.blocks.get(number, {})
        if not blocks:
            return Inode(told.mode, told.content or bytes(told.size))
        made, cuts = bytearray(told.size), self.cut.get(number, [])
        for block, one in blocks.items():
            at = block * BLOCK
            if at >= told.size or any(one.later < later and at >= left for later, left in cuts):
                continue  # of what the file was before
            try:
                new = unpacked(one)
            except (ValueError, zlib.error, LZOError, ZstdError, EOFError):
                self.whole = False
                continue
            made[at : at + len(new)] = new[: told.size - at]
        return Inode(told.mode, bytes(made))


def unpacked(block: Block) -> bytes:
    """The bytes of a block. Raises ValueError, or what a packer does, for what cannot be unpacked."""
    if block.packer not in PACKERS or block.size > BLOCK:
        raise ValueError("a packer that is not known, or too much")
    content = PACKERS[block.packer](block.content, block.size)
    if len(content) != block.size:
        raise ValueError("it is shorter or longer than it says")
    return content


PACKERS: dict[int, Callable[[bytes, int], bytes]] = {
    0: lambda content, length: content[:length],
    1: lambda content, length: bytes(LZOCompressor.decompress(content, output_size_hint=length)),
    2: lambda content, length: zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, length + 1),
    3: lambda content, length: ZstdDecompressor().decompress(content, length + 1),
}


class UBIFSExtractor(Extractor):
    """Writes what the nodes say is there. Raises Damaged where something is missing."""

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult:
        nodes = Nodes(inpath.read_bytes())
        files = FileSystem(outdir)
        entries = [
            Entry(parent, name, inode & 0xFFFF_FFFF)
            for (parent, name), (_, inode) in nodes.entries.items()
            if inode
        ]
        whole = write(files, ROOT, entries, nodes.inode)
        if not (whole and nodes.whole):
            raise Damaged
        return ExtractResult(reports=files.problems)


class UBIFS(UBIFSHandler):
    """As long as its superblock says."""

    EXTRACTOR = UBIFSExtractor()  # type: ignore[assignment] # a base class narrows it
