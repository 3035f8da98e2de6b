"""Password hashes that the system's libcrypt computes (libxcrypt, which most Linux systems have): bcrypt,
yescrypt and its kin, scrypt, and BSDi's. Without it they are not tried, and evidence says so.

Loaded with this module: a reader's child opens nothing later.
"""

import ctypes
import re
from collections.abc import Callable
from contextlib import suppress

NAMES = ("libcrypt.so.1", "libcrypt.so.2")
STATE = 32768  # bytes of `struct crypt_data`, crypt(3)
LARGEST = 128 << 20  # bytes of memory that one hash may take
LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # of its numbers, crypt(5)
BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$[./0-9A-Za-z]{53}")
# The form that crypt_gensalt makes: flavour j, logarithm of N, r, each one letter.
YESCRYPT = re.compile(r"\$g?y\$j([./0-9A-Za-j])([./0-9A-Za-j])\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}")
SCRYPT = re.compile(r"\$7\$([./0-9A-Za-z])([./0-9A-Za-z]{5})([./0-9A-Za-z]{5})[^$]{0,86}\$[./0-9A-Za-z]{43}")
BSDI = re.compile(r"_([./0-9A-Za-z]{4})[./0-9A-Za-z]{15}")

Crypt = Callable[[bytes, bytes, object, int], bytes | None]


def _loaded() -> Crypt | None:
    for name in NAMES:
        with suppress(OSError, AttributeError):
            crypt: Crypt = _typed(ctypes.CDLL(name).crypt_rn)
            return crypt
    return None


def _typed(function: "ctypes._FuncPointer") -> "ctypes._FuncPointer":
    function.restype = ctypes.c_char_p
    function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
    return function


_STATE = ctypes.create_string_buffer(STATE)
_CRYPT = _loaded()


def fits(password: str, stored: str) -> bool:
    """Whether a password has this hash. Raises ValueError where that cannot be computed."""
    made = _CRYPT(password.encode(), stored.encode(), _STATE, STATE) if _CRYPT is not None else None
    if made is None or made.startswith(b"*"):
        raise ValueError("not computed")
    return made == stored.encode()


def rounds(stored: str) -> int:
    """How many rounds of SHA-2 computing a hash is worth, by measurement; 0 where it is not computed here."""
    if _CRYPT is None:
        return 0
    if found := BCRYPT.fullmatch(stored):
        return 150 << int(found[1]) if int(found[1]) <= 31 else 0
    if found := YESCRYPT.fullmatch(stored):
        size = (1 + _number(found[2])) << (1 + _number(found[1]))  # N times r
        return size * 3 // 10 if 128 * size <= LARGEST else 0
    if found := SCRYPT.fullmatch(stored):
        size = _number(found[2]) << _number(found[1])
        return size * _number(found[3]) * 7 // 10 if 0 < 128 * size <= LARGEST else 0
    if found := BSDI.fullmatch(stored):
        return _number(found[1])
    return 0


def _number(letters: str) -> int:
    """A number in crypt's letters, the least first."""
    return sum(LETTERS.index(letter) << 6 * at for at, letter in enumerate(letters))


if _CRYPT is not None:
    _CRYPT(b"", b"$2b$04$KBCwKxOzLha2MUDgW0PjXe", _STATE, STATE)  # binds what it calls, while it may
