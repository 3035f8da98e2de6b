"""Password hashes: which scheme one is of, and which published password fits it.

How much is computed is bounded in rounds, not in seconds, so that reading twice tries the same (law 6): a
hash may ask for 999,999,999 rounds.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import NamedTuple

from passlib.hash import apr_md5_crypt, des_crypt, md5_crypt, sha256_crypt, sha512_crypt

from shelfworthy.readers.firmware.contents import libcrypt
from shelfworthy.readers.firmware.contents.published import PASSWORDS

MOST_ROUNDS = 50_000_000  # of one image: twenty-five seconds; three accounts with bcrypt as it usually is

DES = re.compile(r"[./0-9A-Za-z]{13}")
BSDI = re.compile(r"_[./0-9A-Za-z]{19}")
CRYPT = re.compile(r"\$[0-9a-z-]{1,12}\$[ -9;-~]{1,400}")  # no colon: it ends the field
LONG = re.compile(r"\$[56]\$(?:rounds=(\d{1,9})\$)?[^$]{0,16}\$[./0-9A-Za-z]{43,86}")
MOSQUITTO = re.compile(r"\$(?:6|7\$(\d{1,9}))\$([0-9A-Za-z+/]{8,100}={0,2})\$([0-9A-Za-z+/]{86}==)")
SCHEMES = {
    "1": "md5-crypt",
    "2a": "bcrypt",
    "2b": "bcrypt",
    "2x": "bcrypt",
    "2y": "bcrypt",
    "5": "sha256-crypt",
    "6": "sha512-crypt",
    "7": "scrypt",
    "apr1": "apr-md5-crypt",
    "gy": "gost-yescrypt",
    "md5": "sun-md5-crypt",
    "sm3": "sm3-crypt",
    "y": "yescrypt",
}
UNSALTED = "sha1"

Fits = Callable[[str, str], bool]


def scheme_of(stored: str) -> str:
    """What a stored password is hashed with; "" where it is no hash."""
    if MOSQUITTO.fullmatch(stored):
        return "mosquitto-sha512" if stored.startswith("$6$") else "mosquitto-pbkdf2"
    if CRYPT.fullmatch(stored):
        return SCHEMES.get(stored.split("$")[1].partition(",")[0], "crypt")
    if stored.startswith("{SHA}"):
        return UNSALTED
    if BSDI.fullmatch(stored):
        return "bsdi-crypt"
    return "descrypt" if DES.fullmatch(stored) else ""


class Tried(NamedTuple):
    """fits: the published password that fits, None where none of those that were tried does."""

    fits: str | None
    tried: int


class Trying:
    """Try the published passwords at the hashes of one image, until its rounds are spent."""

    def __init__(self, rounds: int = MOST_ROUNDS) -> None:
        self._rounds = rounds
        self._known: dict[str, Tried] = {}

    def at(self, stored: str) -> Tried:
        """Try the empty password and the published ones at a hash."""
        if stored not in self._known:
            self._known[stored] = self._try(stored)
        return self._known[stored]

    def _try(self, stored: str) -> Tried:
        fits, rounds = computed(stored)
        tried = 0
        for password in ("", *PASSWORDS) if fits else ():
            if rounds > self._rounds:
                break
            self._rounds -= rounds
            tried += bool(password)
            try:
                if fits and fits(password, stored):
                    return Tried(password, tried)
            except (ValueError, TypeError):
                return Tried(None, 0)  # it only looked like one
        return Tried(None, tried)


def computed(stored: str) -> tuple[Fits | None, int]:
    """How a password is compared with a hash, and how many rounds of SHA-2 that is worth."""
    scheme = scheme_of(stored)
    if scheme in ("sha256-crypt", "sha512-crypt") and (long := LONG.fullmatch(stored)):
        rounds = max(1000, int(long[1] or 5000))
        return (sha256_crypt if scheme == "sha256-crypt" else sha512_crypt).verify, rounds
    if scheme.startswith("mosquitto"):
        return _mosquitto, 2 * int(stored.split("$")[2]) if stored.startswith("$7$") else 1
    if rounds := libcrypt.rounds(stored):
        return libcrypt.fits, rounds
    return {
        "md5-crypt": (md5_crypt.verify, 900),
        "apr-md5-crypt": (apr_md5_crypt.verify, 900),
        "descrypt": (des_crypt.verify, 600),
        UNSALTED: (_sha1, 1),
    }.get(scheme, (None, 0))


def _mosquitto(password: str, stored: str) -> bool:
    """Mosquitto's own two: SHA-512 over password and salt, or PBKDF2 of it."""
    parts = MOSQUITTO.fullmatch(stored)
    if parts is None:
        return False
    try:
        salt, wanted = base64.b64decode(parts[2], validate=True), base64.b64decode(parts[3])
    except binascii.Error:
        return False
    if parts[1]:
        made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, max(1, int(parts[1])))
    else:
        made = hashlib.sha512(password.encode() + salt).digest()
    return hmac.compare_digest(made, wanted)


def _sha1(password: str, stored: str) -> bool:
    made = base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()  # noqa: S324 - as it was stored
    return stored == f"{{SHA}}{made}"


# Each loads what it computes with at its first use: later is too late. As many rounds as usual take a second.
FEW = (sha256_crypt.using(rounds=1000), sha512_crypt.using(rounds=1000))
for _hash in (apr_md5_crypt, des_crypt, md5_crypt, *FEW):
    _hash.verify("", _hash.hash(""))
