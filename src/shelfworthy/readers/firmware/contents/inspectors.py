"""Who is asked about each part that was unpacked. The lists are typed by hand, here.

`INSPECTORS` names, for each field of `FirmwareContents` that lists facts, the function that finds them in a
`Tree`, and how many of one part it tells: where there is one more, there may be others. What else it leaves
it notes in its `Bounds`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from shelfworthy.readers.firmware.contents import (
    accounts,
    names,
    programs,
    secrets,
    services,
    updaters,
)
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.published import PASSWORDS
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.seen.firmware_contents import Facts

INSPECTORS: dict[Facts, tuple[Callable[[Tree, Bounds], Iterator[Any]], int]] = {
    "accounts": (accounts.accounts, accounts.MOST),
    "secrets": (secrets.secrets, secrets.MOST),
    "services": (services.services, services.MOST),
    "updaters": (updaters.updaters, updaters.MOST),
    "names": (names.names, names.MOST),
    "programs": (programs.programs, programs.MOST),
}
# Who is asked by one worker, the longest first. Those who try passwords share what they may spend.
TOGETHER: tuple[tuple[Facts, ...], ...] = (
    ("programs",),
    ("accounts", "secrets", "services"),
    ("updaters",),
    ("names",),
)
TRIED = len(PASSWORDS)  # published passwords
