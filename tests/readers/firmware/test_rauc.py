"""RAUC's bundles, made by rauc itself, and the signatures of CMS in general."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.cms_signatures import signatures
from shelfworthy.readers.firmware.keys import fingerprint, keys_of
from shelfworthy.seen.firmware import Signature
from tests.readers.firmware.with_tools import (
    CONTENT,
    NOISE,
    cuts,
    first,
    flipped,
    has,
    identity,
    in_child,
    proofs,
    put,
    run,
    says_yes,
    seen,
    spoilt,
)

FORMATS = ("plain", "verity", "crypt")
SIGNER, ISSUER = "rauc-signer", "rauc-issuer"


def of(public: str) -> str:
    return fingerprint(keys_of(public).known[0])


def signer() -> str:
    return identity(SIGNER, issuer=ISSUER)[2]


def issuer() -> str:
    return identity(ISSUER)[2]


def other() -> str:
    return identity("rauc-other", "ec:P-256")[2]


@cache
def bundle(kind: str, encrypt: bool = False) -> bytes:
    has("rauc", "rauc")
    has("mksquashfs", "squashfs-tools")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        put(folder, ISSUER)
        put(folder, SIGNER, issuer=ISSUER)
        (folder / "in").mkdir()
        (folder / "in" / "rootfs.img").write_bytes(CONTENT * 10)
        (folder / "in" / "manifest.raucm").write_text(
            f"[update]\ncompatible=Murmurpal\nversion=1.2\n[bundle]\nformat={kind}\n"
            "[image.rootfs]\nfilename=rootfs.img\n"
        )
        keys = ("--cert", f"{SIGNER}.crt", "--key", f"{SIGNER}.key", "--keyring", f"{ISSUER}.crt")
        run("rauc", *keys, "bundle", "in", "out.raucb", cwd=folder)
        if encrypt:
            run("rauc", *keys, "encrypt", "--to", f"{SIGNER}.crt", "out.raucb", "hidden.raucb", cwd=folder)
        return (folder / ("hidden.raucb" if encrypt else "out.raucb")).read_bytes()


@cache
def squashfs() -> bytes:
    has("mksquashfs", "squashfs-tools")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "in").mkdir()
        (folder / "in" / "busybox").write_bytes(CONTENT)
        run("mksquashfs", "in", "out", "-comp", "xz", "-quiet", cwd=folder)
        return (folder / "out").read_bytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_signed(kind: str) -> None:
    """With the signer's key, its issuer's, none, and somebody else's."""
    image = bundle(kind)
    one = first(image, signer())
    assert (one.format, one.whole, one.length, one.signs) == ("rauc", True, len(image), True)
    assert one.encrypted == ("yes" if kind == "crypt" else "no")
    assert (one.sum, one.version) == (("none", "") if kind == "plain" else ("right", "1.2"))
    for public, proof, source in (
        (signer(), "verified", "product file"),
        (issuer(), "verified", "product file"),
        ("", "verified", "image"),
        (other(), "wrong", "image"),
    ):
        (made,) = first(image, public).signatures
        assert (made.proof, made.key_from, made.key) == (proof, source, of(signer()))
        assert made.scheme == "CMS, RSA"
    found = seen(image)
    assert [one.format for one in found] == ["rauc"] + ["squashfs"] * (kind != "crypt")


