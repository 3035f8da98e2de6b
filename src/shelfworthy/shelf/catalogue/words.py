"""The one form in which words are looked for: of a listing, and of what somebody types. Pure."""

import re
import unicodedata

LONGEST = 200  # characters of what is typed
TERMS_MOST = 8


def normal(*texts: str) -> str:
    """Words without case, accents and signs, each with a blank before it: what `Listing.search` holds."""
    return "".join(f" {words}" for text in texts if (words := _plain(text)))


def terms(typed: str) -> tuple[str, ...]:
    """What each of a listing's words must hold: " be" finds "bear", and " ab 12" finds the SKU AB-1234."""
    parts = (normal(part) for part in typed[:LONGEST].split())
    return tuple(dict.fromkeys(part for part in parts if part))[:TERMS_MOST]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in apart if not unicodedata.combining(sign))))
