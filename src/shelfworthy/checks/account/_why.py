"""What checks of accounts share: why something stays open, in words that end a sentence."""

from shelfworthy.seen.account import Replied


def because(words: str) -> str:
    """Words of an observation without the full stop that ends them."""
    return words.rstrip(".")


def told(answer: Replied) -> str:
    """What an answer was that is neither what was hoped nor a clear refusal."""
    return because(answer.why) or f"it was {answer.meaning} (status {answer.status})"
