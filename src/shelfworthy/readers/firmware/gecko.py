"""Silicon Labs' update files: GBL (UG103.6, UG266) and the older EBL, lists of tags with lengths.

A GBL may be signed with ECDSA over P-256: with a key the chip knows, or with one that lies in it in a
certificate which such a key signed. It may be encrypted with AES-CTR, which protects nothing from changes. An
EBL cannot be signed; an encrypted one is AES-CCM, by one key for all, which does.
"""

from collections.abc import Callable
from hashlib import sha256
from zlib import crc32

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import Format, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys, PublicKey, ecdsa, fingerprint, point, source_of, tried
from shelfworthy.seen.firmware import Signature, Sum

GBL_HEADER, GBL_END = 0x03A617EB, 0xFC0404FC
APPLICATION, SIGNATURE, CERTIFICATE = 0xF40A0AF4, 0xF70A0AF7, 0xF30B0BF3
ENCRYPTED = frozenset({0xFB0505FB, 0xFA0606FA, 0xF90707F9})
RESIDUE = 0x2144DF1C  # CRC-32 over anything and its own CRC-32
MOST = 4096  # tags
SIGNED_BY = "ECDSA P-256, SHA-256"
EBL_HEADER, EBL_ENCRYPTED, EBL_END = 0x0000, 0xFB05, 0xFC04
EBL_MARK = 0xE350


class Tag(Record, frozen=True):
    """One entry. at: of the tag itself; size: of what it holds, which begins after `head` bytes."""

    id: int
    at: int
    head: int
    size: int

    @property
    def content(self) -> int:
        return self.at + self.head

    @property
    def end(self) -> int:
        return self.content + self.size


def tags(view: View, layout: str, head: int, last: int) -> list[Tag]:
    """The entries up to the last one; without it where the file ends before."""
    found: list[Tag] = []
    at = 0
    while at + head <= len(view) and len(found) < MOST:
        id_, size = view.numbers(layout, at)
        found.append(Tag(id_, at, head, size))
        at = found[-1].end
        if id_ == last:
            break
    return found


def ended(view: View, found: list[Tag], last: int) -> tuple[bool, int, Sum]:
    """Whether the list has its end, how long it is, and whether the check sum at its end is right."""
    end = found[-1].end
    if found[-1].id != last or end > len(view):
        return False, max(end, len(view) + 1), "not computed"
    return True, end, "right" if crc32(view.content[:end]) == RESIDUE else "wrong"


def gbl(view: View, keys: Keys) -> Parsed:
    """One GBL."""
    size, layout, kind = view.numbers("<III", 4)
    if size != 8 or layout >> 24 != 3:
        raise NotThis
    found = tags(view, "<II", 8, GBL_END)
    whole, length, sum_ = ended(view, found, GBL_END)
    by_id = {tag.id: tag for tag in reversed(found)}
    application = by_id.get(APPLICATION)
    return Parsed(
        length=length,
        sum=sum_,
        sum_by="CRC-32",
        signs=True,
        signatures=tuple(signatures(view, by_id, keys)),
        encrypted="yes" if kind & 1 or ENCRYPTED & by_id.keys() else "no",
        version=f"{view.number('<I', application.content + 4)}" if application else "",
        whole=whole,
    )


def signatures(view: View, by_id: dict[int, Tag], keys: Keys) -> list[Signature]:
    """That of the file, and of the certificate whose key made it, if it has one."""
    signed, certificate = by_id.get(SIGNATURE), by_id.get(CERTIFICATE)
    if signed is None or signed.end > len(view):
        return []
    digest = sha256(view.content[: signed.at]).digest()
    made = view.take(signed.content, 64)
    if certificate is None:
        fit: Callable[[PublicKey], bool] = lambda key: ecdsa(key, made, digest, hashes.SHA256())  # noqa: E731
        proof, key = tried(keys, fit, ec.EllipticCurvePublicKey)
        return [
            Signature(
                SIGNED_BY, "all before it", proof, signed.at, signed.end - signed.at, key, source_of(key)
            )
        ]
    at = certificate.content
    x, y = (int.from_bytes(view.take(at + 4 + 32 * half, 32), "big") for half in (0, 1))
    brought = point(ec.SECP256R1(), x, y)
    whole = brought is not None and ecdsa(brought, made, digest, hashes.SHA256())
    over = sha256(view.take(at, 72)).digest()
    above = view.take(at + 72, 64)
    proof, key = tried(keys, lambda key: ecdsa(key, above, over, hashes.SHA256()), ec.EllipticCurvePublicKey)
    return [
        Signature(
            SIGNED_BY,
            "all before it",
            "verified" if whole else "wrong",
            signed.at,
            signed.end - signed.at,
            fingerprint(brought) if brought else "",
            "image",
        ),
        Signature(SIGNED_BY, "its certificate", proof, at + 72, 64, key, source_of(key)),
    ]


def ebl(view: View, keys: Keys) -> Parsed:
    """One EBL."""
    tag, _, _, mark = view.numbers(">HHHH", 0)
    encrypted = tag == EBL_ENCRYPTED
    if (mark if not encrypted else view.number(">H", 8)) != EBL_MARK:
        raise NotThis
    found = tags(view, ">HH", 4, EBL_END)
    whole, length, sum_ = ended(view, found, EBL_END)
    return Parsed(
        length=length,
        sum=sum_ if sum_ != "wrong" else "not computed",
        sum_by="CRC-32",
        encrypted="yes" if encrypted else "no",
        opaque=True,  # a secret that every unit has stands in for a signature, or the maker's own lies inside
        whole=whole,
    )


GBL = Format(name="gbl", starts=((0, GBL_HEADER.to_bytes(4, "little")),), parse=gbl, searched=True)
EBL = Format(name="ebl", starts=((6, b"\xe3\x50"), (8, b"\xe3\x50")), parse=ebl)
