"""Images of very many files that hold nothing: bounded, and said; fewer are seen, all of them."""

import gzip
import io
import resource
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pytest

from shelfworthy.readers.firmware import FIRMWARE_CONTENTS
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents
from tests.readers.firmware.contents.hostile_images import member
from tests.readers.firmware.contents.unpacking import heard
from tests.readers.firmware.with_tools import has

MANY = 1_000_000
LIMITS = FIRMWARE_CONTENTS.limits


def names(count: int) -> Iterator[str]:
    """Of files in a thousand folders, behind those of a root."""
    yield from ("etc/passwd", "lib/a", "usr/b")
    for number in range(count - 3):
        yield f"var/{number % 1000}/{number}"


def cpio(count: int, file: Path) -> None:
    with file.open("wb") as out:
        for name in names(count):
            out.write(member(name.encode(), b"root::0:0::/:/bin/sh\n" if name == "etc/passwd" else b""))
        out.write(member(b"TRAILER!!!", b"", 0))


def tar(count: int, file: Path) -> None:
    with gzip.open(file, "wb", 1) as packed, tarfile.open(fileobj=packed, mode="w") as out:
        for name in names(count):
            one = tarfile.TarInfo(name)
            out.addfile(one, io.BytesIO())


def squashfs(count: int, file: Path) -> None:
    has("sqfstar", "squashfs-tools")
    tar(count, file.with_suffix(".tar.gz"))
    with gzip.open(file.with_suffix(".tar.gz")) as unpacked:
        made = subprocess.Popen(["sqfstar", "-quiet", "-no-progress", file], stdin=subprocess.PIPE)
        assert made.stdin is not None
        while chunk := unpacked.read(1 << 20):
            made.stdin.write(chunk)
        made.stdin.close()
        assert made.wait() == 0


KINDS: dict[str, Callable[[int, Path], None]] = {"cpio": cpio, "tar": tar, "squashfs": squashfs}


def said(seen: Sequence[object]) -> tuple[FirmwareContents, FirmwareComponents]:
    contents, components = seen
    assert isinstance(contents, FirmwareContents)
    assert isinstance(components, FirmwareComponents)
    return contents, components


class Measured(NamedTuple):
    """What is heard of an image: what was seen, the words of what ended it; bytes of the largest process."""

    seen: tuple[object, ...]
    trouble: str
    peak: int


def measured(image: Path) -> Measured:
    """Look into an image, and measure.

    By a small process of its own: what was started before counts as well, and each begins with the size of
    who started it.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, image).result()


def _measured(image: Path) -> Measured:
    answer = heard(image, LIMITS)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    return Measured(tuple(answer.seen), answer.trouble.words if answer.trouble else "", peak)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_million_files_are_bounded_and_said(kind: str, tmp_path: Path) -> None:
    image = tmp_path / "image"
    KINDS[kind](MANY, image)
    answer = measured(image)
    assert answer.peak <= LIMITS.memory, "of any process"
    if not answer.trouble:
        contents, components = said(answer.seen)
        assert contents.unopened or contents.truncated
        assert not components.whole
        assert sum(part.files for part in contents.parts) <= 2 * LIMITS.inodes
    else:  # a bound on time, computing or memory came first, and the audit says which
        words = ("s and was ended", "of computing", "of memory", "computing or memory")
        assert any(one in answer.trouble for one in words), answer.trouble


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_fifty_thousand_files_are_seen(kind: str, tmp_path: Path) -> None:
    image = tmp_path / "image"
    KINDS[kind](50_000, image)
    answer = heard(image, LIMITS)
    assert answer.trouble is None, answer.trouble
    contents, components = said(answer.seen)
    assert [(part.root, part.files, part.opened) for part in contents.parts if part.root] == [
        (True, 50_000, True)
    ]
    assert not contents.truncated
    assert components.whole
