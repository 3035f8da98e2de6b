"""cpio for unblob, whose own extractor tells nothing of what it leaves out: a file whose sum is wrong or that
has no name, what leads out of the archive, and all that is behind its end where that is cut off.
"""

import stat
from pathlib import Path

from unblob.file_utils import File, FileSystem
from unblob.handlers.archive.cpio import (
    BinaryHandler,
    CPIOParserBase,
    PortableASCIIHandler,
    PortableASCIIWithCRCHandler,
    PortableASCIIWithCRCParser,
    PortableOldASCIIHandler,
)
from unblob.models import Extractor, ExtractResult

from shelfworthy.readers.firmware.contents.damage import Damaged

LAST = b"TRAILER!!!\0"


class Summed(PortableASCIIWithCRCParser):
    """whole: that no file's sum was wrong."""

    whole = True

    def valid_checksum(self, header: object, start_offset: int) -> bool:
        right = bool(super().valid_checksum(header, start_offset))
        self.whole &= right
        return right


class CpioExtractor(Extractor):
    """Writes the files of an archive. Raises Damaged where something is missing."""

    def __init__(self, parser: type[CPIOParserBase]) -> None:
        self.PARSER = parser

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult:
        files = FileSystem(outdir)
        with File.from_path(inpath) as file:
            parser = self.PARSER(file, 0)
            parser.parse()  # type: ignore[no-untyped-call]
            parser.dump_entries(files)
            behind = max((one.start_offset + one.size for one in parser.entries), default=0)
            ended = file.rfind(LAST) >= behind
        named = all(stat.S_ISDIR(one.mode) or one.path.name not in ("", ".", "..") for one in parser.entries)
        if not (ended and named and getattr(parser, "whole", True)):
            raise Damaged
        return ExtractResult(reports=files.problems)


class Cpio(PortableASCIIHandler):
    """The newer form in ASCII."""

    EXTRACTOR = CpioExtractor(PortableASCIIHandler.EXTRACTOR.PARSER)  # type: ignore[assignment] # of a base class


class CpioSummed(PortableASCIIWithCRCHandler):
    """The same with check sums."""

    EXTRACTOR = CpioExtractor(Summed)  # type: ignore[assignment] # of a base class


class CpioOld(PortableOldASCIIHandler):
    """The older form in ASCII."""

    EXTRACTOR = CpioExtractor(PortableOldASCIIHandler.EXTRACTOR.PARSER)  # type: ignore[assignment] # of a base class


class CpioBinary(BinaryHandler):
    """The oldest."""

    EXTRACTOR = CpioExtractor(BinaryHandler.EXTRACTOR.PARSER)  # type: ignore[assignment] # of a base class
