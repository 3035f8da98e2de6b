"""Take the corpus: one small specimen of every format, signed where it can be, and the keys that signed them.

    python -m tests.fuzz.take

The makers are those of the firmware matrix, with less in what they wrap. Keys are made anew, so all of it is;
an input in `found/` that has a signature of an older corpus shows nothing then, but has its own test anyway.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from zlib import crc32

from tests import firmware_specimens
from tests.fuzz.look import CODE, CORPUS, KEYS
from tests.readers.firmware import (
    esp_images,
    test_android,
    test_routers,
    test_swupdate,
    test_uefi,
)
from tests.readers.firmware.contents.file_systems import ROOTS, jffs2

SMALLER = ("CODE", "CONTENT", "KERNEL")  # what the modules call what they wrap
MODULES = (
    "esp_images",
    "nordic_packages",
    "seeing",
    "test_android",
    "test_esp",
    "test_mcuboot",
    "test_rauc",
    "test_routers",
    "test_swupdate",
    "test_u_boot",
    "test_uefi",
    "with_tools",
    "wrapping",
)
TOO_LARGE = ("RAUC, verity",)


def shrink() -> None:
    """Let every maker wrap less."""
    for module in (firmware_specimens, *(import_module(f"tests.readers.firmware.{one}") for one in MODULES)):
        for name in SMALLER:
            if hasattr(module, name):
                setattr(module, name, CODE)
    test_swupdate.FILES |= {"rootfs.img": CODE, "app.bin": CODE[:99]}
    test_uefi.VERSIONED = test_uefi.VERSIONED[:16] + CODE


def specimens() -> Iterator[tuple[str, bytes]]:
    """Name and content of each."""
    for name, maker in firmware_specimens.MAKERS.items():
        if name not in TOO_LARGE:
            yield name, maker.signed()
    for name, make in OTHERS.items():
        yield name, make()
    yield from small_file_systems()


def small_file_systems() -> Iterator[tuple[str, bytes]]:
    """A few files in JFFS2, and the nodes of a UBIFS without the room between them."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "root/etc").mkdir(parents=True)
        (folder / "root/etc/text").write_bytes(b"The bear sleeps. " * 30)
        (folder / "root/etc/code").write_bytes(CODE)
        (folder / "root/link").symlink_to("etc/text")
        for name, make in {
            "rtime": ROOTS["jffs2, rtime"],
            "lzo": ROOTS["jffs2, lzo"],
            "big": jffs2("-b"),
        }.items():
            yield f"jffs2-{name}", make(folder).read_bytes()
        content = ROOTS["ubifs"](folder).read_bytes()
    yield "ubifs", b"".join(nodes(content))


def nodes(content: bytes) -> Iterator[bytes]:
    """Those of files, names and bytes."""
    at = 0
    while (at := content.find(b"\x31\x18\x10\x06", at)) >= 0:
        length = int.from_bytes(content[at + 16 : at + 20], "little")
        if content[at + 20] in (0, 1, 2):
            yield content[at : at + length].ljust((length + 7) & ~7, b"\0")
        at += 8


def volume() -> bytes:
    """A UBI of two blocks, the second of which is the first of a volume."""
    made = b""
    for number in range(2):
        counts = b"UBI#" + bytes([1, 0, 0, 0]) + pack(">QIII", 1, 64, 128, 77) + bytes(32)
        holds = b"UBI!" + bytes([1, 1, 0, 0]) + pack(">II4xIIII4xQ12x", 0, number, 0, 0, 0, 0, number)
        heads = (one + pack(">I", crc32(one) ^ 0xFFFF_FFFF) for one in (counts, holds))
        made += b"".join(heads).ljust(128, b"\xff") + CODE.ljust(4096 - 128, b"\xff")
    return made


def ebl() -> bytes:
    """Ember's older kind: a header, a block of program, an end."""
    head = pack(">HHHH", 0, 140, 0, 0xE350).ljust(144, b"\0")
    made = head + pack(">HH", 0xFD03, 4 + len(CODE)) + pack(">I", 0x4000) + CODE + pack(">HH", 0xFC04, 4)
    return made + pack("<I", crc32(made) ^ 0xFFFF_FFFF)


OTHERS: dict[str, Callable[[], bytes]] = {
    "android payload": lambda: test_android.payload(),
    "tp-link": lambda: test_routers.tp_link(),
    "linksys": lambda: test_routers.linksys(),
    "trx": lambda: test_routers.trx(),
    "chk": lambda: test_routers.chk(),
    "seama": lambda: test_routers.seama(),
    "ubi": volume,
    "ebl": ebl,
    "esp8266": lambda: esp_images.image_8266(),
    "esp flash": lambda: esp_images.flash(0x1000, esp_images.image(), esp_images.signed(2, "p256")),
    "esp encrypted": lambda: b"\xcf\xb6\x88\x07" + bytes(400) + pack("<I", len(CODE)) + bytes(104) + CODE,
}


def main() -> None:
    shrink()
    for old in CORPUS.glob("*"):
        old.unlink()
    public = []
    for name, content in specimens():
        file = CORPUS / name.replace(", ", "-").replace(" ", "-").lower()
        file.write_bytes(content)
        print(f"{len(content):7} {sha256(content).hexdigest()[:12]} {file.name}")
    for name, maker in firmware_specimens.MAKERS.items():
        if name not in TOO_LARGE and maker.key() not in public:
            public.append(maker.key())
    KEYS.write_text("".join(one if one.endswith("\n") else one + "\n" for one in public))


if __name__ == "__main__":
    main()
