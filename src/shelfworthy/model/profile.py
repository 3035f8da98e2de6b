"""What a device's radio operations mean: declared by people, tried by the probe as a stranger would.

What a profile can say is all that the probe ever writes, but for what it read from there before.
"""

from enum import StrEnum

from shelfworthy.model.base import Record


class Does(StrEnum):
    """What an operation is for, and so which check asks about it."""

    RECORD = "record"  # the microphone
    PLAY = "play"  # the speaker
    UNLOCK = "unlock"  # bytes an app sends to be let in
    REPLAY = "replay"  # bytes recorded from an app's session
    CONTROL = "control"  # anything else


class Act(Record, frozen=True):
    """One act: exactly one of `write`, `subscribe`, `read` and `wait_ms`, with what must come of it.

    write, subscribe, read: UUID of a characteristic. value: what is written, in hex. answerless: written
    without asking for a response. key: these bytes are what lets the app in; the probe also tries them with
    one bit changed. on: UUID of the characteristic whose notification is waited for, expect: how that must
    begin, in hex. collect: UUID of the characteristic whose notifications are gathered (their length, header
    and hash are kept); with it, on and expect say what is notified after the last of them. within_ms: how
    long is waited for either. wait_ms: let time pass.
    """

    write: str = ""
    subscribe: str = ""
    read: str = ""
    wait_ms: int = 0
    value: str = ""
    answerless: bool = False
    key: bool = False
    on: str = ""
    expect: str = ""
    collect: str = ""
    within_ms: int = 2000


class Operation(Record, frozen=True):
    """One thing the product does when it is written to.

    says: for people, after "a stranger could": "record from the microphone". refused_on, refused: UUID of a
    characteristic and how its notification begins (hex) when the device itself says no. after: id of the
    operation that must come before it in the same connection. header, rate: of what is collected: bytes that
    are no sound, and bytes a second. undo: what puts the device back.
    """

    id: str
    does: Does
    says: str
    act: tuple[Act, ...]
    refused_on: str = ""
    refused: str = ""
    after: str = ""
    header: int = 0
    rate: int = 0
    undo: tuple[Act, ...] = ()


class Harmless(Record, frozen=True):
    """A value that may be written to a characteristic without doing any harm. value: hex."""

    write: str
    value: str
