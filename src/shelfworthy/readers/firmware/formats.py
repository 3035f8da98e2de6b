"""The formats we know, those with the most distinct beginnings first. The list is typed by hand, here."""

from shelfworthy.readers.firmware.fit import FIT
from shelfworthy.readers.firmware.format import Format
from shelfworthy.readers.firmware.gecko import EBL, GBL
from shelfworthy.readers.firmware.mcuboot import MCUBOOT
from shelfworthy.readers.firmware.ti_oad import TI_OAD
from shelfworthy.readers.firmware.uimage import UIMAGE
from shelfworthy.readers.firmware.zigbee import ZIGBEE

FORMATS: tuple[Format, ...] = (MCUBOOT, ZIGBEE, GBL, EBL, FIT, UIMAGE, TI_OAD)
