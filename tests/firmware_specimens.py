"""Every container of the firmware matrix in its seven states, made by the field's own tools where these can.

A container that signs is made unsigned, signed, and encrypted where it can be; the other states are made of
these. One that cannot sign holds an MCUboot image in the state asked for.
"""

import gzip
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from shelfworthy_lab.radio import oad
from tests.readers.firmware import (
    esp_images,
    nordic_packages,
    test_android,
    test_mcuboot,
    test_rauc,
    test_swupdate,
    test_u_boot,
    test_uefi,
    wrapped,
    wrapping,
)
from tests.readers.firmware.seeing import CODE, key, public, tool

STATES = ("unsigned", "signed", "flipped", "published", "truncated", "encrypted", "wrapped")


class Maker(NamedTuple):
    """How a container is made. by: what makes it. key: of who signs, PEM. at: where a byte is flipped, as a
    part of its length.
    """

    by: str
    key: Callable[[], str]
    unsigned: Callable[[], bytes]
    signed: Callable[[], bytes]
    encrypted: Callable[[], bytes] | None = None
    flipped: Callable[[], bytes] | None = None
    at: float = 0.5


def image(maker: Maker, state: str) -> bytes:
    """The container in a state. Raises KeyError for one that it cannot be in."""
    if state == "unsigned":
        return maker.unsigned()
    if state == "encrypted":
        if maker.encrypted is None:
            raise KeyError(state)
        return maker.encrypted()
    whole = maker.signed()
    if state == "flipped":
        return maker.flipped() if maker.flipped else flip(whole, maker.at)
    if state == "truncated":
        return whole[: len(whole) // 2]
    return gzip.compress(whole, mtime=0) if state == "wrapped" else whole


def flip(whole: bytes, at: float) -> bytes:
    place = int(len(whole) * at)
    return whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]


def p256() -> ec.EllipticCurvePrivateKey:
    made = key("p256")
    assert isinstance(made, ec.EllipticCurvePrivateKey)
    return made


def around(by: str, wrap: Callable[[bytes], bytes]) -> Maker:
    """A container that cannot sign: it holds an MCUboot image in each state."""
    return Maker(
        by=by,
        key=lambda: public(key("p256")),
        unsigned=lambda: wrap(CODE),
        signed=lambda: wrap(test_mcuboot.image("p256")),
        encrypted=lambda: wrap(test_mcuboot.image("p256", encrypt=True)),
        flipped=lambda: wrap(flip(test_mcuboot.image("p256"), 0.5)),
    )


def nordic(packet: Callable[[], bytes], part: str) -> bytes:
    return nordic_packages.package({part: packet()})


def hidden() -> bytes:
    """A firmware that its maker encrypted, as a legacy package and a secure one hold whatever they hold."""
    return bytes(one ^ 0xA5 for one in CODE)


@cache
def flash_encrypted(version: int, kind: str) -> bytes:
    """A signed image as it lies in encrypted flash."""
    files = {"app.bin": esp_images.signed(version, kind), "key.bin": bytes(range(32))}
    words = ("encrypt-flash-data", "--keyfile", "key.bin", "--address", "0x10000", "--output", "out.bin")
    return tool("espsecure", *words, "app.bin", files=files, makes="out.bin")


