"""What the checks of images share: the innermost wrappings, and what is around each of them.

What runs is what the innermost containers hold. A signature on any container around one protects it.
"""

from collections.abc import Iterator

from shelfworthy.model import Cause, Record
from shelfworthy.seen.firmware import Container, FirmwareImage, Signature

CALLED = {
    "android-ota": "Android update",
    "android-payload": "Android payload",
    "dfu-suffix": "USB DFU file",
    "dfuse": "DfuSe file",
    "ebl": "Silicon Labs EBL",
    "esp-encrypted": "encrypted image of Espressif",
    "esp-flash": "whole flash of an ESP32",
    "esp32": "ESP32 image",
    "esp8266": "ESP8266 image",
    "gbl": "Silicon Labs GBL",
    "gzip": "gzip file",
    "intel-hex": "Intel HEX file",
    "linksys-code": "Linksys image",
    "matter-ota": "Matter OTA file",
    "mcuboot": "MCUboot image",
    "netgear-chk": "Netgear CHK image",
    "nordic-dfu": "Nordic DFU package",
    "nordic-dfu-legacy": "Nordic DFU package of the older kind",
    "nordic-dfu-secure": "Nordic DFU package",
    "rauc": "RAUC bundle",
    "rt-thread-ota": "RT-Thread image",
    "seama": "SEAMA image",
    "squashfs": "SquashFS",
    "swupdate": "SWUpdate file",
    "swupdate-description": "description of an SWUpdate file",
    "swupdate-file": "file of an SWUpdate",
    "ti-oad": "TI OAD image",
    "tp-link-v1": "TP-Link image",
    "trx": "TRX image",
    "u-boot-fit": "U-Boot FIT",
    "u-boot-fit-image": "image of a U-Boot FIT",
    "u-boot-legacy": "U-Boot image",
    "ubi": "UBI",
    "uefi-capsule": "UEFI capsule",
    "uefi-fmp-image": "image of a UEFI capsule",
    "uf2": "UF2 file",
    "zigbee-ota": "Zigbee OTA file",
}


class Wrapped(Record, frozen=True):
    """One innermost container, by its number, with those around it, from the outermost to itself."""

    number: int
    chain: tuple[Container, ...]

    @property
    def itself(self) -> Container:
        return self.chain[-1]

    @property
    def signed(self) -> bool:
        """Whether anything around it is signed."""
        return any(one.signatures for one in self.chain)

    @property
    def whole(self) -> bool:
        """Whether all of it is there, so that a signature at its end would have been seen."""
        return all(one.whole for one in self.chain)

    @property
    def called(self) -> str:
        """What people call its format."""
        return called(self.itself)


def called(one: Container) -> str:
    """What people call the format of a container."""
    return CALLED.get(one.format, one.format)


def innermost(seen: FirmwareImage) -> Iterator[Wrapped]:
    """Containers that hold no other one that is known."""
    outer = {one.inside for one in seen.containers}
    for number in range(len(seen.containers)):
        if number not in outer:
            yield Wrapped(number=number, chain=chain(seen, number))


def chain(seen: FirmwareImage, number: int) -> tuple[Container, ...]:
    """A container and those around it, outermost first. Evidence may lie: none counts twice."""
    found: list[Container] = []
    while 0 <= number < len(seen.containers):
        one = seen.containers[number]
        found.append(one)
        number = one.inside if one.inside < number else -1
    return tuple(reversed(found))


def signatures(seen: FirmwareImage) -> Iterator[tuple[str, Signature, Container]]:
    """Every signature: the path of its field, itself, and the container that it is on."""
    for number, one in enumerate(seen.containers):
        for at, signature in enumerate(one.signatures):
            yield f"containers.{number}.signatures.{at}", signature, one


def unseen(seen: FirmwareImage) -> tuple[str, Cause] | None:
    """What of the file was not seen into, in words; None if everything was."""
    if why := unfinished(seen):
        return why
    if around := beside(seen):
        words = f"{around.itself.rest} bytes in its {around.called} lie in no container that we know"
        return words, Cause.NOT_UNDERSTOOD
    return None


def unfinished(seen: FirmwareImage) -> tuple[str, Cause] | None:
    """The same, but for what lies beside containers that were all seen into."""
    if not seen.containers:
        return "it is in no container that we know", Cause.NOT_UNDERSTOOD
    if seen.truncated:
        return "there is more in it than we unpack", Cause.NOT_UNDERSTOOD
    if rest := seen.length - seen.covered:
        return f"{rest} bytes of it lie in no container that we know", Cause.NOT_UNDERSTOOD
    if any(one.proof == "wrong" for _, one, _ in signatures(seen)):
        return "its signature does not fit", Cause.CONTRADICTORY
    for one in innermost(seen):
        if not one.whole:
            return f"it ends before its {one.called} does", Cause.NOT_SUPPLIED
    return None


def beside(seen: FirmwareImage) -> Wrapped | None:
    """A container that no signature is around and that holds others and, beside them, bytes unknown to us."""
    for outer in sorted({one.inside for one in seen.containers if one.inside >= 0}):
        around = Wrapped(number=outer, chain=chain(seen, outer))
        if around.itself.rest and not around.signed:
            return around
    return None


def untold(seen: FirmwareImage) -> str:
    """The format of a part that is not signed and may hold something that is; "" where there is none."""
    return next((one.called for one in innermost(seen) if not one.signed and unknown_inside(one)), "")


def unknown_inside(one: Wrapped) -> bool:
    """Whether what it holds may have a wrapping of its own that we do not know."""
    return one.itself.opaque or any(part.encrypted == "unknown" for part in one.chain)
