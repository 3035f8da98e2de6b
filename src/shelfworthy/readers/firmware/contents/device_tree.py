"""Device trees for unblob, and so U-Boot's FIT, which is one: a property that may hold something is a file.

Devicetree Specification, chapter 5. What a FIT keeps outside of its tree (`data-offset`) lies behind it,
where unblob looks as well.
"""

from pathlib import Path

from unblob.file_utils import Endian, File, FileSystem, StructParser
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

from shelfworthy.readers.firmware.fdt import HEADER, tree
from shelfworthy.readers.firmware.format import NotThis, View

LEAST = 64  # bytes of a property that is a file
HEAD = StructParser("typedef struct fdt { uint32 magic; uint32 totalsize; } fdt_t;")


class DeviceTreeExtractor(Extractor):
    """Writes properties as files, `node/property`."""

    def extract(self, inpath: Path, outdir: Path) -> ExtractResult:
        files = FileSystem(outdir)
        for node, properties in tree(View(inpath.read_bytes())).nodes.items():
            for name, value in properties.items():
                if len(value.content) >= LEAST:
                    folder = Path(*(part for part in node.split("/") if part not in ("", ".", "..")))
                    files.mkdir(folder, parents=True, exist_ok=True)
                    files.write_bytes(folder / name.replace("/", "_"), value.bytes)
        return ExtractResult(reports=files.problems)


class DeviceTreeHandler(Handler[DeviceTreeExtractor]):
    """A tree that can be read from end to end; what cannot is none."""

    NAME = "device_tree"
    PATTERNS = [HexString("D0 0D FE ED")]  # noqa: RUF012 - as all of unblob's
    EXTRACTOR = DeviceTreeExtractor()
    DOC = HandlerDoc(
        name="Flattened device tree",
        description="A tree of properties, U-Boot's FIT images among them.",
        handler_type=HandlerType.ARCHIVE,
        vendor=None,
        references=[
            Reference(title="Devicetree Specification", url="https://www.devicetree.org/specifications/")
        ],
        limitations=[],
    )

    def calculate_chunk(self, file: File, start_offset: int) -> ValidChunk | None:
        length = HEAD.parse("fdt_t", file, Endian.BIG).totalsize
        if length < HEADER or start_offset + length > file.size():
            return None
        try:
            tree(View(file[start_offset : start_offset + length]))
        except NotThis:
            return None
        return ValidChunk(start_offset=start_offset, end_offset=start_offset + length)
