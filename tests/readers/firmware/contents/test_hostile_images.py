"""Images that mean no good, unpacked as an audit does it: nothing outside is touched, and nothing passes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readers.firmware.contents.file_systems import camera
from tests.readers.firmware.contents.hostile_images import (
    hidden_from_unpackers,
    leavers,
    liars,
    named,
    nested,
    strangers,
)
from tests.readers.firmware.contents.many import Both, all_seen, both
from tests.readers.firmware.with_tools import has, identity, run

UNFIT = (
    "upwards",
    "long",
    "a zero",
    "a dot",
    "none",
    "no UTF-8",
)  # names that no file can have, or unblob reads
Answers = dict[str, Both | str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a camera's root, and one that everybody may write, beside it."""
    folder = tmp_path_factory.mktemp("hostile")
    camera(folder)
    return folder


def outside(*folders: Path) -> dict[str, tuple[object, ...]]:
    """All that can be told of what lies there: a change of anything shows."""
    found: dict[str, tuple[object, ...]] = {}
    for top in folders:
        for one in (top, *sorted(top.rglob("*"))):
            told = one.lstat()
            content = one.read_bytes() if one.is_file() and not one.is_symlink() else b""
            found[str(one)] = (
                told.st_mode,
                told.st_nlink,
                told.st_ino,
                told.st_mtime_ns,
                told.st_uid,
                content,
            )
    return found


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """A folder of files that everybody may write, which is as it was when the test is over."""
    for folder in (tmp_path, tmp_path.parent):
        folder.chmod(0o777)
    place = tmp_path / "canary"
    place.mkdir(mode=0o777)
    place.chmod(0o777)
    for name in ("file", "other"):
        (place / name).write_text("whole\n")
        (place / name).chmod(0o666)
    before, there = outside(place), set(Path("/tmp").iterdir()) | set(Path("/dev/shm").iterdir())
    yield place
    assert outside(place) == before
    assert not {one for one in set(Path("/tmp").iterdir()) - there if one.name in ("up", "file", "a")}


def unseen(answer: Both | str) -> bool:
    """Whether it says that there is something that was not looked at: then nothing passes."""
    if isinstance(answer, str):
        return True
    contents, components = answer
    return bool(contents.unopened or contents.truncated) and not components.whole


def told(answer: Both | str) -> str:
    if isinstance(answer, str):
        return answer
    return "\n".join(f"{one.format} {one.file} {one.opened} {one.why}" for one in answer[0].parts)


def ask(images: Iterator[tuple[str, bytes]], folder: Path) -> Answers:
    names, contents = zip(*images, strict=True)
    return dict(zip(names, all_seen(contents, folder), strict=True))


@pytest.mark.slow
def test_sizes_that_lie_are_never_whole(home: Path, canary: Path, tmp_path: Path) -> None:
    found = ask(liars(home), tmp_path)
    passed = {name: told(one) for name, one in found.items() if not unseen(one)}
    # unblob looks at all bytes of a FIT, so what it holds is found wherever its tree says that it lies.
    assert passed.keys() == {"fit, data behind its end", "fit, more data than there is"}, passed
    assert all("squashfs_v4_le" in one for one in passed.values())


def test_what_leads_out_reaches_nothing_outside(canary: Path, tmp_path: Path) -> None:
    key = identity("camera")[0]
    for name, answer in ask(leavers(canary, key), tmp_path).items():
        contents, _ = both(answer)
        inside = any(one.sort == "private key" for one in contents.secrets)  # it lies in the work folder
        assert inside or unseen(answer), name


@pytest.mark.parametrize("which", ["tar, through a link", "cpio, through a link", "tar, through a hard link"])
def test_an_unpacker_that_trusts_would_have_reached_it(which: str, tmp_path: Path) -> None:
    place = tmp_path / "canary"
    place.mkdir()
    (place / "file").write_text("whole\n")
    (tmp_path / "evil").write_bytes(dict(leavers(place, b"changed"))[which])
    (tmp_path / "here").mkdir()
    has("cpio", "cpio")
    sort = "tar -xPf ../evil" if which.startswith("tar") else "cpio -iu < ../evil"
    if "hard" in which:  # tar takes a link away before it writes
        sort = "tar --overwrite -xPf ../evil"
    run("sh", "-c", sort, cwd=tmp_path / "here")
    assert (place / "file").read_text() == "changed"


def test_what_is_no_file_is_left_and_all_else_is_seen(home: Path, canary: Path, tmp_path: Path) -> None:
    for name, answer in ask(strangers(home), tmp_path).items():
        contents, _ = both(answer)
        (root,) = (part for part in contents.parts if part.root)
        assert root.opened or name == "tar", name  # of which unblob tells it otherwise
        assert [one.name for one in contents.accounts] == ["root"], name


def test_names_that_are_none_are_shown_escaped_or_said(canary: Path, tmp_path: Path) -> None:
    for name, answer in ask(named(), tmp_path).items():
        contents, _ = both(answer)
        places = [one.place.file for one in contents.accounts]
        assert all(one.isprintable() for one in (*places, *(part.file for part in contents.parts))), name
        assert contents.parts, name
        whole = contents.parts[0].files == (4 if name.startswith("cpio") else 2)
        assert whole or unseen(answer), name
        assert whole or name.partition(", ")[2] in UNFIT, name


@pytest.mark.slow
def test_what_holds_itself_ends_and_says_so(canary: Path, tmp_path: Path) -> None:
    found = ask(nested(), tmp_path)
    assert {name: told(one) for name, one in found.items() if not unseen(one)} == {}


def test_what_keeps_an_unpacker_out_is_said(tmp_path: Path) -> None:
    found = ask(hidden_from_unpackers(), tmp_path)
    assert {name: told(one) for name, one in found.items() if not unseen(one)} == {}
