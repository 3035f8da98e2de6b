"""Whether words name the product."""

import re

from shelfworthy.model import Identity


def names(product: Identity, words: str) -> bool:
    """By its model, or by its whole name: "MurmurPal Bear Mini" is not the MurmurPal Bear."""
    if product.model and re.search(rf"(?<![\w-]){re.escape(product.model)}(?![\w-])", words, re.IGNORECASE):
        return True
    whole = rf"(?<![\w-])(?i:{re.escape(product.name)})(?![\w-])(?!\s+[A-Z0-9])"
    return re.search(whole, words) is not None
