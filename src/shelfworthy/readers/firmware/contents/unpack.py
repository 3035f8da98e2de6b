"""Unpack an image by unblob, and tell of every part whether all of it came out.

unblob finds what lies in an image by the beginnings of some hundred formats and unpacks it, part by part, by
its own code or by programs. It runs in a child with a work folder (`sandbox/workshop.py`) and nowhere else.
SquashFS is unpacked by Debian's own program, not by the patched one that unblob asks for.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from unblob import report
from unblob.extractors import Command
from unblob.handlers import BUILTIN_HANDLERS
from unblob.handlers.filesystem.extfs import ExtFSExtractor, EXTHandler
from unblob.handlers.filesystem.squashfs import SquashFSv4LEHandler
from unblob.models import ExtractError, Extractor, Handler, ProcessResult, TaskResult
from unblob.pool import WorkerDiedError
from unblob.processing import DEFAULT_SKIP_MAGIC, ExtractionConfig

from shelfworthy.model import Cause, NotSeen
from shelfworthy.readers.firmware.contents.cpio import Cpio, CpioBinary, CpioOld, CpioSummed
from shelfworthy.readers.firmware.contents.device_tree import DeviceTreeHandler
from shelfworthy.readers.firmware.contents.folder_tree import escaped
from shelfworthy.readers.firmware.contents.jffs2 import JFFS2, JFFS2Old
from shelfworthy.readers.firmware.contents.processing import process
from shelfworthy.readers.firmware.contents.ubi import UBI
from shelfworthy.readers.firmware.contents.ubifs import UBIFS
from shelfworthy.readers.firmware.contents.uimage import UImageHandler
from shelfworthy.readers.firmware.contents.unread import unread
from shelfworthy.seen.firmware_contents import Answer, Part

# Else its debug messages cost nine times what its work does.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

DEEPEST = 10  # parts in parts
MOST_PARTS = 1000
LEAST_UNKNOWN = 64  # bytes that nobody recognises and that count as a part
RANDOM = 97.0  # percent of the entropy of noise, in blocks of 1 KiB or more; what is packed well has it too
WORKERS = 2
PACKAGES = {
    "7z": "p7zip-full",
    "debugfs": "e2fsprogs",
    "e2fsck": "e2fsprogs",
    "fsck.erofs": "erofs-utils",
    "lz4": "lz4",
    "lziprecover": "lziprecover",
    "lzop": "lzop",
    "partclone.restore": "partclone",
    "sasquatch": "",  # Debian has none
    "sasquatch-v4be": "",
    "simg2img": "android-sdk-libsparse-utils",
    "unar": "unar",
    "unsquashfs": "squashfs-tools",
    "zstd": "zstd",
}


NO_DEVICE = re.compile(
    rb"create_inode: (could not create (character|block) device .*, because you're not superuser!"
    rb"|failed to create socket .*, because Permission denied)"
)


class Unsquash(Command):
    """Device nodes are left out, as from all parts: that a program says so is no trouble."""

    def extract(self, inpath: Path, outdir: Path) -> None:
        try:
            super().extract(inpath, outdir)
        except ExtractError as failed:
            if not all(map(only_devices, failed.reports)):
                raise


def only_devices(said: report.Report) -> bool:
    """Whether a program ended badly for no other reason than that nobody may make device nodes."""
    if not isinstance(said, report.ExtractCommandFailedReport):
        return False
    lines = said.stderr.splitlines()
    return bool(lines) and all(NO_DEVICE.fullmatch(one) for one in lines if one)


class SquashFS(SquashFSv4LEHandler):
    """By Debian's program. A file it cannot unpack leaves the part unopened."""

    EXTRACTOR: Extractor = Unsquash(  # type: ignore[assignment] # a base class narrows it
        "unsquashfs", "-n", "-q", "-no-xattrs", "-f", "-d", "{outdir}", "{inpath}"
    )


