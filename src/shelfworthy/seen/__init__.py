"""One module per kind of surface: what can be seen of it.

Published types are never edited. An older form of a type has its number in its name (`BucketSeen1`): evidence
that holds it stays as it is, and is judged as the newest form (`Seen.newest`).
"""

from shelfworthy.seen.account import (
    AccountDeletion,
    AccountLogIn,
    AccountObjects,
    AccountReplay,
    AccountStrength,
)
from shelfworthy.seen.bluetooth import (
    BluetoothAccess,
    BluetoothAdvert,
    BluetoothClassic,
    BluetoothNoClassic,
    BluetoothNoLe,
    BluetoothOperations,
    BluetoothPairing,
    BluetoothRecorded,
    BluetoothReturn,
    BluetoothUpdate,
)
from shelfworthy.seen.broker import BrokerSeen
from shelfworthy.seen.bucket import BucketSeen, BucketSeen1
from shelfworthy.seen.contact import ContactHistory, ContactMail, ContactSeen
from shelfworthy.seen.correspondence import CorrespondenceSeen
from shelfworthy.seen.database import DatabaseHello, DatabaseListing, StoreHello, StoreListing
from shelfworthy.seen.domain import DomainNames, DomainRegistration
from shelfworthy.seen.endpoint import (
    EndpointCertificate,
    EndpointHttps,
    EndpointHttps1,
    EndpointPlain,
    EndpointTls,
)
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents, FirmwareContents1, FirmwareImage
from shelfworthy.seen.incident import IncidentSeen
from shelfworthy.seen.policy import PolicyListing, PolicyNamed, PolicyPage, PolicySeen
from shelfworthy.seen.target import TargetSeen
from shelfworthy.seen.update import SupportSeen, UpdateSeen

AnySeen = (
    EndpointTls
    | EndpointCertificate
    | EndpointHttps
    | EndpointPlain
    | DatabaseHello
    | DatabaseListing
    | StoreHello
    | StoreListing
    | BrokerSeen
    | BucketSeen
    | DomainNames
    | DomainRegistration
    | AccountStrength
    | AccountLogIn
    | AccountObjects
    | AccountReplay
    | AccountDeletion
    | ContactSeen
    | ContactMail
    | ContactHistory
    | CorrespondenceSeen
    | IncidentSeen
    | UpdateSeen
    | SupportSeen
    | PolicyListing
    | PolicyNamed
    | PolicySeen
    | PolicyPage
    | BluetoothAdvert
    | BluetoothAccess
    | BluetoothPairing
    | BluetoothReturn
    | BluetoothOperations
    | BluetoothUpdate
    | BluetoothRecorded
    | BluetoothClassic
    | BluetoothNoClassic
    | BluetoothNoLe
    | FirmwareComponents
    | FirmwareContents
    | FirmwareImage
    | TargetSeen
    # Older forms, which nothing looks for any more.
    | BucketSeen1
    | EndpointHttps1
    | FirmwareContents1
)

__all__ = [
    "AccountDeletion",
    "AccountLogIn",
    "AccountObjects",
    "AccountReplay",
    "AccountStrength",
    "AnySeen",
    "BluetoothAccess",
    "BluetoothAdvert",
    "BluetoothClassic",
    "BluetoothNoClassic",
    "BluetoothNoLe",
    "BluetoothOperations",
    "BluetoothPairing",
    "BluetoothRecorded",
    "BluetoothReturn",
    "BluetoothUpdate",
    "BrokerSeen",
    "BucketSeen",
    "BucketSeen1",
    "ContactHistory",
    "ContactMail",
    "ContactSeen",
    "CorrespondenceSeen",
    "DatabaseHello",
    "DatabaseListing",
    "DomainNames",
    "DomainRegistration",
    "EndpointCertificate",
    "EndpointHttps",
    "EndpointHttps1",
    "EndpointPlain",
    "EndpointTls",
    "FirmwareComponents",
    "FirmwareContents",
    "FirmwareContents1",
    "FirmwareImage",
    "IncidentSeen",
    "PolicyListing",
    "PolicyNamed",
    "PolicyPage",
    "PolicySeen",
    "StoreHello",
    "StoreListing",
    "SupportSeen",
    "TargetSeen",
    "UpdateSeen",
]
