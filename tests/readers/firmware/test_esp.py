"""Espressif's images: as esptool and espsecure make them."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shelfworthy.seen.firmware import Container
from tests.readers.firmware.esp_images import CHIPS, flash, image, image_8266, signed
from tests.readers.firmware.seeing import (
    cuts,
    flipped,
    formats,
    in_child,
    key,
    only,
    private,
    public,
    seen,
    signature,
    tool,
)

FAMILY = [chip for chip in CHIPS if chip != "esp8266"]
SCHEMES = {
    "rsa-3072": "RSA-3072, PSS, SHA-256",
    "p192": "ECDSA P-192, SHA-256",
    "p256": "ECDSA P-256, SHA-256",
    "p384": "ECDSA P-384, SHA-384",
}


def proofs(container: Container) -> list[str]:
    return [one.proof for one in container.signatures]


@pytest.mark.parametrize("chip", FAMILY)
def test_unsigned(chip: str) -> None:
    found = only(image(chip))
    assert (found.format, found.whole, found.length) == ("esp32", True, len(image(chip)))
    assert (found.sum, found.sum_by) == ("right", "check sum of a byte and SHA-256")
    assert (found.signs, found.signatures, found.encrypted, found.opaque) == (True, (), "no", False)
    assert found.version == f"1.0.3 (cloudpets-cam, {found.version.split(', ')[1]}"
    assert found.version.replace("-", "").lower().endswith(f"{chip})")
    assert found.rollback == ""


@pytest.mark.parametrize("make", [image, image_8266])
def test_what_follows_may_be_a_signature(make: Callable[[], bytes]) -> None:
    assert only(make() + b"something of the maker's").opaque
    assert only(make() + b"\xff" * 0x8000).opaque is False


def test_secure_version() -> None:
    assert only(image(level=4)).rollback == "secure version 4"


@pytest.mark.parametrize("at", [50, 400, 2000, -40, -1])
def test_unsigned_and_changed(at: int) -> None:
    assert only(flipped(image(), at)).sum == "wrong"


@pytest.mark.parametrize("kind", SCHEMES)
def test_version_2(kind: str) -> None:
    content = signed(2, kind)
    (container,) = in_child(content).containers
    (found,) = container.signatures
    assert (container.whole, container.sum, container.length) == (True, "right", len(content))
    assert (found.scheme, found.proof, found.key_from) == (SCHEMES[kind], "verified", "image")
    assert content[found.at] == 0xE7
    assert signature(content, key(kind)).key_from == "product file"
    assert signature(content, key(kind, 1)).key_from == "image"


@pytest.mark.parametrize("kind", SCHEMES)
def test_the_key_is_named_as_devices_trust_it(kind: str) -> None:
    """By what espsecure would burn into a device's fuses."""
    files = {"key.pem": private(key(kind))}
    words = ("digest-sbv2-public-key", "--keyfile", "key.pem", "--output", "digest.bin")
    assert signature(signed(2, kind)).key == tool("espsecure", *words, files=files, makes="digest.bin").hex()


@pytest.mark.parametrize("kind", SCHEMES)
def test_version_2_and_changed(kind: str) -> None:
    """Image, padding, and all of the block that anything is made of."""
    content = signed(2, kind)
    block = only(content).signatures[0].at
    for at in (50, 2000, len(image()) - 1, len(image()) + 1, block - 1, *range(block + 3, block + 1200, 37)):
        found = seen(flipped(content, at)).containers
        assert all(one != "verified" for container in found for one in proofs(container)), at - block


def test_several_keys() -> None:
    content = signed(2, "rsa-3072", "rsa-3072", "rsa-3072")
    found = only(content, key("rsa-3072", 1))
    assert proofs(found) == ["verified"] * 3
    assert len({one.key for one in found.signatures}) == 3
    assert [one.key_from for one in found.signatures] == ["image", "product file", "image"]
    assert proofs(only(flipped(content, found.signatures[1].at + 900))) == ["verified", "wrong", "verified"]


