"""`init`: a product file to begin with, from a folder of things recognised by their first bytes and names."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from shelfworthy.model import AnySurface, Identity, Kind, Product
from shelfworthy.model.surfaces import App, Capture, Firmware
from shelfworthy.model.surfaces import Policy as PolicySurface
from shelfworthy.product.address import parse_where
from shelfworthy.product.typed import FORMS
from shelfworthy.product.write import product_toml

MAGIC: tuple[tuple[bytes, type[AnySurface]], ...] = (
    (b"\xd4\xc3\xb2\xa1", Capture),  # pcap, little-endian
    (b"\xa1\xb2\xc3\xd4", Capture),  # pcap, big-endian
    (b"\x0a\x0d\x0d\x0a", Capture),  # pcapng
    (b"btsnoop\0", Capture),
    (b"\x1e\xf1\xee\x0b", Firmware),  # Zigbee over-the-air image
    (b"hsqs", Firmware),  # squashfs
    (b"\x27\x05\x19\x56", Firmware),  # U-Boot
)
SUFFIXES: dict[str, type[AnySurface]] = {
    ".apk": App,
    ".ipa": App,
    ".bin": Firmware,
    ".img": Firmware,
    ".ota": Firmware,
    ".hex": Firmware,
    ".uf2": Firmware,
    ".dfu": Firmware,
    ".pcap": Capture,
    ".pcapng": Capture,
}
POLICY_NAMES = ("policy", "privacy", "datenschutz")
POLICY_SUFFIXES = {".html", ".htm", ".pdf", ".txt", ".md"}
MOST = 500  # files looked at; a folder of more is not a folder of one product's things

HEAD = """\
# What is sold, what there is of it to look at, and what you may do with it.
# Fill in what is empty, delete what does not apply, then:  shelfworthy audit product.toml

"""
PERMISSION = """\
# Nothing is contacted without a permission. For each host you may contact:
#
# [[permission]]
# to = "www.example.com"         # host[:port] or network
# level = "look"                 # look: what any visitor does; knock: listing; use: accounts, writes
# basis = "public"               # public covers look only; own, contract, written the rest
# person = ""                    # above look: who allows it
# until = 2027-12-31             # above look: until when
"""


def recognise(folder: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a product file for what lies in a folder, and what there is to say about it."""
    notes: list[str] = []
    surfaces = [*_files(folder, notes), *_urls(folder / "urls.txt", notes)]
    product = Product(
        product=Identity(name=folder.resolve().name, vendor="unknown", category="unknown"),
        surface=tuple(_named(surfaces)),
    )
    if not surfaces:
        notes.append(
            "Nothing was recognised. Name apps, firmware and captures by their suffix, URLs in urls.txt."
        )
    return HEAD + product_toml(product) + "\n" + PERMISSION, tuple(notes)


def _files(folder: Path, notes: list[str]) -> Iterator[AnySurface]:
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    if len(files) > MOST:
        notes.append(f"Only the first {MOST} of {len(files)} files were looked at.")
    for path in files[:MOST]:
        kind = _kind(path)
        if kind is not None:
            surface = kind(id="", where=path.name)
            notes.append(f"{path.name}: {surface.kind}")
            yield surface


def _kind(path: Path) -> type[AnySurface] | None:
    with path.open("rb") as file:
        start = file.read(8)
    if path.suffix.lower() in POLICY_SUFFIXES:
        name = path.stem.lower()
        return PolicySurface if any(word in name for word in POLICY_NAMES) else None
    by_suffix = SUFFIXES.get(path.suffix.lower())
    if by_suffix is not None:
        return by_suffix
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), None)


def _urls(path: Path, notes: list[str]) -> Iterator[AnySurface]:
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines()[:MOST], 1):
        where = line.strip()
        kind = next((kind for start, kind in FORMS if where.startswith(start)), None)
        if not where or where.startswith("#"):
            continue
        try:
            if kind is None:
                raise ValueError("it is no URL we know")
            surface = kind(id="", where=where)
            parse_where(Kind(surface.kind), where)
        except ValueError as wrong:
            notes.append(f"{path.name}, line {number}: left out, {wrong}.")
            continue
        notes.append(f"{where}: {surface.kind}")
        yield surface


def _named(surfaces: list[AnySurface]) -> Iterator[AnySurface]:
    """Each surface with an id: its kind, and a number where there are several."""
    for index, surface in enumerate(surfaces):
        same = [other.kind for other in surfaces[:index]].count(surface.kind)
        name = surface.kind.value if not same else f"{surface.kind}-{same + 1}"
        yield msgspec.structs.replace(surface, id=name)
