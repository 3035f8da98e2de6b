"""Names and inodes that mean no good, written as files."""

from pathlib import Path

import pytest

pytest.importorskip("unblob")
from unblob.file_utils import FileSystem

from shelfworthy.readers.firmware.contents.inodes import DEEPEST, Entry, Inode, write

FOLDER, FILE, LINK, PIPE = (Inode(mode, b"content") for mode in (0o40755, 0o106755, 0o120777, 0o10666))
INODES = {1: FOLDER, 2: FOLDER, 3: FILE, 4: LINK, 5: PIPE}


def written(folder: Path, *entries: Entry) -> tuple[bool, list[str]]:
    whole = write(FileSystem(folder / "out"), 1, entries, INODES.get)
    return whole, sorted(str(one.relative_to(folder / "out")) for one in (folder / "out").rglob("*"))


def test_what_is_right_is_written_and_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    entries = (Entry(2, b"b", 3), Entry(1, b"a", 2), Entry(1, b"link", 4), Entry(1, b"pipe", 5))
    assert written(tmp_path, *entries) == (True, ["a", "a/b", "link"])
    assert (tmp_path / "out/a/b").stat().st_mode & 0o7777 == 0o6755
    assert (tmp_path / "out/link").is_symlink()


@pytest.mark.parametrize("name", [b"..", b".", b"", b"a/b", b"../a", b"/etc/x", b"a\0b", b"n" * 256])
def test_what_is_no_name_is_said(name: bytes, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert written(tmp_path, Entry(1, name, 3)) == (False, [])
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "entry", [Entry(1, b"a", 9), Entry(9, b"a", 3), Entry(2, b"a", 1), Entry(1, b"a", 1)]
)
def test_what_hangs_nowhere_or_in_itself_is_said(entry: Entry, tmp_path: Path) -> None:
    whole, _ = written(tmp_path, Entry(1, b"folder", 2), entry)
    assert not whole


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    inodes = INODES | {4: Inode(0o120777, str(outside).encode())}
    entries = (Entry(1, b"x", 4), Entry(1, b"x", 2), Entry(2, b"f", 3))
    try:
        whole = write(FileSystem(tmp_path / "out"), 1, entries, inodes.get)
    except OSError:
        whole = False
    assert not whole
    assert list(outside.iterdir()) == []


def test_folders_without_an_end_are_said(tmp_path: Path) -> None:
    inodes = dict.fromkeys(range(1, DEEPEST + 5), FOLDER)
    entries = [Entry(number, b"d", number + 1) for number in range(1, DEEPEST + 4)]
    assert not write(FileSystem(tmp_path / "out"), 1, entries, inodes.get)
