"""The payload of Android's updates: a signed list of what is to be done, and data for that.

What the list says of a piece of data is where it lies and its SHA-256, so a signature of the list reaches the
data through these (AOSP, `update_engine/update_metadata.proto`). A second signature is over list and data.
"""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import structs

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import Format, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys, rsa_pkcs1, source_of, tried
from shelfworthy.readers.firmware.protobuf import varint
from shelfworthy.seen.firmware import Signature, Sum

MAGIC, HEADER, VERSION = b"CrAU", 24, 2
LONGEST_MANIFEST, LONGEST_SIGNATURES = 1 << 26, 1 << 16
MOST_SIGNATURES, MOST_FIELDS = 8, 500_000
NUMBER, BYTES, FIXED = 0, 2, {1: 8, 5: 4}  # kinds of fields; bytes of those of one length
SIGNATURES_AT, SIGNATURES_LENGTH, PARTITION, OPERATION = 4, 5, 13, 8  # fields of the list
DATA_AT, DATA_LENGTH, DATA_HASH = 2, 3, 8  # fields of an operation


class Piece(Record, frozen=True):
    """Data of one operation. at: from where all data begin. sha256: b"" where none is stated."""

    at: int
    length: int
    sha256: bytes


class Listed(Record, frozen=True):
    """What the list says. signed: bytes of data that the second signature is over; signatures: of itself."""

    pieces: tuple[Piece, ...]
    signed: int
    signatures: int

    @property
    def length(self) -> int:
        """Bytes of data in all."""
        ends = [one.at + one.length for one in self.pieces]
        return max((self.signed + self.signatures, *ends))


def parse(view: View, keys: Keys) -> Parsed:
    """One payload. What it has behind what the list names is no part of it."""
    version, manifest, signature = view.numbers(">QQI", 4)
    if version != VERSION or manifest > LONGEST_MANIFEST or signature > LONGEST_SIGNATURES:
        raise NotThis
    end = HEADER + manifest
    start = end + signature
    if start > len(view):
        return Parsed(length=start, signs=True, whole=False)
    told = listed(view.slice(HEADER, manifest))
    data = view.slice(start, told.length)
    whole = len(data) == told.length
    sums = [summed(one, data) for one in told.pieces]
    first = made(view.slice(end, signature), sha256(view.content[:end]).digest(), "metadata", end, keys)
    second: list[Signature] = []
    if told.signatures and whole:
        over = sha256(view.content[:end])
        over.update(data.content[: told.signed])
        at = told.signed
        second = made(data.slice(at, told.signatures), over.digest(), "payload", start + at, keys)
    ends = [one.at + one.length for one, sum_ in zip(told.pieces, sums, strict=True) if sum_ == "none"]
    if "wrong" in sums:
        first = [structs.replace(one, proof="wrong") if one.proof == "verified" else one for one in first]
    elif ends and not (second and max(ends) <= told.signed):
        first = [
            structs.replace(one, proof="not understood") if one.proof == "verified" else one for one in first
        ]
    return Parsed(
        length=start + told.length,
        sum=next((word for word in WORST if word in sums), "none"),
        sum_by="SHA-256" if any(one.sha256 for one in told.pieces) else "",
        signs=True,
        signatures=(*first, *second),
        whole=whole,
    )


WORST: tuple[Sum, ...] = ("wrong", "not computed", "right")


def summed(piece: Piece, data: View) -> Sum:
    """Whether a piece comes to its sum; "not computed" where it is not all there."""
    if not piece.sha256:
        return "none"
    if piece.at + piece.length > len(data):
        return "not computed"
    right = sha256(data.content[piece.at : piece.at + piece.length]).digest() == piece.sha256
    return "right" if right else "wrong"


def made(listed: View, digest: bytes, covers: str, at: int, keys: Keys) -> list[Signature]:
    """The signatures in a message that lists them, over a digest."""
    found = []
    blobs = [blob for field, one in each(listed) if field == 1 for blob in strings(one, 2)]
    for blob in blobs[:MOST_SIGNATURES]:
        fits = partial(rsa_pkcs1, signature=blob, digest=digest, algorithm=hashes.SHA256())
        proof, key = tried(keys, fits, rsa.RSAPublicKey)
        found.append(Signature("RSA, SHA-256", covers, proof, at, len(listed), key, source_of(key)))
    return found


def listed(manifest: View) -> Listed:
    """What the list says of data. Raises NotThis where it is none, or says too much."""
    numbers: dict[int, int] = {}
    pieces: list[Piece] = []
    left = MOST_FIELDS
    for field, value in each(manifest):
        if isinstance(value, int):
            numbers[field] = value
        elif field == PARTITION:
            for inner, operation in each(value):
                if inner == OPERATION and isinstance(operation, View):
                    pieces += piece(operation)
                left -= 1
        left -= 1
        if left < 0:
            raise NotThis
    return Listed(tuple(pieces), numbers.get(SIGNATURES_AT, 0), numbers.get(SIGNATURES_LENGTH, 0))


def piece(operation: View) -> list[Piece]:
    """The data of an operation, if it has any."""
    told = dict(each(operation))
    at, length, sum_ = told.get(DATA_AT, 0), told.get(DATA_LENGTH, 0), told.get(DATA_HASH, View(b""))
    if not isinstance(at, int) or not isinstance(length, int) or not isinstance(sum_, View):
        raise NotThis
    return [Piece(at, length, bytes(sum_.content))] if length else []


def each(message: View | int) -> Iterator[tuple[int, View | int]]:
    """The fields of a message that are numbers or bytes, in order. Raises NotThis."""
    if isinstance(message, int):
        raise NotThis
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind == NUMBER:
            number, at = varint(message, at)
            yield key >> 3, number
        elif kind == BYTES:
            size, at = varint(message, at)
            message.take(at + size, 0)
            yield key >> 3, message.slice(at, size)
            at += size
        elif kind in FIXED:
            at += FIXED[kind]
        else:
            raise NotThis


def strings(message: View | int, field: int) -> list[bytes]:
    """What stands in a field of a message, each time it is there. Raises NotThis."""
    return [bytes(one.content) for key, one in each(message) if key == field and isinstance(one, View)]


ANDROID_PAYLOAD = Format(name="android-payload", starts=((0, MAGIC),), parse=parse)
