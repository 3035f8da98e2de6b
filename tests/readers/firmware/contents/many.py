"""Many images read in one child, each as an audit reads one: starting a child takes longer than reading.

The child's file holds them one after another, each behind its length. For each there is one answer: what was
seen, or why nothing was.
"""

import asyncio
import os
import resource
import shutil
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from unblob.finder import build_hyperscan_database

from shelfworthy.model import NotSeen, Seen
from shelfworthy.readers.firmware.contents.reading import read as read_one
from shelfworthy.readers.firmware.contents.unpack import HANDLERS
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents
from shelfworthy.seen.incident import IncidentSeen
from tests.readers.firmware.contents.unpacking import QUICK
from tests.sandbox.hostile import could

SELF, CHILDREN = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN

Both = tuple[FirmwareContents, FirmwareComponents]


def read(file: BinaryIO, name: str) -> Iterator[Seen]:
    """In the child: both observations of each image, or one word of why not; then how many bytes of memory
    the largest of its processes took."""
    build_hyperscan_database(HANDLERS)  # kept for all: else each worker of each image makes its own
    top = Path.cwd()
    while head := file.read(8):
        image = file.read(int.from_bytes(head))
        here = top / "here"
        here.mkdir()
        os.chdir(here)
        try:
            yield from read_one(BytesIO(image), name)
        except NotSeen as why:
            yield could(why.words)
        os.chdir(top)
        shutil.rmtree(here)
    yield could(f"{max(resource.getrusage(who).ru_maxrss for who in (SELF, CHILDREN)) << 10}")


def all_seen(images: Sequence[bytes], folder: Path, limits: Limits = QUICK) -> list[Both | str]:
    """What is seen of each, in their order."""
    file = folder / "many"
    file.write_bytes(b"".join(len(image).to_bytes(8) + image for image in images))
    sees = (FirmwareContents, FirmwareComponents, IncidentSeen)
    heard = asyncio.run(look_into(f"{__name__}:read", "many", file, sees, limits, patience=600))
    assert heard.trouble is None, heard.trouble
    assert f"work folder of {limits.disk >> 20} MiB and {limits.inodes} inodes" in heard.held
    found: list[Both | str] = []
    *answers, peak = heard.seen
    assert isinstance(peak, IncidentSeen)
    assert 0 < int(peak.sha256) <= limits.memory
    said = iter(answers)
    for one in said:
        if isinstance(one, FirmwareContents):
            assert one.sha256 == sha256(images[len(found)]).hexdigest()
            components = next(said)
            assert isinstance(components, FirmwareComponents)
            found.append((one, components))
        else:
            assert isinstance(one, IncidentSeen)
            found.append(one.sha256)
    assert len(found) == len(images)
    return found


def both(answer: Both | str) -> Both:
    """What was seen of an image of which something was."""
    assert not isinstance(answer, str), answer
    return answer
