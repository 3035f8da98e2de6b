"""Files in a part that unblob passed over although something is in them: they are unseen, not clean.

unblob tells nothing of a file in which it recognises nothing, and most files of a root file system are such.
But one that begins like a file system or an archive, and is not read as one, may hold what is looked for.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from unblob import report
from unblob.models import TaskResult

from shelfworthy.seen.firmware_contents import Part

HEAD = 1100  # bytes of a file's beginning
BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (  # where, what, and what begins so
    (0, b"hsqs", "SquashFS"),
    (0, b"sqsh", "SquashFS"),
    (0, b"\x45\x3d\xcd\x28", "CramFS"),
    (0, b"\x28\xcd\x3d\x45", "CramFS"),
    (0, b"-rom1fs-", "ROMFS"),
    (0, b"\x85\x19\x01\xe0", "JFFS2"),
    (0, b"\x85\x19\x02\xe0", "JFFS2"),
    (0, b"\x85\x19\x03\x20", "JFFS2"),
    (0, b"\x19\x85\xe0\x01", "JFFS2"),
    (0, b"\x19\x85\xe0\x02", "JFFS2"),
    (0, b"\x19\x85\x20\x03", "JFFS2"),
    (0, b"UBI#\x01", "UBI"),
    (0, b"\x31\x18\x10\x06", "UBIFS"),
    (0, b"\x06\x10\x18\x31", "UBIFS"),
    (0, b"\x27\x05\x19\x56", "a U-Boot image"),
    (0, b"\xd0\x0d\xfe\xed", "a device tree"),
    (0, b"\x3a\xff\x26\xed", "a sparse image"),
    (0, b"\x1f\x8b\x08", "gzip"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x5d\0\0", "LZMA"),
    (0, b"\x04\x22\x4d\x18", "lz4"),
    (0, b"\x02\x21\x4c\x18", "lz4"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"\x89LZO\0\r\n\x1a\n", "lzop"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "RAR"),
    (0, b"070701", "cpio"),
    (0, b"070702", "cpio"),
    (0, b"070707", "cpio"),
    (0, b"!<arch>\n", "ar"),
    (0, b"MSCF\0\0\0\0", "a cabinet"),
    (4, b"1AY&SY", "bzip2"),
    (257, b"ustar", "tar"),
    (1024, b"\xe2\xe1\xf5\xe0", "EROFS"),
    (1080, b"\x53\xef", "ext"),
)
FAILED = (report.UnknownError, report.OutputDirectoryExistsReport, report.MultiFileCollisionReport)


def unread(task: TaskResult, inside: int, file: str, found: bool) -> Iterator[Part]:
    """A part, where a file of another part should have been looked into and was not. found: whether anything
    was recognised in it.
    """
    stat = next(iter(task.filter_reports(report.StatReport)), None)
    if any(map(failed, task.reports)):
        why = "It could not be looked into: it is damaged, or made so that it cannot be."
    elif task.task.depth and not found and not task.task.is_multi_file and stat is not None and stat.is_file:
        like = begins_like(task.task.path)
        if not like:
            return
        why = f"It begins like {like} and is none: it is damaged, cut off, or of a maker's own kind."
    else:
        return
    size = stat.size if stat is not None else 0
    yield Part("unknown", inside, file, 0, size, False, why, False, 0, "no")


def failed(said: report.Report) -> bool:
    """Whether unblob could not look into a file, or into several that belong together."""
    if isinstance(said, report.CalculateChunkExceptionReport):
        return said.start_offset == 0  # elsewhere it may be a few bytes that look like something
    if isinstance(said, report.MultiFileReport):
        return any(isinstance(one, report.ErrorReport) for one in said.extraction_reports)
    return isinstance(said, FAILED)


def begins_like(path: Path) -> str:
    """What a file begins like that is worth being opened; "" for anything else."""
    head = b""
    with suppress(OSError):
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as source:
            head = source.read(HEAD)
    return next((name for at, what, name in BEGINNINGS if head.startswith(what, at)), "")
