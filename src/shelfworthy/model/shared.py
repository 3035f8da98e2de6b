"""Secrets by the products they were found in: one's own audits' table, to see what products share."""

import msgspec

from shelfworthy.model.base import Record, digest


class SharedSecrets(Record, frozen=True):
    """version, date: of the table; date: the day of the newest look in it. products: how many it is of.

    secrets: by the fingerprint of a key or of a salted hash, a mark for each product it was found in. No
    password stands here, and no product: a mark is of both together, so that the same product has another
    mark at each secret.
    """

    version: str
    date: str
    products: tuple[str, ...]
    secrets: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    def others(self, fingerprint: str, product: str) -> int:
        """In how many other products than this one (by its `key`) a secret was found."""
        return len(set(self.secrets.get(fingerprint, ())) - {mark(fingerprint, product)})

    def compared(self, product: str) -> int:
        """How many other products than this one the table is of."""
        return len(set(self.products) - {mark("", product)})


def mark(fingerprint: str, product: str) -> str:
    """What stands for a product at a secret: 16 hex digits."""
    return digest(("shared secret", fingerprint, product))[:16]
