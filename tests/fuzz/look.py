"""What is fuzzed: every reader of firmware's containers, and the extractors that are ours.

`look` gives bytes to all of them and raises whatever must not happen: an exception that is not the readers'
own, more than they may tell, and a signature that is verified although what it is over was changed.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.contents.damage import Damaged
from shelfworthy.readers.firmware.contents.inodes import LARGEST
from shelfworthy.readers.firmware.contents.jffs2 import HEAD, MAGICS, Log
from shelfworthy.readers.firmware.contents.ubi import COUNTS, Volumes, block_size
from shelfworthy.readers.firmware.contents.ubifs import MAGICS as NODES
from shelfworthy.readers.firmware.contents.ubifs import Nodes
from shelfworthy.readers.firmware.format import NotThis, View
from shelfworthy.readers.firmware.formats import FORMATS
from shelfworthy.readers.firmware.image import MOST, seen_in
from shelfworthy.readers.firmware.keys import Keys, keys_of
from shelfworthy.seen.firmware import FirmwareImage

HERE = Path(__file__).parent
CORPUS, FOUND, KEYS = HERE / "corpus", HERE / "found", HERE / "corpus" / "keys.pem"
CODE = Random(9).randbytes(420)  # what the specimens of the corpus are of
LONGER = Random(7).randbytes(6000)  # and those that cannot be smaller
SLICE = 16
CHECK = BY_ID["firmware-signature-valid"]
ABOUT = About(surface=Firmware(id="image", where="firmware.bin", public_key="keys.pem"))
DECODED = frozenset({"gzip", "intel-hex", "uf2", "dfuse"})  # whose content does not lie in the file as it is


class Wrong(Exception):
    """Something that must not happen."""


@cache
def keys() -> Keys:
    """The keys of all that signed the corpus."""
    return keys_of(KEYS.read_text())


def look(content: bytes) -> FirmwareImage:
    """Read bytes by all readers. Raises what none of them may raise, and Wrong."""
    for one in FORMATS:
        if one.may_begin(View(content)):
            with suppress(NotThis):
                one.parse(View(content), keys())
    seen = seen_in(content, keys())
    if len(seen.containers) > MOST:
        raise Wrong("more containers than are told")
    if passes(seen) and not DECODED & {one.format for one in seen.containers} and not whole(content):
        raise Wrong("a signature is verified, and what it is over was changed")
    extracted(content)
    return seen


def passes(seen: FirmwareImage) -> bool:
    """Whether its signatures are said to fit. What is encrypted is held against the hash that it states."""
    if any(one.encrypted == "yes" for one in seen.containers):
        return False
    return any(one.outcome is Outcome.PASS for one in CHECK.judge(seen, ABOUT))


def whole(content: bytes) -> bool:
    """Whether what the corpus is of lies in these bytes unchanged."""
    return any(all(piece in content for piece in one) for one in signed())


@cache
def signed() -> tuple[frozenset[bytes], ...]:
    """What the signatures of the corpus are over, in slices: of each of these all have to be there."""
    squashfs, gecko = ((CORPUS / name).read_bytes() for name in ("rauc-plain", "silicon-labs-gbl"))
    return slices(CODE), slices(LONGER), frozenset({squashfs[:4096]}), frozenset({gecko[:1088]})


def slices(content: bytes) -> frozenset[bytes]:
    return frozenset(content[at : at + SLICE] for at in range(0, len(content), SLICE))


def extracted(content: bytes) -> None:
    """By the extractors that are ours, as far as they write nothing."""
    if content[:2] in MAGICS and len(content) > HEAD:
        log = Log(content)
        lengths(found.content if (found := log.inode(one)) else b"" for one in log.pieces)
    if content[:4] in NODES:
        nodes = Nodes(content)
        lengths(found.content if (found := nodes.inode(one)) else b"" for one in nodes.told)
    if content[:4] == COUNTS:
        volumes = Volumes(View(content), block_size(content, 0) or len(content))
        with suppress(Damaged):
            for one in volumes.blocks:
                volumes.content(one)


def lengths(contents: "object") -> None:
    """No file is longer than one may be."""
    for one in contents:  # type: ignore[attr-defined]
        if len(one) > LARGEST:
            raise Wrong("a file that is too long")
