"""The bear's editions."""

from dataclasses import replace

from shelfworthy_lab.radio.guard import AUTHENTICATION, COMPARES, ENCRYPTION, Guard, Pairing
from shelfworthy_lab.radio.toy import Edition

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
