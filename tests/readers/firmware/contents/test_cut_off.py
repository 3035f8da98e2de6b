"""What is cut off, or has a byte changed, in every kind of file system and wrapping: never whole."""

from pathlib import Path

import pytest
from msgspec import structs

from tests.readers.firmware.contents.file_systems import ROOTS, camera
from tests.readers.firmware.contents.many import Both, all_seen
from tests.readers.firmware.contents.unpacking import QUICK

ROOM = structs.replace(QUICK, disk=256 << 20, inodes=20_000, time=300.0)


def places(length: int, count: int) -> list[int]:
    """Where to cut: evenly, the last one a byte before the end; at odd places, for a JFFS2 has no length, and
    is a shorter one where it ends between two nodes.
    """
    return [max(1, length * number // (count + 1) | 1) for number in range(1, count)] + [length - 1]


def clean(answer: Both | str, files: int) -> bool:
    """Whether it looks as if nothing were missing, although something is, and not only padding."""
    if isinstance(answer, str):
        return False
    contents, components = answer
    told = bool(contents.unopened or contents.truncated)
    has_all = any(part.root and part.files == files for part in contents.parts)
    return not told and components.whole and not has_all


def cut(kind: str, count: int, folder: Path) -> dict[int, Both | str]:
    camera(folder)
    whole = ROOTS[kind](folder).read_bytes()
    at = places(len(whole), count)
    return dict(zip(at, all_seen([whole[:one] for one in at], folder, ROOM), strict=True))


SOME = ("jffs2", "ubi of ubifs", "uimage of several", "cpio", "ext4", "romfs")


@pytest.mark.parametrize("kind", SOME)
def test_cut_off_at_three_places(kind: str, tmp_path: Path) -> None:
    assert [at for at, answer in cut(kind, 3, tmp_path).items() if clean(answer, 12)] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROOTS)
def test_cut_off_at_twenty_places(kind: str, tmp_path: Path) -> None:
    assert [at for at, answer in cut(kind, 20, tmp_path).items() if clean(answer, 12)] == []


CHANGED = ("jffs2", "jffs2, zlib", "ubifs", "ubi of squashfs", "uimage", "ext4", "cramfs")


@pytest.mark.parametrize("kind", CHANGED)
def test_a_changed_byte_of_a_file_is_said(kind: str, tmp_path: Path) -> None:
    """Where sums are over files. It is one of noise, which no packer makes shorter."""
    top = camera(tmp_path)
    whole = ROOTS[kind](tmp_path).read_bytes()
    noise = (top / "lib/noise").read_bytes()
    at = whole.find(noise[2000:2032])
    if kind == "ext4":  # no sum is over a file of it, but over its tables
        at = whole.find(b"server.key")
    if at < 0:
        at = whole.index(b"hsqs") + 5000
    images = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole]
    changed, right = all_seen(images, tmp_path, ROOM)
    assert not isinstance(changed, str)
    assert not isinstance(right, str)
    assert changed[0].unopened
    assert not changed[1].whole
    assert not right[0].unopened
