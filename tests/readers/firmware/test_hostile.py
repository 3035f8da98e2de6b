"""Images that mean no good: an answer in bounded time, whatever the bytes; and no spoilt one is verified."""

import gzip
import time
import zipfile
from collections.abc import Callable
from functools import cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.format import Format
from shelfworthy.readers.firmware.formats import FORMATS
from tests.readers.firmware.esp_images import flash, image_8266, signed
from tests.readers.firmware.esp_images import image as esp_image
from tests.readers.firmware.nordic_packages import command, legacy, package, secure
from tests.readers.firmware.seeing import CODE, formats, in_child, key, seen
from tests.readers.firmware.test_mcuboot import image
from tests.readers.firmware.wrapped import dfu, dfuse, hex_line, intel_hex, matter, rbl, uf2

PATIENCE = 25  # seconds, on a busy machine
KEY = key("p256")
Signed = Callable[[], tuple[bytes, int, int]]


def content_of(make: Signed) -> bytes:
    return make()[0]


SIGNED: dict[str, Signed] = {  # name: content, and where what the signature covers begins and ends
    "mcuboot": lambda: (image("p256"), 0, 32 + len(CODE)),
    "esp, version 1": lambda: (signed(1, "p256"), 0, len(esp_image())),
    "esp, version 2": lambda: (signed(2, "p256"), 0, seen(signed(2, "p256")).containers[0].signatures[0].at),
    "nordic, secure": lambda: nordic(secure(KEY)),
    "nordic, legacy": lambda: nordic(legacy(0.8, KEY)),
}
SPECIMENS: dict[str, Callable[[], bytes]] = {
    **{name: partial(content_of, make) for name, make in SIGNED.items()},
    "esp-flash": lambda: flash(0x1000, esp_image(), signed(2, "p256")),
    "esp8266": image_8266,
    "intel-hex": lambda: intel_hex((0x8000, image("p256"))),
    "uf2": lambda: uf2(image("p256")),
    "dfuse": lambda: dfu(dfuse((0x8000, image("p256")))),
    "matter": lambda: matter(image("p256")),
    "rbl": lambda: rbl(image("p256")),
    "gzip": lambda: gzip.compress(image("p256")),
    "nordic, two": lambda: package({"bootloader": secure(), "application": secure(KEY, command(debug=True))}),
}


def nordic(packet: bytes) -> tuple[bytes, int, int]:
    content = package({"application": packet}, method=zipfile.ZIP_STORED)
    at = content.index(CODE)
    return content, at, at + len(CODE)


@cache
def specimen(name: str) -> bytes:
    return SPECIMENS[name]()


@settings(max_examples=200)
@given(st.sampled_from(FORMATS), st.binary(max_size=600), st.data())
def test_any_bytes_behind_a_beginning(format_: Format, content: bytes, data: st.DataObject) -> None:
    at, magic = data.draw(st.sampled_from(format_.starts))
    found = seen(content[:at].ljust(at, b"\0") + magic + content, KEY)
    assert len(found.containers) <= 256
    assert all(one.proof != "verified" for container in found.containers for one in container.signatures)


@settings(max_examples=250)
@given(
    name=st.sampled_from(sorted(SPECIMENS)),
    spoilt=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=8),
    length=st.integers(0, 1 << 17),
)
def test_spoilt_specimens(name: str, spoilt: list[tuple[int, bytes]], length: int) -> None:
    content = bytearray(specimen(name))
    for at, new in spoilt:
        place = at % min(len(content), 600) if at % 2 else at % len(content)  # every other one in a header
        content[place : place + len(new)] = new
    found = seen(bytes(content[: length or None]), KEY)
    assert found.length == len(content[: length or None])
    assert len(found.containers) <= 256


@settings(max_examples=150)
@given(name=st.sampled_from(sorted(SIGNED)), at=st.integers(0, 1 << 20), bit=st.integers(0, 7))
def test_no_flip_is_verified(name: str, at: int, bit: int) -> None:
    content, first, last = SIGNED[name]()
    place = first + at % (last - first)
    spoilt = content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]
    for container in seen(spoilt, KEY).containers:
        assert all(one.proof != "verified" for one in container.signatures)


@pytest.mark.parametrize("name", sorted(SPECIMENS))
def test_every_specimen_in_the_sandbox(name: str) -> None:
    """Where a reader can import nothing and open nothing, it says the same."""
    assert in_child(specimen(name), KEY) == seen(specimen(name), KEY)


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(bytes(256 << 20), 1),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(gzip.compress(bytes(64 << 20)))),
    "hex": lambda: hex_line(0, 0, bytes(16)) * 1_000_000,
    "hex with a million runs": lambda: (hex_line(0, 0, b"1") + hex_line(0, 0x8000, b"2")) * 500_000,
    "uf2": lambda: uf2(bytes(16 << 20)),
    "uf2 of many families": lambda: b"".join(uf2(b"1", family=number) for number in range(100_000)),
    "esp, the largest segments": lambda: b"\xe9\x10\x02\x20\x00\x04\x08\x40" * 4_000_000,
    "beginnings of nothing": lambda: b"".join(magic for one in FORMATS for _, magic in one.starts) * 200_000,
    "nordic, as large as it may be": lambda: package(
        dict.fromkeys(("application", "bootloader", "softdevice"), secure()), bytes(8 << 20)
    ),
    "zip of many": lambda: b"PK\3\4" + bytes(26) + b"PK\1\2" * 2_000_000 + b"PK\5\6" + b"\xff" * 18,
    "dfuse of nothing": lambda: dfu(dfuse(*[(0, b"")] * 100_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    content = BOMBS[name]()
    began = time.monotonic()
    found = in_child(content, KEY)
    assert time.monotonic() - began < PATIENCE
    assert len(found.containers) <= 256


def test_a_gzip_bomb_is_known_to_be_more() -> None:
    found = seen(BOMBS["gzip"]()).containers[0]
    assert (found.format, found.whole, found.sum) == ("gzip", False, "not computed")


def test_deep_wrappings() -> None:
    content = image()
    for _ in range(12):
        content = gzip.compress(content)
    found = seen(content)
    assert found.truncated
    assert formats(content) == ["gzip"] * 9
