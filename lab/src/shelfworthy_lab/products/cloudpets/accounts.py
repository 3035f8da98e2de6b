"""The bear's accounts: in the story anyone gets in, stays in, and nothing is ever gone."""

from collections.abc import Callable

from shelfworthy_lab import accounts
from shelfworthy_lab.accounts import Switches
from shelfworthy_lab.bench import Bench

PART = "accounts"
HOST = "accounts.murmurpal.test"
LAST = "22"  # of the edition's network
EDITIONS = {
    "2018": Switches(
        passwords="any",
        locks_at=0,
        ids="sequential",
        readable="anyone",
        tells=True,
        log_out=False,
        lifetime=0,
        keeps_media=True,
    ),
    "fixed": Switches(lifetime=accounts.SHORT),
}


def declare(bench: Bench, edition: str, network: str) -> Callable[[], None]:
    """Declare the accounts; answers what starts the service."""
    return accounts.declare(
        bench, EDITIONS[edition], HOST, f"{network}.{LAST}", product="MurmurPal Bear", part=PART
    )
