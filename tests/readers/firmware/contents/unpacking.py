"""Images made by the field's own tools, and read as an audit reads them."""

import asyncio
from pathlib import Path

import pytest
from msgspec import structs

from shelfworthy.readers.firmware import FIRMWARE_CONTENTS
from shelfworthy.sandbox.box import Heard, look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents
from tests.readers.firmware.with_tools import has, run

QUICK = structs.replace(FIRMWARE_CONTENTS.limits, disk=64 << 20, inodes=5000, time=60.0)


def heard(image: Path, limits: Limits = QUICK) -> Heard:
    pytest.importorskip("unblob")
    return asyncio.run(
        look_into(FIRMWARE_CONTENTS.read, image.name, image, FIRMWARE_CONTENTS.sees, limits, patience=200)
    )


def seen(image: Path, limits: Limits = QUICK) -> tuple[FirmwareContents, FirmwareComponents]:
    """Both observations of an image that was read to its end."""
    said = heard(image, limits)
    assert said.trouble is None, said.trouble
    contents, components = said.seen
    assert isinstance(contents, FirmwareContents)
    assert isinstance(components, FirmwareComponents)
    return contents, components


def root(folder: Path) -> Path:
    """A small root file system as a folder."""
    top = folder / "root"
    for name in ("bin", "etc", "lib", "usr/bin", "dev", "var"):
        (top / name).mkdir(parents=True)
    (top / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (top / "etc" / "shadow").write_text("root::0:0:99999:7:::\n")
    (top / "bin" / "busybox").write_bytes(b"\x7fELF" + bytes(3000))
    (top / "bin" / "sh").symlink_to("busybox")
    (top / "etc" / "motd").symlink_to("/usr/motd")
    (top / "usr" / "motd").write_text("hello")
    return top


def squashfs(folder: Path, name: str = "root.squashfs", *more: str) -> Path:
    """A folder's root as SquashFS. more: arguments of mksquashfs, pseudo files among them."""
    has("mksquashfs", "squashfs-tools")
    run("mksquashfs", "root", name, "-noappend", "-all-root", "-quiet", *more, cwd=folder)
    return folder / name
