"""Why something stays open, in words that end a sentence, with the cause."""

from shelfworthy.model import Cause
from shelfworthy.seen.bluetooth import Came

NO = ("refused", "closed")  # an answer, and no more than that

WHY: dict[Came, tuple[str, Cause]] = {
    "done": ("it did what it was asked", Cause.CONTRADICTORY),
    "refused": ("it refused", Cause.REFUSED),
    "closed": ("nobody may do this", Cause.NOT_UNDERSTOOD),
    "accepted": ("it was taken, and nothing was seen to come of it", Cause.NOT_UNDERSTOOD),
    "error": ("it answered with an error that says nothing of rights", Cause.NOT_UNDERSTOOD),
    "silent": ("it did not answer", Cause.SILENT),
    "gone": ("it ended the connection", Cause.SILENT),
    "not tried": ("nobody tried", Cause.NOBODY_LOOKED),
}


def why(came: Came, cause: Cause | None = None) -> tuple[str, Cause]:
    """Words and cause. cause: that of something not tried, if it is known."""
    words, usual = WHY[came]
    return words, cause or usual
