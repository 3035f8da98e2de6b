"""A peripheral in every state a stranger may meet one in: what `tests/radio_matrix.toml` has an answer for.

It is the bear's body, "Plum Box", with its name kept short and its firmware unsigned.
"""

from collections.abc import Mapping
from dataclasses import replace

from shelfworthy_lab.radio.editions import Edition
from shelfworthy_lab.radio.guard import (
    AUTHENTICATION,
    AUTHORISATION,
    COMPARES,
    DISPLAY_ONLY,
    ENCRYPTION,
    KEY_SIZE,
    Guard,
    Pairing,
)
from shelfworthy_lab.radio.manners import Manners
from shelfworthy_lab.radio.start import Guest

ANYBODY = Pairing()
SHOWS = Pairing(mitm=True, io=DISPLAY_ONLY)
GOOD = Guard(AUTHENTICATION, pairing=COMPARES)

GUARDS: Mapping[str, Guard] = {
    "open": Guard(pairing=replace(ANYBODY, secure=False)),
    "legacy just works": Guard(ENCRYPTION, "encrypted", pairing=replace(ANYBODY, secure=False)),
    "just works": Guard(ENCRYPTION, "encrypted", pairing=ANYBODY),
    "just works in a window": Guard(ENCRYPTION, "encrypted", pairing=replace(ANYBODY, window=True)),
    "numeric comparison": GOOD,
    "passkey": replace(GOOD, pairing=SHOWS),
    "fixed passkey": replace(GOOD, pairing=replace(SHOWS, passkey=123456)),
    "legacy passkey": replace(GOOD, pairing=replace(SHOWS, passkey=111111, secure=False)),
    "out of band": replace(GOOD, pairing=replace(COMPARES, out_of_band=True)),
    "authorisation": Guard(AUTHORISATION, "never", pairing=ANYBODY),
    "key size": Guard(KEY_SIZE, "encrypted", pairing=ANYBODY),
    "encrypted but unauthenticated": Guard(AUTHENTICATION, "encrypted", pairing=ANYBODY),
    "bonding ignored": Guard(pairing=COMPARES),
    "open once set up": Guard(AUTHENTICATION, "owned", pairing=COMPARES),
    "subscription open": replace(GOOD, subscriptions=False),
    "notifications before pairing": replace(GOOD, subscriptions=False, leaks=True),
    "lying properties": replace(GOOD, lies=True),
    "short key": replace(GOOD, pairing=replace(COMPARES, key_size=7)),
    "refuses pairing": replace(GOOD, pairing=None),
    "telling name": GOOD,
    "constant key": Guard(pairing=replace(ANYBODY, secure=False)),
}
SET_UP = b"\xff\xff03_17_10_42"  # company identifier, and when it was set up
LE: Mapping[str, Edition] = {
    name: Edition(
        guard,
        locked=name == "constant key",
        versioned=False,
        company=SET_UP if name == "telling name" else b"",
    )
    for name, guard in GUARDS.items()
}
CLASSIC: Mapping[str, Manners] = {
    "classic open": Manners(),
    "classic just works": Manners(shy=True),
    "classic in a window": Manners(shy=True, pairs="window"),
    "classic refuses pairing": Manners(shy=True, pairs="never"),
}
BUTTON = "press its button"


def guests() -> dict[str, Guest]:
    """All of them on one air, by edition. LE ones share a process, Classic ones another."""
    boxes = {
        name: Guest(
            "box",
            name,
            "Plum 1.4.2" if name == "telling name" else "Plum Box",
            f"C4:7C:8D:00:01:{number:02X}",
            process="boxes",
        )
        for number, name in enumerate(LE, 1)
    }
    headsets = {
        name: Guest("headset", name, "Plum Headset", f"C4:7C:8D:00:02:{number:02X}", process="headsets")
        for number, name in enumerate(CLASSIC, 1)
    }
    return boxes | headsets
