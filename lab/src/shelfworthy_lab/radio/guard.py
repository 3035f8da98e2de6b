"""What a device asks of those who come: how it refuses, whom it pairs with, and what that opens."""

from dataclasses import dataclass
from typing import Literal

Opens = Literal["encrypted", "authenticated", "owned", "never"]

# ATT errors: insufficient authentication, authorisation, encryption key size, encryption.
AUTHENTICATION, AUTHORISATION, KEY_SIZE, ENCRYPTION = 0x05, 0x08, 0x0C, 0x0F
# What a device has to pair with (Core Specification 5.4, volume 3, part H, section 3.5.1).
DISPLAY_ONLY, DISPLAY_YES_NO, NEITHER = 0, 1, 3


@dataclass(frozen=True)
class Pairing:
    """Whom a device pairs with, and how.

    secure: LE Secure Connections, else legacy pairing. mitm: only with protection against a man in the middle
    (else Pairing Failed 0x03). window: only after its button was pressed (else 0x05). passkey: the one it
    always shows; None: a new one each time. out_of_band: only with data from elsewhere (else 0x02).
    """

    secure: bool = True
    mitm: bool = False
    bonding: bool = True
    io: int = NEITHER
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
    lies: whether one attribute says that it is readable and writable and is so for nobody. pairing: None if
    it pairs with nobody.
    """

    error: int = 0
    opens: Opens = "authenticated"
    subscriptions: bool = True
    leaks: bool = False
    lies: bool = False
    pairing: Pairing | None = Pairing()


COMPARES = Pairing(mitm=True, io=DISPLAY_YES_NO)
