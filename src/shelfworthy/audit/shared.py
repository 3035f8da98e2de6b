"""The table of keys and password hashes that products share, built from one's own audits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from shelfworthy.model.shared import SharedSecrets, mark
from shelfworthy.record import Evidence
from shelfworthy.seen.firmware import FirmwareContents

VERSION = "1"  # of the form


def table(audits: Iterable[Evidence]) -> SharedSecrets:
    """The table of these audits. Several of one product count once; the order does not matter."""
    products: set[str] = set()
    marks: defaultdict[str, set[str]] = defaultdict(set)
    newest = ""
    for evidence in audits:
        key = evidence.product.product.key
        for observation in evidence.observations:
            seen = observation.seen.newest()
            if isinstance(seen, FirmwareContents):
                products.add(mark("", key))
                newest = max(newest, observation.at.date().isoformat())
                for fingerprint in fingerprints(seen):
                    marks[fingerprint].add(mark(fingerprint, key))
    return SharedSecrets(
        version=VERSION,
        date=newest,
        products=tuple(sorted(products)),
        secrets={fingerprint: tuple(sorted(found)) for fingerprint, found in sorted(marks.items())},
    )


def fingerprints(seen: FirmwareContents) -> Iterator[str]:
    """Of private keys, and of salted hashes: never of a password, which could be found out from it."""
    yield from (one.fingerprint for one in seen.accounts if one.fingerprint and not one.blank)
    yield from (one.fingerprint for one in seen.secrets if one.sort == "private key" and one.fingerprint)
