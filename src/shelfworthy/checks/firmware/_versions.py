"""Versions in their order, and whether one is affected by a flaw.

Numbers count as numbers, a missing one as 0; letters behind a number come after it (openssl 1.1.1w, 1.0.2zh;
openssh 9.2p1), but for those of what came before a release (2.90rc1).
"""

import re
from functools import lru_cache
from itertools import zip_longest

from shelfworthy.seen.vulnerabilities import Flaw, Range, Status

PART = re.compile(r"\d+|[a-z]+")
BEFORE = frozenset({"rc", "alpha", "beta", "pre", "dev", "test", "snapshot"})
IDLE = frozenset({"stable", "final", "release"})
Key = tuple[tuple[int, int, str], ...]
NOTHING = (0, 0, "")


@lru_cache(maxsize=4096)
def key(version: str) -> Key:
    """What a version is compared by, without trailing zeros. What follows "+" or "~" is its packagers'."""
    plain = re.split(r"[+~]", version.lower())[0]
    parts = []
    for part in PART.findall(plain)[:32]:
        if part.isdigit():
            parts.append((2 * int(part[:18]), 0, ""))
        elif part in BEFORE:
            parts.append((-1, 0, part))
        elif part not in IDLE:
            parts.append((1, len(part), part))
    while parts and parts[-1] == NOTHING:
        parts.pop()
    return tuple(parts)


def compare(left: str, right: str) -> int:
    """-1, 0 or 1."""
    for one, other in zip_longest(key(left), key(right), fillvalue=NOTHING):
        if one != other:
            return -1 if one < other else 1
    return 0


def inside(version: str, one: Range) -> bool:
    """Whether a version lies in a range."""
    if one.start and compare(version, one.start) < 0:
        return False
    if not one.end:
        return True
    if one.end.endswith(".*"):  # every release of that line
        line = key(one.end[:-2])
        begins = (*key(version), *([NOTHING] * len(line)))[: len(line)]
        return begins < line or (begins == line and one.closed)
    order = compare(version, one.end)
    return order < 0 or (order == 0 and one.closed)


def status(flaw: Flaw, version: str) -> Status:
    """Whether a version is affected: the ranges it lies in decide, those of one version first."""
    within = [one for one in flaw.ranges if inside(version, one)]
    exact = [one for one in within if one.start == one.end and one.start]
    told = {one.status for one in exact or within}
    if not told:
        return flaw.otherwise
    return told.pop() if len(told) == 1 else "affected" if "unaffected" not in told else "unknown"
