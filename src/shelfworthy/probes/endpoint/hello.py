"""ClientHellos of SSL 2.0 to TLS 1.3, as bytes. Pure: whoever sends them brings the random bytes.

Sources: TLS RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2; SSL 3.0 RFC 6101 section 5.6.1.2; SSL 2.0
draft-hickman-netscape-ssl-00 section 2.5.
"""

from collections.abc import Sequence
from struct import pack

SSL2, SSL3, TLS10, TLS11, TLS12, TLS13 = 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304
RANDOM = 32  # bytes of random a hello takes
MOST_SUITES = 120  # real servers hang up on hellos with more than 128

RENEGOTIATION_SCSV = 0x00FF  # RFC 5746, section 3.3: says in SSL 3.0 what the extension says in TLS
SERVER_NAME, GROUPS, POINT_FORMATS, SIGNATURES, HEARTBEAT = 0, 10, 11, 13, 15
PADDING, EXTENDED_MASTER_SECRET, VERSIONS, KEY_SHARE, RENEGOTIATION = 21, 23, 43, 51, 0xFF01

X25519, P256 = 29, 23
# Curves first (RFC 8422, RFC 7027, RFC 8998), then finite fields (RFC 7919), then the hybrid with ML-KEM.
OFFERED_GROUPS = (X25519, P256, 24, 25, 30, 22, 21, 19, 26, 27, 28, 41, 256, 257, 258, 259, 260, 0x11EC)
# RFC 8446, section 4.2.3, with SHA-224, SHA-1 and DSA as in RFC 5246, section 7.4.1.4.1, and SM2 of RFC 8998.
OFFERED_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0807, 0x0808),
    *(0x0401, 0x0501, 0x0601, 0x0301, 0x0303, 0x0201, 0x0203, 0x0402, 0x0202, 0x0708),
)
# A point every server accepts although we know no secret for it: the generator of P-256 (SEC 2, section
# 2.4.2).
P256_POINT = bytes.fromhex(
    "04"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)

CLOSE_NOTIFY = bytes.fromhex("15 0303 0002 01 00")  # an alert: warning, close_notify


def client_hello(
    version: int,
    suites: Sequence[int],
    name: str,
    random: bytes,
    *,
    older: Sequence[int] = (),
    heartbeat: bool = False,
) -> bytes:
    """One hello in one record: SSL 3.0 to TLS 1.3.

    version: the highest offered; up to TLS 1.2 a server may always answer with an older one (RFC 5246,
    appendix E), with TLS 1.3 only with those in `older`. name: for SNI, "" for none. random: `RANDOM`
    bytes. heartbeat: also offer RFC 6520.
    """
    offered = [*suites, RENEGOTIATION_SCSV] if version == SSL3 else list(suites)
    # TLS 1.3 looks like a resumed TLS 1.2 to boxes on the way (RFC 8446, appendix D.4).
    session = random if version == TLS13 else b""
    start = (
        pack("!H", min(version, TLS12)) + random + _short(session) + _long(_numbers(offered)) + _short(b"\0")
    )
    if version > SSL3:  # which knows no extensions
        extensions = _extensions(version, name)
        extensions += _tls13((version, *older), random) if version == TLS13 else b""
        extensions += _extension(HEARTBEAT, b"\1") if heartbeat else b""
        extensions += _padding(len(start) + len(extensions) + 6)
        start += _long(extensions)
    message = b"\x01" + len(start).to_bytes(3, "big") + start
    return b"\x16" + pack("!H", min(version, TLS10)) + _long(message)


def ssl2_hello(kinds: Sequence[int], random: bytes) -> bytes:
    """The CLIENT-HELLO of SSL 2.0. random: `RANDOM` bytes, of which it takes 16 as challenge."""
    specs = b"".join(kind.to_bytes(3, "big") for kind in kinds)
    message = b"\x01" + pack("!HHHH", SSL2, len(specs), 0, 16) + specs + random[:16]
    return pack("!H", 0x8000 | len(message)) + message


def heartbeat_request(payload: bytes, claimed: int) -> bytes:
    """A heartbeat record whose message ends with its payload and says that it has `claimed` bytes (RFC 6520).

    Without the padding that RFC 6520 section 4 asks for, so that a claim of one byte more than there are
    points at one byte beyond the message, and no further.
    """
    return b"\x18" + pack("!H", TLS12) + _long(b"\x01" + pack("!H", claimed) + payload)


def _extensions(version: int, name: str) -> bytes:
    offered = _extension(SERVER_NAME, _long(b"\0" + _long(name.encode("ascii")))) if name else b""
    offered += _extension(GROUPS, _long(_numbers(OFFERED_GROUPS)))
    offered += _extension(POINT_FORMATS, _short(b"\0\1\2"))
    offered += _extension(EXTENDED_MASTER_SECRET, b"")
    offered += _extension(RENEGOTIATION, _short(b""))
    return offered + (
        _extension(SIGNATURES, _long(_numbers(OFFERED_SIGNATURES))) if version >= TLS12 else b""
    )


def _tls13(versions: Sequence[int], random: bytes) -> bytes:
    """RFC 8446, sections 4.2.1 and 4.2.8. Any 32 bytes are a public key of X25519."""
    shares = pack("!H", X25519) + _long(random) + pack("!H", P256) + _long(P256_POINT)
    return _extension(VERSIONS, _short(_numbers(versions))) + _extension(KEY_SHARE, _long(shares))


def _padding(length: int) -> bytes:
    """RFC 7685: there are servers that never answer a hello of 256 to 511 bytes."""
    return _extension(PADDING, bytes(max(0, 512 - length - 4))) if 256 <= length < 512 else b""


def _extension(number: int, body: bytes) -> bytes:
    return pack("!H", number) + _long(body)


def _numbers(numbers: Sequence[int]) -> bytes:
    return pack(f"!{len(numbers)}H", *numbers)


def _short(body: bytes) -> bytes:
    return bytes([len(body)]) + body


def _long(body: bytes) -> bytes:
    return pack("!H", len(body)) + body
