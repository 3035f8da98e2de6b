"""What a device does with a U-Boot FIT before it runs one: verify its configuration and its hashes.

After U-Boot's "signature.txt": a signature is over the parts of the tree that it names, without the data, and
over the strings; the data of each image by the hash in its node.
"""

import struct
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MAGIC = 0xD00DFEED
BEGIN, END, PROPERTY, NOTHING, LAST = 1, 2, 3, 4, 9
DATA = ("data", "data-size", "data-position", "data-offset")
CONFIGURATION, COUNTER = "/configurations/conf-1", "plumwhistle,counter"


class NotGood(Exception):
    """An image that its device does not run."""


@dataclass
class Tree:
    """A device tree. tokens: kind, path, name of a property, where it begins and ends in the file."""

    content: bytes
    strings: bytes
    tokens: list[tuple[int, str, str, int, int]] = field(default_factory=list)
    values: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def text(self, path: str, name: str) -> str:
        return self.values[path, name].rstrip(b"\0").decode()


def tree(content: bytes) -> Tree:
    """Read one. Raises NotGood."""
    try:
        magic, _, at, strings, _, _, _, _, size, _ = struct.unpack_from(">10I", content)
        if magic != MAGIC:
            raise NotGood("it is no FIT")
        read = Tree(content, content[strings : strings + size])
        path: list[str] = []
        while True:
            (token,) = struct.unpack_from(">I", content, at)
            begins, at = at, at + 4
            name = ""
            if token == BEGIN:
                end = content.index(0, at)
                path.append(content[at:end].decode())
                at = end + 4 - end % 4
            elif token == PROPERTY:
                length, offset = struct.unpack_from(">II", content, at)
                name = read.strings[offset : read.strings.index(0, offset)].decode()
                read.values["/".join(path) or "/", name] = content[at + 8 : at + 8 + length]
                at += 8 + (length + 3 & ~3)
            elif token not in (END, NOTHING, LAST):
                raise NotGood("its tree is broken")
            read.tokens.append((token, "/".join(path) or "/", name, begins, at))
            if token == END:
                path.pop()
            if token == LAST:
                return read
    except (struct.error, ValueError, IndexError) as error:
        raise NotGood("its tree is broken") from error


def signed_bytes(read: Tree, nodes: list[str], strings: int) -> bytes:
    """What a signature over these nodes is over: properties but the data, and ends of nodes below."""
    found, above, want = bytearray(), [], 0
    for token, path, name, begins, ends in read.tokens:
        take = want >= 2
        if token == PROPERTY:
            take = take and name not in DATA
        elif token == BEGIN:
            above.append(want)
            want = 2 if path in nodes else max(want - 1, 0)
            take = want > 0
        elif token == END:
            take = want > 0
            want = above.pop()
        elif token == LAST:
            take = True
        if take:
            found += read.content[begins:ends]
    return bytes(found) + read.strings[:strings]


def counter_of(content: bytes, key: RSAPublicKey) -> int:
    """What a FIT counts, if it is signed with this key and its data are whole. Raises NotGood."""
    read = tree(content)
    at = f"{CONFIGURATION}/signature-1"
    try:
        nodes = read.values[at, "hashed-nodes"].decode().strip("\0").split("\0")
        (_, strings) = struct.unpack(">II", read.values[at, "hashed-strings"])
        over = signed_bytes(read, nodes, strings)
        key.verify(read.values[at, "value"], over, PKCS1v15(), hashes.SHA256())
        used = [read.text(CONFIGURATION, kind) for kind in ("kernel", "fdt", "loadables")]
        for image in (f"/images/{name}" for name in used):
            if f"{image}/hash-1" not in nodes:
                raise NotGood(f"{image} is not signed")
            if sha256(read.values[image, "data"]).digest() != read.values[f"{image}/hash-1", "value"]:
                raise NotGood(f"{image} is not whole")
        return int.from_bytes(read.values[CONFIGURATION, COUNTER], "big")
    except (KeyError, struct.error, UnicodeDecodeError) as error:
        raise NotGood("it is not signed") from error
    except InvalidSignature as error:
        raise NotGood("its signature is wrong") from error
