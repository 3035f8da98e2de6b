"""A file read once from front to back, never more of it at a time than a packet can be long."""

import os
from typing import BinaryIO

from msgspec import Struct

LARGEST = (
    1 << 17
)  # bytes; an HCI packet has at most 65,540 (Core Specification, volume 4, part E, section 5.4)
SMALL = 4096  # bytes; to read over so few costs less than to seek


class Broken(Exception):
    """From here on the file cannot be read. words: what is wrong and where, as the end of a sentence."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Packet(Struct, frozen=True):
    """One packet as a container holds it.

    link: the kind of its framing: a data link of btsnoop (1001 …) or a LINKTYPE of pcap. at: microseconds,
    since when does not matter. data: what was kept of it; length: how long it was. flags: btsnoop's. lost:
    others before it were not recorded.
    """

    link: int
    at: int
    data: bytes
    length: int
    flags: int = 0
    lost: bool = False


class Source:
    """The file. at: the next byte to be read; packets: how many came out of it whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self.at = 0
        self.packets = 0

    def take(self, count: int) -> bytes:
        """So many bytes. Raises Broken if the file ends before."""
        found = self._file.read(count)
        self.at += len(found)
        if len(found) < count:
            raise Broken(f"it ends at byte {self.at}, in the middle of {self.what}")
        return found

    def head(self, count: int) -> bytes:
        """The next so many bytes, or none where the file ends here."""
        return b"" if self.at == self._size else self.take(count)

    def skip(self, count: int) -> None:
        """Pass over so many bytes. Raises Broken if there are fewer."""
        if count > self._size - self.at:
            raise Broken(f"it ends at byte {self._size}, in the middle of {self.what}")
        if count <= SMALL:
            self._file.read(count)
            self.at += count
        else:
            self.at = self._file.seek(count, os.SEEK_CUR)

    def kept(self, count: int) -> bytes:
        """The bytes of a packet. Raises Broken if that is longer than a packet can be."""
        if count > LARGEST:
            raise Broken(f"{self.what}, before byte {self.at}, says that it has {count} bytes")
        found = self.take(count)
        self.packets += 1
        return found

    @property
    def what(self) -> str:
        return f"packet {self.packets + 1}"
