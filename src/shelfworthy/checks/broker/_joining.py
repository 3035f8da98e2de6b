"""What checks of a broker share: was a stranger let in, or refused, or is neither known?"""

from collections.abc import Iterator

from shelfworthy.seen.broker import BrokerSeen, Try

# What a broker says of a version of the protocol that it does not speak, which says nothing of credentials.
# MQTT 3.1.1, section 3.2.2.3 (a broker of which says so to version 5, too), and 5, section 2.4.
OTHER_VERSION = frozenset({("3.1.1", "1"), ("5", "0x01"), ("5", "0x84")})
PUBLISHED = frozenset({"amqp"})  # protocols whose servers come with a user name and password everybody knows

REASONS = {
    "": "it names only ways to log in that ask for credentials",
    "4": "bad user name or password",
    "5": "not authorised",
    "0x86": "bad user name or password",
    "0x87": "not authorised",
    "0x8c": "it wants another way to log in",
    "403": "access refused",
    "4.01": "unauthorised",
    "4.03": "forbidden",
}


def let_in(seen: BrokerSeen) -> tuple[int, Try] | None:
    """The attempt that succeeded, and its place."""
    return next(((place, one) for place, one in enumerate(seen.tries) if one.came == "let in"), None)


def refused(seen: BrokerSeen) -> tuple[int, Try] | None:
    """The last attempt that was refused for want of credentials, if no other one was left open."""
    found = [(place, one) for place, one in enumerate(seen.tries) if one.came == "refused"]
    return found[-1] if found and left_open(seen) is None else None


def left_open(seen: BrokerSeen) -> Try | None:
    """An attempt that was answered with neither."""
    return next((one for one in seen.tries if one.came == "answered" and not _other_version(one)), None)


def published_open(seen: BrokerSeen) -> bool:
    """Whether there is a user name everybody knows, and the broker did not say no to it.

    To hang up is not to say no: who hangs up before the log-in may only have been tired of us.
    """
    return seen.protocol in PUBLISHED and not any(one.name and one.came == "refused" for one in seen.tries)


def published_tried(seen: BrokerSeen) -> bool:
    """Whether somebody came with it."""
    return any(one.name for one in seen.tries)


def spoken(seen: BrokerSeen, over_tls: bool) -> Iterator[int]:
    """The places of attempts that were answered in the protocol."""
    for place, one in enumerate(seen.tries):
        if one.over_tls is over_tls and one.came in {"let in", "refused", "answered", "handshake"}:
            yield place


def _other_version(one: Try) -> bool:
    return (one.version, one.code) in OTHER_VERSION
