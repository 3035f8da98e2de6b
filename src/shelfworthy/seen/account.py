"""What can be seen of a service's accounts by two of our own: what its steps answered, never what it holds.

No password, token, address or identifier of an object is kept: they are named by what they are.
"""

from typing import Literal

from msgspec import Struct

from shelfworthy.model import Cause, Mention, Seen

Meaning = Literal["accepted", "refused", "slowed", "unclear", "unanswered"]


class Replied(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="replied"):
    """What one step of the recipe was answered.

    status: of HTTP, 0 without an answer. why: of `unclear` and `unanswered`, a sentence of ours.
    """

    meaning: Meaning
    status: int
    why: str = ""


class Stopped(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="stopped"):
    """The question was not asked. words: what stopped us, a sentence of ours."""

    cause: Cause
    words: str


class Tried(Struct, frozen=True, forbid_unknown_fields=True):
    """A password that was tried. what: which sort it is. step: `sign_up` or `reset`.

    weak: it should be refused. works: a log-in with it, where it was accepted.
    """

    what: str
    weak: bool
    step: str
    answer: Replied
    works: Replied | Stopped


class Strength(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="strength"):
    """Passwords tried, in order. open: sorts that were not tried; why_open: a sentence on that, or ""."""

    tried: tuple[Tried, ...]
    open: tuple[str, ...]
    why_open: str


class Guesses(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="guesses"):
    """Wrong log-ins at one account of our own.

    before: a right one. wrong: wrong ones that were answered, the last included. first, last: what the first
    and the last of them were answered; first_ms, last_ms: how long that took. delayed: the last two took much
    longer than the first three. after: a right one behind them, where the last one said nothing.
    """

    before: Replied
    wrong: int
    first: Replied
    last: Replied
    first_ms: int
    last_ms: int
    delayed: bool
    after: Replied | Stopped


class Telling(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="telling"):
    """A log-in with a wrong password, at an address without and one with an account.

    same_words: both were told the same, apart from what is new in each answer. comparable: two addresses
    without an account were.
    """

    without: Replied
    with_account: Replied
    same_words: bool
    comparable: bool


class Shown(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="shown"):
    """An answer to a question for an object of ours. ours: what we had put there was in it."""

    answer: Replied
    ours: bool


class Reading(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="reading"):
    """One object, asked for by its owner, without an account, and with another account of ours."""

    owner: Shown
    nobody: Shown
    another: Shown | Stopped


class Ids(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ids"):
    """The identifiers of objects made one after the other: their shape, not they.

    length: of the shortest and the longest. alphabet: the smallest of `digits`, `hexadecimal`, `letters and
    digits`, `other` that holds them all. varying: places that are not the same in all of them. steps: where
    they are numbers, what each is above the one before. uuid: version if all are UUIDs of it, else 0. dated:
    they hold the time at which they were made. ours: they hold our address.
    """

    count: int
    length: tuple[int, int]
    alphabet: str
    varying: int
    steps: tuple[int, ...]
    uuid: int
    dated: bool
    ours: bool


class LogOut(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="log out"):
    """A session before and after its log-out, by the recipe's `read` or, repeated whole, its `create`.

    read_by_nobody: the same without any session: where that shows it, reading says nothing of sessions.
    again: `create` with a new session, behind that: the service was there and let us in.
    """

    log_out: Replied
    read_before: Shown | Stopped
    read_after: Shown | Stopped
    read_by_nobody: Shown | Stopped
    create_before: Replied
    create_after: Replied
    again: Replied


class Expiry(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="expiry"):
    """A session beyond the time that the log-in named for it. lifetime, waited: seconds.

    again: the same with a new session, behind that.
    """

    lifetime: int
    waited: int
    before: Replied
    after: Replied
    again: Replied


class Media(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="media"):
    """The file of a deleted object, by the URL the service gave. by: `anyone`, or `the owner`.

    before, after: its deletion. same: what came after is what came before.
    """

    by: str
    before: Replied
    after: Replied
    same: bool


class Deletion(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="deletion"):
    """An account with an object before and behind its deletion.

    read_before, read_after: with its session. log_in_after: with its right password.
    """

    read_before: Shown | Stopped
    delete: Replied
    log_in_after: Replied
    read_after: Shown | Stopped
    media: Media | Stopped


class Left(Struct, frozen=True, forbid_unknown_fields=True):
    """An account of ours that was perhaps not deleted.

    handle: what stands for `{random}` in its address, so that people can find it. certain: it is there.
    why: a sentence.
    """

    handle: str
    certain: bool
    why: str


class AccountStrength(Seen, frozen=True, tag="account-strength/1"):
    """Which passwords the service takes."""

    asked: Strength | Stopped


class AccountLogIn(Seen, frozen=True, tag="account-log-in/1"):
    """What the service does about wrong passwords."""

    guesses: Guesses | Stopped
    telling: Telling | Stopped


class AccountObjects(Seen, frozen=True, tag="account-objects/1"):
    """Who may read what a customer put there, and how it is named."""

    reading: Reading | Stopped
    ids: Ids | Stopped


class AccountReplay(Seen, frozen=True, tag="account-replay/1"):
    """What a session is good for when it should be over."""

    log_out: LogOut | Stopped
    expiry: Expiry | Stopped


class AccountDeletion(Seen, frozen=True, tag="account-deletion/1"):
    """What is left of an account that was deleted, and what of ours we could not delete.

    accounts: sign-ups that were or may have been accepted. media_at: `https://host:port` of the object's file
    where that is elsewhere.
    """

    deletion: Deletion | Stopped
    accounts: int
    left: tuple[Left, ...]
    media_at: str = ""

    def mentions(self) -> tuple[Mention, ...]:
        return (Mention(what=self.media_at, role="media", field="media_at"),) if self.media_at else ()
