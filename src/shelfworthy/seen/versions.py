"""Versions in their order.

Numbers count as numbers, a missing one as 0; letters behind a number come after it (openssl 1.1.1w, 1.0.2zh;
openssh 9.2p1), but for those of what came before a release (2.90rc1).
"""

import re
from functools import lru_cache
from itertools import zip_longest

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
