"""What can be seen of object storage: counts and shapes of keys, not keys."""

from msgspec import Struct

from shelfworthy.model import NotLooked, Seen


class Answered(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="answered"):
    """An HTTP answer: status, and the S3 error code in its body, if any."""

    status: int
    code: str


class KeyShape(Struct, frozen=True, forbid_unknown_fields=True):
    """How many keys have this shape: `9` for digits, `a` for letters, `h` for hex runs, extension kept."""

    shape: str
    count: int


class Listed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="listed"):
    """A listing given to a stranger. truncated: there were more pages than we asked for."""

    objects: int
    bytes: int
    shapes: tuple[KeyShape, ...]
    truncated: bool


class NotListed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="not listed"):
    """No listing was given."""

    answer: Answered


class Grant(Struct, frozen=True, forbid_unknown_fields=True):
    """An ACL grant to everyone or to any account: group name and permission."""

    group: str
    permission: str


class Grants(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="grants"):
    """What the ACL or the bucket policy grants to strangers."""

    grants: tuple[Grant, ...]


class BucketSeen(Seen, frozen=True, tag="bucket/1"):
    """What a stranger may do with a bucket.

    listing: the anonymous listing. acl, policy: as told to a stranger. known: HEAD of one object known to
    exist. random: HEAD of a name that cannot exist. write: PUT of one object of our own, and its removal
    (only where `use` is permitted).
    """

    listing: Listed | NotListed
    acl: Grants | NotListed
    policy: Grants | NotListed
    known: Answered | None
    random: Answered
    write: Answered | NotLooked
