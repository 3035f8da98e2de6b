"""One folder per kind, one small file per question. The list is typed by hand, here."""

from collections.abc import Mapping

from shelfworthy.checks.account.account_enumeration import CHECK as ACCOUNT_ENUMERATION
from shelfworthy.checks.account.data_deletion import CHECK as DATA_DELETION
from shelfworthy.checks.account.object_access import CHECK as OBJECT_ACCESS
from shelfworthy.checks.account.object_ids_guessable import CHECK as OBJECT_IDS_GUESSABLE
from shelfworthy.checks.account.password_guessing import CHECK as PASSWORD_GUESSING
from shelfworthy.checks.account.password_strength import CHECK as PASSWORD_STRENGTH
from shelfworthy.checks.account.token_replay import CHECK as TOKEN_REPLAY
from shelfworthy.checks.bluetooth.bluetooth_advert_leaks import CHECK as BLUETOOTH_ADVERT_LEAKS
from shelfworthy.checks.bluetooth.bluetooth_classic_pairing import CHECK as BLUETOOTH_CLASSIC_PAIRING
from shelfworthy.checks.bluetooth.bluetooth_classic_takeover import CHECK as BLUETOOTH_CLASSIC_TAKEOVER
from shelfworthy.checks.bluetooth.bluetooth_constant_key import CHECK as BLUETOOTH_CONSTANT_KEY
from shelfworthy.checks.bluetooth.bluetooth_firmware_push import CHECK as BLUETOOTH_FIRMWARE_PUSH
from shelfworthy.checks.bluetooth.bluetooth_open_access import CHECK as BLUETOOTH_OPEN_ACCESS
from shelfworthy.checks.bluetooth.bluetooth_pairing import CHECK as BLUETOOTH_PAIRING
from shelfworthy.checks.bluetooth.bluetooth_reconnect import CHECK as BLUETOOTH_RECONNECT
from shelfworthy.checks.bluetooth.bluetooth_remote_playback import CHECK as BLUETOOTH_REMOTE_PLAYBACK
from shelfworthy.checks.bluetooth.bluetooth_remote_recording import CHECK as BLUETOOTH_REMOTE_RECORDING
from shelfworthy.checks.bluetooth.bluetooth_replay import CHECK as BLUETOOTH_REPLAY
from shelfworthy.checks.bluetooth.bluetooth_tracking import CHECK as BLUETOOTH_TRACKING
from shelfworthy.checks.broker.broker_anonymous import CHECK as BROKER_ANONYMOUS
from shelfworthy.checks.broker.broker_cleartext import CHECK as BROKER_CLEARTEXT
from shelfworthy.checks.broker.broker_readable import CHECK as BROKER_READABLE
from shelfworthy.checks.bucket.bucket_listing import CHECK as BUCKET_LISTING
from shelfworthy.checks.bucket.bucket_objects_public import CHECK as BUCKET_OBJECTS_PUBLIC
from shelfworthy.checks.bucket.bucket_writable import CHECK as BUCKET_WRITABLE
from shelfworthy.checks.contact.contact_bounty import CHECK as CONTACT_BOUNTY
from shelfworthy.checks.contact.contact_history import CHECK as CONTACT_HISTORY
from shelfworthy.checks.contact.contact_page import CHECK as CONTACT_PAGE
from shelfworthy.checks.contact.contact_policy import CHECK as CONTACT_POLICY
from shelfworthy.checks.contact.contact_reachable import CHECK as CONTACT_REACHABLE
from shelfworthy.checks.contact.contact_security_txt import CHECK as CONTACT_SECURITY_TXT
from shelfworthy.checks.correspondence.contact_response import CHECK as CONTACT_RESPONSE
from shelfworthy.checks.database.database_cleartext import CHECK as DATABASE_CLEARTEXT
from shelfworthy.checks.database.database_open import CHECK as DATABASE_OPEN
from shelfworthy.checks.database.database_production_copy import CHECK as DATABASE_PRODUCTION_COPY
from shelfworthy.checks.database.database_ransom_traces import CHECK as DATABASE_RANSOM_TRACES
from shelfworthy.checks.domain.domain_dangling import CHECK as DOMAIN_DANGLING
from shelfworthy.checks.domain.domain_expires_soon import CHECK as DOMAIN_EXPIRES_SOON
from shelfworthy.checks.domain.domain_expiry import CHECK as DOMAIN_EXPIRY
from shelfworthy.checks.domain.domain_parked import CHECK as DOMAIN_PARKED
from shelfworthy.checks.domain.domain_registered import CHECK as DOMAIN_REGISTERED
from shelfworthy.checks.endpoint.http_cleartext import CHECK as HTTP_CLEARTEXT
from shelfworthy.checks.endpoint.tls_certificate import CHECK as TLS_CERTIFICATE
from shelfworthy.checks.endpoint.tls_ciphers import CHECK as TLS_CIPHERS
from shelfworthy.checks.endpoint.tls_forward_secrecy import CHECK as TLS_FORWARD_SECRECY
from shelfworthy.checks.endpoint.tls_known_flaws import CHECK as TLS_KNOWN_FLAWS
from shelfworthy.checks.endpoint.tls_versions import CHECK as TLS_VERSIONS
from shelfworthy.checks.firmware.firmware_components import CHECK as FIRMWARE_COMPONENTS
from shelfworthy.checks.firmware.firmware_default_key import CHECK as FIRMWARE_DEFAULT_KEY
from shelfworthy.checks.firmware.firmware_default_passwords import CHECK as FIRMWARE_DEFAULT_PASSWORDS
from shelfworthy.checks.firmware.firmware_encrypted_unknown import CHECK as FIRMWARE_ENCRYPTED_UNKNOWN
from shelfworthy.checks.firmware.firmware_end_of_life import CHECK as FIRMWARE_END_OF_LIFE
from shelfworthy.checks.firmware.firmware_hardening import CHECK as FIRMWARE_HARDENING
from shelfworthy.checks.firmware.firmware_known_exploited import CHECK as FIRMWARE_KNOWN_EXPLOITED
from shelfworthy.checks.firmware.firmware_passwords import CHECK as FIRMWARE_PASSWORDS
from shelfworthy.checks.firmware.firmware_private_keys import CHECK as FIRMWARE_PRIVATE_KEYS
from shelfworthy.checks.firmware.firmware_rollback import CHECK as FIRMWARE_ROLLBACK
from shelfworthy.checks.firmware.firmware_services import CHECK as FIRMWARE_SERVICES
from shelfworthy.checks.firmware.firmware_shared_secrets import CHECK as FIRMWARE_SHARED_SECRETS
from shelfworthy.checks.firmware.firmware_signature_valid import CHECK as FIRMWARE_SIGNATURE_VALID
from shelfworthy.checks.firmware.firmware_signed import CHECK as FIRMWARE_SIGNED
from shelfworthy.checks.firmware.firmware_update_trust import CHECK as FIRMWARE_UPDATE_TRUST
from shelfworthy.checks.incident.incident_on_record import CHECK as INCIDENT_ON_RECORD
from shelfworthy.checks.policy.policy_accessible import CHECK as POLICY_ACCESSIBLE
from shelfworthy.checks.policy.policy_available import CHECK as POLICY_AVAILABLE
from shelfworthy.checks.policy.policy_children import CHECK as POLICY_CHILDREN
from shelfworthy.checks.policy.policy_collection import CHECK as POLICY_COLLECTION
from shelfworthy.checks.policy.policy_contact import CHECK as POLICY_CONTACT
from shelfworthy.checks.policy.policy_contradictions import CHECK as POLICY_CONTRADICTIONS
from shelfworthy.checks.policy.policy_current import CHECK as POLICY_CURRENT
from shelfworthy.checks.policy.policy_deletion import CHECK as POLICY_DELETION
from shelfworthy.checks.policy.policy_opt_out import CHECK as POLICY_OPT_OUT
from shelfworthy.checks.policy.policy_readable import CHECK as POLICY_READABLE
from shelfworthy.checks.policy.policy_retention import CHECK as POLICY_RETENTION
from shelfworthy.checks.policy.policy_security_claims import CHECK as POLICY_SECURITY_CLAIMS
from shelfworthy.checks.policy.policy_sensors import CHECK as POLICY_SENSORS
from shelfworthy.checks.policy.policy_sharing import CHECK as POLICY_SHARING
from shelfworthy.checks.policy.policy_specific import CHECK as POLICY_SPECIFIC
from shelfworthy.checks.target.update_accepts_older import CHECK as UPDATE_ACCEPTS_OLDER
from shelfworthy.checks.target.update_accepts_tampered import CHECK as UPDATE_ACCEPTS_TAMPERED
from shelfworthy.checks.update.update_freshness import CHECK as UPDATE_FRESHNESS
from shelfworthy.checks.update.update_metadata_signed import CHECK as UPDATE_METADATA_SIGNED
from shelfworthy.checks.update.update_support_period import CHECK as UPDATE_SUPPORT_PERIOD
from shelfworthy.checks.update.update_transport import CHECK as UPDATE_TRANSPORT
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
    BROKER_ANONYMOUS,
    BROKER_READABLE,
    BROKER_CLEARTEXT,
    BUCKET_LISTING,
    BUCKET_OBJECTS_PUBLIC,
    BUCKET_WRITABLE,
    DOMAIN_REGISTERED,
    DOMAIN_EXPIRY,
    DOMAIN_EXPIRES_SOON,
    DOMAIN_DANGLING,
    DOMAIN_PARKED,
    PASSWORD_STRENGTH,
    PASSWORD_GUESSING,
    ACCOUNT_ENUMERATION,
    OBJECT_ACCESS,
    OBJECT_IDS_GUESSABLE,
    TOKEN_REPLAY,
    DATA_DELETION,
    CONTACT_SECURITY_TXT,
    CONTACT_PAGE,
    CONTACT_BOUNTY,
    CONTACT_POLICY,
    CONTACT_REACHABLE,
    CONTACT_HISTORY,
    UPDATE_TRANSPORT,
    UPDATE_METADATA_SIGNED,
    UPDATE_FRESHNESS,
    UPDATE_SUPPORT_PERIOD,
    CONTACT_RESPONSE,
    INCIDENT_ON_RECORD,
    FIRMWARE_SIGNED,
    FIRMWARE_SIGNATURE_VALID,
    FIRMWARE_DEFAULT_KEY,
    FIRMWARE_ROLLBACK,
    FIRMWARE_ENCRYPTED_UNKNOWN,
    FIRMWARE_PASSWORDS,
    FIRMWARE_DEFAULT_PASSWORDS,
    FIRMWARE_PRIVATE_KEYS,
    FIRMWARE_SHARED_SECRETS,
    FIRMWARE_SERVICES,
    FIRMWARE_HARDENING,
    FIRMWARE_UPDATE_TRUST,
    UPDATE_ACCEPTS_TAMPERED,
    UPDATE_ACCEPTS_OLDER,
    FIRMWARE_KNOWN_EXPLOITED,
    FIRMWARE_COMPONENTS,
    FIRMWARE_END_OF_LIFE,
    BLUETOOTH_OPEN_ACCESS,
    BLUETOOTH_REMOTE_RECORDING,
    BLUETOOTH_REMOTE_PLAYBACK,
    BLUETOOTH_PAIRING,
    BLUETOOTH_RECONNECT,
    BLUETOOTH_CONSTANT_KEY,
    BLUETOOTH_REPLAY,
    BLUETOOTH_ADVERT_LEAKS,
    BLUETOOTH_TRACKING,
    BLUETOOTH_FIRMWARE_PUSH,
    BLUETOOTH_CLASSIC_PAIRING,
    BLUETOOTH_CLASSIC_TAKEOVER,
    POLICY_AVAILABLE,
    POLICY_SPECIFIC,
    POLICY_CURRENT,
    POLICY_READABLE,
    POLICY_ACCESSIBLE,
    POLICY_COLLECTION,
    POLICY_SHARING,
    POLICY_OPT_OUT,
    POLICY_DELETION,
    POLICY_RETENTION,
    POLICY_CHILDREN,
    POLICY_SENSORS,
    POLICY_CONTACT,
    POLICY_SECURITY_CLAIMS,
    POLICY_CONTRADICTIONS,
)

BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}

__all__ = ["BY_ID", "CHECKS"]