class ExtExtractor(ExtFSExtractor):
    """debugfs ends well whatever it could not read; e2fsck changes nothing and says whether all is right."""

    def extract(self, inpath: Path, outdir: Path) -> None:
        super().extract(inpath, outdir)
        Command("e2fsck", "-fn", "{inpath}").extract(inpath, outdir)


class Ext(EXTHandler):
    """ext2 to ext4, whose tables are looked at as well."""

    EXTRACTOR = ExtExtractor("debugfs", "-R", 'rdump / "{outdir}"', "{inpath}")


INSTEAD = (SquashFS, Ext, JFFS2, JFFS2Old, UBI, UBIFS, Cpio, CpioSummed, CpioOld, CpioBinary)
OURS: dict[type[Handler[Any]], type[Handler[Any]]] = {  # by the handler of unblob that each stands for
    one.__mro__[1]: one for one in INSTEAD
}
HANDLERS: tuple[type[Handler[Any]], ...] = (
    *(OURS.get(one, one) for one in BUILTIN_HANDLERS),
    DeviceTreeHandler,
    UImageHandler,
)


class Unpacked(NamedTuple):
    """Parts as evidence lists them, the folder of each that has one, and whether there is more."""

    parts: tuple[Part, ...]
    folders: dict[int, Path]
    truncated: bool


def unpack(image: Path, folder: Path) -> Unpacked:
    """Everything in an image, unpacked below a folder. Raises NotSeen where that takes too much."""
    config = ExtractionConfig(
        extract_root=folder,
        randomness_depth=1,
        max_depth=DEEPEST,
        process_num=WORKERS,
        handlers=HANDLERS,
        skip_magic=(*DEFAULT_SKIP_MAGIC, "ELF"),
        force_extract=True,
    )
    try:
        return listed(process(config, image))
    except WorkerDiedError:  # by a limit of the kernel's: nobody else may end one
        words = "Unpacking it took more computing or memory than one part of it may take."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words) from None


def listed(result: ProcessResult) -> Unpacked:
    """What unblob tells, as parts: those that hold others before these."""
    numbers: dict[str, int] = {}
    folders: dict[int, Path] = {}
    parts: list[Part] = []
    truncated = False
    for task in sorted(result.results, key=lambda one: (one.task.depth, str(one.task.path))):
        inside = numbers.get(task.task.blob_id, -1)
        file = shown(task.task.path, folders.get(inside))
        truncated |= task.task.depth >= DEEPEST
        found = {one.blob_id: one.path for one in task.subtasks}
        recognised = any(isinstance(one, CHUNKS) for one in task.reports)
        left = ((one, "") for one in unread(task, inside, file, recognised))
        alone = inside < 0 or is_piece(parts[inside].format, file)
        for part, blob in (*chunks(task, inside, file), *rest(task, inside, file, alone), *left):
            if len(parts) >= MOST_PARTS:
                return Unpacked(tuple(parts), folders, True)
            if blob in found:
                folders[len(parts)] = found[blob]
            numbers[blob] = len(parts)
            parts.append(part)
    return Unpacked(tuple(parts), folders, truncated)


def is_piece(format_: str, file: str) -> bool:
    """Whether a file is a piece of the image, by the format of the part it lies in."""
    return format_ in PIECES and PIECES[format_].fullmatch(file) is not None


def shown(path: Path, folder: Path | None) -> str:
    """A file's path in the part it lies in; "" for the image itself."""
    if folder is None:
        return ""
    return escaped(bytes(path.relative_to(folder))) if path.is_relative_to(folder) else ""


def chunks(task: TaskResult, inside: int, file: str) -> Iterator[tuple[Part, str]]:
    """What was recognised in a file."""
    for one in sorted(task.filter_reports(report.ChunkReport), key=lambda one: one.start_offset):
        made = any(sub.blob_id == one.id for sub in task.subtasks)
        why = " ".join(dict.fromkeys(filter(None, map(trouble, one.extraction_reports))))
        if one.is_encrypted:
            why = "It is encrypted."
        elif not why and not made and one.handler_name not in EMPTY:
            why = "Nothing came out of it."
        encrypted: Answer = "yes" if one.is_encrypted else "no"
        yield part(one.handler_name, inside, file, one, why, encrypted), one.id


