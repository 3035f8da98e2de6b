"""States of update servers that declare another scheme than TUF, or none; and all states together."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from shelfworthy.model import Scheme
from tests.probes.update.states import IMAGE, OTHER, STOPS, TUF, Files, State

# -- declared schemes --------------------------------------------------------------------------------------

Pair = tuple[Callable[[bytes], bytes], bytes]


def pem(key: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form)


def by_ed25519() -> Pair:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.sign, pem(key.public_key())


def by_raw_ed25519() -> Pair:
    key = ed25519.Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes_raw()
    return lambda content: key.sign(content).hex().encode() + b"\n", base64.b64encode(raw) + b"\n"


def by_ecdsa() -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    return lambda content: key.sign(content, ec.ECDSA(hashes.SHA256())), pem(key.public_key())


def by_rsa() -> Pair:
    key = rsa.generate_private_key(65537, 2048)
    return lambda content: key.sign(content, padding.PKCS1v15(), hashes.SHA256()), pem(key.public_key())


def by_rsa_pss() -> Pair:
    key = rsa.generate_private_key(65537, 2048)
    how = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return lambda content: base64.b64encode(key.sign(content, how, hashes.SHA256())), pem(key.public_key())


def manifest(**more: object) -> bytes:
    said = {"version": "2.0", "image": "bear-2.bin", "sha256": hashlib.sha256(IMAGE).hexdigest()}
    return json.dumps({key: value for key, value in (said | more).items() if value is not None}).encode()


def day(days: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def declared(
    scheme: Scheme,
    says: tuple[str, str],
    by: Callable[[], Pair] = by_ed25519,
    said: bytes | None = None,
    given: Files | None = None,
    without: tuple[str, ...] = (),
    status: dict[str, int] | None = None,
    key: bytes | None = b"the right one",
) -> Callable[[], State]:
    """said: the manifest as it was signed. given: files changed afterwards."""

    def made() -> State:
        sign, right = by()
        signed = manifest(expires=day(30)) if said is None else said
        covered = ("/manifest.json", signed) if scheme is Scheme.MANIFEST else ("/bear-2.bin", IMAGE)
        files = {"/manifest.json": signed, "/bear-2.bin": IMAGE, f"{covered[0]}.sig": sign(covered[1])}
        files |= given or {}
        return State(
            files={path: content for path, content in files.items() if path not in without},
            says=says,
            scheme=scheme,
            key=right if key == b"the right one" else key,
            status=status or {},
        )

    return made


SIGNED = ("manifest-signed", "holds")
DECLARED: Mapping[str, Callable[[], State]] = {
    "image signed": declared(Scheme.IMAGE, ("image-signed", "image-only")),
    "image signed, raw key, hex": declared(Scheme.IMAGE, ("image-signed", "image-only"), by_raw_ed25519),
    "image tampered": declared(Scheme.IMAGE, ("bad", STOPS), given={"/bear-2.bin": OTHER}),
    "image signed by another": declared(Scheme.IMAGE, ("bad", STOPS), key=by_ed25519()[1]),
    "image without signature": declared(Scheme.IMAGE, ("absent", STOPS), without=("/bear-2.bin.sig",)),
    "image without key": declared(Scheme.IMAGE, ("no-key", STOPS), key=None),
    "image with a key of no kind": declared(Scheme.IMAGE, ("unknown-key", STOPS), key=b"-----BEGIN KEY-----"),
    "image gone": declared(Scheme.IMAGE, ("not-whole", STOPS), without=("/bear-2.bin",)),
    "image nobody names": declared(Scheme.IMAGE, ("not-whole", STOPS), said=b'{"version": 2}'),
    "image gone with its signature": declared(
        Scheme.IMAGE, ("not-whole", STOPS), without=("/bear-2.bin", "/bear-2.bin.sig")
    ),
    "signature forbidden": declared(Scheme.IMAGE, ("not-answered", STOPS), status={"/bear-2.bin.sig": 403}),
    "manifest signed": declared(Scheme.MANIFEST, SIGNED),
    "manifest signed by ECDSA": declared(Scheme.MANIFEST, SIGNED, by_ecdsa),
    "manifest signed by RSA": declared(Scheme.MANIFEST, SIGNED, by_rsa),
    "manifest signed by RSA-PSS": declared(Scheme.MANIFEST, SIGNED, by_rsa_pss),
    "manifest tampered": declared(Scheme.MANIFEST, ("bad", STOPS), given={"/manifest.json": manifest()}),
    "manifest of another image": declared(
        Scheme.MANIFEST, ("other-image", "holds"), given={"/bear-2.bin": OTHER}
    ),
    "manifest without hash": declared(
        Scheme.MANIFEST, ("image-not-said", "holds"), said=manifest(sha256=None, expires=day(30))
    ),
    "manifest expired": declared(
        Scheme.MANIFEST, ("manifest-signed", "expired"), said=manifest(valid_until=day(-1))
    ),
    "manifest for ever": declared(
        Scheme.MANIFEST, ("manifest-signed", "too-long"), said=manifest(expires=day(4000))
    ),
    "manifest with a version": declared(
        Scheme.MANIFEST, ("manifest-signed", "version-only"), said=manifest()
    ),
    "manifest without anything": declared(
        Scheme.MANIFEST, ("manifest-signed", "says-nothing"), said=manifest(version=None)
    ),
}


# -- nobody said how ---------------------------------------------------------------------------------------


def unsaid(
    says: str,
    given: Files | None = None,
    without: tuple[str, ...] = (),
    status: dict[str, int] | None = None,
    media: dict[str, str] | None = None,
    image: str = "",
) -> Callable[[], State]:
    files = {"/manifest.json": manifest(), "/bear-2.bin": IMAGE} | (given or {})
    fresh = "unsigned" if says == "unsigned" else "unclear"
    return lambda: State(
        files={path: content for path, content in files.items() if path not in without},
        says=(says, fresh),
        status=status or {},
        media=media or {},
        image=image,
    )


JWS = b"eyJhbGciOiJFUzI1NiJ9.eyJ2ZXJzaW9uIjogMn0.MEUCIQDAnwJmEUCIQDAnwJm"

UNSAID: Mapping[str, Callable[[], State]] = {
    "unsigned": unsaid("unsigned"),
    "unsigned text": unsaid("unsigned", {"/manifest.json": b"version=2\nurl=/bear-2.bin\n"}),
    "unsigned, image named for it": unsaid(
        "unsigned", {"/manifest.json": b'{"version": 2}'}, image="bear-2.bin"
    ),
    "signature beside the image": unsaid("beside", {"/bear-2.bin.sig": b"\x01" * 64}),
    "signature beside the manifest": unsaid(
        "beside", {"/manifest.json.asc": b"-----BEGIN PGP SIGNATURE-----"}
    ),
    "signature inside": unsaid("inside", {"/manifest.json": manifest(signature="MEUCIQ")}),
    "a container": unsaid("container", {"/bear-2.bin": b"\x3d\xb8\xf3\x96" + IMAGE}),
    "no image named": unsaid("no-image", {"/manifest.json": b'{"version": 2}'}),
    "image gone, nobody said": unsaid("image-away", without=("/bear-2.bin",)),
    "manifest gone": unsaid("no-manifest", without=("/manifest.json",)),
    "manifest of bytes": unsaid("unread", {"/manifest.json": b"\x00\x01\x02"}),
    "manifest of other bytes": unsaid("unread", {"/manifest.json": b"\xd8\x6b\xa1\x02"}, image="bear-2.bin"),
    "manifest that is a signed token": unsaid("inside", {"/manifest.json": JWS}, image="bear-2.bin"),
    "manifest that holds a signed token": unsaid(
        "inside", {"/manifest.json": manifest(release=JWS.decode())}
    ),
    "places forbidden": unsaid("not-absent", {"/manifest.json.sig": b""}, status={"/manifest.json.sig": 403}),
}

STATES: Mapping[str, Callable[[], State]] = {**TUF, **DECLARED, **UNSAID}
