"""The formats we know, those with the most distinct beginnings first. The list is typed by hand, here."""

from shelfworthy.readers.firmware.android import ANDROID_OTA, ANDROID_PAYLOAD
from shelfworthy.readers.firmware.capsule import UEFI
from shelfworthy.readers.firmware.file_systems import SQUASHFS, UBI
from shelfworthy.readers.firmware.fit import FIT
from shelfworthy.readers.firmware.format import Format
from shelfworthy.readers.firmware.gecko import EBL, GBL
from shelfworthy.readers.firmware.mcuboot import MCUBOOT
from shelfworthy.readers.firmware.rauc import RAUC, RAUC_ENCRYPTED
from shelfworthy.readers.firmware.routers import CHK, LINKSYS, SEAMA, TP_LINK_V1, TRX
from shelfworthy.readers.firmware.swupdate import SWUPDATE
from shelfworthy.readers.firmware.ti_oad import TI_OAD
from shelfworthy.readers.firmware.uimage import UIMAGE
from shelfworthy.readers.firmware.zigbee import ZIGBEE

FORMATS: tuple[Format, ...] = (
    MCUBOOT,
    ZIGBEE,
    GBL,
    EBL,
    FIT,
    UIMAGE,
    SWUPDATE,
    UEFI,
    ANDROID_OTA,
    ANDROID_PAYLOAD,
    TP_LINK_V1,
    LINKSYS,
    TRX,
    CHK,
    SEAMA,
    RAUC,  # a SquashFS with something behind it
    SQUASHFS,
    UBI,
    TI_OAD,
    RAUC_ENCRYPTED,  # which begins like nothing, so all others come first
)
