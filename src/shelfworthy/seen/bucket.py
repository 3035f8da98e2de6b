"""What can be seen of object storage: counts and shapes of keys, not keys."""

from msgspec import Struct, structs

from shelfworthy.model import Cause, Mention, NotLooked, Seen
from shelfworthy.seen.endpoint import Origin


class Answered(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="answered"):
    """An HTTP answer: status, and the S3 error code in its body, "" without one."""

    status: int
    code: str


class Unanswered(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="unanswered"):
    """The question was asked and no answer came. words: why, for people."""

    cause: Cause
    words: str


class KeyShape(Struct, frozen=True, forbid_unknown_fields=True):
    """How many keys have this shape: `9` for digits, `a` for letters, `h` for UUIDs and long hex runs.

    A file extension is kept where it is a common one; "…" is all shapes beyond the most frequent.
    """

    shape: str
    count: int


class Listed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="listed"):
    """A listing given to a stranger: number of objects and the sum of their sizes in bytes.

    truncated: there were more than we asked for or could read.
    """

    objects: int
    bytes: int
    shapes: tuple[KeyShape, ...]
    truncated: bool


class Grant(Struct, frozen=True, forbid_unknown_fields=True):
    """A right that everyone ("AllUsers") or anyone with an account ("AuthenticatedUsers") has.

    permission: of an ACL (`READ`, `WRITE`, …), or an action of a policy (`s3:GetObject`, `s3:*`).
    conditional: only under conditions, or unless another statement denies it.
    """

    group: str
    permission: str
    conditional: bool = False


class Grants(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="grants"):
    """What an ACL or a bucket policy that a stranger may read gives to strangers."""

    grants: tuple[Grant, ...]


class Written(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="written"):
    """One small object of our own, written or perhaps written, and our attempt to remove it again.

    name: ours, so that what stayed can be found.
    """

    name: str
    put: Answered | Unanswered
    removal: Answered | Unanswered


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """A place that an answer names, without its path, in which keys may stand.

    by: "redirect" (`Location`) or "storage endpoint" (`Endpoint` of an S3 error: where the bucket is to be
    asked for). bucket: its own name if it is to be found there under that, else "".
    """

    by: str
    to: Origin
    bucket: str

    @property
    def what(self) -> str:
        """As a `where` of a product file would name it."""
        return f"s3+{self.to.url}/{self.bucket}" if self.bucket else self.to.url


class Elsewhere(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="elsewhere"):
    """Other places than the one asked that answers name, each once, in the order they came.

    more: how many more they name: beyond the first 8, or in words that are no plain web address.
    """

    places: tuple[Named, ...]
    more: int


class BucketSeen1(Seen, frozen=True, tag="bucket/1"):
    """What a stranger may do with a bucket, in its first form: see `BucketSeen`."""

    listing: Listed | Answered
    acl: Grants | Answered | Unanswered
    policy: Grants | Answered | Unanswered
    known: Answered | Unanswered | NotLooked
    known_from: str
    known_shape: str
    random: Answered | Unanswered
    write: Written | Answered | NotLooked

    def newest(self) -> "BucketSeen":
        return BucketSeen(**structs.asdict(self), elsewhere=NotLooked())


class BucketSeen(Seen, frozen=True, tag="bucket/2"):
    """What a stranger may do with a bucket.

    listing: the anonymous listing. acl, policy: as told to a stranger. known: HEAD of one object known to
    exist, of which only the shape of its key is kept; known_from: "product file", "listing", or "" if no
    object is known. random: HEAD of a name that cannot exist. write: only where `use` is permitted.
    elsewhere: where any of these answers sends a stranger.
    """

    listing: Listed | Answered
    acl: Grants | Answered | Unanswered
    policy: Grants | Answered | Unanswered
    known: Answered | Unanswered | NotLooked
    known_from: str
    known_shape: str
    random: Answered | Unanswered
    write: Written | Answered | NotLooked
    elsewhere: Elsewhere | NotLooked

    def mentions(self) -> tuple[Mention, ...]:
        """Where its answers send a stranger."""
        places = () if isinstance(self.elsewhere, NotLooked) else self.elsewhere.places
        return tuple(
            Mention(what=one.what, role=one.by, field=f"elsewhere.places.{number}")
            for number, one in enumerate(places)
        )
