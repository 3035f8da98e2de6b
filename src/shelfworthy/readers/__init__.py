"""One module (or small package) per kind of file. The list is typed by hand, here."""

from shelfworthy.readers.bluetooth import BLUETOOTH
from shelfworthy.readers.correspondence import CORRESPONDENCE
from shelfworthy.readers.incident import INCIDENT
from shelfworthy.readers.reader import Reader

READERS: tuple[Reader, ...] = (BLUETOOTH, CORRESPONDENCE, INCIDENT)

__all__ = ["READERS", "Reader"]
