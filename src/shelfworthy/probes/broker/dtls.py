"""The first message of DTLS (RFC 6347), to see whether a port answers it. Nobody here can speak on."""

import struct

HANDSHAKE, ALERT = 22, 21
DTLS10, DTLS12 = 0xFEFF, 0xFEFD
CLIENT_HELLO = 1
FROM_SERVER = frozenset({2, 3})  # ServerHello, HelloVerifyRequest
RANDOM = 32  # bytes of random a hello takes
# With a pre-shared key, a raw public key or a certificate: RFC 7252, section 9.1.3, and what OpenSSL,
# GnuTLS and mbed TLS offer.
SUITES = (
    0xC0A8,
    0xC0AE,
    0xC0A4,
    0x00A8,
    0x00AE,
    0xC0AC,
    0xC02B,
    0xC02F,
    0xC02C,
    0xC030,
    0xC023,
    0xC027,
    0x009C,
)
GROUPS = (23, 24, 29)
SIGNATURES = (0x0403, 0x0503, 0x0804, 0x0401, 0x0501)


def client_hello(random: bytes) -> bytes:
    """One ClientHello in one record, without a cookie (RFC 6347, section 4.2.1). random: `RANDOM` bytes."""
    extensions = _extension(10, _numbers(GROUPS)) + _extension(11, b"\x01\x00")
    extensions += _extension(13, _numbers(SIGNATURES))
    body = struct.pack("!H", DTLS12) + random + b"\0\0" + _numbers(SUITES) + b"\x01\x00"
    body += struct.pack("!H", len(extensions)) + extensions
    length = len(body).to_bytes(3, "big")
    message = bytes([CLIENT_HELLO]) + length + b"\0\0" + b"\0\0\0" + length + body
    return struct.pack("!BHHIHH", HANDSHAKE, DTLS10, 0, 0, 0, len(message)) + message


def answers(datagram: bytes) -> bool:
    """Whether this is a server's record of DTLS: a hello, a cookie for us to show, or a refusal of ours."""
    if len(datagram) < 15:
        return False
    kind, version = struct.unpack_from("!BH", datagram)
    if version not in (DTLS10, DTLS12) or len(datagram) < 13 + int.from_bytes(datagram[11:13], "big"):
        return False
    # An echo of ours is none: section 4.2.1, and RFC 5246, section 7.2.
    return (kind == HANDSHAKE and datagram[13] in FROM_SERVER) or (kind == ALERT and datagram[13] in (1, 2))


def _extension(number: int, body: bytes) -> bytes:
    return struct.pack("!HH", number, len(body)) + body


def _numbers(numbers: tuple[int, ...]) -> bytes:
    return struct.pack(f"!H{len(numbers)}H", 2 * len(numbers), *numbers)
