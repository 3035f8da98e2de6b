"""One module per kind of surface: what can be seen of it. Published types are never edited."""

from shelfworthy.seen.bucket import BucketSeen
from shelfworthy.seen.contact import ContactSeen
from shelfworthy.seen.database import DatabaseHello, DatabaseListing
from shelfworthy.seen.endpoint import EndpointCertificate, EndpointHttps, EndpointPlain, EndpointTls

AnySeen = (
    EndpointTls
    | EndpointCertificate
    | EndpointHttps
    | EndpointPlain
    | DatabaseHello
    | DatabaseListing
    | BucketSeen
    | ContactSeen
)

__all__ = [
    "AnySeen",
    "BucketSeen",
    "ContactSeen",
    "DatabaseHello",
    "DatabaseListing",
    "EndpointCertificate",
    "EndpointHttps",
    "EndpointPlain",
    "EndpointTls",
]
