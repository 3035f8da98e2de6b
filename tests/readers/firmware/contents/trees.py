"""Trees for tests: one of a folder, one of a few files."""

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from shelfworthy.readers.firmware.contents.tree import LARGEST, File


class Files:
    """A part whose files are bytes, and whose links are texts."""

    def __init__(self, files: Mapping[str, bytes | str], part: int = 0, *, root: bool = True) -> None:
        self.part, self.root, self._files = part, root, dict(files)

    def files(self) -> Iterator[File]:
        for path, content in sorted(self._files.items()):
            link = content if isinstance(content, str) else ""
            yield File(path, 0o644, 0 if link else len(content), link)

    def find(self, path: str) -> File | None:
        for _ in range(8):
            content = self._files.get(path)
            if content is None:
                return None
            if isinstance(content, bytes):
                return File(path, 0o644, len(content), "")
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), content)).lstrip("/")
        return None

    def content(self, file: File) -> bytes:
        content = self._files[file.path]
        assert isinstance(content, bytes)
        return content[:LARGEST]


def folder(path: Path, part: int = 0) -> Files:
    """A part that is a folder of this machine, which a test made."""
    found: dict[str, bytes | str] = {}
    for base, _, names in os.walk(path):
        for name in names:
            one = Path(base) / name
            where = one.relative_to(path).as_posix()
            found[where] = os.readlink(one) if one.is_symlink() else one.read_bytes()
    return Files(found, part)
