"""Names that might be values are kept by their shape only (law 8)."""

import re

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ .-]{0,47}")
# What a programmer's names do not hold, and values used as names do.
TELLING = re.compile(
    r"\d{5}"  # numbers: telephone, account, time stamp
    r"|(\d+\D+){2,}\d"  # numbers in pieces: dates, addresses, random identifiers
    r"|\d\D?\d\D?\d\D?\d\D?\d"
    r"|[0-9a-fA-F]{16}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}"  # hashes, identifiers (RFC 9562)
    r"|(?=[a-fA-F]*\d)[0-9a-fA-F]{8}"
    r"|[A-Za-z0-9]{33}"  # tokens
)
WORD = re.compile(r"[A-Za-z]{1,64}")
LONGEST = 32


def masked(name: str) -> str:
    """The name if it reads like one a programmer chose, else its shape: `a` letters, `9` digits.

    An e-mail address, a telephone number, a date or an identifier used as a key is a value. A person's name
    cannot be told from a programmer's by its looks: who knows how often a name occurs decides that.
    """
    if PLAIN.fullmatch(name) and not TELLING.search(name):
        return name
    return shape(name)


def shape(name: str) -> str:
    """What is left of a value: digits as `9`, runs of other characters as `a`, ASCII punctuation as it is."""
    digits = re.sub(r"\d+", "9", name[: 4 * LONGEST])
    return f"‹{re.sub(r'[^ -/:-@[-`{-~9]+', 'a', digits)[:LONGEST]}›"


def word(value: object) -> str:
    """A single word out of an answer that may hold anything: the name of a type or an error, else ""."""
    return value if isinstance(value, str) and WORD.fullmatch(value) else ""
