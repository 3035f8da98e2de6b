"""Verify the cleartext signature of a security.txt with the keys it links to (RFC 9116, section 2.3).

Needs the extra `openpgp`; without it nobody can tell, and that is said.
"""

from collections.abc import Sequence
from importlib.util import find_spec

from shelfworthy.model import Cause
from shelfworthy.seen.contact import Signature

TOOLS = ("pysequoia",) if find_spec("pysequoia") else ()
LARGEST_KEY = 256 << 10  # bytes: a certificate with many signatures on it


def verified(content: bytes, keys: Sequence[bytes], why_none: Cause) -> Signature:
    """The state of the signature around `content`. keys: certificates, armoured or not.

    why_none: why there are no keys, or not all that were linked.
    """
    if not TOOLS:
        return Signature(state="tool missing", fingerprint="", cause=Cause.TOOL_MISSING)
    import pysequoia  # of an extra that may be missing

    certificates, able = [], set[str]()
    for key in keys:
        try:
            certificates.append(pysequoia.Cert.from_bytes(key))
            able |= fingerprints(key)
        except Exception:  # noqa: S112 - it tells of all it cannot read by RuntimeError and its like
            continue
    asked: list[str] = []

    def store(ids: list[str]) -> list[object]:
        asked.extend(ids)
        return list(certificates)

    try:
        seen = pysequoia.verify(bytes=content, store=store)
        return Signature(state="good", fingerprint=str(seen.valid_sigs[0].certificate), cause=None)
    except Exception:
        made_by_one = any(own.endswith(wanted.lower()) for wanted in asked for own in able)
    if made_by_one or not asked:  # without a readable signature nothing was asked for
        return Signature(state="bad", fingerprint="", cause=None)
    return Signature(state="no key", fingerprint="", cause=why_none)


def fingerprints(key: bytes) -> set[str]:
    """Of a certificate's keys, in lower-case hex. Raises what pysequoia raises."""
    from pysequoia import packet

    found = (one.fingerprint for one in packet.PacketPile.from_bytes(key))
    return {str(one).lower() for one in found if one}
