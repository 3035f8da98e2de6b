"""One look at one bucket, straight through the probe."""

import msgspec

from shelfworthy.model import Bucket, Level
from shelfworthy.probes.bucket import BUCKET
from shelfworthy.reach import Limits
from shelfworthy.seen.bucket import BucketSeen
from tests.looking import allow, bench, door, product
from tests.servers import Behaviour, serving


async def look(surface: Bucket, host: str, level: Level, limits: Limits | None = None) -> BucketSeen:
    """What the probe sees. Raises NotSeen."""
    it = product([surface], [allow(host, level)])
    reach = door(it, bench((f"{host}/32",)), limits or Limits()).reach(surface)
    (seen,) = [one async for one in BUCKET.observe(surface, reach)]
    assert isinstance(seen, BucketSeen)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=BucketSeen) == seen
    return seen


async def look_at(
    behaviour: Behaviour, level: Level = Level.KNOCK, key: str = "", limits: Limits | None = None
) -> BucketSeen:
    """What the probe sees of a fixture."""
    async with serving(behaviour) as server:
        surface = Bucket(id="tones", where=f"s3+http://{server.at}/tones", object=key)
        return await look(surface, server.host, level, limits)
