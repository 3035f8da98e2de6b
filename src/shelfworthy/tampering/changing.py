"""Change an image. Where it holds as text what the device calls it, that is what is changed, and it shows."""

from shelfworthy.model import Record
from shelfworthy.tampering.sums import put_right

SHORTEST, MOST = 4, 16  # characters of a version that cannot stand there by chance; places that it stands in


class Changed(Record, frozen=True):
    """A changed copy. says: what its device calls it, "" where that is not text in it.

    format: as far as we know its check sums, "" if we do not. sums: those that were put right.
    """

    content: bytes
    says: str
    format: str
    sums: tuple[str, ...]


def changed(image: bytes, called: str) -> Changed:
    """An image that is changed by as little as can be. called: what the device that runs it calls it.

    One character of its version is another, wherever that stands; or else one bit in the middle.
    """
    content = bytearray(image)
    mark = called.encode()
    says = ""
    if len(mark) >= SHORTEST and 0 < image.count(mark) <= MOST:
        says = called[:-1] + other(called[-1])
        content = bytearray(image.replace(mark, says.encode()))
    elif content:
        content[len(content) // 2] ^= 1
    format_, sums = put_right(content, image)
    return Changed(content=bytes(content), says=says, format=format_, sums=sums)


def other(character: str) -> str:
    """Another character that is as long."""
    if character in "0123456789":
        return str((int(character) + 1) % 10)
    return "x" if character != "x" else "y"
