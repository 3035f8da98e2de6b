"""Messages in protocol buffers, read strictly: bytes that could be read in two ways are not read at all."""

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import NotThis, View

NUMBER, BYTES = 0, 2  # wire types
LONGEST = 10  # bytes of a number


class Value(Record, frozen=True):
    """One field. at: of its content, in the message."""

    at: int
    number: int | None
    view: View


def fields(view: View, repeated: frozenset[int] = frozenset()) -> dict[int, Value]:
    """The fields of a message by number, of those that may be repeated the last. Raises NotThis."""
    found: dict[int, Value] = {}
    at = 0
    while at < len(view):
        key, at = varint(view, at)
        field, kind = key >> 3, key & 7
        if field in found and field not in repeated:
            raise NotThis
        if kind == NUMBER:
            number, end = varint(view, at)
            found[field] = Value(at, number, View(b""))
        elif kind == BYTES:
            length, at = varint(view, at)
            found[field] = Value(at, None, View(view.take(at, length)))
            end = at + length
        else:
            raise NotThis
        at = end
    return found


def number(message: dict[int, Value], field: int, default: int) -> int:
    """A field that is a number. Raises NotThis where it is none."""
    if field not in message:
        return default
    found = message[field].number
    if found is None:
        raise NotThis
    return found


def content(message: dict[int, Value], field: int) -> View:
    """A field that is bytes. Raises NotThis where it is none, or not there."""
    if field not in message or message[field].number is not None:
        raise NotThis
    return message[field].view


def varint(view: View, at: int) -> tuple[int, int]:
    """A number, and what comes after it."""
    found = 0
    for place in range(LONGEST):
        (byte,) = view.take(at + place, 1)
        found |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return found, at + place + 1
    raise NotThis
