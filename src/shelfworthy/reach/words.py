"""What reach says when it could not see."""

from shelfworthy.model import NotSeen

__all__ = ["FellSilent", "FuseBlown", "NoLink", "NoTls", "NotHttp", "NotSeen", "PortRefused", "UsedUp"]


class PortRefused(NotSeen):
    """The address answered the connection attempt with a refusal."""


class NoTls(NotSeen):
    """The peer answered, or hung up on, a TLS handshake without completing it."""


class NotHttp(NotSeen):
    """The peer answered an HTTP request with something else, or hung up on it (cause `silent`)."""


class FellSilent(NotSeen):
    """The peer accepted the connection and said nothing more; there would be time to ask something else."""


class NoLink(NotSeen):
    """A radio device was heard, and did not take the connection."""


class UsedUp(NotSeen):
    """Our own bounds of politeness were used up before the peer could answer."""


class FuseBlown(RuntimeError):
    """Code of ours tried to contact something reach had not allowed: a fault of ours, never ignored."""
