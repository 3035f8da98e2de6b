"""The files of one unpacked part in a folder: what lies outside of it does not exist.

Every folder on the way is opened without following links, from the one above; links are followed by us, by
their text, within the part. What is no file, folder or link is counted and never opened.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress

from shelfworthy.readers.firmware.contents.tree import LARGEST, File

MOST_FILES = 200_000
DEEPEST = 64  # folders in folders
MOST_LINKS = 40  # followed for one path, as Linux does
MOST_BYTES = 8 << 30  # that are read of one part: everybody who looks reads it again
MOST_UNREAD = 50
CLOSED = "it could not be opened"
TOO_MUCH = f"not more than {MOST_BYTES >> 30} GiB of a part are read"
TOO_LARGE = f"of a file not more than {LARGEST >> 20} MiB are read"
HERE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER = HERE | os.O_DIRECTORY


class FolderTree:
    """A `Tree`. skipped: what was no file, folder or link, or could not be read. truncated: there is more.
    unread: why of files, or of folders, not all was read, at most `MOST_UNREAD` of them.

    nested: paths of folders that are parts of their own. Names that are no UTF-8, or hold control characters,
    are written escaped.
    """

    def __init__(
        self, folder: str, part: int, *, root: bool = False, nested: frozenset[str] = frozenset()
    ) -> None:
        self.part = part
        self.root = root
        self.skipped = 0
        self.truncated = False
        self.unread: dict[str, str] = {}
        self._nested = nested
        self._left = MOST_BYTES
        self._top = os.open(folder, FOLDER)
        self._names: dict[str, bytes] = {}
        self._files = self._walked()

    def close(self) -> None:
        os.close(self._top)

    def files(self) -> Iterator[File]:
        yield from self._files.values()

    def find(self, path: str) -> File | None:
        left = [part for part in path.split("/") if part not in ("", ".")]
        at: list[str] = []
        links = 0
        while left:
            part = left.pop(0)
            if part == "..":
                at = at[:-1]  # above its root is its root
                continue
            found = self._files.get("/".join((*at, part)))
            if found is None or not found.target:
                at.append(part)
                if found is not None and left:
                    return None  # a file is no folder
                continue
            links += 1
            if links > MOST_LINKS:
                return None
            if found.target.startswith("/"):
                at = []
            left = [step for step in found.target.split("/") if step not in ("", ".")] + left
        return self._files.get("/".join(at))

    def content(self, file: File) -> bytes:
        if file.target or file.path not in self._names:
            return b""
        if self._left <= 0:
            self._leave(file.path, TOO_MUCH)
            return b""
        try:
            opened = self._opened(self._names[file.path])
        except OSError:
            self.skipped += 1
            self._leave(file.path, CLOSED, truncated=False)
            return b""
        with os.fdopen(opened, "rb") as source:
            content = source.read(min(LARGEST, self._left))
            if source.read(1):
                self._leave(file.path, TOO_LARGE if len(content) == LARGEST else TOO_MUCH)
        self._left -= len(content)
        return content

    def _leave(self, path: str, why: str, *, truncated: bool = True) -> None:
        """Say that not all was read of a file or folder."""
        self.truncated |= truncated
        if len(self.unread) < MOST_UNREAD:
            self.unread[path] = why
        elif path not in self.unread:
            self.truncated = True

    def _opened(self, path: bytes) -> int:
        """A file below the top, no link on the way followed. Raises OSError."""
        *folders, name = path.split(b"/")
        at = self._top
        try:
            for folder in folders:
                below = os.open(folder, FOLDER, dir_fd=at)
                if at != self._top:
                    os.close(at)
                at = below
            opened = os.open(name, HERE | os.O_NONBLOCK, dir_fd=at)
        finally:
            if at != self._top:
                os.close(at)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise OSError("no file")
        return opened

    def _walked(self) -> dict[str, File]:
        found: dict[str, File] = {}
        self._walk(os.dup(self._top), b"", 0, found)
        return dict(sorted(found.items()))

    def _walk(self, folder: int, above: bytes, depth: int, found: dict[str, File]) -> None:
        """Note what lies in an open folder, which is closed."""
        try:
            for name in sorted(map(os.fsencode, os.listdir(folder))):
                if len(found) >= MOST_FILES:
                    self._leave(escaped(above), f"not more than {MOST_FILES:,} files of a part are looked at")
                    return
                path = above + name
                try:
                    self._note(folder, name, path, depth, found)
                except OSError:
                    self.skipped += 1
                    self._leave(escaped(path), CLOSED, truncated=False)
        finally:
            os.close(folder)

    def _note(self, folder: int, name: bytes, path: bytes, depth: int, found: dict[str, File]) -> None:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        mode, shown = stat.S_IMODE(status.st_mode), escaped(path)
        if stat.S_ISDIR(status.st_mode):
            if shown in self._nested:
                return
            if depth >= DEEPEST:
                self._leave(shown, f"folders more than {DEEPEST} deep are not looked into")
                return
            self._walk(os.open(name, FOLDER, dir_fd=folder), path + b"/", depth + 1, found)
        elif stat.S_ISLNK(status.st_mode):
            target = escaped(os.fsencode(os.readlink(name, dir_fd=folder)))
            found[shown] = File(shown, mode, len(target), target)
        elif stat.S_ISREG(status.st_mode):
            found[shown] = File(shown, mode, status.st_size, "")
            self._names[shown] = path
        else:
            self.skipped += 1


def escaped(path: bytes) -> str:
    """A path as text that can be shown: control characters, backslashes and what is no UTF-8 escaped."""
    text = path.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def looks_like_root(tree: FolderTree) -> bool:
    """Whether a part is a root file system: it has at least three of the folders that every one has."""
    has = set()
    with suppress(StopIteration):
        for file in tree.files():
            has.add(file.path.partition("/")[0])
    return len(has & {"bin", "sbin", "etc", "lib", "usr", "dev", "proc", "var"}) >= 3 and "etc" in has
