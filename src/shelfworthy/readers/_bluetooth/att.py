"""Requests for attributes and their answers, matched (Core Specification, volume 3, part F, section 3.4)."""

from msgspec import Struct

from shelfworthy.readers._bluetooth.attributes import CHARACTERISTIC, LAST, PRIMARY, Attributes
from shelfworthy.readers._bluetooth.gathered import EARLY, Gathered
from shelfworthy.seen.advertising import uuid_words
from shelfworthy.seen.bluetooth import Asked, Came

ERROR = 0x01
FIND, FIND_VALUE, READ_BY_TYPE, READ, READ_BLOB, READ_BY_GROUP = 0x04, 0x06, 0x08, 0x0A, 0x0C, 0x10
WRITE, PREPARE, EXECUTE = 0x12, 0x16, 0x18
NOTIFIED, INDICATED, NOTIFIED_MANY = 0x1B, 0x1D, 0x23
COMMAND, SIGNED = 0x52, 0xD2
# What only a server sends.
FROM_SERVER = frozenset({ERROR, *range(0x05, 0x1B, 2), NOTIFIED, INDICATED, 0x21, NOTIFIED_MANY}) - {0x15}
REQUESTS = frozenset(
    {FIND, FIND_VALUE, READ_BY_TYPE, READ, READ_BLOB, READ_BY_GROUP, WRITE, PREPARE, EXECUTE}
)
NOT_FOUND = 0x0A
CAME: dict[int, Came] = {
    0x02: "closed",
    0x03: "closed",
    0x05: "refused",
    0x08: "refused",
    0x0C: "refused",
    0x0F: "refused",
}
ASKED: dict[int, Asked] = {
    READ: "read",
    READ_BLOB: "read",
    READ_BY_TYPE: "read",
    WRITE: "write",
    PREPARE: "prepare write",
    EXECUTE: "write",
}
SIGNATURE = 12  # bytes at the end of a signed write
MOST_PREPARED, LONGEST = 16, 512  # attributes written to at once; bytes of a value


class Asking(Struct, frozen=True):
    """A request that waits for its answer. clear: the link was not encrypted."""

    code: int
    pdu: bytes
    clear: bool


