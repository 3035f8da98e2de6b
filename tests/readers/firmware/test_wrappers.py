"""What is only put around firmware: it is unwrapped, its check sums count, and nothing of it signs."""

import gzip
import struct
from collections.abc import Callable

import pytest

from shelfworthy.seen.firmware import Container
from tests.readers.firmware.esp_images import image as esp_image
from tests.readers.firmware.seeing import CODE, behind_noise, flipped, formats, in_child, key, only, seen
from tests.readers.firmware.test_mcuboot import image
from tests.readers.firmware.wrapped import RP2040, dfu, dfuse, hex_line, intel_hex, matter, rbl, uf2

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "intel-hex": lambda content: intel_hex((0x0800_0000, content)),
    "uf2": uf2,
    "dfu-suffix": dfu,
    "dfuse": lambda content: dfuse((0x0800_0000, content)),
    "matter-ota": matter,
    "rt-thread-ota": rbl,
    "gzip": gzip.compress,
}
SUMMED = [name for name in WRAPPERS if name not in ("uf2", "dfuse")]
SEARCHED = ("matter-ota", "rt-thread-ota")
DECODED = ("intel-hex", "uf2", "gzip")
PARTS = {
    "intel-hex": "0x08000000",
    "uf2": "0x10000000",
    "dfuse": "Internal Flash 0x08000000",
    "matter-ota": "payload",
    "rt-thread-ota": "content",
}


def outer(content: bytes) -> Container:
    return seen(content).containers[0]


@pytest.mark.parametrize("name", WRAPPERS)
def test_unwrapped(name: str) -> None:
    content = WRAPPERS[name](image("p256"))
    first, second = in_child(content, key("p256")).containers
    assert (first.format, first.whole, first.at, first.length) == (name, True, 0, len(content))
    assert first.sum == ("right" if name in SUMMED else "none")
    assert (first.signs, first.signatures, first.opaque, first.encrypted) == (False, (), True, "no")
    assert (second.format, second.inside, second.part) == ("mcuboot", 0, PARTS.get(name, ""))
    assert (second.whole, second.signatures[0].proof) == (True, "verified")
    assert second.decoded is (name in DECODED)
    if not second.decoded:
        assert content[second.at :].startswith(image("p256"))


@pytest.mark.parametrize("name", WRAPPERS)
def test_unknown_content(name: str) -> None:
    found = only(WRAPPERS[name](CODE))
    assert (found.format, found.whole, found.opaque, found.signatures) == (name, True, True, ())


@pytest.mark.parametrize("name", SUMMED)
@pytest.mark.parametrize("part", [0.4, 0.6, 0.8])
def test_changed(name: str, part: float) -> None:
    content = WRAPPERS[name](CODE)
    at = int(len(content) * part)
    if name == "intel-hex":
        at = content.index(b"\n", at) + 15
    found = outer(flipped(content, at))
    assert (found.format, found.sum == "right") == (name, False)
    assert found.sum == "wrong" or not found.whole


