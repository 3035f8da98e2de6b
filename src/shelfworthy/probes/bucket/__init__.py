"""Object storage with the S3 interface."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.bucket import look
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.bucket import BucketSeen

BUCKET = Probe(
    name="bucket",
    version=2,
    kind=Kind.BUCKET,
    level=Level.KNOCK,
    sees=(BucketSeen,),
    observe=look.observe,
)
