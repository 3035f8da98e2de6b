"""Whether a file of an update was given out."""

from shelfworthy.model import Cause
from shelfworthy.seen.update import Asked

GONE = frozenset({404, 410})
GIVEN = frozenset({200, 206})


def away(asked: Asked) -> Cause:
    """Why a file did not come."""
    if asked.cause is not None:
        return asked.cause
    return Cause.REFUSED if asked.status in {401, 403, *GONE} else Cause.NOT_UNDERSTOOD
