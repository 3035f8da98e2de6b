"""The anonymous listing of a bucket: a few pages of it, counted and forgotten (ListObjectsV2)."""

import secrets
from collections import Counter
from urllib.parse import quote

from shelfworthy.probes.bucket.client import Client
from shelfworthy.probes.bucket.leaves import leaves
from shelfworthy.probes.bucket.shapes import shape, shapes
from shelfworthy.reach import Missing, Reply
from shelfworthy.seen.bucket import Answered, Listed, Unanswered

PAGES = 5
PAGE = 1000  # keys in one page: the most an S3 server gives
WANTED = ("Key", "Size", "Contents", "IsTruncated", "NextContinuationToken", "Code")
CODE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")


class Tally:
    """What a listing has shown so far. first: one key of it, for this look only; never kept."""

    def __init__(self) -> None:
        self.objects = 0
        self.bytes = 0
        self.shapes: Counter[str] = Counter()
        self.first = ""
        self.token = ""
        self.truncated = False

    def add(self, reply: Reply) -> bool:
        """Count one page. False if it is no listing."""
        page = leaves(reply.body, WANTED)
        if reply.status != 200 or page.root != "ListBucketResult":
            return False
        self.token, more, key, size = "", False, "", 0
        for name, text in page.found:
            match name:
                case "Key":
                    key = text
                case "Size":
                    size = int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else 0
                case "Contents":
                    self._object(key, size)
                    key, size = "", 0
                case "IsTruncated":
                    more = text.strip() == "true"
                case "NextContinuationToken":
                    self.token = text
        self.truncated = more or not page.whole or not reply.whole
        return True

    def _object(self, key: str, size: int) -> None:
        self.objects += 1
        self.bytes += size
        self.shapes[shape(key)] += 1
        if not self.first and key and not key.endswith("/"):
            self.first = key

    def seen(self) -> Listed:
        return Listed(
            objects=self.objects,
            bytes=self.bytes,
            shapes=shapes(self.shapes),
            truncated=self.truncated,
        )


async def listing(client: Client) -> tuple[Listed | Answered, str]:
    """The listing and one key of it ("" without one). Raises NotSeen if nothing at all is answered."""
    tally = Tally()
    reply = await client.ask(f"?list-type=2&max-keys={PAGE}")
    if not tally.add(reply):
        return answered(reply), ""
    for _ in range(PAGES - 1):
        if not tally.truncated or not tally.token:
            break
        query = f"?list-type=2&max-keys={PAGE}&continuation-token={quote(tally.token, safe='')}"
        further = await client.attempt(query)
        if isinstance(further, Missing) or not tally.add(further):
            tally.truncated = True
            break
    return tally.seen(), tally.first


def stranger() -> str:
    """A name nobody has given to anything."""
    return secrets.token_hex(16)


def answered(reply: Reply) -> Answered:
    """The status and the S3 error code of an answer."""
    found = leaves(reply.body, ("Code",)) if reply.body else None
    code = dict(found.found).get("Code", "") if found and found.root == "Error" else ""
    return Answered(status=reply.status, code=code[:64] if CODE.issuperset(code) else "")


def outcome(came: Reply | Missing) -> Answered | Unanswered:
    """An answer by its status and code, or why there is none."""
    return Unanswered(came.cause, came.words) if isinstance(came, Missing) else answered(came)
