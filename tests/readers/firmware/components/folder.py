"""A folder of this machine as a part of an image that was unpacked."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from shelfworthy.readers.firmware.contents.tree import LARGEST, File


class Folder:
    """See `contents.tree.Tree`. Links are listed and never followed."""

    part = 0
    root = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> Iterator[File]:
        found = []
        for place, _, names in os.walk(self.folder):
            for name in names:
                path = Path(place, name)
                about = path.lstat()
                inside = path.relative_to(self.folder).as_posix()
                if stat.S_ISLNK(about.st_mode):
                    found.append(File(inside, 0o777, 0, str(path.readlink())))
                elif stat.S_ISREG(about.st_mode):
                    found.append(File(inside, stat.S_IMODE(about.st_mode), about.st_size, ""))
        return iter(sorted(found))

    def find(self, path: str) -> File | None:
        return next((file for file in self.files() if file.path == path), None)

    def content(self, file: File) -> bytes:
        with (self.folder / file.path).open("rb") as opened:
            return opened.read(LARGEST)
