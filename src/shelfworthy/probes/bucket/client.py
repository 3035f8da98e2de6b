"""Put questions to a bucket, and note which other places its answers name."""

from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from shelfworthy.model import Level
from shelfworthy.probes.bucket.leaves import leaves
from shelfworthy.probes.elsewhere import MOST, Named, Told, named, origin, redirects, same
from shelfworthy.reach import Address, Missing, Reach, Reply, attempt, request
from shelfworthy.seen import bucket as seen

ENDPOINT = "storage endpoint"


class Client:
    """One look's questions, each a path or query behind the bucket's address."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._named: dict[Named, None] = {}

    async def ask(self, what: str) -> Reply:
        """The first question. Raises NotSeen if nothing at all is answered."""
        return self._noted(await request(self.reach, self._at(what), level=Level.KNOCK))

    async def attempt(
        self, what: str, *, level: Level = Level.KNOCK, method: str = "GET", body: bytes = b""
    ) -> Reply | Missing:
        """Any further one."""
        came = await attempt(self.reach, self._at(what), level=level, method=method, body=body)
        return came if isinstance(came, Missing) else self._noted(came)

    def elsewhere(self) -> seen.Elsewhere:
        """The other places named so far."""
        at = self.reach.address
        found = dict.fromkeys(
            kept(one.by, one.to, at.path[1:])
            for one in self._named
            if one.to is not None and not same(one.to, at)
        )
        unread = sum(one.to is None for one in self._named)
        return seen.Elsewhere(places=tuple(found)[:MOST], more=unread + max(0, len(found) - MOST))

    def _at(self, what: str) -> Address:
        at = self.reach.address
        return msgspec.structs.replace(at, path=quote(at.path, safe="/%") + what)

    def _noted(self, reply: Reply) -> Reply:
        told = (*redirects(reply), *endpoints(reply))
        self._named |= dict.fromkeys(named(told, self.reach.address))
        return reply


def endpoints(reply: Reply) -> Iterator[Told]:
    """Where an S3 error says that the bucket is to be asked for, by the same scheme."""
    error = leaves(reply.body, ("Endpoint",)) if reply.status >= 300 and reply.body else None
    if error is not None and error.root == "Error":
        yield from ((ENDPOINT, f"//{host.strip()}/") for _, host in error.found)


def kept(by: str, to: Address, bucket: str) -> seen.Named:
    """A place without what may be an object's key: of its path, the bucket's own name at most."""
    if by == ENDPOINT:
        own = not to.host.startswith(f"{bucket.lower()}.")  # else its name is in front of the host's
    else:
        own = to.path[1:].partition("?")[0].partition("/")[0] == bucket
    return seen.Named(by=by, to=origin(to), bucket=bucket if own else "")
