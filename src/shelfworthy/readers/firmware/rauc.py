"""RAUC's bundles: a SquashFS, a CMS message behind it, and the length of that in the last eight bytes.

plain: the message is over all that is before it. verity, crypt: it holds the manifest, which names the hash
at the top of a tree over the rest; so it counts as verified only where that is right. A bundle that is
encrypted has no beginning of its own; where its message is encrypted too, who signed stays hidden.
"""

import re

from shelfworthy.model import Record
from shelfworthy.readers.firmware import verity
from shelfworthy.readers.firmware.cms import ENVELOPED, kind, message
from shelfworthy.readers.firmware.cms_signatures import signatures
from shelfworthy.readers.firmware.file_systems import LITTLE, squashfs
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, text
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Proof, Sum

LONGEST = 1 << 16  # of the message: RAUC's own bound
SHORTEST = 64
LONGEST_TREE = 1 << 22
SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # what a message says it is
ENTRY = re.compile(rb"^(format|version|verity-(?:hash|salt|size))=([^\r\n]{0,200})\r?$", re.MULTILINE)


class Tree(Record, frozen=True):
    """What a manifest says of the hashes. size: of the tree."""

    hash: bytes
    salt: bytes
    size: int


def parse(view: View, keys: Keys) -> Parsed:
    """One bundle that can be read: what begins with a SquashFS, and has a message at its end."""
    system = squashfs(view, keys)
    try:
        return bundle(view, keys)
    except NotThis:
        tree = min(system.length >> 6, LONGEST_TREE)
        if SIGNED_DATA not in bytes(view.slice(system.length, tree + LONGEST).content):
            raise
        return Parsed(length=len(view) + 1, signs=True, whole=False)  # its end is cut off


def bundle(view: View, keys: Keys) -> Parsed:
    """One bundle, encrypted or not."""
    size = view.number(">Q", len(view) - 8)
    end = len(view) - 8 - size
    if not SHORTEST <= size <= LONGEST or end < verity.BLOCK:
        raise NotThis
    raw, payload = view.take(end, size), view.slice(0, end)
    readable = view.take(0, 4) == LITTLE
    if kind(raw)[0] == ENVELOPED:
        return Parsed(length=len(view), signs=True, encrypted="yes", opaque=True)
    held = message(raw)
    manifest = dict(ENTRY.findall(held.content or b""))
    hidden = manifest.get(b"format") == b"crypt"
    if held.length != size or readable == hidden:
        raise NotThis
    sum_: Sum = "none"
    flaw: Proof | None = None
    length = end
    if held.content is not None:
        tree = told(manifest)
        sum_ = "not computed" if tree is None else "right" if fits(payload, tree) else "wrong"
        flaw = None if sum_ == "right" else "wrong" if tree else "not understood"
        length = max(0, end - tree.size) if tree else end
    covers = "all before it" if held.content is None else "manifest, and by its hash all before it"
    return Parsed(
        length=len(view),
        sum=sum_,
        sum_by="dm-verity, SHA-256" if sum_ != "none" else "",
        signs=True,
        signatures=signatures(
            raw, payload.content if held.content is None else None, covers, end, keys, flaw
        ),
        encrypted="yes" if hidden else "no",
        version=text(manifest.get(b"version", b"")),
        inside=(Inside("payload", 0, view.slice(0, length)),) if readable else (),
    )


def told(manifest: dict[bytes, bytes]) -> Tree | None:
    """What a manifest says of the hashes, None if not all that is needed."""
    try:
        hash_, salt, size = (manifest[b"verity-" + name].decode() for name in (b"hash", b"salt", b"size"))
        return Tree(bytes.fromhex(hash_), bytes.fromhex(salt), int(size))
    except (KeyError, ValueError):
        return None


def fits(payload: View, tree: Tree) -> bool:
    """Whether content and tree are what the hash at its top names."""
    end = len(payload) - tree.size
    if end <= 0 or end % verity.BLOCK or tree.size < 0:
        return False
    return verity.root(payload.content[:end], tree.salt) == (tree.hash, bytes(payload.content[end:]))


RAUC = Format(name="rauc", starts=((0, LITTLE),), parse=parse, searched=True)
RAUC_ENCRYPTED = Format(name="rauc", starts=((0, b""),), parse=bundle)
