"""A tree of an unpacked folder never leaves it, and opens nothing but files."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.contents import folder_tree
from shelfworthy.readers.firmware.contents.folder_tree import FolderTree, escaped

SEGMENTS = st.sampled_from(["..", ".", "", "a", "b", "up", "abs", "loop", "file", "etc", "canary"])


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "canary").write_text("outside")
    top = tmp_path / "top"
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "file").write_text("inside")
    (top / "up").symlink_to("../canary")
    (top / "out").symlink_to("..")
    (top / "abs").symlink_to("/a/file")
    (top / "real").symlink_to(tmp_path / "canary")
    (top / "a" / "b" / "loop").symlink_to("loop")
    (top / "folder").symlink_to("a")
    return top


def test_links_are_followed_within_the_part(top: Path) -> None:
    assert (top / "up").read_text() == "outside"  # whoever follows it like a program
    tree = FolderTree(str(top), 0)
    for path, target in {"abs": "a/file", "folder/file": "a/file", "../../a/file": "a/file"}.items():
        found = tree.find(path)
        assert found is not None
        assert found.path == target
        assert tree.content(found) == b"inside"
    for path in ("up", "out/canary", "real", "a/b/loop", "nowhere", "a/file/more"):
        assert tree.find(path) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(path=st.lists(SEGMENTS, max_size=8), target=st.lists(SEGMENTS, min_size=1, max_size=8))
def test_no_path_and_no_link_leaves_it(top: Path, path: list[str], target: list[str]) -> None:
    link = top / "etc"
    link.unlink(missing_ok=True)
    link.symlink_to("/".join(target) or ".")
    tree = FolderTree(str(top), 0)
    found = tree.find("/".join(path))
    assert found is None or tree.content(found) in (b"inside", b"")
    tree.close()


def test_a_folder_that_became_a_link_is_not_followed(top: Path) -> None:
    tree = FolderTree(str(top), 0)
    file = tree.find("a/file")
    assert file is not None
    (top / "a").rename(top / "was")
    (top.parent / "elsewhere").mkdir()
    (top.parent / "elsewhere" / "file").write_text("outside")
    (top / "a").symlink_to(top.parent / "elsewhere")
    assert (top / "a" / "file").read_text() == "outside"
    assert tree.content(file) == b""
    assert tree.skipped == 1


def test_what_is_no_file_is_counted_and_not_opened(top: Path) -> None:
    os.mkfifo(top / "pipe")
    tree = FolderTree(str(top), 0)
    assert tree.find("pipe") is None
    assert tree.skipped == 1


def test_names_are_shown_escaped_and_still_read(top: Path) -> None:
    for name in (b"a\x1b[31m\nb", b"\xff\xfe", b"back\\slash"):
        Path(os.fsdecode(bytes(top) + b"/" + name)).write_bytes(name)
    tree = FolderTree(str(top), 0)
    read = {file.path: tree.content(file) for file in tree.files()}
    assert read["a\\x1b[31m\\nb"] == b"a\x1b[31m\nb"
    assert read["\\xff\\xfe"] == b"\xff\xfe"
    assert all(path.isprintable() for path in read)


@given(st.binary(max_size=40))
def test_every_name_can_be_shown_and_told_apart(name: bytes) -> None:
    assert escaped(name).isprintable()
    assert escaped(name + b"\n") != escaped(name + b"\\n")


def test_files_depth_and_bytes_are_bounded(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_tree, "MOST_FILES", 3)
    few = FolderTree(str(top), 0)
    assert (len(list(few.files())), few.truncated) == (3, True)
    monkeypatch.setattr(folder_tree, "MOST_FILES", 100)
    monkeypatch.setattr(folder_tree, "DEEPEST", 1)
    assert FolderTree(str(top), 0).truncated
    monkeypatch.setattr(folder_tree, "DEEPEST", 9)
    monkeypatch.setattr(folder_tree, "LARGEST", 3)
    short = FolderTree(str(top), 0)
    file = short.find("a/file")
    assert file is not None
    assert (short.content(file), short.truncated) == (b"ins", True)
