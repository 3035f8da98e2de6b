"""Images made with the field's own tools, unpacked in the child as an audit does it."""

import io
import tarfile
import zipfile
from pathlib import Path
from random import Random

import pytest
from msgspec import structs

from tests.readers.firmware.contents.unpacking import QUICK, heard, root, seen, squashfs
from tests.readers.firmware.with_tools import has, run


@pytest.mark.parametrize("packer", ["gzip", "xz", "zstd", "lz4"])
def test_a_root_file_system_is_found_in_squashfs(packer: str, tmp_path: Path) -> None:
    root(tmp_path)
    contents, components = seen(squashfs(tmp_path, "a.squashfs", "-comp", packer))
    (part,) = contents.parts
    assert (part.format, part.inside, part.opened, part.why) == ("squashfs_v4_le", -1, True, "")
    assert (part.root, part.files) == (True, 6)
    assert components.whole
    assert components.sha256 == contents.sha256


def test_a_flash_image_is_its_parts(tmp_path: Path) -> None:
    """Noise and a SquashFS, one after another."""
    root(tmp_path)
    noise = Random(3).randbytes(65_536)
    flash = tmp_path / "flash"
    flash.write_bytes(noise + squashfs(tmp_path).read_bytes())
    contents, components = seen(flash)
    assert [part.format for part in contents.parts if part.root] == ["squashfs_v4_le"]
    (unknown,) = contents.unopened
    assert (unknown.format, unknown.encrypted) == ("unknown", "unknown")
    assert not components.whole


ITS = """/dts-v1/;
/ {
  description = "a";
  images { blob {
    description = "b"; type = "firmware"; arch = "arm"; compression = "none"; data = /incbin/("blob");
  }; };
  configurations { default = "c"; c { firmware = "blob"; }; };
};
"""


@pytest.mark.parametrize("container", ["uimage", "fit"])
def test_a_piece_that_nobody_knows_is_listed_unopened(container: str, tmp_path: Path) -> None:
    has("mkimage", "u-boot-tools")
    (tmp_path / "blob").write_bytes(Random(5).randbytes(65_536))
    if container == "uimage":
        run("mkimage", "-A", "arm", "-T", "firmware", "-C", "none", "-d", "blob", "made", cwd=tmp_path)
    else:
        has("dtc", "device-tree-compiler")
        (tmp_path / "blob.its").write_text(ITS)
        run("mkimage", "-f", "blob.its", "made", cwd=tmp_path)
    contents, components = seen(tmp_path / "made")
    (unknown,) = contents.unopened
    assert (unknown.format, unknown.inside, unknown.length) == ("unknown", 0, 65_536)
    assert not components.whole


def test_a_part_in_a_part_is_told_where(tmp_path: Path) -> None:
    root(tmp_path)
    squashfs(tmp_path)
    with tarfile.open(tmp_path / "outer.tar", "w") as outer:
        outer.add(tmp_path / "root.squashfs", "images/root.squashfs")
    contents, _ = seen(tmp_path / "outer.tar")
    assert [(part.format, part.inside, part.file) for part in contents.parts] == [
        ("tar", -1, ""),
        ("squashfs_v4_le", 0, "images/root.squashfs"),
    ]
    assert [part.files for part in contents.parts] == [1, 6]


def test_cpio_is_opened(tmp_path: Path) -> None:
    has("cpio", "cpio")
    root(tmp_path)
    run("sh", "-c", "cd root && find . | cpio -o -H newc > ../a.cpio", cwd=tmp_path)
    contents, _ = seen(tmp_path / "a.cpio")
    assert [(part.opened, part.root) for part in contents.parts] == [(True, True)]


