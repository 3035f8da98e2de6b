"""Every state a stranger may meet a bucket in, in a real server, and what must be said of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shelfworthy.model import Bucket, Outcome
from shelfworthy_lab import s3, seaweedfs
from shelfworthy_lab.processes import Server

FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
CHECKS = ("bucket-listing", "bucket-objects-public", "bucket-writable", "bucket-writable")
Truth = tuple[Outcome, Outcome, Outcome, Outcome]  # of CHECKS: the last two at `knock` and at `use`

KEY = "voice/kid-Alma Reed-0001.caf"
OBJECTS = {KEY: b"caff" * 10, "voice/8f14e45fceea167a5a36dedd4bea2543.caf": b"caff" * 12}

# Without it the server takes no ACL.
OWNED = b"<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>"

# state → (bucket, the object that the product file names, truth)
STATES: dict[str, tuple[str, str, Truth]] = {
    "private": ("priv", KEY, (PASS, PASS, OPEN, PASS)),
    "private, no object known": ("priv", "", (PASS, OPEN, OPEN, PASS)),
    "acl public-read": ("pubacl", "", (FAIL, FAIL, OPEN, PASS)),
    "policy lets list and get": ("pubpol", "", (FAIL, FAIL, OPEN, PASS)),
    "policy lets get only": ("pubobj", KEY, (PASS, FAIL, OPEN, PASS)),
    "public and writable": ("pubgrant", "", (FAIL, FAIL, FAIL, FAIL)),
    "public, rights shown": ("pubread", "", (FAIL, FAIL, PASS, PASS)),
    "public, another object named": ("pubread", "voice/nobody.caf", (FAIL, OPEN, PASS, PASS)),
    "acl public-read-write that SeaweedFS does not follow": ("puback", "", (FAIL, FAIL, FAIL, OPEN)),
    "public and empty": ("empty", "", (FAIL, OPEN, PASS, PASS)),
    "no such bucket": ("nosuch", "", (PASS, OPEN, OPEN, PASS)),  # SeaweedFS refuses as if there were one
}


def surface(server: Server, state: str) -> Bucket:
    bucket, key, _ = STATES[state]
    return Bucket(id=state, where=f"s3+http://{server.host}:{server.port}/{bucket}", object=key)


@contextmanager
def real(folder: Path, host: str = "127.0.0.1") -> Iterator[Server]:
    """A SeaweedFS with all these buckets. Raises CantRun."""
    shown = ["pubgrant", "pubread", "puback", "empty"]
    with seaweedfs.start(folder, shown, host, writable=["pubgrant"]) as server:
        for bucket in ("priv", "pubacl", "pubpol", "pubobj"):
            seaweedfs.create(server, bucket, OBJECTS)
        for bucket in ("pubgrant", "pubread", "puback"):
            seaweedfs.create(server, bucket, OBJECTS, public=True)
        seaweedfs.create(server, "empty", {}, public=True)
        with s3.Client(server.host, server.port) as client:
            client.put("pubacl", OWNED, {"ownershipControls": ""})
            client.put("pubacl", query={"acl": ""}, headers={"x-amz-acl": "public-read"})
            for bucket in ("pubgrant", "puback"):
                client.put(bucket, query={"acl": ""}, headers={"x-amz-acl": "public-read-write"})
            client.put("pubpol", policy("pubpol", lists=True), {"policy": ""})
            client.put("pubobj", policy("pubobj", lists=False), {"policy": ""})
        yield server


def policy(bucket: str, lists: bool) -> bytes:
    """A bucket policy that lets everyone get objects, and perhaps list."""
    get = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"]}
    statements = [get | {"Resource": [f"arn:aws:s3:::{bucket}/*"]}]
    if lists:
        names = {"Effect": "Allow", "Principal": "*", "Action": ["s3:ListBucket"]}
        statements.append(names | {"Resource": [f"arn:aws:s3:::{bucket}"]})
    return json.dumps({"Version": "2012-10-17", "Statement": statements}).encode()
