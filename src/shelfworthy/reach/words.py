"""What reach says when it could not see."""

from shelfworthy.model import Cause


class NotSeen(Exception):
    """Something was not seen. cause: the house's word; words: a sentence for people.

    Probes do not catch it: `audit` writes the gap. Its two subclasses are answers as much as absences;
    a probe whose question they answer may catch those, and no others.
    """

    def __init__(self, cause: Cause, words: str) -> None:
        super().__init__(words)
        self.cause = cause
        self.words = words


class PortRefused(NotSeen):
    """The address answered the connection attempt with a refusal."""


class NoTls(NotSeen):
    """The peer answered, or hung up on, a TLS handshake without completing it."""


class FuseBlown(RuntimeError):
    """Code of ours tried to contact something reach had not allowed: a fault of ours, never ignored."""
