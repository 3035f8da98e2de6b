"""Ask a bucket what it does for a stranger: list, show its rights, show one object, and take one of ours.

No object's content is fetched (HEAD only) and no key is kept.
"""

from collections.abc import AsyncIterator, Callable
from urllib.parse import quote

from shelfworthy.model import Bucket, Cause, Level, NotLooked
from shelfworthy.probes.bucket.client import Client
from shelfworthy.probes.bucket.grants import acl_grants, policy_grants
from shelfworthy.probes.bucket.listing import answered, listing, outcome, stranger
from shelfworthy.probes.bucket.shapes import shape
from shelfworthy.reach import Missing, Reach
from shelfworthy.seen.bucket import Answered, BucketSeen, Grants, Unanswered, Written

NOTE = b"Written with permission by an audit that asks whether strangers can write here. Delete at will.\n"


async def observe(bucket: Bucket, reach: Reach) -> AsyncIterator[BucketSeen]:
    client = Client(reach)
    listed, key = await listing(client)
    known_from = "product file" if bucket.object else "listing" if key else ""
    key = bucket.object or key
    yield BucketSeen(
        listing=listed,
        acl=await rights(client, "?acl", acl_grants),
        policy=await rights(client, "?policy", policy_grants),
        known=await head(client, key) if key else NotLooked(Cause.NOT_SUPPLIED),
        known_from=known_from,
        known_shape=shape(key),
        random=await head(client, stranger()),
        write=await write(client) if await reach.permits(Level.USE) else NotLooked(Cause.NOT_PERMITTED),
        elsewhere=client.elsewhere(),  # of all the answers before
    )


async def rights(
    client: Client, query: str, read: Callable[[bytes], Grants | None]
) -> Grants | Answered | Unanswered:
    """The ACL or the policy, if a stranger is told."""
    came = await client.attempt(query)
    if isinstance(came, Missing):
        return Unanswered(came.cause, came.words)
    told = read(came.body) if came.status == 200 and came.whole else None
    return answered(came) if told is None else told


async def head(client: Client, key: str) -> Answered | Unanswered:
    """Whether an object of this name is there for a stranger."""
    return outcome(await client.attempt("/" + quote(key, safe="/~"), method="HEAD"))


async def write(client: Client) -> Written | Answered:
    """Put one small object of our own there and remove it again; a clear refusal leaves nothing to remove."""
    name = f"shelfworthy-{stranger()}.txt"
    came = outcome(await client.attempt(f"/{name}", level=Level.USE, method="PUT", body=NOTE))
    if isinstance(came, Answered) and not 200 <= came.status < 300:
        return came
    removal = outcome(await client.attempt(f"/{name}", level=Level.USE, method="DELETE"))
    return Written(name=name, put=came, removal=removal)
