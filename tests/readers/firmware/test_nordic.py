"""Nordic's packages, legacy and secure."""

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from shelfworthy.seen.firmware import Container
from tests.readers.firmware.nordic_packages import (
    CRC,
    SHA512,
    command,
    held,
    legacy,
    number,
    package,
    secure,
)
from tests.readers.firmware.seeing import CODE, PrivateKey, cuts, flipped, in_child, key, only, seen
from tests.readers.firmware.test_mcuboot import image

MANUFACTURER, STRANGER = key("p256"), key("p256", 1)
FORMS = (0.5, 0.6, 0.7, 0.8)


def parts(content: bytes, *keys: PrivateKey) -> list[Container]:
    """What lies in the zip, which is the first one."""
    outer, *found = seen(content, *keys).containers
    assert (outer.format, outer.signs, outer.opaque, outer.encrypted) == ("nordic-dfu", False, True, "no")
    return found


def part(packet: bytes, *keys: PrivateKey, firmware: bytes = CODE) -> Container:
    (found,) = parts(package({"application": packet}, firmware), *keys)
    assert (found.inside, found.part, found.decoded) == (0, "application", True)
    return found


def test_secure_unsigned() -> None:
    found = part(secure())
    assert (found.format, found.signs, found.signatures) == ("nordic-dfu-secure", True, ())
    assert (found.sum, found.sum_by, found.whole, found.opaque) == ("right", "SHA-256", True, False)
    assert (found.version, found.rollback) == ("fw 52, hw 40", "")


@pytest.mark.parametrize("hash_kind", [3, SHA512])
def test_secure_signed(hash_kind: int) -> None:
    packet = secure(MANUFACTURER, command(hash_kind=hash_kind))
    found = part(packet, MANUFACTURER)
    (signature,) = found.signatures
    assert (signature.proof, signature.key_from, found.sum) == ("verified", "product file", "right")
    assert (signature.at, signature.length) == (len(packet) - 64, 64)
    assert found.rollback == "fw_version 52"
    assert [one.proof for one in part(packet).signatures] == ["no key"]
    assert [one.proof for one in part(packet, STRANGER).signatures] == ["wrong"]
    assert [one.proof for one in part(packet, STRANGER, MANUFACTURER).signatures] == ["verified"]


def test_secure_signed_for_debug_keeps_nothing_out() -> None:
    assert part(secure(MANUFACTURER, command(debug=True)), MANUFACTURER).rollback == ""


def test_secure_signed_and_changed() -> None:
    """Every byte of the packet and of the firmware counts."""
    packet = secure(MANUFACTURER)
    for at in range(len(packet)):
        found = part(flipped(packet, at), MANUFACTURER)
        assert all(one.proof != "verified" for one in found.signatures), at
        assert found.format == "nordic-dfu-secure" or not found.signatures
    for at in (0, 3000, len(CODE) - 1):
        found = part(packet, MANUFACTURER, firmware=flipped(CODE, at))
        assert (found.sum, [one.proof for one in found.signatures]) == ("wrong", ["wrong"])


def test_a_check_sum_is_no_hash() -> None:
    """What is signed without a hash of the firmware is signed alone."""
    (signature,) = part(secure(MANUFACTURER, command(hash_kind=CRC)), MANUFACTURER).signatures
    assert (signature.covers, signature.proof) == ("init packet", "verified")


def test_other_kinds_of_signature_are_not_understood() -> None:
    (signature,) = part(secure(MANUFACTURER, kind=1), MANUFACTURER).signatures
    assert signature.proof == "not understood"


@pytest.mark.parametrize("twice", [secure() + secure(), held(2, held(1, command()) * 2 + held(3, b"x" * 64))])
def test_what_could_be_read_in_two_ways_is_not_read(twice: bytes) -> None:
    found = part(twice, MANUFACTURER)
    assert (found.signatures, found.sum, found.opaque) == ((), "not computed", True)


def test_another_command_is_no_firmware() -> None:
    found = part(held(1, number(1, 0) + held(3, number(1, 5))))
    assert (found.sum, found.opaque) == ("not computed", True)


@pytest.mark.parametrize("form", FORMS)
def test_legacy(form: float) -> None:
    packet = legacy(form, MANUFACTURER)
    found = part(packet, MANUFACTURER)
    by = "CRC-16" if form < 0.7 else "SHA-256"
    assert (found.format, found.sum, found.sum_by) == ("nordic-dfu-legacy", "right", by)
    assert (found.version, found.rollback, found.encrypted) == ("7, device 52", "", "no")
    assert [one.proof for one in found.signatures] == (["verified"] if form == 0.8 else [])
    assert part(packet, firmware=flipped(CODE, 99)).sum == "wrong"