def test_noise_is_unseen_and_not_clean(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(Random(4).randbytes(100_000))
    contents, components = seen(tmp_path / "noise")
    (part,) = contents.unopened
    assert part.encrypted == "unknown"
    assert "noise from end to end" in part.why
    assert not components.whole


def test_a_broken_squashfs_is_unseen(tmp_path: Path) -> None:
    top = root(tmp_path)
    (top / "usr" / "bin" / "big").write_bytes(Random(5).randbytes(300_000))
    image = squashfs(tmp_path)
    content = bytearray(image.read_bytes())
    content[200_000:310_000] = bytes(110_000)
    image.write_bytes(content)
    contents, components = seen(image)
    assert contents.unopened
    assert not components.whole


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    said = heard(tmp_path / "empty")
    assert said.trouble is not None
    assert said.trouble.words == "empty is empty."


def test_more_than_the_work_folder_holds_is_unseen(tmp_path: Path) -> None:
    top = root(tmp_path)
    (top / "usr" / "bomb").write_bytes(bytes(48 << 20))
    image = squashfs(tmp_path)
    assert image.stat().st_size < 100_000
    contents, components = seen(image, structs.replace(QUICK, disk=16 << 20))
    assert contents.unopened
    assert not components.whole


def test_a_tar_reaches_nothing_outside(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("whole")
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as made:
        for name in (str(canary), "../../../../../.." + str(canary)):
            one = tarfile.TarInfo(name)
            one.size = 7
            made.addfile(one, io.BytesIO(b"changed"))
        link = tarfile.TarInfo("hard")
        link.type, link.linkname = tarfile.LNKTYPE, str(canary)
        made.addfile(link)
        soft = tarfile.TarInfo("soft")
        soft.type, soft.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(soft)
        device = tarfile.TarInfo("device")
        device.type, device.devmajor, device.devminor = tarfile.CHRTYPE, 1, 1
        made.addfile(device)
        control = tarfile.TarInfo("a\x1b[31m\nb")
        made.addfile(control)
    tmp_path.chmod(0o777)
    canary.chmod(0o666)
    contents, _ = seen(evil)
    assert contents.parts
    assert canary.read_text() == "whole"
    run("tar", "-xPf", "evil.tar", str(canary), cwd=tmp_path)
    assert canary.read_text() == "changed"  # it would have


def test_recursive_archives_end(tmp_path: Path) -> None:
    """Twenty archives in one another: deeper than is looked, which is said."""
    has("7z", "p7zip-full")
    inner = b"the innermost"
    for number in range(20):
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w:gz" if number % 2 else "w") as made:
            one = tarfile.TarInfo(f"inner{number}")
            one.size = len(inner)
            made.addfile(one, io.BytesIO(inner))
        inner = file.getvalue()
    (tmp_path / "deep").write_bytes(inner)
    contents, components = seen(tmp_path / "deep")
    assert contents.truncated
    assert not components.whole
    assert len(contents.parts) <= 12


def test_a_bomb_of_zeros_is_bounded_and_unseen(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made, made.open("zeros", "w") as zeros:
        for _ in range(96):
            zeros.write(bytes(1 << 20))
    assert bomb.stat().st_size < 200_000
    contents, components = seen(bomb)
    assert contents.unopened
    assert not components.whole


def test_many_small_files_are_bounded_and_said(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "many.tar", "w") as made:
        for number in range(8000):
            made.addfile(tarfile.TarInfo(f"{number % 50}/{number}"))
    contents, components = seen(tmp_path / "many.tar")
    assert contents.truncated
    assert not components.whole


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.97])
def test_what_is_cut_off_is_never_whole(kept: float, tmp_path: Path) -> None:
    top = root(tmp_path)
    (top / "usr" / "bin" / "big").write_bytes(Random(5).randbytes(100_000))
    image = squashfs(tmp_path)
    content = image.read_bytes()
    image.write_bytes(content[: int(len(content) * kept)])
    contents, components = seen(image)
    assert contents.unopened
    assert not components.whole


def test_device_nodes_in_squashfs_leave_it_unopened_or_are_skipped(tmp_path: Path) -> None:
    root(tmp_path)
    image = squashfs(tmp_path, "nodes.squashfs", "-p", "dev/mem c 666 0 0 1 1", "-p", "dev/sda b 666 0 0 8 0")
    contents, _ = seen(image)
    (part,) = contents.parts
    assert part.root
    assert part.files == 6


def test_what_a_fit_holds_is_seen_and_none_of_it_is_unknown(tmp_path: Path) -> None:
    has("mkimage", "u-boot-tools")
    has("dtc", "device-tree-compiler")
    root(tmp_path)
    squashfs(tmp_path)
    (tmp_path / "image.its").write_text(FIT)
    run("mkimage", "-f", "image.its", "image.fit", cwd=tmp_path)
    contents, components = seen(tmp_path / "image.fit")
    assert [(part.format, part.opened) for part in contents.parts] == [
        ("device_tree", True),
        ("squashfs_v4_le", True),
    ]
    assert components.whole
    whole = (tmp_path / "image.fit").read_bytes()
    (tmp_path / "short.fit").write_bytes(whole[: len(whole) // 2])
    contents, components = seen(tmp_path / "short.fit")
    assert contents.unopened
    assert not components.whole


FIT = """/dts-v1/;
/ {
    description = "a camera";
    images {
        rootfs {
            data = /incbin/("root.squashfs");
            type = "filesystem";
            arch = "arm";
            compression = "none";
            hash { algo = "sha256"; };
        };
    };
};
"""
