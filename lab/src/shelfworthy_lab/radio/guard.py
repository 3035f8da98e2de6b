"""What a device asks of those who come: how it refuses, whom it pairs with, and what that opens."""

from dataclasses import dataclass
from typing import Literal

from bumble.att import ErrorCode
from bumble.smp import IoCapability

Opens = Literal["encrypted", "authenticated", "owned", "never"]

AUTHENTICATION = int(ErrorCode.INSUFFICIENT_AUTHENTICATION)  # 0x05
AUTHORISATION = int(ErrorCode.INSUFFICIENT_AUTHORIZATION)  # 0x08
KEY_SIZE = int(ErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE)  # 0x0C
ENCRYPTION = int(ErrorCode.INSUFFICIENT_ENCRYPTION)  # 0x0F


@dataclass(frozen=True)
class Pairing:
    """Whom a device pairs with.

    mitm: only with protection against a man in the middle (else Pairing Failed 0x03). window: only after its
    button was pressed (else 0x05). out_of_band: only with data from elsewhere (else 0x02). passkey: the one
    it always shows; None: a new one each time.
    """

    secure: bool = True
    mitm: bool = False
    bonding: bool = True
    io: IoCapability = IoCapability.NO_INPUT_NO_OUTPUT
    window: bool = False
    passkey: int | None = None
    key_size: int = 16
    out_of_band: bool = False


@dataclass(frozen=True)
class Guard:
    """How a device protects what it has.

    error: the ATT error that strangers meet, 0: nothing is protected. opens: what ends that: an encrypted
    link, an authenticated one, that anybody ever paired ("owned"), or nothing. subscriptions: whether these
    are protected as values are. leaks: whether data comes to whoever subscribed, and at once.
    lies: whether two attributes say that they are readable and writable and are so for nobody.
    pairing: None if it pairs with nobody.
    """

    error: int = 0
    opens: Opens = "authenticated"
    subscriptions: bool = True
    leaks: bool = False
    lies: bool = False
    pairing: Pairing | None = Pairing()


COMPARES = Pairing(mitm=True, io=IoCapability.DISPLAY_YES_NO)
