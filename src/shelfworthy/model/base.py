"""What every record is: a frozen msgspec Struct with one canonical form and one digest."""

import hashlib

import msgspec
from msgspec import Struct


class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all nouns: immutable, compared by value, unknown fields refused."""


def canonical(record: object) -> bytes:
    """The one JSON form of a record: keys sorted, no white space. Same record, same bytes (law 6)."""
    return msgspec.json.encode(record, order="sorted")


def digest(content: bytes | object) -> str:
    """SHA-256 in hex: of bytes as they are, of a record in its canonical form."""
    return hashlib.sha256(content if isinstance(content, bytes) else canonical(content)).hexdigest()
