"""Take the specimens of the check that says what of an image nobody saw into.

    python -m tests.readers.firmware.contents.take_unknown

Every image is made here with the field's own tools, unpacked by the real reader in its child, and called a
fixture.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from msgspec import structs

from shelfworthy.model import About, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Left
from tests.harvest import write_specimen
from tests.readers.firmware.contents.seeing import LEFT
from tests.readers.firmware.contents.unpacking import root, seen, squashfs

CHECK = "firmware-encrypted-unknown"


class Case(NamedTuple):
    name: str
    source: str
    image: bytes
    answer: Outcome
    truncated: bool = False
    parts: bool = True
    left: tuple[Left, ...] = ()


def cases(folder: Path) -> Iterator[Case]:
    """Every image."""
    root(folder)
    whole = squashfs(folder).read_bytes()
    noise = Random(6).randbytes(100_000)
    yield Case("fixture-squashfs", "fixture: a SquashFS", whole, Outcome.PASS)
    yield Case("fixture-noise", "fixture: noise before a SquashFS", noise + whole, Outcome.INCONCLUSIVE)
    text = b"a maker's own boot loader, in no format " * 40
    yield Case("fixture-unknown", "fixture: text before a SquashFS", text + whole, Outcome.INCONCLUSIVE)
    (folder / "root" / "usr" / "bin" / "big").write_bytes(noise)
    broken = bytearray(squashfs(folder).read_bytes())
    broken[70_000:100_000] = bytes(30_000)
    yield Case("fixture-broken", "fixture: a SquashFS with a hole", bytes(broken), Outcome.INCONCLUSIVE)
    yield Case("fixture-encrypted", "fixture: an encrypted zip", encrypted(folder), Outcome.INCONCLUSIVE)
    yield Case("fixture-more", "fixture: more than is looked at", whole, Outcome.INCONCLUSIVE, truncated=True)
    yield Case("fixture-left", "fixture: not all was looked at", whole, Outcome.INCONCLUSIVE, left=LEFT)
    yield Case("fixture-nothing", "fixture: no part", whole, Outcome.INCONCLUSIVE, parts=False)


def encrypted(folder: Path) -> bytes:
    """A zip whose one file says that it is encrypted."""
    file = folder / "a.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("secret", b"as it was" * 40)
    content = bytearray(file.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + at] |= 1
    return bytes(content)


def taken(case: Case, folder: Path) -> FirmwareContents:
    """What is seen of it. truncated is that of the parts alone, of which the case tells."""
    image = folder / "firmware.bin"
    image.write_bytes(case.image)
    contents, _ = seen(image)
    parts = contents.parts if case.parts else ()
    return structs.replace(contents, truncated=case.truncated, parts=parts, left=case.left)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        for case in cases(Path(temporary)):
            found = taken(case, Path(temporary))
            about = About(surface=Firmware(id="image", where="firmware.bin"))
            print(write_specimen(CHECK, found, about, case.source, case.name, case.answer))


if __name__ == "__main__":
    main()
