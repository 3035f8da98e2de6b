"""One module (or small package) per kind of surface we contact. The list is typed by hand, here."""

from shelfworthy.probes.bucket import BUCKET
from shelfworthy.probes.contact import CONTACT
from shelfworthy.probes.database import HELLO as DATABASE_HELLO
from shelfworthy.probes.database import LISTING as DATABASE_LISTING
from shelfworthy.probes.endpoint import PLAIN as ENDPOINT_PLAIN
from shelfworthy.probes.endpoint import TLS as ENDPOINT_TLS
from shelfworthy.probes.probe import Probe

PROBES: tuple[Probe, ...] = (
    DATABASE_HELLO,
    DATABASE_LISTING,
    ENDPOINT_TLS,
    ENDPOINT_PLAIN,
    BUCKET,
    CONTACT,
)

__all__ = ["PROBES", "Probe"]