def test_legacy_signed_and_changed() -> None:
    packet = legacy(0.8, MANUFACTURER)
    for at in range(len(packet)):
        found = part(flipped(packet, at), MANUFACTURER)
        assert all(one.proof != "verified" for one in found.signatures), at
    (signature,) = part(packet, MANUFACTURER, firmware=flipped(CODE, 5)).signatures
    assert signature.proof == "wrong"
    assert [one.proof for one in part(packet, STRANGER).signatures] == ["wrong"]
    assert [one.proof for one in part(packet).signatures] == ["no key"]


def test_the_manifest_is_not_believed() -> None:
    """It says legacy, the packet is a signed one, and the other way round."""
    (found,) = parts(package({"application": secure(MANUFACTURER)}, told={"dfu_version": 0.5}), MANUFACTURER)
    assert (found.format, found.signatures[0].proof) == ("nordic-dfu-secure", "verified")


def test_one_signed_part_says_nothing_of_the_other() -> None:
    boot, application = parts(
        package({"bootloader": secure(MANUFACTURER), "application": secure()}), MANUFACTURER
    )[::-1]
    assert (boot.part, len(boot.signatures)) == ("bootloader", 1)
    assert (application.part, len(application.signatures)) == ("application", 0)


def test_what_lies_in_the_firmware() -> None:
    content = image("p256")
    packet = secure(MANUFACTURER, command(content))
    outer, init, inner = in_child(package({"application": packet}, content), MANUFACTURER).containers
    assert (outer.format, init.format, inner.format, inner.inside) == (
        "nordic-dfu",
        "nordic-dfu-secure",
        "mcuboot",
        1,
    )
    assert (inner.decoded, inner.part) == (True, "firmware")
    assert [one.signatures[0].proof for one in (init, inner)] == ["verified", "verified"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_cut_off(method: int) -> None:
    """The manifest comes last, so the names of the members must do."""
    content = package({"application": secure(MANUFACTURER)}, method=method)
    for short in cuts(content, 400):
        outer, *inside = seen(short, MANUFACTURER).containers
        assert (outer.format, outer.whole, outer.sum) == ("nordic-dfu", False, "not computed")
        assert [one.signatures[0].proof for one in inside] in ([], ["verified"])  # if the manifest is there


def test_a_damaged_zip() -> None:
    content = package({"application": secure(MANUFACTURER)}, method=zipfile.ZIP_STORED)
    outer, init = seen(flipped(content, content.index(CODE) + 7), MANUFACTURER).containers
    assert (outer.sum, init.sum, init.signatures[0].proof) == ("wrong", "wrong", "wrong")


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return packed.getvalue()


TOLD = json.dumps({"manifest": {"application": {"bin_file": "a.bin", "dat_file": "a.dat"}}}).encode()


@pytest.mark.parametrize(
    "files",
    [
        {"a.bin": CODE, "a.dat": secure()},
        {"manifest.json": b"{}", "a.bin": CODE},
        {"manifest.json": b'{"manifest": {"another": {}}}'},
        {"manifest.json": b"\xff" * 9},
        {"manifest.json": b"[" * 60_000},
        {"manifest.json": b" " * 100_000 + TOLD},
        {f"{number}.txt": b"" for number in range(100)} | {"manifest.json": TOLD},
    ],
)
def test_other_zips_are_none(files: dict[str, bytes]) -> None:
    assert seen(zipped(files)).containers == ()


@pytest.mark.parametrize(
    "files",
    [
        {"a.dat": secure()},
        {"a.bin": bytes(64 << 20), "a.dat": secure()},
        {"a.bin": CODE, "a.dat": bytes(9999)},
    ],
)
def test_members_that_are_not_there_or_too_big(files: dict[str, bytes]) -> None:
    found = only(zipped({"manifest.json": TOLD} | files))
    assert (found.format, found.sum, found.opaque) == ("nordic-dfu", "wrong", True)


def test_a_size_that_lies() -> None:
    """More comes out than the directory says: no more than that is unpacked, and it does not count."""
    content = bytearray(zipped({"manifest.json": TOLD, "a.dat": secure(), "a.bin": bytes(8 << 20)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 4096)
    assert only(bytes(content)).sum == "wrong"


def test_a_tool_of_the_field() -> None:
    """A package that adafruit-nrfutil made, kept here: we do not want to depend on its licence."""
    content = Path(__file__).with_name("adafruit.zip").read_bytes()
    outer, found = in_child(content).containers
    assert (outer.sum, outer.whole) == ("right", True)
    assert (found.format, found.sum, found.sum_by) == ("nordic-dfu-legacy", "right", "CRC-16")
