"""Take the specimens of the checks that judge images.

    python -m tests.readers.firmware.take

The lab's own images of both editions, and what else there may be in and around one, are read by the real
reader in its sandbox. What the lab has no image of is built here, and called a fixture.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from shelfworthy.model import About, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware import FIRMWARE
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen import AnySeen
from shelfworthy_lab import mcuboot
from shelfworthy_lab.radio import oad, shape
from tests.harvest import write_specimen
from tests.readers.firmware import esp_images, seeing, test_mcuboot
from tests.readers.firmware.wrapping import CODE, gbl, zigbee

SIGNED, VALID, DEFAULT, ROLLBACK = (
    "firmware-signed",
    "firmware-signature-valid",
    "firmware-default-key",
    "firmware-rollback",
)
F, P, I, M = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.MOOT  # noqa: E741
KEY = mcuboot.pem(oad.MAKER.public_key()).decode()
NAMED = sha256(mcuboot.public(oad.MAKER.public_key())).hexdigest()
PUBLISHED = b'[[key]]\nwho = "a key of somebody\'s tests"\nsha256 = ["%s"]\n'
NOBODYS = PUBLISHED % (b"0" * 64)


class Case(NamedTuple):
    """What an image must be answered: for the four checks in order; "" where it makes no specimen."""

    name: str
    source: str
    image: bytes
    answers: tuple[Outcome | None, Outcome | None, Outcome | None, Outcome | None]
    key: str = ""
    published: bytes = NOBODYS


def pem(key: PublicKeyTypes) -> str:
    """A key as makers publish it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def cases() -> Iterator[Case]:
    """Every image."""
    today = f"edition %s, {date.today()}"
    lab = "the lab's bear, "
    open_ = oad.image(shape.VERSION, "B", size=4096)
    fixed = oad.image(shape.VERSION, "B", size=4096, signed=True, counter=shape.VERSION)
    yield Case("lab-2018", lab + today % "2018", open_, (F, M, M, F))
    yield Case("lab-fixed", lab + today % "fixed", fixed, (P, P, P, P), KEY)
    yield Case("lab-fixed-no-key", lab + today % "fixed, no key named", fixed, (P, I, P, P))
    yield Case("lab-fixed-cut", lab + today % "fixed, cut off", fixed[:2000], (I, I, I, I), KEY)
    changed = bytearray(fixed)
    changed[1000] ^= 1
    yield Case("lab-fixed-changed", lab + today % "fixed, one bit changed", bytes(changed), (I, F, I, I), KEY)
    everybodys = PUBLISHED % NAMED.encode()
    yield Case(
        "lab-fixed-published",
        lab + today % "fixed, its key published",
        fixed,
        (None, None, F, None),
        KEY,
        everybodys,
    )
    uncounted = mcuboot.signed(CODE, (1, 0, 0), None, oad.MAKER)
    yield Case("fixture-uncounted", "fixture: MCUboot without a counter", uncounted, (P, P, P, F), KEY)
    sealed = test_mcuboot.image("p256", encrypt=True)
    makers = pem(seeing.key("p256").public_key())
    source = "encrypted and signed by imgtool"
    yield Case("imgtool-encrypted", source, sealed, (None, P, None, None), makers)
    yield Case("fixture-noise", "fixture: bytes of no format", bytes(range(7, 256)), (I, I, I, I))
    yield Case("fixture-rest", "fixture: noise behind it", fixed + bytes(range(1, 99)), (I, I, I, I), KEY)
    yield Case("fixture-opaque", "fixture: Zigbee, the maker's own inside", zigbee((0, CODE)), (I, I, I, I))
    certificate = zigbee((0, CODE), (2, bytes(48)), (1, bytes(48)))
    yield Case("fixture-zigbee-signed", "fixture: Zigbee's own signature", certificate, (None, I, I, None))
    key = ec.derive_private_key(0x5EED, ec.SECP256R1())
    named = pem(key.public_key())
    yield Case("fixture-gbl", "fixture: a GBL", zigbee((0, gbl())), (F, M, M, F))
    signed = zigbee((0, gbl(key=key)))
    yield Case("fixture-gbl-signed", "fixture: a signed GBL", signed, (P, P, P, I), named)
    yield Case("fixture-gbl-no-key", "fixture: a signed GBL, no key named", signed, (P, I, I, I))
    brings = zigbee((0, gbl(key=key, certified=True)))
    beside = zigbee((0, gbl(key=key)), (0xF001, CODE))
    yield Case("fixture-beside", "fixture: a signed GBL, noise beside it", beside, (I, I, I, I), named)
    yield Case("fixture-gbl-certified", "fixture: a GBL with its key", brings, (P, P, P, I), named)
    yield Case("fixture-gbl-uncertain", "fixture: a GBL with its key, no key named", brings, (P, I, I, I))
    esp = esp_images.signed(2, "p256")
    yield Case("espsecure", "signed by espsecure, no key named", esp, (P, P, P, F))
    yield Case("espsecure-another", "signed by espsecure, another key named", esp, (P, I, P, F), named)


def seen(image: bytes, key: str, folder: Path) -> AnySeen:
    """What the reader sees in an image. Raises NotSeen."""
    file = folder / "firmware.bin"
    file.write_bytes(image)
    heard = asyncio.run(
        look_into(FIRMWARE.read, file.name, file, FIRMWARE.sees, Limits(), told=(key,), patience=60)
    )
    if heard.trouble is not None:
        raise heard.trouble
    (one,) = heard.seen
    return one  # type: ignore[return-value] # the sandbox has seen to it that it is of the reader's types


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        for case in cases():
            found = seen(case.image, case.key, Path(temporary))
            for check, expected in zip((SIGNED, VALID, DEFAULT, ROLLBACK), case.answers, strict=True):
                if expected is not None:
                    references = {"published-keys": case.published} if check == DEFAULT else {}
                    key = "maker.pem" if case.key else ""
                    surface = Firmware(id="image", where="firmware.bin", public_key=key)
                    about = About(surface=surface, references=references)
                    print(write_specimen(check, found, about, case.source, case.name, expected))


if __name__ == "__main__":
    main()
