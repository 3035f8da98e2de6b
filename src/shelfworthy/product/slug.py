"""A product's name as that of a folder."""

import re
import unicodedata


def slug(name: str) -> str:
    """Lower-case letters, digits and single "-", at most 60: `Bär` is bar; "product" if none are left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "product"
