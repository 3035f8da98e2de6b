"""Every way in which a service may keep its accounts, and what must be said of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from shelfworthy.model import Account, Outcome
from shelfworthy_lab import accounts
from shelfworthy_lab.accounts import Switches
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import free_port

HOST = "127.0.0.1"
PRODUCT = "Murmurpal"
FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
# strength, guessing, enumeration, access, ids, replay, deletion
Truth = tuple[Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome]
KEPT = Switches()
WORST = Switches("any", 0, "sequential", "anyone", True, False, 1, False, True, True)

STATES: dict[str, tuple[Switches, Truth]] = {
    "well kept": (KEPT, (PASS, PASS, PASS, PASS, PASS, PASS, PASS)),
    "takes any password": (
        replace(KEPT, passwords="any"),
        (FAIL, PASS, PASS, PASS, PASS, PASS, PASS),
    ),
    "never locks": (replace(KEPT, locks_at=0), (PASS, FAIL, PASS, PASS, PASS, PASS, PASS)),
    "locks at the twentieth": (replace(KEPT, locks_at=20), (PASS, PASS, PASS, PASS, PASS, PASS, PASS)),
    "locks after the twentieth": (replace(KEPT, locks_at=21), (PASS, FAIL, PASS, PASS, PASS, PASS, PASS)),
    "tells who has an account": (replace(KEPT, tells=True), (PASS, PASS, FAIL, PASS, PASS, PASS, PASS)),
    "shows objects to anyone": (
        replace(KEPT, readable="anyone"),
        (PASS, PASS, PASS, FAIL, PASS, PASS, PASS),
    ),
    "shows objects to every account": (
        replace(KEPT, readable="accounts"),
        (PASS, PASS, PASS, FAIL, PASS, PASS, PASS),
    ),
    "numbers objects": (replace(KEPT, ids="sequential"), (PASS, PASS, PASS, PASS, FAIL, PASS, PASS)),
    "log-out does nothing": (replace(KEPT, log_out=False), (PASS, PASS, PASS, PASS, PASS, FAIL, PASS)),
    "takes requests again after log-out": (
        replace(KEPT, replayable=True),
        (PASS, PASS, PASS, PASS, PASS, FAIL, PASS),
    ),
    "sessions outlive their end": (
        replace(KEPT, expires=False),
        (PASS, PASS, PASS, PASS, PASS, FAIL, PASS),
    ),
    "sessions name no end": (replace(KEPT, lifetime=0), (PASS, PASS, PASS, PASS, PASS, OPEN, PASS)),
    "sessions last an hour": (replace(KEPT, lifetime=3600), (PASS, PASS, PASS, PASS, PASS, OPEN, PASS)),
    "files stay": (
        replace(KEPT, readable="anyone", keeps_media=True),
        (PASS, PASS, PASS, FAIL, PASS, PASS, FAIL),
    ),
    "files stay, where nobody sees them": (
        replace(KEPT, keeps_media=True),
        (PASS, PASS, PASS, PASS, PASS, PASS, PASS),
    ),
    "the worst of all": (WORST, (FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL)),
}
OVER_TLS = ("well kept", "the worst of all")


@contextmanager
def real(folder: Path, names: tuple[str, ...] = tuple(STATES), tls: bool = False) -> Iterator[list[Account]]:
    """One real server per state: the surfaces, called by their states."""
    identity = Authority(folder).issue(HOST) if tls else None
    with ExitStack() as stack:
        found = []
        for name in names:
            switches, port = STATES[name][0], free_port()
            file = name.replace(" ", "-")
            stack.enter_context(accounts.start(folder, switches, HOST, port, PRODUCT, identity, file))
            where = f"{'https' if tls else 'http'}://{HOST}:{port}/"
            surface = msgspec.convert(accounts.surface(where, switches), Account)
            found.append(msgspec.structs.replace(surface, id=name))
        yield found
