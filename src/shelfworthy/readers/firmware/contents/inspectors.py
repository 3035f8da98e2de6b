"""Who is asked about each part that was unpacked. The lists are typed by hand, here.

`INSPECTORS` names, for each field of `FirmwareContents` that lists facts, the function that finds them in a
`Tree`. `COMPONENTS` finds components in all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.seen.firmware_contents import Component

INSPECTORS: dict[str, Callable[[Tree], Iterator[Any]]] = {}
TRIED = 0  # published passwords


def none(trees: Iterable[Tree]) -> tuple[Component, ...]:
    """No rules, no components: `rules` says so."""
    return ()


COMPONENTS: Callable[[Iterable[Tree]], tuple[Component, ...]] = none
RULES = 0
