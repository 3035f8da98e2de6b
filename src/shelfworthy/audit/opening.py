"""Read a parcel that somebody sent: in a child without files or network, which says what is in it.

The reader trusts nothing: a tar that holds anything but plain files of evidence, a file that is not what the
manifest says, a record that is not what its id says, a product file that is wrong, each is the end of it, in
words. What it says back lists where in the parcel each file lies, so that nobody else has to read a tar.
"""

import tarfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

import msgspec

from shelfworthy.audit.carrying import LARGEST, MOST_FILES, NAME
from shelfworthy.discovery import discover
from shelfworthy.discovery.known import names, registered, storages
from shelfworthy.model import (
    Cause,
    Gap,
    Identity,
    Looked,
    NotSeen,
    Observation,
    Product,
    Record,
    Seen,
    Unit,
    digest,
)
from shelfworthy.product.address import WrongAddress, is_contacted, literal, parse_where
from shelfworthy.product.meaning import Listed
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import parse_product
from shelfworthy.product.sheet import decoded
from shelfworthy.record import Redaction, sealed
from shelfworthy.record.verify import Manifest
from shelfworthy.sandbox.limits import MIB, Limits
from shelfworthy.seen import AnySeen
from shelfworthy.seen.endpoint import names_of
from shelfworthy.seen.firmware import FirmwareImage

READ = "shelfworthy.audit.opening:read"
LIMITS = Limits(memory=1024 * MIB, computing=60, time=120.0, output=16 * MIB)
LARGEST_RECORD = 32 * MIB
MOST_TRAITS = 2000
LONGEST_TRAIT = 300  # characters
DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "observations": msgspec.json.Decoder(Observation[AnySeen]),
    "gaps": msgspec.json.Decoder(Gap),
    "looks": msgspec.json.Decoder(Looked),
}
for reads in (lambda: registered("example.com"), names, storages, lambda: names_of(b"")):
    reads()  # tables of ours and a library, while files can still be read


class Inside(Record, frozen=True):
    """One file of a parcel. at: where its content begins in the parcel."""

    name: str
    at: int
    length: int
    sha256: str


class Shared(Record, frozen=True):
    """Something other products may have as well. kind: "firmware" (SHA-256 of an image) or "name" (of a host
    that works for the product)."""

    kind: str
    value: str


class Parcelled(Seen, frozen=True, tag="parcel/1"):
    """What a parcel holds. digest: of the manifest. first, last: when its looks began and ended."""

    digest: str
    product: Identity
    units: tuple[Unit, ...]
    files: tuple[Inside, ...]
    shared: tuple[Shared, ...]
    first: datetime | None
    last: datetime | None
    redacted: int


def read(file: IO[bytes], name: str, trusted: str) -> Iterator[Seen]:
    """What the parcel holds. trusted: "yes" where it may bring roots to trust. Raises NotSeen."""
    contents, files = unpacked(file)
    manifest = listed(contents, files)
    redacted = {entry.path: entry for entry in redactions(contents)}
    for path, recorded in manifest.files.items():
        entry = redacted.get(path)
        if files[path].sha256 != (entry.now if entry else recorded):
            raise wrong(f"{path} is not what the manifest says.")
    records: dict[str, list[Any]] = {kind: [] for kind in DECODERS}
    for path, content in contents.items():
        kind, _, last = path.partition("/")
        if kind in DECODERS:
            records[kind].append(record(path, last, content, DECODERS[kind], redacted))
    product = product_of(contents, trusted == "yes")
    looks = records["looks"]
    yield Parcelled(
        digest=files["manifest.json"].sha256,
        product=product.product,
        units=product.unit,
        files=tuple(files[path] for path in sorted(files)),
        shared=tuple(sorted(shared(product, records["observations"]), key=msgspec.structs.astuple)),
        first=min((look.began for look in looks), default=None),
        last=max((look.ended for look in looks), default=None),
        redacted=len(redacted),
    )