# Files in these are no files of a system but pieces of the image: one that nobody knows was not looked into.
PIECES = {"device_tree": re.compile(r"images/[^/]+/data"), "uimage": re.compile(".*")}
EMPTY = frozenset({"padding", "device_tree"})  # what may hold nothing that is a file


def rest(task: TaskResult, inside: int, file: str, alone: bool) -> Iterator[tuple[Part, str]]:
    """What nobody recognised beside what was recognised in a file, or of a file that stands `alone`."""
    for one in sorted(task.filter_reports(report.UnknownChunkReport), key=lambda one: one.start_offset):
        if one.size >= LEAST_UNKNOWN:
            noise = random(one.randomness)
            yield part("unknown", inside, file, one, UNKNOWN[noise], noise), one.id
    if alone and not any(isinstance(one, CHUNKS) for one in task.reports):
        for stat in (one for one in task.filter_reports(report.StatReport) if one.is_file):
            measured = next(iter(task.filter_reports(report.RandomnessReport)), None)
            noise = random(measured)
            yield Part("unknown", inside, file, 0, stat.size, False, UNKNOWN[noise], False, 0, noise), ""


CHUNKS = (report.ChunkReport, report.UnknownChunkReport)
UNKNOWN: dict[Answer, str] = {
    "unknown": "It looks like noise from end to end: it is encrypted, or packed in a way that is not known.",
    "no": "Nothing is known that begins like it.",
}


def random(measured: report.RandomnessReport | None) -> Answer:
    """Whether bytes look encrypted, which nobody can tell from packed: "unknown", or "no"."""
    return "unknown" if measured is not None and measured.shannon.mean >= RANDOM else "no"


def part(
    format_: str,
    inside: int,
    file: str,
    at: report.ChunkReport | report.UnknownChunkReport,
    why: str,
    encrypted: Answer,
) -> Part:
    return Part(
        format=format_,
        inside=inside,
        file=file,
        at=at.start_offset,
        length=at.size,
        opened=not why,
        why=why,
        root=False,
        files=0,
        encrypted=encrypted,
    )


def trouble(said: report.Report) -> str:
    """What unblob reports of a part, as a sentence without its own words, which may quote the image."""
    match said:
        case report.ExtractorDependencyNotFoundReport():
            return lacking(said.dependencies)
        case report.ExtractCommandFailedReport():
            program = Path(said.command.split(" ")[0].strip("'")).name
            return (
                f"{program} could not unpack all of it: it is damaged, of a maker's own kind, or too large."
            )
        case report.ExtractorTimedOut():
            return "Unpacking it took too long."
        case report.MaliciousSymlinkRemoved():
            return ""  # of no use to anybody who looks into the part
        case report.PathTraversalProblem() | report.LinkExtractionProblem():
            return "Files in it have places outside of it; those were not unpacked."
        case report.SpecialFileExtractionProblem() | report.ExtendedAttributeExtractionProblem():
            return ""
        case report.ExtractionProblem():
            return "Not all of it was unpacked: some of its files have the same place, or none."
        case report.UnknownError() if "No space left" in str(said.exception):
            return "It is larger than the work folder may be."
        case report.ErrorReport():
            return "It could not be unpacked: it is damaged or of an unknown kind."
    return ""


def lacking(programs: list[str]) -> str:
    """Which program was not there, and how to have it."""
    packages = sorted({PACKAGES.get(one, "") for one in programs} - {""})
    words = f"Unpacking it needs {' or '.join(programs)}, which this machine lacks"
    return f"{words} (Debian's {', '.join(packages)})." if packages else f"{words}, and Debian has not."
