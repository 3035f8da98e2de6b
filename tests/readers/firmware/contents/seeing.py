"""What is seen of one part: all functions over a tree, put together."""

from hashlib import sha256

from shelfworthy.readers.firmware.contents.accounts import accounts
from shelfworthy.readers.firmware.contents.names import names
from shelfworthy.readers.firmware.contents.programs import programs
from shelfworthy.readers.firmware.contents.published import PASSWORDS
from shelfworthy.readers.firmware.contents.secrets import secrets
from shelfworthy.readers.firmware.contents.services import services
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.readers.firmware.contents.updaters import updaters
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Part


def part(files: int, *, root: bool = True) -> Part:
    """A file system that was opened."""
    return Part("squashfs", -1, "", 0, 1 << 20, True, "", root, files, "no")


CLOSED = Part("jffs2", -1, "", 1 << 20, 1 << 16, False, "Its check sum is wrong.", False, 0, "no")
SECRET = Part("data", -1, "", 1 << 20, 1 << 16, False, "It looks encrypted.", False, 0, "yes")


def contents(tree: Tree, *more: Part, truncated: bool = False) -> FirmwareContents:
    """What an image with this one part holds, and with these others."""
    number = sum(1 for _ in tree.files())
    return FirmwareContents(
        length=1 << 24,
        sha256=sha256(b"an image").hexdigest(),
        parts=(part(number, root=tree.root), *more),
        accounts=tuple(accounts(tree)),
        secrets=tuple(secrets(tree)),
        services=tuple(services(tree)),
        updaters=tuple(updaters(tree)),
        names=tuple(names(tree)),
        programs=tuple(programs(tree)),
        tried=len(PASSWORDS),
        truncated=truncated,
    )
