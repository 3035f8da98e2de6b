"""A changed copy: as little as can be is another, and every check sum fits. The field's own tools agree."""

import random
import struct
import subprocess
from pathlib import Path
from zlib import crc32

import pytest

from shelfworthy.tampering import changed
from shelfworthy_lab import firmware, fit, mcuboot
from shelfworthy_lab.radio import oad
from tests.needs import missing

SAYS = "OwlWatch 1.2.7"


def differences(one: bytes, other: bytes) -> list[int]:
    assert len(one) == len(other)
    return [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def uimage(at: Path, name: str = SAYS) -> bytes:
    """One that mkimage made."""
    (at / "data").write_bytes(bytes(range(256)) * 64)
    tool("mkimage", "-A", "arm", "-T", "firmware", "-C", "none", "-n", name, "-d", "data", "made", at=at)
    return (at / "made").read_bytes()


def tool(*command: str, at: Path) -> str:
    try:
        return subprocess.run(command, cwd=at, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        missing("the Debian packages u-boot-tools and device-tree-compiler")


def trx() -> bytes:
    behind = struct.pack("<I3I", 1 << 16, 28, 0, 0) + bytes(500)
    return b"HDR0" + struct.pack("<II", 12 + len(behind), crc32(behind) ^ 0xFFFFFFFF) + behind


@pytest.mark.parametrize("signed", [False, True])
def test_a_toy_s(signed: bool) -> None:
    image = firmware.toy(19, signed=signed)
    copy = changed(image, "PlumOS 19")
    assert copy.says == "PlumOS 10"
    assert copy.format == "ti-oad"
    assert copy.sums == (("SHA-256", "CRC-16") if signed else ("CRC-16",))
    assert firmware.good(copy.content, b"").says == "PlumOS 10"
    if signed:
        with pytest.raises(mcuboot.NotGood):
            mcuboot.counter_of(copy.content[oad.HEADER :], oad.MAKER.public_key())


def test_a_u_boot_image_is_still_one_to_mkimage(tmp_path: Path) -> None:
    image = uimage(tmp_path)
    copy = changed(image, SAYS)
    assert (copy.says, copy.format) == ("OwlWatch 1.2.8", "u-boot-legacy")
    (tmp_path / "copy").write_bytes(copy.content)
    assert "OwlWatch 1.2.8" in tool("dumpimage", "-l", "copy", at=tmp_path)
    assert len(differences(image, copy.content)) <= 5


def test_where_the_version_is_not_in_it_one_bit_is_another(tmp_path: Path) -> None:
    image = uimage(tmp_path)
    copy = changed(image, "nobody's 7")
    assert copy.says == ""
    assert len(image) // 2 in differences(image, copy.content)
    assert firmware.good(copy.content, b"").says == SAYS


def test_the_hashes_of_a_fit_are_put_right(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "a.its").write_text(
        '/dts-v1/; / { description = "x"; images { kernel { data = /incbin/("data"); type = "firmware"; '
        'arch = "arm"; compression = "none"; hash-1 { algo = "sha256"; }; '
        'hash-2 { algo = "crc32"; }; }; }; };'
    )
    tool("mkimage", "-f", "a.its", "made", at=tmp_path)
    image = (tmp_path / "made").read_bytes()
    copy = changed(image, "")
    assert copy.sums == ("sha256", "crc32")
    assert len(differences(image, copy.content)) > 20
    read = fit.tree(copy.content)
    sum_ = crc32(read.values["/images/kernel", "data"])
    assert sum_.to_bytes(4, "big") == read.values["/images/kernel/hash-2", "value"]


def test_trx() -> None:
    copy = changed(trx(), "")
    assert copy.format == "trx"
    assert crc32(copy.content[12:]) ^ 0xFFFFFFFF == struct.unpack_from("<I", copy.content, 8)[0]


def test_of_a_format_that_is_not_known_no_sum_is_put_right() -> None:
    image = random.Random(5).randbytes(5000)
    copy = changed(image, "nothing")
    assert (copy.format, copy.sums) == ("", ())
    assert differences(image, copy.content) == [2500]


@pytest.mark.parametrize("version", ["", "1", "a.b", "é" * 3])
def test_a_version_that_could_stand_there_by_chance_is_not_looked_for(version: str) -> None:
    image = (version * 40).encode() + bytes(100)
    assert changed(image, version).says == "" or len(version.encode()) >= 4


STARTS = (
    b"\x27\x05\x19\x56",
    b"\xd0\x0d\xfe\xed",
    b"HDR0",
    b"\x3d\xb8\xf3\x96",
    b"\xe9",
    b"\0\0\xff\xff",
    b"",
)


@pytest.mark.parametrize("start", STARTS)
def test_whatever_an_image_is_like_a_copy_is_made(start: bytes) -> None:
    dice = random.Random(len(start) * 7 + 1)
    for size in (0, 1, 3, 17, 63, 64, 65, 300, 4096):
        for _ in range(40):
            image = (start + dice.randbytes(size))[: max(size, len(start))]
            copy = changed(image, "PlumOS 19")
            assert len(copy.content) == len(image)
            assert copy.content != image or not image


def test_a_tree_without_end_ends(tmp_path: Path) -> None:
    deep = b"\xd0\x0d\xfe\xed" + struct.pack(">9I", 0, 40, 0, 0, 0, 0, 0, 0, 0)
    assert changed(deep + (struct.pack(">I", 1) + b"a\0\0\0") * 100_000, "").format == ""
    assert changed(deep + struct.pack(">I", 4) * 200_000, "").format == ""
