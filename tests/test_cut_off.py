"""Every container of the firmware matrix, signed and cut off at twenty places: none is called valid."""

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.image import seen_in
from shelfworthy.readers.firmware.keys import keys_of
from tests.firmware_specimens import MAKERS, image
from tests.specimen import outcome

PLACES = 20
CHECK = BY_ID["firmware-signature-valid"]
ABOUT = About(surface=Firmware(id="image", where="image", public_key="maker.pem"))


def answer(content: bytes, key: str) -> str:
    return outcome(list(CHECK.judge(seen_in(content, keys_of(key)), ABOUT))).value


@pytest.mark.parametrize("container", MAKERS)
def test_what_is_cut_off_is_never_valid(container: str) -> None:
    maker = MAKERS[container]
    whole, key = image(maker, "signed"), maker.key()
    end = len(whole.rstrip(b"\0\xff\r\n"))  # what lies behind is padding
    assert answer(whole, key) == "pass"
    for number in range(1, PLACES + 1):
        at = (end - 1) * number // PLACES
        assert answer(whole[:at], key) != "pass", at
