"""Files that mean no good, for the formats of devices that run Linux: bounded time, and no crash."""

import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.android import ANDROID_OTA
from shelfworthy.readers.firmware.android_payload import ANDROID_PAYLOAD
from shelfworthy.readers.firmware.capsule import UEFI
from shelfworthy.readers.firmware.file_systems import SQUASHFS, UBI
from shelfworthy.readers.firmware.fit import FIT
from shelfworthy.readers.firmware.format import Format, NotThis, View
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.readers.firmware.rauc import RAUC, RAUC_ENCRYPTED
from shelfworthy.readers.firmware.routers import CHK, LINKSYS, SEAMA, TP_LINK_V1, TRX
from shelfworthy.readers.firmware.swupdate import SWUPDATE
from shelfworthy.readers.firmware.uimage import UIMAGE
from tests.readers.firmware.with_tools import CONTENT, in_child, seen

LINUX = (
    FIT,
    UIMAGE,
    SWUPDATE,
    UEFI,
    ANDROID_OTA,
    ANDROID_PAYLOAD,
    TP_LINK_V1,
    LINKSYS,
    TRX,
    CHK,
    SEAMA,
    RAUC,
    RAUC_ENCRYPTED,
    SQUASHFS,
    UBI,
)
LARGE = 4 << 20
PATIENCE = 15  # seconds, on a busy machine
formats = pytest.mark.parametrize("format_", LINUX, ids=lambda one: one.name)


@formats
@settings(max_examples=100)
@given(rest=st.binary(max_size=800), large=st.booleans())
def test_any_bytes_behind_the_beginning(format_: Format, rest: bytes, large: bool) -> None:
    """An answer or none, and never an exception of another kind, from the format itself as well."""
    at, magic = format_.starts[0]
    content = bytes(at) + magic + rest + (CONTENT if large else b"")
    with suppress(NotThis):
        format_.parse(View(content), Keys())
    seen(content)


@formats
@pytest.mark.parametrize("filling", [b"\0", b"\1", b"\xff"])
def test_nothing_but_beginnings(format_: Format, filling: bytes) -> None:
    at, magic = format_.starts[0]
    one = filling * at + magic + filling * 40
    started = time.monotonic()
    seen((one * (LARGE // len(one)))[:LARGE])
    assert time.monotonic() - started < PATIENCE


def tree(struct_: bytes, names: bytes = b"data-position\0data-size\0") -> bytes:
    size = 40 + len(struct_) + len(names)
    head = struct.pack(
        ">10I", 0xD00DFEED, size, 40, 40 + len(struct_), 40, 17, 16, 0, len(names), len(struct_)
    )
    return head + struct_ + names


def node(name: bytes, inside: bytes) -> bytes:
    return b"\0\0\0\1" + name + bytes(4 - len(name) % 4) + inside + b"\0\0\0\2"


def number(name_at: int, value: int) -> bytes:
    return struct.pack(">IIII", 3, 4, name_at, value)


def test_images_of_a_fit_that_lie_over_each_other(tmp_path: Path) -> None:
    """Each image is the whole FIT again: that ends, and soon."""
    images = b"".join(node(b"i%d" % at, number(0, 0) + number(14, 1 << 16)) for at in range(64))
    image = tree(node(b"", node(b"images", images)) + b"\0\0\0\x09").ljust(1 << 16, b"\0")
    started = time.monotonic()
    found = in_child(image, tmp_path)
    assert time.monotonic() - started < PATIENCE
    assert len(found.containers) <= 256


@pytest.mark.parametrize("image", [node(b"a", b"") * 2, number(0, 1) * 2, node(b"a/b", b""), b"\0\0\0\7"])
def test_trees_that_can_be_read_in_two_ways(image: bytes) -> None:
    """Twice the same node or property: which one counts, loaders do not agree on."""
    built = tree(node(b"", node(b"images", image)) + b"\0\0\0\x09")
    assert seen(built) == ()
    assert seen(tree(node(b"", node(b"images", node(b"a", number(0, 1)))) + b"\0\0\0\x09"))


@pytest.mark.parametrize("one", ['"\\', '\\"', "/* ", "{", '"', "filename = ", "filename   ", "# {\n", "//"])
def test_descriptions_that_do_not_end(one: str) -> None:
    """SWUpdate's description is read once, whatever does not end in it."""
    raw = one.encode() * (LARGE // 16 // len(one))
    fields = [0, 0, 0, 0, 1, 0, len(raw), 0, 0, 0, 0, 15, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + b"sw-description\0\0\0\0"
    started = time.monotonic()
    assert seen(head + raw)[0].format == "swupdate"
    assert time.monotonic() - started < PATIENCE
