"""Which surface a thing is: a URL by how it begins, a file by what it begins with and is called."""

from collections.abc import Collection
from pathlib import Path
from typing import get_args

from shelfworthy.model import AnySurface, Kind, Record
from shelfworthy.product.address import FORMS, WrongAddress, parse_where
from shelfworthy.product.mistakes import nearest

SURFACES: dict[Kind, type[AnySurface]] = {
    Kind(str(one.__struct_config__.tag)): one for one in get_args(AnySurface)
}
STARTS = {
    start: kind
    for kind, form in FORMS.items()
    for start in ([f"{form.prefix}{scheme}://" for scheme in form.ports] or [form.prefix])
}

ZIP = b"PK\x03\x04"
BEGINNINGS: dict[bytes, Kind] = {
    b"\xa1\xb2\xc3\xd4": Kind.CAPTURE,  # pcap
    b"\xd4\xc3\xb2\xa1": Kind.CAPTURE,  # pcap
    b"\xa1\xb2\x3c\x4d": Kind.CAPTURE,  # pcap with nanoseconds
    b"\x4d\x3c\xb2\xa1": Kind.CAPTURE,  # pcap with nanoseconds
    b"\x0a\x0d\x0d\x0a": Kind.CAPTURE,  # pcapng
    b"btsnoop\0": Kind.CAPTURE,  # btsnoop
    b"\x27\x05\x19\x56": Kind.FIRMWARE,  # U-Boot image
    b"hsqs": Kind.FIRMWARE,  # SquashFS
    b"UBI#": Kind.FIRMWARE,  # UBI
    b"UBI!": Kind.FIRMWARE,  # UBI
    b"\xd0\x0d\xfe\xed": Kind.FIRMWARE,  # flattened image tree
    b"CrAU": Kind.FIRMWARE,  # Android update
    b"\x1e\xf1\xee\x0b": Kind.FIRMWARE,  # Zigbee update
    b"UF2\n": Kind.FIRMWARE,  # UF2
    b"\x3d\xb8\xf3\x96": Kind.FIRMWARE,  # MCUboot
    b"\xeb\x17\xa6\x03": Kind.FIRMWARE,  # Silicon Labs GBL
    b"\x1e\xf1\xee\x1b": Kind.FIRMWARE,  # Matter update
    b"HDR0": Kind.FIRMWARE,  # TRX
}
APPS = (".apk", ".ipa")
IMAGES = (
    ".bin",
    ".img",
    ".ota",
    ".dfu",
    ".zigbee",
    ".gbl",
    ".ebl",
    ".fw",
    ".swu",
    ".raucb",
)  # no common beginning: the name alone tells
TEXTS = (".html", ".htm", ".pdf", ".txt")
PAPERS = {"correspondence.toml": Kind.CORRESPONDENCE, "incidents.toml": Kind.INCIDENT}
LISTING = ".json"
POLICY_WORDS = ("policy", "privacy", "terms")


class Recognised(Record, frozen=True):
    """What a file is; kind None: not a thing of a product. words: what is doubtful about that, a sentence."""

    kind: Kind | None
    words: str = ""


def kind_of_url(text: str) -> Kind | None:
    """The kind of surface a URL names by how it begins, or None."""
    return next((kind for start, kind in STARTS.items() if text.lower().startswith(start)), None)


def url_surface(text: str, taken: Collection[str]) -> AnySurface:
    """The surface a URL names. taken: ids in use. Raises WrongAddress."""
    kind = kind_of_url(text)
    if kind is None:
        meant = nearest(text.partition("//")[0] + "//", STARTS)
        hint = f'Did you mean "{meant}…"? ' if meant else ""
        starts = ", ".join(f'"{start}"' for start in STARTS)
        raise WrongAddress("it is no URL of a kind that can be looked at", f"{hint}Expected one of {starts}.")
    at = parse_where(kind, text)
    name = at.path if kind is Kind.BLUETOOTH else at.host
    return surface(kind, f"{kind}-{name}", text, taken)


def surface(kind: Kind, name: str, where: str, taken: Collection[str]) -> AnySurface:
    """A surface with an id made from a name, with a number behind it if that is taken."""
    slug = "".join(c if c.isalnum() else "-" for c in name).strip("-")[:60] or str(kind)
    id_ = next(
        one for n in range(1, len(taken) + 2) if (one := slug if n == 1 else f"{slug}-{n}") not in taken
    )
    return SURFACES[kind](id=id_, where=where)


def recognise_file(path: Path) -> Recognised:
    """What a file is, from its name and its first bytes. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(16)
    suffix, stem = path.suffix.lower(), path.stem.lower()
    for start, kind in BEGINNINGS.items():
        if head.startswith(start):
            return Recognised(kind=kind)
    if suffix in APPS:
        if head.startswith(ZIP):
            return Recognised(kind=Kind.APP)
        return Recognised(kind=None, words=f"it is called {suffix} but does not begin like one")
    if suffix == ".zip" and head.startswith(ZIP):
        return Recognised(
            kind=Kind.FIRMWARE, words="it is a zip file; if it holds something else, change its kind"
        )
    if suffix == ".hex" and head.startswith(b":"):
        return Recognised(kind=Kind.FIRMWARE)
    if suffix in IMAGES and head:
        return Recognised(
            kind=Kind.FIRMWARE, words=f"it is called {suffix}, and firmware has no common beginning"
        )
    if path.name.lower() in PAPERS:
        return Recognised(kind=PAPERS[path.name.lower()])
    if suffix in (*TEXTS, LISTING) and any(word in stem for word in (*POLICY_WORDS, "listing")):
        return Recognised(kind=Kind.POLICY)
    return Recognised(kind=None, words="it is nothing we recognise")