def unpacked(file: IO[bytes]) -> tuple[dict[str, bytes], dict[str, Inside]]:
    """The files by their path in `evidence/`: contents of all that is read here, and where each lies."""
    contents: dict[str, bytes] = {}
    files: dict[str, Inside] = {}
    total = 0
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                if not member.isreg() or member.issparse():
                    raise wrong(f"{member.name[:80]!r} is no plain file.")
                if not NAME.fullmatch(member.name) or ".." in PurePosixPath(member.name).parts:
                    raise wrong(f"{member.name[:80]!r} is nothing that belongs into evidence.")
                path = member.name.removeprefix("evidence/")
                if path in files:
                    raise wrong(f"{path} is in it twice.")
                total += member.size
                if len(files) >= MOST_FILES or total > LARGEST:
                    raise wrong(f"It holds more than {MOST_FILES} files or {LARGEST >> 20} MiB.")
                content = part(tar, member)
                sha256 = digest(content)
                files[path] = Inside(
                    name=member.name, at=member.offset_data, length=len(content), sha256=sha256
                )
                contents[path] = b"" if path.startswith(("attachments/", "supplied/")) else content
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise wrong(
            f"It is no tar as `shelfworthy push` writes it, or was cut off ({type(error).__name__})."
        ) from None
    return contents, files


def part(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """The content of one file."""
    opened = tar.extractfile(member)
    content = opened.read() if opened is not None else b""
    if len(content) != member.size:
        raise wrong(f"{member.name} ends too soon: it was cut off on the way.")
    if member.name.endswith(".json") and len(content) > LARGEST_RECORD:
        raise wrong(f"{member.name} is larger than {LARGEST_RECORD >> 20} MiB.")
    return content


def listed(contents: Mapping[str, bytes], files: Mapping[str, Inside]) -> Manifest:
    """The manifest, of exactly the files that are there."""
    try:
        manifest = msgspec.json.decode(contents["manifest.json"], type=Manifest)
    except (KeyError, msgspec.DecodeError):
        raise wrong("It has no manifest: the audit was not finished, or it is no audit.") from None
    for path in sorted(manifest.files.keys() - files.keys())[:1]:
        raise wrong(f"{path} is missing.")
    for path in sorted(files.keys() - manifest.files.keys() - {"manifest.json", "redactions.json"})[:1]:
        raise wrong(f"{path} was added after the manifest was written.")
    return manifest


def redactions(contents: Mapping[str, bytes]) -> tuple[Redaction, ...]:
    """What was taken out on record. Whether each takes out only what it says is verified by who judges."""
    try:
        kept = contents.get("redactions.json", b"[]")
        return msgspec.json.decode(kept, type=tuple[Redaction, ...])
    except msgspec.DecodeError:
        raise wrong("redactions.json cannot be read.") from None


def record(
    path: str,
    name: str,
    content: bytes,
    decoder: msgspec.json.Decoder[Any],
    redacted: Mapping[str, Redaction],
) -> Any:  # noqa: ANN401 - one of three
    """One record, which is what its id says."""
    try:
        found = decoder.decode(content)
    except (msgspec.DecodeError, RecursionError):
        raise wrong(f"{path} is no record of this version of Shelfworthy.") from None
    if name != f"{found.id}.json" or (path not in redacted and sealed(found).id != found.id):
        raise wrong(f"{path} is not what its id says.")
    return found


def product_of(contents: Mapping[str, bytes], trusted: bool) -> Product:
    """The product file, whole and right, which names no file that is not in the parcel."""
    supplied = {path.removeprefix("supplied/") for path in contents if path.startswith("supplied/")}
    try:
        text = decoded(contents.get("product.toml", b""), "product.toml")
        return parse_product(text, "product.toml", Listed(supplied, trusted=trusted))
    except BadFile as mistakes:
        raise wrong(f"Its product file is wrong. {mistakes}") from None


def shared(product: Product, observations: list[Observation[AnySeen]]) -> set[Shared]:
    """What other products may have as well: images, and names in the cloud that decide."""
    found = {
        Shared(kind="firmware", value=one.seen.sha256)
        for one in observations
        if isinstance(one.seen, FirmwareImage)
    }
    hosts = {one.host for one in discover(product, observations).found if one.decides}
    for surface in product.surface:
        if is_contacted(surface.kind):
            with suppress(WrongAddress):
                hosts.add(parse_where(surface.kind, surface.where).host)
    found |= {Shared(kind="name", value=host) for host in hosts if is_name(host)}
    return set(sorted(found, key=msgspec.structs.astuple)[:MOST_TRAITS])


def is_name(host: str) -> bool:
    """Whether a host is told by a name, and not by an address that many may come to share."""
    return 0 < len(host) <= LONGEST_TRAIT and literal(host) is None


def wrong(words: str) -> NotSeen:
    """Why a parcel is not taken."""
    return NotSeen(Cause.NOT_UNDERSTOOD, words)
