"""Names that might be values are kept by their shape only (law 8)."""

import re

PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$ .:/-]{0,63}")
TELLING = re.compile(r"\d{5,}|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}")
LONGEST = 32


def masked(name: str) -> str:
    """The name if it reads like one a programmer chose, else its shape: `a` letters, `9` digits.

    An e-mail address, a telephone number, a date or an identifier used as a key is a value.
    """
    if PLAIN.fullmatch(name) and not TELLING.search(name):
        return name
    shape = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", name[: 4 * LONGEST]))
    return f"‹{shape[:LONGEST]}›"