def test_version_1() -> None:
    content = signed(1, "p256")
    (container,) = in_child(content, key("p256")).containers
    (found,) = container.signatures
    assert (found.proof, found.key_from, found.scheme) == ("verified", "product file", "ECDSA P-256, SHA-256")
    assert (found.at, container.whole, container.sum) == (len(image()), True, "right")
    assert proofs(only(content)) == ["no key"]
    assert proofs(only(content, key("p256", 1))) == ["wrong"]


def test_version_1_and_changed() -> None:
    content = signed(1, "p256")
    for at in (50, 2000, len(image()) - 1, -1, -40):
        found = seen(flipped(content, at), key("p256")).containers
        assert all("verified" not in proofs(one) for one in found)


PADDED = [(1, "p256", "--secure-pad"), (2, "rsa-3072", "--secure-pad-v2")]


@pytest.mark.parametrize(("version", "kind", "padded"), PADDED)
def test_padded(version: int, kind: str, padded: str) -> None:
    """To where memory maps it whole, by a segment that goes nowhere."""
    content = signed(version, kind, padded=padded)
    assert proofs(only(content, key(kind))) == ["verified"]
    unsigned = only(image("esp32", 0, padded))
    assert (unsigned.sum, unsigned.signatures) == ("right", ())


@pytest.mark.parametrize("how", [(), (1, "p256"), (2, "p256"), (2, "rsa-3072", "rsa-3072")])
def test_cut_off(how: tuple[Any, ...]) -> None:
    content = signed(*how) if how else image()
    body = len(image())
    for short in (*cuts(content, 32), content[: body - 1], content[: body - 33]):
        if len(short) == body:
            continue
        found = only(short, key("p256"))
        assert (found.format, found.whole) == ("esp32", False), len(short)
        if len(short) < body:
            assert (found.sum, found.signatures) == ("none", ())


def test_cut_off_before_its_signature() -> None:
    """The padding tells that there was one."""
    content = signed(2, "p256")
    sector = only(content).signatures[0].at
    for length in (len(image()) + 1, sector - 1, sector):
        found = only(content[:length])
        assert (found.whole, found.signatures) == (False, ())


def test_flash_encrypted() -> None:
    """Nothing of it is left to recognise, and nothing is said."""
    files = {"app.bin": signed(2, "rsa-3072"), "key.bin": bytes(range(32))}
    words = (
        "encrypt-flash-data",
        "--keyfile",
        "key.bin",
        "--address",
        "0x10000",
        "--output",
        "out.bin",
        "app.bin",
    )
    assert formats(tool("espsecure", *words, files=files, makes="out.bin")) == []


@pytest.mark.parametrize("boot_at", [0x1000, 0x0000, 0x2000])
def test_flash(boot_at: int) -> None:
    boot, application = image(size=2000), signed(2, "rsa-3072")
    content = flash(boot_at, boot, application)
    whole, first, second = in_child(content).containers
    assert (whole.format, whole.sum, whole.opaque, whole.whole) == ("esp-flash", "right", True, True)
    assert (first.format, first.part, first.at, first.inside) == ("esp32", "boot loader", boot_at, 0)
    assert (second.part, second.at, proofs(second), second.whole) == ("factory", 0x10000, ["verified"], True)
    assert seen(content).covered == len(content)
    assert seen(flipped(content, 0x8008)).containers[0].sum == "wrong"
    assert seen(content[:-1]).containers[2].whole is False


def test_flash_as_the_tool_merges_it() -> None:
    files = {"boot.bin": image(size=2000), "table.bin": flash(0, b"", b"")[0x8000:0x8C00], "app.bin": image()}
    words = ("--chip", "esp32", "merge-bin", "-o", "out.bin", "0x1000", "boot.bin", "0x8000", "table.bin")
    content = tool("esptool", *words, "0x10000", "app.bin", files=files, makes="out.bin")
    if content[:1] != b"\xff":  # it begins where the first part does
        content = b"\xff" * 0x1000 + content
    assert formats(content) == ["esp-flash", "esp32", "esp32"]


