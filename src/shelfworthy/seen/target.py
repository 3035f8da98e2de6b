"""What can be seen of a device to which firmware is pushed: what it said, and what it ran afterwards."""

from typing import Literal

from msgspec import Struct

from shelfworthy.model import NotLooked, Seen

# unclear: an answer that the recipe counts neither as yes nor as no. unanswered: none came.
Answered = Literal["accepted", "refused", "unclear", "unanswered"]


class Push(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="push"):
    """An image that was sent. sha256, length: of it. status: HTTP, 0 without an answer.

    runs: what the device said afterwards that it runs; "" if it said nothing in the time it has.
    """

    sha256: str
    length: int
    answer: Answered
    status: int
    runs: str


class TargetSeen(Seen, frozen=True, tag="target/1"):
    """A device that was sent a changed copy of the image it runs, that image, and an older one.

    runs: what it said twice, before anything was sent, that it runs. sha256, length: of its own image.
    format: of that, as far as we know its check sums, "" if we do not; sums: those that were put right in the
    changed copy. changed_says: what a device that runs the changed copy says; "" where its version is not in
    the image as text. own, own_again: the image itself, after the changed copy and after the older one.
    older_named: the older image holds as text what the device said after it. restored: it says at the end
    what it said at the beginning.
    """

    runs: str
    sha256: str
    length: int
    format: str
    sums: tuple[str, ...]
    changed_says: str
    changed: Push | NotLooked
    own: Push | NotLooked
    older: Push | NotLooked
    own_again: Push | NotLooked
    older_named: bool
    restored: bool
