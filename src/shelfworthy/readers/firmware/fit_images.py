"""The images of a FIT, their hashes, and whether their content is encrypted."""

from collections.abc import Callable
from hashlib import md5, sha1, sha256, sha384, sha512
from zlib import crc32

from shelfworthy.model import Record
from shelfworthy.readers.firmware.fdt import Tree
from shelfworthy.readers.firmware.format import View
from shelfworthy.seen.firmware import Sum

HASHES: dict[str, Callable[[bytes | memoryview], bytes]] = {
    "crc32": lambda data: crc32(data).to_bytes(4, "big"),
    "md5": lambda data: md5(data, usedforsecurity=False).digest(),
    "sha1": lambda data: sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: sha256(data).digest(),
    "sha384": lambda data: sha384(data).digest(),
    "sha512": lambda data: sha512(data).digest(),
}
FORGEABLE = frozenset({"crc32", "md5"})  # other content of the same hash can be made


class Image(Record, frozen=True):
    """An image of the tree. carried: whether hashes that are listed carry a signature to its content."""

    name: str
    path: str
    at: int
    size: int
    content: View
    sum: Sum
    sum_by: str

    @property
    def there(self) -> bool:
        return len(self.content) == self.size


def image(view: View, read: Tree, name: str, path: str) -> Image:
    """An image: its content may lie in the tree or behind it."""
    data, size = read.nodes[path].get("data"), read.number(path, "data-size") or 0
    position, offset = read.number(path, "data-position"), read.number(path, "data-offset")
    if offset is not None and position is None:
        position = (read.length + 3 & ~3) + offset
    if position is not None:  # boot loaders look for this first
        at, content = position, view.slice(position, size)
    elif data is not None:
        at, content, size = data.at, data.content, len(data.content)
    else:
        at, content = 0, View(b"")
    sums: list[Sum] = []
    by: list[str] = []
    for kind, node in read.children(path):
        if kind.startswith("hash"):
            algorithm, value = read.text(node, "algo"), read.nodes[node].get("value")
            make = HASHES.get(algorithm)
            by.append(algorithm.upper())
            if make is None or value is None or len(content) < size:
                sums.append("not computed")
            else:
                sums.append("right" if make(content.content) == value.bytes else "wrong")
    return Image(name, path, at, size, content, together(sums), ", ".join(by[:8]))


def together(sums: list[Sum]) -> Sum:
    """One word for several."""
    words: tuple[Sum, ...] = ("wrong", "not computed", "right")
    return next((word for word in words if word in sums), "none")


def ciphered(read: Tree, one: Image) -> bool:
    """Whether an image is encrypted."""
    return any(kind.startswith("cipher") for kind, _ in read.children(one.path))