def test_esp8266() -> None:
    found = only(image_8266())
    assert (found.format, found.sum, found.whole, found.version) == (
        "esp8266",
        "right",
        True,
        "1.0.3 (cloudpets-cam, ESP8266)",
    )
    assert (found.signs, found.signatures, found.encrypted, found.opaque) == (True, (), "no", False)
    assert only(flipped(image_8266(), 300)).sum == "wrong"
    for short in cuts(image_8266(), 16):
        assert (only(short).format, only(short).whole) == ("esp8266", False)


def small(code: bytes) -> bytes:
    """An image of one segment, as Arduino's boot loader is."""
    check = 0xEF
    for byte in code:
        check ^= byte
    told = struct.pack("<4BIII", 0xE9, 1, 2, 0x40, 0x4010F480, 0x4010F000, len(code)) + code
    return told + bytes(15 - len(told) % 16) + bytes([check])


def arduino(*, of: bool) -> bytes:
    """Boot loader and application, and its signature."""
    content = small(b"\1\2\3\4" * 60).ljust(0x1000, b"\xff") + image_8266()
    if not of:
        return content
    signer = key("rsa-2048")
    assert isinstance(signer, rsa.RSAPrivateKey)
    made = signer.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return content + made + struct.pack("<I", len(made))


def test_arduino() -> None:
    outer, inner = seen(arduino(of=False)).containers
    assert (outer.format, inner.format, inner.part, inner.at) == ("esp8266", "esp8266", "application", 0x1000)
    assert (outer.sum, inner.sum, outer.signatures, outer.opaque, inner.opaque) == (
        "right",
        "right",
        (),
        False,
        False,
    )


def test_arduino_signed() -> None:
    content = arduino(of=True)
    outer, inner = in_child(content, key("rsa-2048")).containers
    assert (proofs(outer), proofs(inner), outer.whole) == (["verified"], [], True)
    assert proofs(seen(content).containers[0]) == ["no key"]
    for at in (100, 0x1100, 0x1000 + len(image_8266()) - 1, -200):
        assert proofs(seen(flipped(content, at), key("rsa-2048")).containers[0]) == ["wrong"]
    cut = seen(content[:-1], key("rsa-2048")).containers
    assert all(one.signatures == () for one in cut)
    assert cut[-1].opaque  # something is behind it that nobody knows


@pytest.mark.parametrize("name", ["Tasmota", "ESPHome", "Tuya"])
def test_who_made_it(name: str) -> None:
    mark = {"Tuya": b"tuya_app_main"}.get(name, name.encode())
    assert only(image(text=mark)).version == f"1.0.3 (cloudpets-cam, {name}, ESP32)"


def test_a_tool_of_the_field_agrees() -> None:
    kind = "rsa-3072"
    files = {"app.bin": signed(2, kind), "key.pem": public(key(kind)).encode()}
    words = ("verify-signature", "--version", "2", "--keyfile", "key.pem", "app.bin")
    assert tool("espsecure", *words, files=files, makes="app.bin")
    files["app.bin"] = flipped(signed(2, kind), 2000)
    with pytest.raises(AssertionError):
        tool("espsecure", *words, files=files, makes="app.bin")


NONE = [b"\xe9", b"\xe9" * 4096, b"\xe9\1\2\x20" + bytes(60), b"\xe9\xff" + b"\xff" * 99]


@pytest.mark.parametrize("content", NONE)
def test_one_byte_is_no_image(content: bytes) -> None:
    assert formats(content) == []


def test_encrypted_for_an_update() -> None:
    content = b"\xcf\xb6\x88\x07" + bytes(400) + struct.pack("<I", 5000) + bytes(104) + bytes(5000)
    found = only(content)
    assert (found.format, found.encrypted, found.opaque, found.whole) == ("esp-encrypted", "yes", True, True)
    assert only(content[:-1]).whole is False
