"""UBI for unblob, in this process: each volume, put together from its erase blocks, is a file.

Headers of an erase block (Linux, `drivers/mtd/ubi/ubi-media.h`): one counts how often it was erased, one says
which block of which volume it holds. Of two that hold the same, the later counts.
"""

from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from unblob.file_utils import File, FileSystem
from unblob.handlers.filesystem.ubi import UBIHandler
from unblob.models import Extractor, ExtractResult, ValidChunk

from shelfworthy.readers.firmware.contents.damage import Damaged
from shelfworthy.readers.firmware.format import NotThis, View

COUNTS, HOLDS = b"UBI#", b"UBI!"
HEADER = 64
SMALLEST, LARGEST_BLOCK = 1 << 12, 1 << 23
INTERNAL = 0x7FFF_EFFF  # volumes from here on are UBI's own
STATIC = 2
LARGEST = 1 << 30  # bytes of a volume


class Block(NamedTuple):
    """What an erase block holds. later: its number in the order of writing."""

    static: bool
    volume: int
    number: int
    size: int
    used: int
    pad: int
    sum: int
    later: int
    at: int


def right(header: bytes) -> bool:
    """Whether a header comes to its sum."""
    return crc32(header[:60]) ^ 0xFFFF_FFFF == int.from_bytes(header[60:64])


def block_size(content: bytes | File, start: int) -> int:
    """How far it is from the first erase block to the second; 0 where there is none."""
    found = content.find(COUNTS, start + SMALLEST, start + LARGEST_BLOCK + 4)
    return found - start if found > 0 else 0


class Volumes:
    """What all erase blocks hold. whole: that each header is right."""

    def __init__(self, image: View, size: int) -> None:
        self.whole = len(image) % size == 0
        self.blocks: dict[int, dict[int, Block]] = {}
        self._image, self._size = image, size
        for start in range(0, len(image) - HEADER, size):
            head = image.take(start, HEADER)
            if not right(head):
                self.whole = False
                continue
            found = self._block(start, *View(head).numbers(">II", 16))
            if found is None or found.volume >= INTERNAL:
                continue
            blocks = self.blocks.setdefault(found.volume, {})
            if found.number not in blocks or blocks[found.number].later < found.later:
                blocks[found.number] = found

    def _block(self, start: int, holds: int, data: int) -> Block | None:
        try:
            raw = self._image.take(start + holds, HEADER)
        except NotThis:
            raw = b""
        if not raw.strip(b"\xff"):
            self.whole &= bool(raw)
            return None  # nothing is in it
        if raw[:4] != HOLDS or not right(raw) or not HEADER <= data < self._size:
            self.whole = False
            return None
        head = View(raw)
        volume, number = head.numbers(">II", 8)
        size, used, pad, sum_ = head.numbers(">4I", 20)
        static = head.number("B", 5) == STATIC
        return Block(static, volume, number, size, used, pad, sum_, head.number(">Q", 40), start + data)

    def content(self, volume: int) -> bytes:
        """A volume, with erased bytes where no block is. Raises Damaged where it is larger than any is."""
        blocks = self.blocks[volume]
        first = next(iter(blocks.values()))
        one = self._size - first.at % self._size - first.pad
        if one <= 0 or (max(blocks) + 1) * one > LARGEST:
            raise Damaged
        made = bytearray(b"\xff") * ((max(blocks) + 1) * one)
        for number, block in blocks.items():
            size = min(block.size, one) if block.static else one
            new = bytes(self._image.slice(block.at, size).content)
            self.whole &= len(new) == size
            if block.static:
                self.whole &= crc32(new) ^ 0xFFFF_FFFF == block.sum and len(blocks) == block.used
            made[number * one : number * one + len(new)] = new
            if block.static and number == max(blocks):
                del made[number * one + size :]
        return bytes(made)


class UBIExtractor(Extractor):
    """Writes each volume as `volume N`. Raises Damaged where something is missing."""

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult:
        content = inpath.read_bytes()
        volumes = Volumes(View(content), block_size(content, 0) or len(content))
        files = FileSystem(outdir)
        for volume in sorted(volumes.blocks):
            files.write_bytes(Path(f"volume {volume}"), volumes.content(volume))
        if not volumes.whole:
            raise Damaged
        return ExtractResult(reports=files.problems)


class UBI(UBIHandler):
    """Erase blocks, as far as one follows another; also a last one that is cut off."""

    EXTRACTOR = UBIExtractor()  # type: ignore[assignment] # a base class narrows it

    def calculate_chunk(self, file: File, start_offset: int) -> ValidChunk | None:
        end = file.size()
        if not right(file[start_offset : start_offset + HEADER].ljust(HEADER)):
            return None
        size = block_size(file, start_offset) or end - start_offset
        at = start_offset
        while file[at : at + 4] == COUNTS:
            at += size
        return ValidChunk(start_offset=start_offset, end_offset=min(at, end))
