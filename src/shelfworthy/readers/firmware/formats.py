"""The formats we know, those with the most distinct beginnings first. The list is typed by hand, here.

The suffix of USB's firmware upgrade comes before all: it is told by a file's end, whatever that begins with.
The whole flash of an ESP32 comes before its images, one of which it may begin with.
"""

from shelfworthy.readers.firmware.android import ANDROID_OTA
from shelfworthy.readers.firmware.android_payload import ANDROID_PAYLOAD
from shelfworthy.readers.firmware.capsule import UEFI
from shelfworthy.readers.firmware.esp_encrypted import ESP_ENCRYPTED
from shelfworthy.readers.firmware.esp_flash import ESP_FLASH
from shelfworthy.readers.firmware.esp_image import ESP32, ESP8266
from shelfworthy.readers.firmware.file_systems import SQUASHFS, UBI
from shelfworthy.readers.firmware.fit import FIT
from shelfworthy.readers.firmware.format import Format
from shelfworthy.readers.firmware.gecko import EBL, GBL
from shelfworthy.readers.firmware.gzipped import GZIP
from shelfworthy.readers.firmware.intel_hex import INTEL_HEX
from shelfworthy.readers.firmware.matter import MATTER
from shelfworthy.readers.firmware.mcuboot import MCUBOOT
from shelfworthy.readers.firmware.nordic import NORDIC
from shelfworthy.readers.firmware.rauc import RAUC, RAUC_ENCRYPTED
from shelfworthy.readers.firmware.routers import CHK, LINKSYS, SEAMA, TP_LINK_V1, TRX
from shelfworthy.readers.firmware.rt_thread import RT_THREAD
from shelfworthy.readers.firmware.swupdate import SWUPDATE
from shelfworthy.readers.firmware.ti_oad import TI_OAD
from shelfworthy.readers.firmware.uf2 import UF2
from shelfworthy.readers.firmware.uimage import UIMAGE
from shelfworthy.readers.firmware.usb_dfu import DFU_SUFFIX, DFUSE
from shelfworthy.readers.firmware.zigbee import ZIGBEE

FORMATS: tuple[Format, ...] = (
    DFU_SUFFIX,
    MCUBOOT,
    ZIGBEE,
    MATTER,
    GBL,
    UF2,
    FIT,
    UIMAGE,
    SWUPDATE,
    UEFI,
    NORDIC,
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
    RT_THREAD,
    ESP_ENCRYPTED,
    GZIP,
    DFUSE,
    ESP_FLASH,
    ESP32,
    ESP8266,
    EBL,
    TI_OAD,
    INTEL_HEX,
    RAUC_ENCRYPTED,  # which begins like nothing, so all others come first
)
