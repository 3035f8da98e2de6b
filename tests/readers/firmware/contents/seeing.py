"""What is seen of one part: all functions over a tree, put together."""

from hashlib import sha256

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.inspectors import INSPECTORS
from shelfworthy.readers.firmware.contents.published import PASSWORDS
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Facts, Left, Part, Place


def part(files: int, *, root: bool = True) -> Part:
    """A file system that was opened."""
    return Part("squashfs", -1, "", 0, 1 << 20, True, "", root, files, "no")


CLOSED = Part("jffs2", -1, "", 1 << 20, 1 << 16, False, "Its check sum is wrong.", False, 0, "no")
SECRET = Part("data", -1, "", 1 << 20, 1 << 16, False, "It looks encrypted.", False, 0, "yes")

FACTS: tuple[Facts, ...] = ("accounts", "secrets", "services", "updaters", "names", "programs")
LEFT = tuple(
    Left(one, "not more than 3 lines of text are read", Place(0, "etc/long", 20, 99)) for one in FACTS
)


def contents(tree: Tree, *more: Part, truncated: bool = False) -> FirmwareContents:
    """What an image with this one part holds, and with these others."""
    bounds = {what: Bounds(what) for what in INSPECTORS}
    number = sum(1 for _ in tree.files())
    return FirmwareContents(
        length=1 << 24,
        sha256=sha256(b"an image").hexdigest(),
        parts=(part(number, root=tree.root), *more),
        **{what: tuple(find(tree, bounds[what])) for what, (find, _) in INSPECTORS.items()},
        tried=len(PASSWORDS),
        truncated=truncated,
        left=tuple(one for several in bounds.values() for one in several.left),
    )
