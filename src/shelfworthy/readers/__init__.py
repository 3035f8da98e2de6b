"""One module (or small package) per kind of file. The list is typed by hand, here."""

from shelfworthy.readers.bluetooth import BLUETOOTH
from shelfworthy.readers.correspondence import CORRESPONDENCE
from shelfworthy.readers.firmware import FIRMWARE, FIRMWARE_CONTENTS
from shelfworthy.readers.incident import INCIDENT
from shelfworthy.readers.policy import POLICY
from shelfworthy.readers.reader import Reader

READERS: tuple[Reader, ...] = (BLUETOOTH, CORRESPONDENCE, FIRMWARE, FIRMWARE_CONTENTS, INCIDENT, POLICY)

__all__ = ["READERS", "Reader"]
