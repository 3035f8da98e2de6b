"""Read and verify TUF metadata (specification 1.0, sections 4 and 5). Pure: bytes in, trust or Refused out.

Our own, so that python-tuf's client can be the oracle of its tests; where the two differ, ours is stricter:
a key counts once, whatever it is called.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from msgspec import Meta, Struct

from shelfworthy.probes.update.keys import Verify, tuf_verifier
from shelfworthy.seen.update import Role

MOST = 64  # keys of a role, and signatures of a file, that are looked at
SPECIFICATION = re.compile(r"1\.\d+(\.\d+)?")
HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]


class Refused(Exception):
    """A client goes no further. why: the word `Tuf.refused` has for it. at: the file."""

    def __init__(self, why: str, at: str) -> None:
        super().__init__(f"{at}: {why}")
        self.why = why
        self.at = at


class KeySaid(Struct, frozen=True):
    keytype: str
    scheme: str
    keyval: dict[str, Any]


class Signers(Struct, frozen=True):
    keyids: list[str]
    threshold: Number


class About(Struct, frozen=True):
    """What one file says of another."""

    version: Number
    length: Count | None = None
    hashes: dict[str, str] | None = None


class Target(Struct, frozen=True):
    """What is said of an image."""

    length: Count
    hashes: dict[str, str]


class Signed(Struct, frozen=True):
    """The part of a file that is signed."""

    type: str = msgspec.field(name="_type")
    spec_version: str
    version: Number
    expires: str


class Root(Signed, frozen=True, kw_only=True):
    keys: dict[str, KeySaid]
    roles: dict[str, Signers]
    consistent_snapshot: bool | None = None


class Timestamp(Signed, frozen=True, kw_only=True):
    meta: dict[str, About]


class Snapshot(Signed, frozen=True, kw_only=True):
    meta: dict[str, About]


class Targets(Signed, frozen=True, kw_only=True):
    targets: dict[str, Target]
    delegations: dict[str, Any] | None = None


R = TypeVar("R", bound=Signed)


class File(Struct, Generic[R], frozen=True):
    """A metadata file that was read and not verified yet. payload: the bytes that are signed."""

    signed: R
    expires: datetime
    payload: bytes
    signatures: list[dict[str, Any]]
    sha256: str


def read(content: bytes, of: type[R]) -> File[R]:
    """A file of this type. Raises Refused."""
    name = of.__name__.lower()
    try:
        raw = msgspec.json.decode(content, type=dict[str, Any])
        signed = msgspec.convert(raw["signed"], of)
        signatures = msgspec.convert(raw["signatures"], list[dict[str, Any]])
        expires = datetime.strptime(signed.expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        payload = canonical(raw["signed"]).encode()
    except (msgspec.DecodeError, KeyError, ValueError, TypeError, RecursionError):
        raise Refused("form", name) from None
    if signed.type != name:
        raise Refused("other role", name)
    if not SPECIFICATION.fullmatch(signed.spec_version):
        raise Refused("form", name)
    return File(signed, expires, payload, signatures, hashlib.sha256(content).hexdigest())


def canonical(value: object) -> str:
    """OLPC's canonical JSON, which TUF signs. Raises ValueError for what it cannot hold."""
    match value:
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int():
            return str(value)
        case list():
            return f"[{','.join(canonical(item) for item in value)}]"
        case dict():
            pairs = (f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value))
            return f"{{{','.join(pairs)}}}"
    raise ValueError("no canonical form")


def counted(file: File[Any], role: str, root: Root) -> Role:
    """How many of the role's keys signed the file, by this root. Raises Refused."""
    signers = root.roles.get(role)
    if signers is None or len(set(signers.keyids)) != len(signers.keyids):
        raise Refused("form", "root")
    given = {str(one.get("keyid")): one.get("sig") for one in file.signatures[:MOST]}
    good, unknown = set(), 0
    for keyid in signers.keyids[:MOST]:
        key = root.keys.get(keyid)
        if key is None or keyid not in given:
            continue
        try:
            verify = tuf_verifier(key.keytype, key.scheme, str(key.keyval.get("public", "")))
            if verify is None:
                unknown += 1
            elif signs(verify, str(given[keyid]), file.payload):
                good.add(str(key.keyval["public"]))
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue  # a broken key signs nothing
    return Role(
        role=role,
        version=file.signed.version,
        expires=file.expires,
        good=len(good),
        threshold=signers.threshold,
        unknown=unknown,
        sha256=file.sha256,
    )


def signs(verify: Verify, signature: str, payload: bytes) -> bool:
    try:
        verify(bytes.fromhex(signature), payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def matches(content: bytes, length: int | None, said: dict[str, str] | None) -> bool:
    """Whether content has this length and these hashes; a hash we do not know is not believed."""
    if length is not None and len(content) != length:
        return False
    return all(
        name in HASHES and hmac.compare_digest(HASHES[name](content).hexdigest().encode(), value.encode())
        for name, value in (said or {}).items()
    )
