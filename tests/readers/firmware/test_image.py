"""What lies beside what is recognised, and keys that are none."""

import io

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from shelfworthy.checks.firmware.firmware_signature_valid import judge
from shelfworthy.model import About, NotSeen, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.format import View
from shelfworthy.readers.firmware.image import Beginnings, read
from shelfworthy.seen.firmware import FirmwareImage
from tests.readers.firmware import esp_images
from tests.readers.firmware.seeing import public, seen
from tests.readers.firmware.wrapping import CODE, gbl, zigbee


def test_what_lies_beside_a_container_is_counted_where_it_is_not_padding() -> None:
    assert seen(zigbee((0, gbl()), (0xF001, CODE))).containers[0].rest == len(CODE)
    assert seen(zigbee((0, gbl() + b"\xff" * 7))).containers[0].rest == 0


def test_more_beginnings_than_are_tried_are_told() -> None:
    assert not seen(b"HDR0" * 1000 + CODE).truncated
    assert seen(b"HDR0" * 5000 + CODE).truncated
    assert Beginnings(View(b"HDR0--UBI#--hsqs")).after(1) == 6
    assert Beginnings(View(b"HDR0--UBI#--hsqs")).after(13) == -1


@pytest.mark.parametrize("pem", ["PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_file_without_a_key_is_told(pem: str) -> None:
    with pytest.raises(NotSeen, match="cannot be used"):
        list(read(io.BytesIO(b"image"), "toy.bin", pem))


def test_one_part_signed_by_the_maker_does_not_vouch_for_another() -> None:
    """Two programs in one file: of one the key is the maker's, of the other whoever's it brings."""
    maker = ec.derive_private_key(0x5EED, ec.SECP256R1())
    parts = [seen(one, maker).containers for one in (gbl(key=maker), esp_images.signed(2, "p256"))]
    both = tuple(part for containers in parts for part in containers)
    image = FirmwareImage(length=1, sha256="", containers=both, covered=1, truncated=False)
    about = About(surface=Firmware(id="image", where="toy.bin", public_key="maker.pem"))
    assert "PUBLIC KEY" in public(maker)
    assert [(one.outcome, one.says) for one in judge(image, about)] == [(Outcome.INCONCLUSIVE, "another-key")]
