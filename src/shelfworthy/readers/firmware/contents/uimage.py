"""U-Boot's legacy images for unblob: what one holds, or each of several files, is a file.

Its header is believed where its check sum is right: 64 bytes that anything may begin like.
"""

from pathlib import Path
from zlib import crc32

from unblob.file_utils import File, FileSystem
from unblob.models import (
    Extractor,
    ExtractResult,
    Handler,
    HandlerDoc,
    HandlerType,
    HexString,
    Reference,
    ValidChunk,
)

from shelfworthy.readers.firmware.contents.damage import Damaged
from shelfworthy.readers.firmware.format import NotThis, View
from shelfworthy.readers.firmware.uimage import HEADER, SCRIPT, SEVERAL, files, sizes

SIZE_AT, SUM_AT, KIND_AT = 12, 24, 30


class UImageExtractor(Extractor):
    """Writes what it holds as `payload`, or `file 0` and so on. Raises Damaged where a check sum is wrong, or
    a file lies beyond its end.
    """

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult:
        image = View(inpath.read_bytes())
        content = image.slice(HEADER, image.number(">I", SIZE_AT))
        written = FileSystem(outdir)
        whole = crc32(content.content) == image.number(">I", SUM_AT)
        if image.number("B", KIND_AT) in (SEVERAL, SCRIPT):
            told, found = sizes(content), files(content)
            whole &= [len(one.content) for one in found] == told
            for one in found:
                written.write_bytes(Path(one.part), bytes(one.content.content))
        else:
            written.write_bytes(Path("payload"), bytes(content.content))
        if not whole:
            raise Damaged
        return ExtractResult(reports=written.problems)


class UImageHandler(Handler[UImageExtractor]):
    """An image whose header is right and which is there to its end; what is not is none."""

    NAME = "uimage"
    PATTERNS = [HexString("27 05 19 56")]  # noqa: RUF012 - as all of unblob's
    EXTRACTOR = UImageExtractor()
    DOC = HandlerDoc(
        name="U-Boot legacy image",
        description="A header with two check sums, and one file or several.",
        handler_type=HandlerType.ARCHIVE,
        vendor=None,
        references=[Reference(title="U-Boot", url="https://docs.u-boot.org/en/latest/")],
        limitations=[],
    )

    def calculate_chunk(self, file: File, start_offset: int) -> ValidChunk | None:
        view = View(file[start_offset : start_offset + HEADER])
        try:
            size, said = view.number(">I", SIZE_AT), view.number(">I", 4)
            right = crc32(view.take(0, 4) + bytes(4) + view.take(8, HEADER - 8)) == said
        except NotThis:
            return None
        end = start_offset + HEADER + size
        return ValidChunk(start_offset=start_offset, end_offset=end) if right and size else None
