"""Messages as CMS has them (RFC 5652; PKCS #7 before it): who signed, and with what certificate."""

from shelfworthy.model import Record
from shelfworthy.readers.firmware.der import (
    FIRST,
    IDENTIFIER,
    INTEGER,
    OCTETS,
    SEQUENCE,
    SET,
    Value,
    parts,
    value,
    values,
)
from shelfworthy.readers.firmware.format import NotThis
from shelfworthy.readers.firmware.keys import PublicKey, loaded

SIGNED, ENVELOPED, DIGEST = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.3", "1.2.840.113549.1.9.4"
MOST = 16  # signers, certificates


class Certificate(Record, frozen=True):
    """What of a certificate counts here."""

    serial: int
    issuer: bytes
    subject: bytes
    key: PublicKey | None
    signed: bytes
    algorithm: str
    signature: bytes


class Signer(Record, frozen=True):
    """One signature. name: of its certificate; attributes: what it signs in place of the content."""

    name: Value
    hash: str
    attributes: bytes
    algorithm: str
    signature: bytes


class Message(Record, frozen=True):
    """Signed data. content: what is inside, None where that lies elsewhere."""

    length: int
    content: bytes | None
    certificates: tuple[Certificate, ...]
    signers: tuple[Signer, ...]


def kind(raw: bytes) -> tuple[str, Value]:
    """What message these bytes begin with, and its content. Raises NotThis."""
    found = parts(value(raw, SEQUENCE), IDENTIFIER, FIRST)
    return found[0].identifier, value(found[1].content, SEQUENCE)


def message(raw: bytes) -> Message:
    """The signed data that these bytes begin with, with or without what says that it is. Raises NotThis."""
    whole = value(raw, SEQUENCE)
    data = whole
    if whole.content[:1] == bytes([IDENTIFIER]):
        what, data = kind(raw)
        if what != SIGNED:
            raise NotThis
    _, _, inside, *rest = parts(data, INTEGER, SET, SEQUENCE)
    held = inside.parts[1:]
    certificates = [one for part in rest if part.tag == FIRST for one in part.parts[:MOST]]
    signers = [one for part in rest if part.tag == SET for one in part.parts[:MOST]]
    return Message(
        length=len(whole.raw),
        content=value(held[0].content, OCTETS).content if held else None,
        certificates=tuple(certificate(one) for one in certificates if one.tag == SEQUENCE),
        signers=tuple(signer(one) for one in signers),
    )


def certificate(one: Value) -> Certificate:
    """A certificate (RFC 5280). Raises NotThis."""
    signed, algorithm, signature, *_ = parts(one, SEQUENCE, SEQUENCE)
    found = signed.parts
    if found and found[0].tag == FIRST:
        found = found[1:]
    if [part.tag for part in found[:6]] != [INTEGER] + [SEQUENCE] * 5:
        raise NotThis
    serial, _, issuer, _, subject, key = found[:6]
    return Certificate(
        serial.number,
        issuer.raw,
        subject.raw,
        loaded(key.raw),
        signed.raw,
        identifier(algorithm),
        signature.content[1:],
    )


def signer(one: Value) -> Signer:
    """A signer's part. Raises NotThis."""
    _, name, digest, *rest = parts(one, INTEGER)
    attributes = b""
    if rest and rest[0].tag == FIRST:
        attributes = bytes([SET]) + rest[0].raw[1:]
        rest = rest[1:]
    if [part.tag for part in rest[:2]] != [SEQUENCE, OCTETS]:
        raise NotThis
    return Signer(name, identifier(digest), attributes, identifier(rest[0]), rest[1].content)


def identifier(one: Value) -> str:
    """The identifier of an algorithm, without its parameters. Raises NotThis."""
    return parts(one, IDENTIFIER)[0].identifier


def stated(attributes: bytes) -> bytes:
    """The hash of the content that signed attributes state, b"" for none. Raises NotThis."""
    for one in value(attributes, SET).parts:
        found = parts(one, IDENTIFIER, SET)
        if found[0].identifier == DIGEST:
            return next(values(found[1].content), found[1]).content
    return b""


def names(one: Signer, brought: Certificate) -> bool:
    """Whether a certificate is the one a signer names: by issuer and number, or by a name of its key."""
    if one.name.tag == SEQUENCE:
        found = one.name.parts
        return len(found) == 2 and (found[0].raw, found[1].number) == (brought.issuer, brought.serial)
    return bool(one.name.content) and one.name.content in brought.signed
