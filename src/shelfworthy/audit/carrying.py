"""The form in which an audit travels to a shelf: a plain tar of its evidence, the same bytes every time.

It is not packed: nothing in it is larger than it looks, and an offset tells where each file lies.
Judgements stay at home: whoever gets evidence judges it.
"""

import re
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from shelfworthy.model import digest
from shelfworthy.record import Unreadable, verify

LARGEST = 256 << 20  # bytes of a parcel
MOST_FILES = 20_000
MEDIA_TYPE = "application/x-tar"
# What may lie in evidence: no link, no folder of another name, nothing hidden, nothing above.
NAME = re.compile(
    r"evidence/(?:manifest\.json|redactions\.json|product\.toml"
    r"|(?:observations|gaps|looks)/[0-9a-f]{24}\.json|attachments/[0-9a-f]{64}"
    r"|supplied(?:/(?!\.)[^/\\\0]{1,200}){1,8})"
)


def pack(folder: Path, into: IO[bytes]) -> str:
    """Write the parcel of `NAME.audit`; the digest of its evidence. Raises Unreadable, OSError."""
    found = verify(folder)
    if found.problems:
        raise Unreadable(f"{folder}: not sent, it is not whole: {found.problems[0]}")
    with tarfile.open(fileobj=into, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in files(folder):
            content = path.read_bytes()
            member = tarfile.TarInfo(name)  # the same time, owner and mode for all
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
    return digest((folder / "evidence" / "manifest.json").read_bytes())


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """What of an audit is sent, in order. Raises Unreadable for what a shelf would not take."""
    for path in sorted((folder / "evidence").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_dir():
            if path.is_symlink() or not NAME.fullmatch(name):
                raise Unreadable(f"{folder}: not sent, {name} is nothing that belongs into evidence.")
            yield name, path
