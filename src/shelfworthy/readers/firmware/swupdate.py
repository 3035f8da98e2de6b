"""SWUpdate's archives: a description that may be signed, and files whose hashes it states.

Files are containers of their own, and the signature of the description stands with those that it reaches by
their hash. Of files that the description does not name SWUpdate takes none.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import structs

from shelfworthy.model import Record
from shelfworthy.readers.firmware.cms_signatures import signatures
from shelfworthy.readers.firmware.cpio import Member, members
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View, text, told_as
from shelfworthy.readers.firmware.keys import Keys, PublicKey, rsa_pkcs1, rsa_pss, source_of, tried
from shelfworthy.seen.firmware import Signature, Sum
from shelfworthy.seen.firmware_contents import Answer

DESCRIPTION, SIGNATURE = "sw-description", "sw-description.sig"
LONGEST, MOST = 1 << 18, 1 << 16  # bytes and pieces of a description
RAW = frozenset({128, 256, 384, 512})  # bytes of an RSA signature
# Strings and comments that do not end go on to the end of all, so that each byte is looked at once.
PIECES = re.compile(
    r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|/\*.*?(?:\*/|\Z)|//[^\n]*|#[^\n]*|[{}]|[^"{}/#]+|.', re.DOTALL
)
SETTING = re.compile(r'"?(filename|sha256|encrypted|version)"?\s*[=:]\s*("[^"\n]{0,256}"|true|false|[01])')


class Named(Record, frozen=True):
    """What a description says of a file."""

    sha256: str
    encrypted: bool


def parse(view: View, keys: Keys) -> Parsed:
    """One archive."""
    found, length = members(view)
    if not found or found[0].name != DESCRIPTION:
        raise NotThis
    raw = bytes(found[0].content.content[:LONGEST])
    said = raw.decode(errors="replace")
    hidden = "\0" in said or said.count("\N{REPLACEMENT CHARACTER}") * 8 > len(said)
    named, version = ({}, "") if hidden else told(said)
    whole = length <= len(view)
    made: list[Signature] = []
    for one in found[1:2]:
        if one.name == SIGNATURE:
            made = signed(raw, one, keys)
    if hidden:  # it is signed before it is encrypted
        made = [structs.replace(one, proof="not understood") for one in made]
    files = [inside(one, named[one.name], made) for one in found if one.name in named]
    right = all(one.right for one in found)
    sums = any(one.sum is not None for one in found)
    encrypted: Answer = "yes" if hidden or any(one.encrypted for one in named.values()) else "no"
    return Parsed(
        length=length,
        sum="none" if not sums else "not computed" if not whole else "right" if right else "wrong",
        sum_by="sum of bytes" if sums else "",
        signs=True,
        encrypted=encrypted,
        version=version,
        whole=whole,
        inside=(description(found[0], made, hidden=hidden), *files),
    )


def description(one: Member, made: list[Signature], *, hidden: bool) -> Inside:
    """The description itself: it may hold scripts."""
    known = Parsed(
        format="swupdate-description",
        length=one.size,
        signs=True,
        signatures=tuple(made),
        encrypted="yes" if hidden else "no",
    )
    return Inside(one.name, one.at, one.content, format=told_as(known))


def inside(one: Member, named: Named, made: list[Signature]) -> Inside:
    """A file, with the signatures that are over it."""
    sum_: Sum = "none"
    if named.sha256 and len(one.content) < one.size:
        sum_ = "not computed"
    elif named.sha256:
        sum_ = "right" if sha256(one.content.content).hexdigest() == named.sha256 else "wrong"
    over = made if named.sha256 else []
    if sum_ == "wrong":
        over = [structs.replace(signature, proof="wrong") for signature in made]
    elif sum_ == "not computed":
        over = [structs.replace(signature, proof="not understood") for signature in made]
    known = Parsed(
        format="swupdate-file",
        length=one.size,
        sum=sum_,
        sum_by="SHA-256" if named.sha256 else "",
        signs=True,
        signatures=tuple(over),
        encrypted="yes" if named.encrypted else "no",
        inside=() if named.encrypted else (Inside("content", 0, one.content),),
    )
    return Inside(text(one.name.encode()), one.at, one.content, format=told_as(known))


def told(said: str) -> tuple[dict[str, Named], str]:
    """The files that a description names, and its version."""
    named: dict[str, Named] = {}
    version = ""
    for block in blocks(said):
        settings = {name: value.strip('"') for name, value in SETTING.findall(block)}
        name = settings.get("filename", "")
        if name:
            hidden = settings.get("encrypted") in ("true", "1")
            before = named.get(name)
            named[name] = Named(settings.get("sha256", "").lower(), hidden)
            if before and before.sha256 != named[name].sha256:
                named[name] = Named("", hidden)  # it says two things of one file
        elif "version" in settings:
            version = settings["version"]
    return named, text(version.encode())


def blocks(said: str) -> Iterator[str]:
    """What stands in each pair of braces itself, without that in braces therein; inner ones first."""
    open_: list[list[str]] = [[]]
    for number, found in enumerate(PIECES.finditer(said)):
        piece = found[0]
        if number > MOST:
            return
        if piece == "{":
            open_.append([])
        elif piece == "}" and len(open_) > 1:
            yield "".join(open_.pop())
        elif not piece.startswith(("/*", "//", "#")):
            open_[-1].append(piece)


def signed(raw: bytes, one: Member, keys: Keys) -> list[Signature]:
    """The description's signature: a message of CMS, or RSA's alone."""
    made = bytes(one.content.content[: 1 << 16])
    if len(made) < one.size:
        return []
    if made[:1] == b"\x30" and len(made) not in RAW:
        return list(signatures(made, raw, DESCRIPTION, one.at, keys))
    if len(made) not in RAW:
        return [
            Signature(
                "of a kind that we do not know", DESCRIPTION, "not understood", one.at, one.size, "", ""
            )
        ]
    digest = sha256(raw).digest()
    by = ""

    def fits(key: PublicKey) -> bool:
        nonlocal by
        if rsa_pkcs1(key, made, digest, hashes.SHA256()):
            by = ", PKCS #1"
        elif rsa_pss(key, made, digest, hashes.SHA256(), None):
            by = ", PSS"
        return bool(by)

    proof, key = tried(keys, fits, rsa.RSAPublicKey)
    return [Signature(f"RSA{by}, SHA-256", DESCRIPTION, proof, one.at, one.size, key, source_of(key))]


SWUPDATE = Format(name="swupdate", starts=((110, b"sw-description\0"),), parse=parse, searched=True)