def toy(body: bytes) -> bytes:
    """TI's image around a body, its sum right."""
    body = body + b"\xff" * (-len(body) % 16)
    head = b"\xff\xff" + (38).to_bytes(2, "little") + ((16 + len(body)) // 4).to_bytes(2, "little")
    whole = head + b"A" * 4 + b"\xff" * 4 + body
    return oad.crc(whole[2:]).to_bytes(2, "little") + whole


@cache
def configured(cipher: bool = False) -> bytes:
    """A FIT all of whose images are in its signed configuration."""
    spare, test_u_boot.TREE = test_u_boot.TREE, whole_tree(test_u_boot.TREE)
    try:
        return test_u_boot.fit.__wrapped__("conf", cipher=cipher)
    finally:
        test_u_boot.TREE = spare


def whole_tree(tree: str) -> str:
    """The tests' tree without the image that no configuration names."""
    start, end = tree.index("  spare-1"), tree.index("}};\nconfigurations")
    return tree[:start] + tree[end:]


@cache
def swu(signs: str = "rsa", encrypted: bool = False) -> bytes:
    """An archive without the file that its description does not name."""
    files = dict(test_swupdate.FILES)
    stray = test_swupdate.FILES.pop("stray.txt", None)
    try:
        return test_swupdate.archive.__wrapped__(signs, True, encrypted)
    finally:
        if stray is not None:
            test_swupdate.FILES.clear()
            test_swupdate.FILES.update(files)


MAKERS: dict[str, Maker] = {
    "MCUboot": Maker(
        "imgtool",
        lambda: public(key("p256")),
        test_mcuboot.image,
        lambda: test_mcuboot.image("p256"),
        lambda: test_mcuboot.image("p256", encrypt=True),
    ),
    "MCUboot, RSA": Maker(
        "imgtool",
        lambda: public(key("rsa-2048")),
        test_mcuboot.image,
        lambda: test_mcuboot.image("rsa-2048"),
    ),
    "Nordic DFU": Maker(
        "a builder",
        lambda: public(p256()),
        lambda: nordic(nordic_packages.secure, "application"),
        lambda: nordic(lambda: nordic_packages.secure(p256()), "application"),
        lambda: nordic_packages.package(
            {"application": nordic_packages.secure(p256(), nordic_packages.command(hidden()))}, hidden()
        ),
        lambda: nordic_packages.package({"application": nordic_packages.secure(p256())}, flip(CODE, 0.5)),
    ),
    "Nordic DFU, legacy": Maker(
        "a builder",
        lambda: public(p256()),
        lambda: nordic(lambda: nordic_packages.legacy(0.7), "application"),
        lambda: nordic(lambda: nordic_packages.legacy(0.8, p256()), "application"),
        lambda: nordic_packages.package(
            {"application": nordic_packages.legacy(0.8, p256(), hidden())}, hidden()
        ),
        lambda: nordic_packages.package(
            {"application": nordic_packages.legacy(0.8, p256())}, flip(CODE, 0.5)
        ),
    ),
    "ESP32, secure boot 2": Maker(
        "esptool, espsecure",
        lambda: public(key("rsa-3072")),
        esp_images.image,
        lambda: esp_images.signed(2, "rsa-3072"),
        lambda: flash_encrypted(2, "rsa-3072"),
        at=0.3,
    ),
    "ESP32, secure boot 2, ECDSA": Maker(
        "esptool, espsecure",
        lambda: public(p256()),
        lambda: esp_images.image("esp32c3"),
        lambda: esp_images.signed(2, "p256", chip="esp32c3"),
        at=0.3,
    ),
    "ESP32, secure boot 1": Maker(
        "esptool, espsecure",
        lambda: public(p256()),
        esp_images.image,
        lambda: esp_images.signed(1, "p256"),
        lambda: flash_encrypted(1, "p256"),
        at=0.3,
    ),
    "U-Boot FIT, configuration": Maker(
        "mkimage",
        lambda: test_u_boot.key("rsa2048"),
        test_u_boot.fit,
        configured,
        lambda: configured(cipher=True),
    ),
    "RAUC, plain": Maker(
        "rauc", test_rauc.signer, test_rauc.squashfs, lambda: test_rauc.bundle("plain"), at=0.2
    ),
    "RAUC, verity": Maker(
        "rauc",
        test_rauc.signer,
        test_rauc.squashfs,
        lambda: test_rauc.bundle("verity"),
        lambda: test_rauc.bundle("crypt"),
        at=0.2,
    ),
    "SWUpdate": Maker(
        "cpio, openssl",
        test_swupdate.key,
        test_swupdate.archive,
        swu,
        lambda: swu(encrypted=True),
    ),
    "SWUpdate, CMS": Maker(
        "cpio, openssl",
        test_swupdate.key,
        test_swupdate.archive,
        lambda: swu("cms"),
        lambda: swu("cms", encrypted=True),
    ),
    "UEFI capsule": Maker(
        "mkeficapsule", test_uefi.key, lambda: test_uefi.capsule(signed=False), test_uefi.capsule
    ),
    "Android OTA": Maker("signapk", test_android.key, test_android.plain, test_android.update),
    "Silicon Labs GBL": Maker(
        "a builder",
        lambda: public(p256()),
        wrapping.gbl,
        lambda: wrapping.gbl(key=p256()),
        lambda: wrapping.gbl(key=p256(), kind=1),
    ),
    "Zigbee OTA": around("a builder", lambda inside: wrapping.zigbee((0, inside))),
    "Matter OTA": around("a builder", wrapped.matter),
    "Intel HEX": around("a builder", lambda inside: wrapped.intel_hex((0x0800_0000, inside))),
    "UF2": around("a builder", wrapped.uf2),
    "USB DFU": around("a builder", wrapped.dfu),
    "DfuSe": around("a builder", lambda inside: wrapped.dfuse((0x0800_0000, inside))),
    "gzip": around("gzip", lambda inside: gzip.compress(inside, mtime=0)),
    "RT-Thread": around("a builder", wrapped.rbl),
    "U-Boot legacy": around("mkimage", lambda inside: test_u_boot.legacy("firmware", inside)),
    "TI OAD": around("the lab", toy),
}
