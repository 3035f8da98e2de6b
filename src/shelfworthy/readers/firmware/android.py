"""Android's updates: a zip signed as a whole, in its comment, and the payload for devices with two systems.

The signature is over all but the comment and its length. Metadata that the zip holds say to which build it
leads and of when that is; a device takes nothing older. The payload has signatures of its own.
"""

from functools import partial
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from shelfworthy.readers.firmware.cms_signatures import signatures
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, text
from shelfworthy.readers.firmware.keys import Keys, rsa_pkcs1, source_of, tried
from shelfworthy.readers.firmware.zipped import MAGIC, STORED, archive, unpacked
from shelfworthy.seen.firmware import Signature

METADATA, PAYLOAD_NAME = "META-INF/com/android/metadata", "payload.bin"
MARKS = (METADATA, "META-INF/com/google/android/update-binary", "payload_properties.txt")
MOST, LONGEST, HEAD = (
    4096,
    1 << 16,
    1 << 20,
)  # members; bytes of metadata, and where a cut-off one shows itself
FOOTER, END, MARK = 6, 22, b"\xff\xff"
PAYLOAD_MAGIC, PAYLOAD_HEADER, PAYLOAD_VERSION = b"CrAU", 24, 2
LONGEST_MANIFEST, MOST_SIGNATURES = 1 << 26, 8
NUMBER, STRING, FIXED = 0, 2, {1: 8, 5: 4}  # kinds of fields; bytes of those of one length


def parse(view: View, keys: Keys) -> Parsed:
    """One update. Other zips are none."""
    try:
        zipped = archive(view, MOST)
    except NotThis:
        return cut(view)
    if not zipped.whole:
        return cut(view)
    if not zipped.members.keys() & set(MARKS):
        raise NotThis
    said: dict[str, str] = {}
    if METADATA in zipped.members:
        raw, _ = unpacked(view, zipped.members[METADATA], LONGEST)
        lines = raw.decode(errors="replace").splitlines()
        said = {name: text(value.encode(), 120) for name, _, value in (line.partition("=") for line in lines)}
    stamp = said.get("post-timestamp", "")
    inside = []
    member = zipped.members.get(PAYLOAD_NAME)
    if member and member.method == STORED:
        name, extra = view.numbers("<HH", member.at + 26)
        at = member.at + 30 + name + extra
        inside.append(Inside(PAYLOAD_NAME, at, view.slice(at, member.packed)))
    return Parsed(
        length=zipped.length,
        signs=True,
        signatures=signed(view.slice(0, zipped.length), keys),
        version=said.get("post-build", ""),
        rollback=f"post-timestamp {stamp}" if stamp else "",
        inside=tuple(inside),
    )


def cut(view: View) -> Parsed:
    """An update without its end, or with one that is wrong."""
    head = bytes(view.slice(0, HEAD).content)
    if not any(mark.encode() in head for mark in MARKS):
        raise NotThis
    return Parsed(length=len(view) + 1, signs=True, whole=False)


def signed(view: View, keys: Keys) -> tuple[Signature, ...]:
    """The signature of the whole file, as Android's recovery looks for it."""
    start, mark, comment = view.numbers("<H2sH", len(view) - FOOTER)
    if mark != MARK or not FOOTER < start <= comment or view.number("<H", len(view) - comment - 2) != comment:
        return ()
    at = len(view) - start
    over = view.content[: len(view) - comment - 2]
    return signatures(view.take(at, start - FOOTER), over, "whole file", at, keys)


def payload(view: View, keys: Keys) -> Parsed:
    """A payload: a signed list of what is to be done, and data for that, whose hashes are in the list."""
    version, manifest, signature = view.numbers(">QQI", 4)
    if version != PAYLOAD_VERSION or manifest > LONGEST_MANIFEST or signature > LONGEST:
        raise NotThis
    end = PAYLOAD_HEADER + manifest
    if end + signature > len(view):
        return Parsed(length=end + signature, signs=True, whole=False)
    digest = sha256(view.content[:end]).digest()
    found: list[Signature] = []
    for made in blobs(view.slice(end, signature)):
        fits = partial(rsa_pkcs1, signature=made, digest=digest, algorithm=hashes.SHA256())
        proof, key = tried(keys, fits, rsa.RSAPublicKey)
        found.append(Signature("RSA, SHA-256", "metadata", proof, end, signature, key, source_of(key)))
    return Parsed(length=len(view), signs=True, signatures=tuple(found))


def blobs(listed: View) -> list[bytes]:
    """The signatures in a message (of protocol buffers) that lists them. Raises NotThis."""
    return [made.take(0, len(made)) for one in strings(listed, 1) for made in strings(one, 2)]


def strings(message: View, field: int) -> list[View]:
    """What stands in a field of a message, each time it is there. Raises NotThis."""
    found: list[View] = []
    at = 0
    while at < len(message) and len(found) < MOST_SIGNATURES:
        key, at = varint(message, at)
        kind = key & 7
        if kind == NUMBER:
            _, at = varint(message, at)
        elif kind == STRING:
            size, at = varint(message, at)
            if key >> 3 == field:
                found.append(View(message.take(at, size)))
            at += size
        elif kind in FIXED:
            at += FIXED[kind]
        else:
            raise NotThis
    return found


def varint(message: View, at: int) -> tuple[int, int]:
    """A number, and what comes after it. Raises NotThis."""
    number = 0
    for place in range(10):
        byte = message.number("B", at + place)
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    raise NotThis


ANDROID_OTA = Format(name="android-ota", starts=((0, MAGIC),), parse=parse)
ANDROID_PAYLOAD = Format(name="android-payload", starts=((0, PAYLOAD_MAGIC),), parse=payload)
