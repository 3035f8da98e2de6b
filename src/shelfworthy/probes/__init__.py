"""One module (or small package) per kind of surface we contact. The list is typed by hand, here."""

from shelfworthy.probes.account import ACCOUNT
from shelfworthy.probes.bluetooth import CLASSIC as BLUETOOTH_CLASSIC
from shelfworthy.probes.bluetooth import LE as BLUETOOTH_LE
from shelfworthy.probes.broker import BROKER
from shelfworthy.probes.bucket import BUCKET
from shelfworthy.probes.contact import CONTACT
from shelfworthy.probes.database import HELLO as DATABASE_HELLO
from shelfworthy.probes.database import LISTING as DATABASE_LISTING
from shelfworthy.probes.database import STORE_HELLOS, STORE_LISTINGS
from shelfworthy.probes.domain import NAMES as DOMAIN_NAMES
from shelfworthy.probes.domain import REGISTRATION as DOMAIN_REGISTRATION
from shelfworthy.probes.endpoint import PLAIN as ENDPOINT_PLAIN
from shelfworthy.probes.endpoint import TLS as ENDPOINT_TLS
from shelfworthy.probes.policy import POLICY
from shelfworthy.probes.probe import Probe
from shelfworthy.probes.target import TARGET
from shelfworthy.probes.update import SUPPORT as UPDATE_SUPPORT
from shelfworthy.probes.update import UPDATE

PROBES: tuple[Probe, ...] = (
    DATABASE_HELLO,
    DATABASE_LISTING,
    *STORE_HELLOS,
    *STORE_LISTINGS,
    ENDPOINT_TLS,
    ENDPOINT_PLAIN,
    BROKER,
    BUCKET,
    DOMAIN_NAMES,
    DOMAIN_REGISTRATION,
    ACCOUNT,
    CONTACT,
    POLICY,
    UPDATE,
    UPDATE_SUPPORT,
    BLUETOOTH_LE,
    BLUETOOTH_CLASSIC,
    TARGET,
)

__all__ = ["PROBES", "Probe"]
