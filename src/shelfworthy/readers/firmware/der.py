"""ASN.1 in its distinguished encoding, read with bounds. Nothing without a stated length is read."""

from collections.abc import Iterator

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import NotThis

INTEGER, OCTETS, IDENTIFIER, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
FIRST, SECOND = 0xA0, 0xA1  # what context gives a meaning, with parts
MOST = 256  # parts of one value


class Value(Record, frozen=True):
    """One value. raw: with its tag and length."""

    tag: int
    content: bytes
    raw: bytes

    @property
    def parts(self) -> list["Value"]:
        """The values it is made of. Raises NotThis."""
        return list(values(self.content))

    @property
    def number(self) -> int:
        return int.from_bytes(self.content, "big", signed=True)

    @property
    def identifier(self) -> str:
        """An object identifier in its usual form. Raises NotThis."""
        if self.tag != IDENTIFIER or not 1 <= len(self.content) <= 32:
            raise NotThis
        found = [min(self.content[0] // 40, 2), self.content[0] - 40 * min(self.content[0] // 40, 2)]
        number = 0
        for byte in self.content[1:]:
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                found.append(number)
                number = 0
        return ".".join(map(str, found))


def value(raw: bytes, tag: int | None = None) -> Value:
    """The value these bytes begin with, of a tag. Raises NotThis."""
    if len(raw) < 2:
        raise NotThis
    head, length = 2, raw[1]
    if length >= 0x80:
        head += length & 0x7F
        if not 3 <= head <= 6 or len(raw) < head:
            raise NotThis
        length = int.from_bytes(raw[2:head], "big")
    if head + length > len(raw) or tag not in (None, raw[0]):
        raise NotThis
    return Value(raw[0], raw[head : head + length], raw[: head + length])


def values(raw: bytes) -> Iterator[Value]:
    """Values one after the other. Raises NotThis."""
    for _ in range(MOST):
        if not raw:
            return
        one = value(raw)
        raw = raw[len(one.raw) :]
        yield one
    raise NotThis


def parts(one: Value, *tags: int) -> list[Value]:
    """The first parts of a sequence, which have these tags. Raises NotThis."""
    found = one.parts
    if one.tag != SEQUENCE or [part.tag for part in found[: len(tags)]] != list(tags):
        raise NotThis
    return found
