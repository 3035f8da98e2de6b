"""MCUboot: images that imgtool makes."""

from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.readers.firmware.seeing import (
    CODE,
    PrivateKey,
    behind_noise,
    cuts,
    flipped,
    in_child,
    key,
    only,
    private,
    public,
    signature,
    tool,
)

KINDS = {
    "p256": "ECDSA P-256",
    "rsa-2048": "RSA-2048, PSS",
    "rsa-3072": "RSA-3072, PSS",
    "ed25519": "Ed25519",
}
HEADER = 32


@cache
def image(kind: str = "", *more: str, encrypt: bool = False) -> bytes:
    files = {"app.bin": CODE}
    words = [
        "sign",
        "--version",
        "1.2.3+4",
        "--header-size",
        "0x20",
        "--pad-header",
        "--slot-size",
        "0x20000",
    ]
    if kind:
        files["key.pem"] = private(key(kind))
        words += ["--key", "key.pem"]
    if encrypt:
        files["enc.pem"] = public(key("p256", 1)).encode()
        words += ["--encrypt", "enc.pem"]
    return tool("imgtool", *words, *more, "app.bin", "out.bin", files=files, makes="out.bin")


def test_unsigned() -> None:
    found = only(image())
    assert (found.format, found.whole, found.sum, found.sum_by) == ("mcuboot", True, "right", "SHA-256")
    assert (found.signs, found.signatures, found.encrypted, found.opaque) == (True, (), "no", False)
    assert (found.version, found.rollback, found.length) == ("1.2.3+4", "", len(image()))


@pytest.mark.parametrize("kind", KINDS)
def test_signed(kind: str) -> None:
    found = signature(image(kind), key(kind))
    assert (found.scheme, found.proof, found.key_from) == (KINDS[kind], "verified", "product file")
    assert image(kind)[found.at :].startswith(image(kind)[found.at : found.at + found.length])
    assert signature(image(kind)).proof == "no key"
    assert signature(image(kind)).key == found.key  # the image names it by its hash
    assert signature(image(kind), key(kind, 1)).proof == "no key"  # not the one that it names


@pytest.mark.parametrize("kind", KINDS)
def test_signed_and_changed(kind: str) -> None:
    content = image(kind)
    for at in (20, HEADER, HEADER + 3000, HEADER + len(CODE) - 1):
        found = only(flipped(content, at), key(kind))
        assert (found.sum, [one.proof for one in found.signatures]) == ("wrong", ["wrong"])
    assert signature(flipped(content, signature(content).at + 9), key(kind)).proof == "wrong"


@pytest.mark.parametrize("kind", KINDS)
def test_key_inside(kind: str) -> None:
    content = image(kind, "--public-key-format", "full")
    found = signature(content)
    assert (found.proof, found.key_from) == ("verified", "image")
    assert signature(flipped(content, 100)).proof == "wrong"


def test_security_counter() -> None:
    content = image("p256", "--security-counter", "17")
    assert only(content).rollback == "security counter 17"
    assert signature(content, key("p256")).proof == "verified"
    counter = content.index((17).to_bytes(4, "little"), HEADER + len(CODE))
    lower = only(flipped(content, counter), key("p256"))
    assert (lower.rollback, lower.sum, lower.signatures[0].proof) == ("security counter 16", "wrong", "wrong")


@pytest.mark.parametrize("kind", ["", "p256"])
def test_encrypted(kind: str) -> None:
    found = only(image(kind, encrypt=True), *[key(kind)] if kind else [])
    assert (found.encrypted, found.sum, found.whole) == ("yes", "not computed", True)
    assert [one.proof for one in found.signatures] == (["verified"] if kind else [])


def test_signed_encrypted_and_changed() -> None:
    """The hash is of the clear text, so it is all that a signature can be held against."""
    content = image("p256", encrypt=True)
    assert signature(content).covers == "the hash that it states, of the clear text"
    assert only(flipped(content, 1000), key("p256")).sum == "not computed"
    stated = content.index(b"\x10\x00\x20\x00", HEADER + len(CODE)) + 4
    for at in (stated, stated + 31, signature(content).at + 9):
        assert signature(flipped(content, at), key("p256")).proof == "wrong"


def test_cut_off() -> None:
    for content in cuts(image("p256"), HEADER):
        found = only(content, key("p256"))
        assert (found.format, found.whole, found.signatures, found.sum) == ("mcuboot", False, (), "none")


def test_behind_noise() -> None:
    found = only(behind_noise(image("p256")), key("p256"))
    assert (found.at, found.whole, found.signatures[0].proof) == (1000, True, "verified")


def test_in_the_sandbox() -> None:
    for kind in KINDS:
        (found,) = in_child(image(kind), key(kind)).containers
        assert found.signatures[0].proof == "verified"


def test_other_tools_agree() -> None:
    """imgtool itself says so of each; a flip that we call wrong it refuses."""
    signer: PrivateKey = key("p256")
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    files = {"key.pem": private(signer), "app.bin": image("p256")}
    assert tool("imgtool", "verify", "-k", "key.pem", "app.bin", files=files, makes="app.bin")
    files["app.bin"] = flipped(image("p256"), 100)
    with pytest.raises(AssertionError, match=r"[Ii]nvalid|mismatch|hash"):
        tool("imgtool", "verify", "-k", "key.pem", "app.bin", files=files, makes="app.bin")


def test_a_bit_that_says_encrypted_hides_no_change() -> None:
    """A regression that fuzzing found: without the key it is encrypted with, its hash is of what is there."""
    whole = image("p256")
    spoilt = bytearray(whole)
    spoilt[16] |= 0x04
    spoilt[200] ^= 1
    assert signature(whole, key("p256")).proof == "verified"
    assert signature(bytes(spoilt), key("p256")).proof == "wrong"
    assert signature(image("p256", encrypt=True), key("p256")).proof == "verified"
