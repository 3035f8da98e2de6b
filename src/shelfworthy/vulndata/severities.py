"""Severities by CVSS vectors, versions 3.0, 3.1 and 4.0: the base score is computed by the library `cvss`."""

from functools import lru_cache

from cvss import CVSS3, CVSS4
from cvss.exceptions import CVSSError

from shelfworthy.vulndata.words import by_score

BASE = frozenset({"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"})  # of 4.0
LONGEST = 400  # characters of a vector with all that it may say


@lru_cache(maxsize=4096)
def by_vector(vector: str) -> str:
    """The severity of a vector; "" for what is none. Only the base score counts: what a threat is to one
    product nobody says here.
    """
    score = base_score(vector)
    return "" if score is None else by_score(score)


def base_score(vector: str) -> float | None:
    """The base score of a vector (CVSS 3.1, section 7; 4.0, section 8); None for what is none."""
    if len(vector) > LONGEST:
        return None
    try:
        if vector.startswith("CVSS:4.0/"):
            return float(CVSS4(_base(vector)).base_score)
        if vector.startswith(("CVSS:3.0/", "CVSS:3.1/")):
            return float(CVSS3(vector).scores()[0])
    except CVSSError:
        return None
    return None


def _base(vector: str) -> str:
    """A vector of 4.0 without what is no base metric, which its score would follow."""
    head, *metrics = vector.split("/")
    return "/".join((head, *(one for one in metrics if one.partition(":")[0] in BASE)))
