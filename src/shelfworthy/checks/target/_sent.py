"""What both questions about pushed images share: whether the device took its own, what answers mean."""

from shelfworthy.model import Answer, Cause, inconclusive
from shelfworthy.seen.target import Push, TargetSeen

# Sentences of what stays open, the same for both: `it` is the image that was sent.
OPEN_SAYS = {
    "lost": "After it was sent, the device did not say any more what it runs.",
    "another": "After it was sent, the device named a version that is neither of the two.",
    "no-control": "The device did not take its own image either, so that it refused this one shows nothing.",
    "says-yes": "The device said that it takes it, and named its old version afterwards.",
    "no-answer": "The device did not say whether it takes it, and named its old version afterwards.",
}


def open_after(seen: TargetSeen, push: Push) -> Answer | None:
    """Why it is open what the device made of an image that it does not run; None where it refused it.

    A refusal counts beside its own image, which it took in the same look.
    """
    if not push.runs:
        return inconclusive("lost", Cause.SILENT)
    if push.runs != seen.runs:
        return inconclusive("another", Cause.CONTRADICTORY)
    if push.answer == "accepted":
        return inconclusive("says-yes", Cause.CONTRADICTORY)
    if push.answer != "refused":
        return inconclusive(
            "no-answer", Cause.SILENT if push.answer == "unanswered" else Cause.NOT_UNDERSTOOD
        )
    if not took(seen, seen.own):
        return inconclusive("no-control", Cause.CONTRADICTORY)
    return None


def took(seen: TargetSeen, push: object) -> bool:
    """Whether the device took its own image, and runs it."""
    return isinstance(push, Push) and push.answer == "accepted" and push.runs == seen.runs