@pytest.mark.parametrize("kind", FORMATS)
def test_changed_anywhere_before_the_message(kind: str) -> None:
    image = bundle(kind)
    at = first(image).signatures[0].at
    for place in (8, 100, 5000, at // 2, at - 5000, at - 1):
        for public in ("", signer()):
            assert set(proofs(flipped(image, place), public)) <= {"wrong"}, place
    assert proofs(flipped(image, at // 2)) == ["wrong"]
    if kind != "plain":
        assert first(flipped(image, at // 2)).sum == "wrong"
        manifest = image.index(b"verity-hash=") + 14
        assert proofs(flipped(image, manifest)) != ["verified"]
        version = image.rindex(b"version=1.2")
        assert proofs(flipped(image, version + 8)) == ["wrong"]


@pytest.mark.parametrize("kind", ["plain", "verity"])
def test_rauc_agrees(kind: str, tmp_path: Path) -> None:
    """rauc itself takes and refuses the same bundles; of a tree's bytes it looks only when it mounts."""
    image = bundle(kind)
    at = first(image).signatures[0].at
    (tmp_path / "ca.crt").write_bytes(identity(ISSUER)[1])
    places = [None, at + 900] + [at // 2, 200] * (kind == "plain")
    for place in places:
        changed = image if place is None else flipped(image, place)
        (tmp_path / "one.raucb").write_bytes(changed)
        theirs = says_yes("rauc", "--keyring", "ca.crt", "info", "one.raucb", cwd=tmp_path)
        assert theirs == (proofs(changed, issuer()) == ["verified"]) == (place is None), place


@pytest.mark.parametrize("kind", FORMATS)
def test_cut(kind: str) -> None:
    for cut in cuts(bundle(kind)):
        found = seen(cut)
        assert not [one for one in found if one.whole], (kind, len(cut))
        assert not [one for one in found if one.signatures]


def test_encrypted_with_its_message() -> None:
    """Who signed is in what is encrypted."""
    one = first(bundle("crypt", encrypt=True))
    assert (one.format, one.encrypted, one.signatures, one.opaque) == ("rauc", "yes", (), True)


def test_wrapped() -> None:
    for kind in ("plain", "verity"):
        one = first(NOISE + bundle(kind), signer())
        assert (one.format, one.at) == ("rauc", 1000)
        assert [made.proof for made in one.signatures] == ["verified"]


def test_in_the_child(tmp_path: Path) -> None:
    for kind in FORMATS:
        image = in_child(bundle(kind), tmp_path, issuer())
        assert [one.proof for one in image.containers[0].signatures] == ["verified"]
        assert image.covered == image.length


def test_unsigned_is_a_file_system() -> None:
    (one,) = seen(squashfs())
    assert (one.format, one.signs, one.signatures, one.opaque) == ("squashfs", False, (), False)
    assert (one.whole, one.version) == (True, "4.0 xz")
    used = first(squashfs()).length
    for cut in (*cuts(squashfs()), squashfs()[: used - 1]):
        assert first(cut).whole == (len(cut) >= used)  # what is behind that is padding
    assert first(NOISE + squashfs()).at == 1000


KINDS = {
    "rsa": ("rsa:2048", (), "CMS, RSA"),
    "pss": ("rsa:2048", ("-keyopt", "rsa_padding_mode:pss"), "CMS, RSA-PSS"),
    "sha512": ("rsa:2048", ("-md", "sha512"), "CMS, RSA"),
    "no attributes": ("rsa:2048", ("-noattr",), "CMS, RSA"),
    "key's name": ("rsa:2048", ("-keyid",), "CMS, RSA"),
    "ecdsa": ("ec:P-256", (), "CMS, ECDSA"),
    "p-384": ("ec:P-384", ("-md", "sha384"), "CMS, ECDSA"),
    "no certificate": ("rsa:2048", ("-nocerts",), "CMS, RSA"),
}


@cache
def message(kind: str, inside: bool = False) -> bytes:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        put(folder, "cms-signer", KINDS[kind][0])
        (folder / "content").write_bytes(CONTENT)
        run(
            *("openssl", "cms", "-sign", "-binary", "-in", "content", "-outform", "DER", "-out", "out"),
            *("-signer", "cms-signer.crt", "-inkey", "cms-signer.key", *KINDS[kind][1]),
            *(("-nodetach",) if inside else ()),
            cwd=folder,
        )
        return (folder / "out").read_bytes()


def held(raw: bytes, content: bytes | None, public: str = "") -> Signature:
    (one,) = signatures(raw, content, "it", 5, keys_of(public))
    return one


@pytest.mark.parametrize("kind", KINDS)
def test_messages(kind: str) -> None:
    public = identity("cms-signer", KINDS[kind][0])[2]
    for inside in (False, True):
        content = None if inside else CONTENT
        raw = message(kind, inside)
        one = held(raw, content, public)
        assert one == Signature(KINDS[kind][2], "it", "verified", 5, len(raw), of(public), "product file")
        bare = held(raw, content)
        assert (bare.proof, bare.key_from) == (
            ("no key", "") if kind == "no certificate" else ("verified", "image")
        )
        assert held(raw, content, other()).proof == "wrong"
        assert held(raw, flipped(CONTENT, 9), public).proof == "wrong"


@settings(max_examples=150)
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=2)), max_size=4),
    kind=st.sampled_from(["rsa", "no attributes", "ecdsa"]),
)
def test_any_change_of_a_message(changes: list[tuple[int, bytes]], kind: str) -> None:
    """Whatever is changed in it, the signature is over the same content, or it is not verified."""
    raw = spoilt(message(kind), changes)
    for one in signatures(raw, CONTENT[1:], "it", 0, keys_of("")):
        assert one.proof != "verified"
    signatures(raw, None, "it", 0, keys_of(other()))


@settings(max_examples=60)
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=4),
    kind=st.sampled_from(FORMATS),
)
def test_any_change(changes: list[tuple[int, bytes]], kind: str) -> None:
    image = bundle(kind)
    changed = spoilt(image, changes)
    at = first(image).signatures[0].at
    if "verified" in proofs(changed, signer()):
        assert changed[:at] == image[:at]


@settings(max_examples=60)
@given(st.sampled_from([b"hsqs", b"sqsh", b"UBI#", b""]), st.binary(max_size=200), st.integers(0, 1 << 17))
def test_any_bytes(magic: bytes, rest: bytes, length: int) -> None:
    seen(magic + rest + length.to_bytes(8, "big"))
    seen(magic + bytes(24) + b"\4\0\0\0" + rest * 100 + b"\x30\x82" + length.to_bytes(8, "big"))
