"""One folder per kind, one small file per question. The list is typed by hand, here."""

from collections.abc import Mapping

from shelfworthy.checks.bucket.bucket_listing import CHECK as BUCKET_LISTING
from shelfworthy.checks.bucket.bucket_objects_public import CHECK as BUCKET_OBJECTS_PUBLIC
from shelfworthy.checks.bucket.bucket_writable import CHECK as BUCKET_WRITABLE
from shelfworthy.checks.contact.contact_bounty import CHECK as CONTACT_BOUNTY
from shelfworthy.checks.contact.contact_page import CHECK as CONTACT_PAGE
from shelfworthy.checks.contact.contact_policy import CHECK as CONTACT_POLICY
from shelfworthy.checks.contact.contact_security_txt import CHECK as CONTACT_SECURITY_TXT
from shelfworthy.checks.database.database_cleartext import CHECK as DATABASE_CLEARTEXT
from shelfworthy.checks.database.database_open import CHECK as DATABASE_OPEN
from shelfworthy.checks.database.database_production_copy import CHECK as DATABASE_PRODUCTION_COPY
from shelfworthy.checks.database.database_ransom_traces import CHECK as DATABASE_RANSOM_TRACES
from shelfworthy.checks.endpoint.http_cleartext import CHECK as HTTP_CLEARTEXT
from shelfworthy.checks.endpoint.tls_certificate import CHECK as TLS_CERTIFICATE
from shelfworthy.checks.endpoint.tls_ciphers import CHECK as TLS_CIPHERS
from shelfworthy.checks.endpoint.tls_forward_secrecy import CHECK as TLS_FORWARD_SECRECY
from shelfworthy.checks.endpoint.tls_known_flaws import CHECK as TLS_KNOWN_FLAWS
from shelfworthy.checks.endpoint.tls_versions import CHECK as TLS_VERSIONS
from shelfworthy.model import Check

CHECKS: tuple[Check, ...] = (
    TLS_VERSIONS,
    TLS_CIPHERS,
    TLS_CERTIFICATE,
    TLS_KNOWN_FLAWS,
    TLS_FORWARD_SECRECY,
    HTTP_CLEARTEXT,
    DATABASE_OPEN,
    DATABASE_CLEARTEXT,
    DATABASE_RANSOM_TRACES,
    DATABASE_PRODUCTION_COPY,
    BUCKET_LISTING,
    BUCKET_OBJECTS_PUBLIC,
    BUCKET_WRITABLE,
    CONTACT_SECURITY_TXT,
    CONTACT_PAGE,
    CONTACT_BOUNTY,
    CONTACT_POLICY,
)

BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}

__all__ = ["BY_ID", "CHECKS"]
