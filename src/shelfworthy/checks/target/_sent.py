"""What both questions about pushed images share: whether the device took its own, what answers mean."""

from shelfworthy.model import Cause
from shelfworthy.seen.target import Push, TargetSeen


def why_open(seen: TargetSeen, push: Push) -> tuple[str, Cause] | None:
    """Why it is open what the device made of an image that it does not run; None where it refused it.

    A refusal counts beside its own image, which it took in the same look.
    """
    if not push.runs:
        return "after it was sent, the device did not say any more what it runs", Cause.SILENT
    if push.runs != seen.runs:
        return "after it was sent, the device named a version that is neither of the two", Cause.CONTRADICTORY
    if push.answer == "accepted":
        return "the device said that it takes it, and named its old version afterwards", Cause.CONTRADICTORY
    if push.answer == "unanswered":
        return "the device did not answer, and named its old version afterwards", Cause.SILENT
    if push.answer == "unclear":
        words = f"the device answered neither yes nor no (status {push.status})"
        return words, Cause.NOT_UNDERSTOOD
    if not took(seen, seen.own):
        return "the device did not take its own image either", Cause.CONTRADICTORY
    return None


def took(seen: TargetSeen, push: object) -> bool:
    """Whether the device took its own image, and runs it."""
    return isinstance(push, Push) and push.answer == "accepted" and push.runs == seen.runs
