"""The bear's editions."""

from dataclasses import dataclass, replace

from shelfworthy_lab.radio.guard import AUTHENTICATION, COMPARES, ENCRYPTION, Guard, Pairing


@dataclass(frozen=True)
class Edition:
    """What sets one bear apart. locked: commands want the key first. versioned: its name tells its firmware.

    signed: images must be the maker's, and newer. company: manufacturer data that it advertises.
    """

    guard: Guard
    locked: bool = False
    versioned: bool = True
    signed: bool = False
    company: bytes = b""


ANYBODY = Pairing(secure=False, bonding=False)
OPEN = Edition(Guard(pairing=ANYBODY))

EDITIONS: dict[str, Edition] = {
    "2018": OPEN,
    "app-gate": OPEN,  # "press the paw to confirm" is a picture in an app, which a stranger does not use
    "constant-key": replace(OPEN, locked=True),
    "just-works": replace(OPEN, guard=Guard(ENCRYPTION, opens="encrypted", pairing=Pairing())),
    "fixed": Edition(
        Guard(AUTHENTICATION, pairing=replace(COMPARES, window=True)), versioned=False, signed=True
    ),
}