class Exchange:
    """The requests of one connection."""

    def __init__(self, gathered: Gathered, connection: int) -> None:
        self._gathered = gathered
        self._seen: Attributes = gathered.attributes
        self._connection = connection
        self._asking: Asking | None = None
        self._prepared: dict[int, bytes] = {}
        self._writes = 0

    def pdu(self, pdu: bytes, length: int, by_device: bool | None, clear: bool) -> None:
        """by_device: None where it is not told who sent it: then a server's words are the device's."""
        server = pdu[0] in FROM_SERVER
        if by_device is not None and by_device is not server:
            return  # the device asks the other side for its attributes
        if server:
            self._said(pdu, length, clear)
        elif pdu[0] in REQUESTS:
            self._asking = Asking(pdu[0], pdu, clear)
            if pdu[0] == WRITE:
                self._wrote(_handle(pdu, 1), pdu[3:length])
        elif pdu[0] in (COMMAND, SIGNED) and len(pdu) >= 3:
            end = length - SIGNATURE if pdu[0] == SIGNED else length
            self._wrote(_handle(pdu, 1), pdu[3:end])
            if clear:  # nobody is told whether it was taken
                self._seen.tried(_handle(pdu, 1), "write", "silent")

    def _wrote(self, handle: int, value: bytes) -> None:
        self._gathered.writing += not self._writes
        self._writes += 1
        if self._writes <= EARLY:
            self._gathered.wrote(self._connection, handle, value)

    def _said(self, pdu: bytes, length: int, clear: bool) -> None:
        """An answer, or something that comes by itself."""
        if pdu[0] in (NOTIFIED, INDICATED):
            if clear and len(pdu) >= 3:
                self._seen.arrived(_handle(pdu, 1), length - 3)
            return
        if pdu[0] == NOTIFIED_MANY:
            at = 1
            while clear and at + 4 <= len(pdu):
                self._seen.arrived(_handle(pdu, at), _handle(pdu, at + 2))
                at += 4 + _handle(pdu, at + 2)
            return
        asking, self._asking = self._asking, None
        if asking is None:
            return
        if pdu[0] == ERROR and len(pdu) >= 5 and pdu[1] == asking.code:
            self._refused(asking, _handle(pdu, 2), pdu[4], clear and asking.clear)
        elif pdu[0] == asking.code + 1:
            self._granted(asking, pdu, length, clear and asking.clear)

    def _refused(self, asking: Asking, handle: int, code: int, clear: bool) -> None:
        if code == NOT_FOUND:
            self._covered(asking, LAST)
        elif clear and asking.code in ASKED and not self._lists(asking):
            self._seen.tried(handle, ASKED[asking.code], CAME.get(code, "error"), code)
        if asking.code == EXECUTE:
            self._prepared.clear()

    def _granted(self, asking: Asking, pdu: bytes, length: int, clear: bool) -> None:
        match asking.code:
            case code if code in (READ, READ_BLOB, WRITE):
                if clear and len(asking.pdu) >= 3:
                    begin = _handle(asking.pdu, 3) if code == READ_BLOB else 0
                    read = begin + length - 1 if code != WRITE else 0
                    if code != WRITE or not self._unsubscribes(asking.pdu):
                        self._seen.tried(_handle(asking.pdu, 1), ASKED[code], "done", 0, read)
            case code if code == PREPARE and len(asking.pdu) >= 5:
                self._prepare(asking.pdu, clear)
            case code if code == EXECUTE:
                self._execute(asking.pdu[1:2] == b"\x01", clear)
            case code if code == FIND:
                size = 4 if pdu[1:2] == b"\x01" else 18
                for item in _items(pdu[2:], size):
                    self._seen.descriptor(_handle(item, 0), item[2:])
            case code if code == FIND_VALUE and self._kind(asking, 5, 7) == PRIMARY:
                for item in _items(pdu[1:], 4):
                    self._seen.service(_handle(item, 0), _handle(item, 2), asking.pdu[7:])
            case code if code in (READ_BY_GROUP, READ_BY_TYPE) and len(pdu) > 4 and pdu[1] >= 2:
                self._listed(asking, _items(pdu[2:], pdu[1]), clear)

    def _listed(self, asking: Asking, items: list[bytes], clear: bool) -> None:
        """Lists: services, characteristics, or values by the UUID of their attributes."""
        if asking.code == READ_BY_TYPE and not self._lists(asking):
            for item in items:
                if clear:
                    self._seen.tried(_handle(item, 0), "read", "done", 0, len(item) - 2)
            return
        last = 0
        for item in items:
            last = _handle(item, 0)
            if asking.code == READ_BY_TYPE:
                self._seen.characteristic(last, item[2:])
            elif len(item) >= 6:
                last = _handle(item, 2)
                self._seen.service(_handle(item, 0), last, item[4:])
        self._covered(asking, last)

    def _covered(self, asking: Asking, last: int) -> None:
        """A list is known from where was asked to the last it named, or to the end where it named none."""
        if len(asking.pdu) < 5:
            return
        first, end = _handle(asking.pdu, 1), _handle(asking.pdu, 3)
        if asking.code == READ_BY_GROUP and self._kind(asking, 5) == PRIMARY:
            self._seen.services.add(first, min(end, last))
        elif asking.code == READ_BY_TYPE and self._kind(asking, 5) == CHARACTERISTIC:
            self._seen.characteristics.add(first, min(end, last))

    def _lists(self, asking: Asking) -> bool:
        """Whether it asks for declarations, not for values."""
        return asking.code == READ_BY_TYPE and self._kind(asking, 5).startswith("28")

    def _kind(self, asking: Asking, begin: int, end: int | None = None) -> str:
        return uuid_words(asking.pdu[begin:end])

    def _unsubscribes(self, pdu: bytes) -> bool:
        return pdu[3:] == bytes(2) and self._seen.configures(_handle(pdu, 1))

    def _prepare(self, pdu: bytes, clear: bool) -> None:
        handle, begin = _handle(pdu, 1), _handle(pdu, 3)
        before = self._prepared.get(handle, b"")
        if handle in self._prepared or len(self._prepared) < MOST_PREPARED:
            self._prepared[handle] = (before + pdu[5:])[:LONGEST] if begin == len(before) else before
        if clear:
            self._seen.tried(handle, "prepare write", "accepted")

    def _execute(self, written: bool, clear: bool) -> None:
        for handle, value in self._prepared.items():
            if written:
                self._wrote(handle, value)
                if clear:
                    self._seen.tried(handle, "write", "done")
        self._prepared.clear()


def _handle(pdu: bytes, at: int) -> int:
    return int.from_bytes(pdu[at : at + 2], "little")


def _items(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content) - size + 1, size)]
