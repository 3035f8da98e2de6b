"""Nordic's init packets: what a bootloader looks at before it takes firmware.

The older ("legacy") one has a CRC-16 of the firmware, or in its extended form a hash of it, which ECDSA may
sign. The newer ("secure") one is a command in protocol buffers with the hash in it, and is signed or not.
"""

from binascii import crc_hqx
from hashlib import sha256, sha512

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shelfworthy.readers.firmware.format import Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys, ecdsa, source_of, tried
from shelfworthy.readers.firmware.protobuf import Value, content, fields, number
from shelfworthy.seen.firmware import Signature, Sum

SCHEME = "ECDSA P-256, SHA-256"
ALL, PACKET = "init packet, and by its hash the firmware", "init packet"
PLAIN, SIGNED = 1, 2  # fields of a secure packet
INIT = 1  # what its command is to do
ECDSA_P256 = 0  # how it is signed
HASHES = {3: (sha256, "SHA-256"), 4: (sha512, "SHA-512")}
REPEATED = frozenset({3, 10})  # in a command: soft devices, and how the boot validates
CRC, EXTENDED_CRC, EXTENDED_HASH, EXTENDED_SIGNED = 2, 6, 40, 104  # bytes behind a legacy packet's fixed part


def is_secure(packet: bytes) -> bool:
    """Whether it is a command in protocol buffers and nothing else."""
    try:
        found = fields(View(packet))
    except NotThis:
        return False
    return (
        bool(found) and found.keys() <= {PLAIN, SIGNED} and all(one.number is None for one in found.values())
    )


def secure(firmware: View, view: View, keys: Keys) -> Parsed:
    """A secure init packet about this firmware. One that is not understood says nothing of protection."""
    inside = (Inside("firmware", -1, firmware, searched=True),)
    try:
        packet = fields(view)
        signed = fields(content(packet, SIGNED)) if SIGNED in packet else {}
        command = content(signed or packet, 1)
        init = init_of(command)
        sum_, by = summed(init, firmware)
        signatures = (signature(packet[SIGNED], signed, command, sum_, keys),) if signed else ()
        version, debug = number(init, 1, -1), number(init, 9, 0)
        hardware = number(init, 2, -1)
    except NotThis:
        return Parsed(length=len(view), sum="not computed", signs=True, opaque=True, inside=inside)
    told = [f"{name} {one}" for name, one in (("fw", version), ("hw", hardware)) if one >= 0]
    return Parsed(
        length=len(view),
        sum=sum_,
        sum_by=by,
        signs=True,
        signatures=signatures,
        version=", ".join(told),
        rollback=f"fw_version {version}" if signed and version >= 0 and not debug else "",
        inside=inside,
    )


def init_of(command: View) -> dict[int, Value]:
    """What a command tells of firmware. Raises NotThis where it is another command."""
    told = fields(command)
    if number(told, 1, INIT) != INIT:
        raise NotThis
    return fields(content(told, 2), REPEATED)


def summed(init: dict[int, Value], firmware: View) -> tuple[Sum, str]:
    """Whether the firmware has the hash that the command says, which it writes from its last byte on."""
    if 8 not in init:
        return "none", ""
    told = fields(content(init, 8))
    kind = number(told, 1, 0)
    if kind not in HASHES:
        return "not computed", ""
    make, by = HASHES[kind]
    stated = content(told, 2).content[::-1]
    return "right" if make(firmware.content).digest() == stated else "wrong", by


def signature(at: Value, signed: dict[int, Value], command: View, sum_: Sum, keys: Keys) -> Signature:
    """The signature over the command. It does not fit firmware that is not the one the command tells of."""
    made = content(signed, 3)
    place, length = at.at + signed[3].at, len(made)
    covers = ALL if sum_ in ("right", "wrong") else PACKET
    if number(signed, 2, ECDSA_P256) != ECDSA_P256 or length != 64:
        return Signature("of an unknown kind", covers, "not understood", place, length, "", "")
    halves = bytes(made.content[31::-1]) + bytes(made.content[:31:-1])
    return over(bytes(command.content), halves, covers, place, sum_, keys)


def over(message: bytes, halves: bytes, covers: str, place: int, sum_: Sum, keys: Keys) -> Signature:
    """A signature of ECDSA over a packet."""
    digest = sha256(message).digest()
    proof, key = tried(
        keys, lambda key: ecdsa(key, halves, digest, hashes.SHA256()), ec.EllipticCurvePublicKey
    )
    if proof == "verified" and sum_ == "wrong":
        proof = "wrong"
    return Signature(SCHEME, covers, proof, place, 64, key, source_of(key))


def legacy(firmware: View, view: View, keys: Keys) -> Parsed:
    """A legacy init packet about this firmware: ten bytes, soft devices, and what its form has behind."""
    inside = (Inside("firmware", -1, firmware, searched=True),)
    try:
        device, revision, version, softdevices = view.numbers("<HHIH", 0)
        at = 10 + 2 * softdevices
        rest = View(view.take(at, len(view) - at))
        sum_, by, signatures = behind(rest, at, firmware, view, keys)
    except NotThis:
        return Parsed(length=len(view), sum="not computed", signs=True, opaque=True, inside=inside)
    told = [f"{name} {one:x}" for name, one in (("device", device), ("revision", revision)) if one != 0xFFFF]
    return Parsed(
        length=len(view),
        sum=sum_,
        sum_by=by,
        signs=True,
        signatures=signatures,
        version=", ".join(([f"{version}"] if version != 0xFFFFFFFF else []) + told),
        inside=inside,
    )


def behind(
    rest: View, at: int, firmware: View, view: View, keys: Keys
) -> tuple[Sum, str, tuple[Signature, ...]]:
    """Check sum and signature of a legacy packet. at: where this begins in it."""
    if len(rest) in (CRC, EXTENDED_CRC):
        right = rest.number("<H", len(rest) - 2) == crc_hqx(firmware.content, 0xFFFF)
        return "right" if right else "wrong", "CRC-16", ()
    if len(rest) not in (EXTENDED_HASH, EXTENDED_SIGNED):
        raise NotThis
    length = rest.number("<I", 4)
    right = length == len(firmware) and sha256(firmware.content).digest() == rest.take(8, 32)
    sum_: Sum = "right" if right else "wrong"
    if len(rest) == EXTENDED_HASH:
        return sum_, "SHA-256", ()
    message, made = view.take(0, at + EXTENDED_HASH), rest.take(EXTENDED_HASH, 64)
    return sum_, "SHA-256", (over(message, made, ALL, at + EXTENDED_HASH, sum_, keys),)
