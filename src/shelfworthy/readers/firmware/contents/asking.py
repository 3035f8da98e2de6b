"""Ask every inspector about the parts of an image, and who recognises components: side by side where there is
much to look at.

Each is pure over the parts, so who asks whom where changes no word of what is seen.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from shelfworthy.model import Cause, NotSeen
from shelfworthy.readers.firmware.components import Recognised, components
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.folder_tree import FolderTree
from shelfworthy.readers.firmware.contents.hashes import Trying
from shelfworthy.readers.firmware.contents.inspectors import INSPECTORS, TOGETHER
from shelfworthy.sandbox.spread import WorkerDied, forked
from shelfworthy.seen.firmware_contents import Facts, Left

MOST = 2000  # facts of one kind
WORKERS = 2
WORTH_WORKERS = 8 << 20  # bytes of files; fewer are looked at faster than a worker takes to start


class Told(NamedTuple):
    """facts: what was found, by kind. left: what was not looked at. more: whether there is more of either.
    cut: whether parts hold more than is read. skipped: whether something in them could not be read."""

    facts: Mapping[str, tuple[Any, ...]]
    left: tuple[Left, ...]
    more: bool
    cut: bool
    skipped: bool
    components: Recognised


class _Part(NamedTuple):
    """What one of those who are asked together told."""

    facts: dict[Facts, tuple[Any, ...]]
    bounds: dict[Facts, tuple[Left, ...]]
    unread: tuple[dict[str, str], ...]
    more: bool
    cut: bool
    skipped: bool
    components: Recognised | None


def asked(trees: Sequence[FolderTree]) -> Told:
    """All that is found in the parts. Raises NotSeen where looking at them takes too much."""
    groups = (*TOGETHER, ())
    work = partial(_answered, tuple(trees))
    if sum(file.length for tree in trees for file in tree.files()) < WORTH_WORKERS:
        return _joined(trees, [work(group) for group in groups])
    try:
        return _joined(trees, forked(work, groups, WORKERS))
    except WorkerDied:
        words = "Looking at what was unpacked took more computing or memory than one part of it may take."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words) from None


def _answered(trees: Sequence[FolderTree], group: Sequence[Facts]) -> _Part:
    """Who finds these kinds of facts, one after the other; of no kind, the components."""
    facts: dict[Facts, tuple[Any, ...]] = {}
    noted: dict[Facts, tuple[Left, ...]] = {}
    trying, more = Trying(), False
    for what in group:
        bounds = Bounds(what, trying)
        facts[what], further = _found(trees, what, bounds)
        noted[what] = bounds.left
        more |= further or bounds.more
    made = None if group else components(trees)
    unread = tuple(dict(tree.unread) for tree in trees)
    cut = any(tree.truncated for tree in trees)
    return _Part(facts, noted, unread, more, cut, any(tree.skipped for tree in trees), made)


def _found(trees: Sequence[FolderTree], what: Facts, bounds: Bounds) -> tuple[tuple[Any, ...], bool]:
    """The facts of one kind, and whether there are more than are listed."""
    inspect, most = INSPECTORS[what]
    found: list[Any] = []
    more = False
    for tree in trees:
        here = list(islice(inspect(tree, bounds), most + 1))
        if stands_for(here) > most or len(found) + len(here) > MOST:
            bounds.note(tree.part, "", f"there are more {what} in it than are listed")
            more = True
        found += here[: min(most, MOST - len(found))]
    return tuple(found), more


def stands_for(facts: list[Any]) -> int:
    """How many facts these are: one of programs stands for all that are hardened alike."""
    return sum(getattr(fact, "count", 1) for fact in facts)


def _joined(trees: Sequence[FolderTree], parts: Sequence[_Part]) -> Told:
    """What all of them told, in the order in which the kinds are listed."""
    facts = {what: found for part in parts for what, found in part.facts.items()}
    noted = {what: left for part in parts for what, left in part.bounds.items()}
    files = Bounds("files")
    for number, tree in enumerate(trees):
        for part in parts:
            for path, why in part.unread[number].items():
                files.note(tree.part, path, why)
    made = next(part.components for part in parts if part.components is not None)
    return Told(
        facts={what: facts[what] for what in INSPECTORS},
        left=(*files.left, *(one for what in INSPECTORS for one in noted[what])),
        more=files.more or any(part.more for part in parts),
        cut=any(part.cut for part in parts),
        skipped=any(part.skipped for part in parts),
        components=made,
    )