@pytest.mark.parametrize("name", [name for name in WRAPPERS if name != "dfu-suffix"])
def test_cut_off(name: str) -> None:
    content = WRAPPERS[name](CODE)
    for length in (len(content) // 8 + 400, len(content) // 2, len(content) - 40, len(content) - 3):
        found = outer(content[:length])
        assert (found.format, found.whole) == (name, False), length


def test_a_suffix_that_is_cut_off_is_none() -> None:
    assert formats(dfu(CODE)[:-1]) == []
    assert formats(dfu(image("p256"))[:-1]) == ["mcuboot"]


@pytest.mark.parametrize("name", SEARCHED)
def test_behind_noise(name: str) -> None:
    first, second = seen(behind_noise(WRAPPERS[name](image("p256"))), key("p256")).containers
    assert (first.format, first.at, first.whole, first.sum) == (name, 1000, True, "right")
    assert second.signatures[0].proof == "verified"


def test_wrapped_and_wrapped() -> None:
    content = dfu(dfuse((0x0800_0000, gzip.compress(matter(image("p256"))))))
    assert formats(content) == ["dfu-suffix", "dfuse", "gzip", "matter-ota", "mcuboot"]
    assert [one.inside for one in seen(content).containers] == [-1, 0, 1, 2, 3]


def test_tasmota_packs_its_updates() -> None:
    found = seen(gzip.compress(esp_image(text=b"Tasmota"))).containers
    assert [(one.format, one.decoded) for one in found] == [("gzip", False), ("esp32", True)]


def test_hex_with_gaps() -> None:
    """Small ones are as erased flash reads, others part what lies on both sides."""
    content = image("p256")
    aligned = intel_hex((0x1000, content), (0x1000 + len(content) + 20, b"tail"), (0x9_0000, content))
    first, second = seen(aligned, key("p256")).containers[1:]
    assert [first.part, second.part] == ["0x00001000", "0x00090000"]
    assert [one.signatures[0].proof for one in (first, second)] == ["verified", "verified"]


def test_hex_of_segments() -> None:
    content = image()
    lines = hex_line(2, 0, b"\x10\x00") + b"".join(
        hex_line(0, at, content[at : at + 16]) for at in range(0, len(content), 16)
    )
    assert seen(lines + hex_line(1, 0, b"")).containers[1].part == "0x00010000"


@pytest.mark.parametrize(
    "text",
    [b":", b":zz\n", b":00000001FF", b":10000000", b": 0 0", hex_line(4, 0, b"\1"), hex_line(9, 0, b"\1")],
)
def test_other_texts_are_no_hex(text: bytes) -> None:
    assert formats(text) == []


def test_uf2_names_its_family() -> None:
    assert only(uf2(CODE)).version == f"family 0x{RP2040:08x} (RP2040)"
    assert only(uf2(CODE, flags=0)).version == "no family"
    both = seen(uf2(image()) + uf2(image("p256"), family=0x1234)).containers
    assert both[0].version == f"family 0x{RP2040:08x} (RP2040); family 0x00001234"
    assert [one.format for one in both] == ["uf2", "mcuboot", "mcuboot"]


def test_uf2_without_a_block_in_the_middle() -> None:
    content = uf2(CODE)
    assert only(content[:1024] + content[1536:]).whole is False


def test_uf2_that_is_not_for_the_flash() -> None:
    assert formats(uf2(image(), flags=0x2001)) == ["uf2"]


@pytest.mark.parametrize("text", ["", "name", "name, comment and more"])
def test_gzip_with_words(text: str) -> None:
    packed = gzip.compress(image())
    flags = (8 if text else 0) | (4 | 16 if " " in text else 0)
    words = (struct.pack("<H", 3) + b"abc" if flags & 4 else b"") + (b"name\0" if flags & 8 else b"")
    words += b"comment\0" if flags & 16 else b""
    assert formats(packed[:3] + bytes([flags]) + packed[4:10] + words + packed[10:]) == ["gzip", "mcuboot"]


def test_matter_says_whose_it_is() -> None:
    assert only(matter(CODE)).version == "1.7-rc (vendor 0xfff1, product 0x8001)"
    assert (only(matter(CODE)).sum_by, only(matter(CODE)).rollback) == ("SHA-256", "")
    assert only(matter(CODE, digest=bytes(32))).sum == "wrong"


def test_rt_thread() -> None:
    """Packed or encrypted content is not looked into, which does not mean that there is nothing."""
    assert only(rbl(CODE)).version == "1.0.7 (app)"
    assert formats(rbl(image(), 0x100)) == ["rt-thread-ota"]
    assert [only(rbl(CODE, method)).encrypted for method in (0, 0x200, 2, 0x102)] == [
        "no",
        "no",
        "yes",
        "yes",
    ]
    assert formats(flipped(rbl(CODE), 30)) == []


def test_several_dfuse_elements() -> None:
    found = seen(dfuse((0x0800_0000, image()), (0x0801_0000, image("p256")))).containers
    assert [one.part for one in found] == ["", "Internal Flash 0x08000000", "Internal Flash 0x08010000"]
