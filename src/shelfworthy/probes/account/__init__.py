"""A service's accounts, used after a recipe."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.account import look
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.account import (
    AccountDeletion,
    AccountLogIn,
    AccountObjects,
    AccountReplay,
    AccountStrength,
)

ACCOUNT = Probe(
    name="account",
    version=1,
    kind=Kind.ACCOUNT,
    level=Level.USE,
    sees=(AccountStrength, AccountLogIn, AccountObjects, AccountReplay, AccountDeletion),
    observe=look.observe,
    times=6,
)
