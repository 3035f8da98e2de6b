"""The formats we know, those with the most distinct beginnings first. The list is typed by hand, here.

The suffix of USB's firmware upgrade comes before all: it is told by a file's end, whatever that begins with.
The whole flash of an ESP32 comes before its images, one of which it may begin with.
"""

from shelfworthy.readers.firmware.esp_encrypted import ESP_ENCRYPTED
from shelfworthy.readers.firmware.esp_flash import ESP_FLASH
from shelfworthy.readers.firmware.esp_image import ESP32, ESP8266
from shelfworthy.readers.firmware.format import Format
from shelfworthy.readers.firmware.gecko import EBL, GBL
from shelfworthy.readers.firmware.gzipped import GZIP
from shelfworthy.readers.firmware.intel_hex import INTEL_HEX
from shelfworthy.readers.firmware.matter import MATTER
from shelfworthy.readers.firmware.mcuboot import MCUBOOT
from shelfworthy.readers.firmware.nordic import NORDIC
from shelfworthy.readers.firmware.rt_thread import RT_THREAD
from shelfworthy.readers.firmware.ti_oad import TI_OAD
from shelfworthy.readers.firmware.uf2 import UF2
from shelfworthy.readers.firmware.usb_dfu import DFU_SUFFIX, DFUSE
from shelfworthy.readers.firmware.zigbee import ZIGBEE

FORMATS: tuple[Format, ...] = (
    DFU_SUFFIX,
    MCUBOOT,
    ZIGBEE,
    MATTER,
    GBL,
    UF2,
    NORDIC,
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
)
