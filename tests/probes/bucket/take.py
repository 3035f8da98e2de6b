"""Take the specimens of the bucket checks from a real server, some with a real nginx in front of it.

python -m tests.probes.bucket.take
"""

import asyncio
import json
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from shelfworthy.model import About, Bucket, Level, Outcome
from shelfworthy.seen.bucket import BucketSeen
from shelfworthy_lab import s3, seaweedfs
from shelfworthy_lab.processes import free_port
from tests.harvest import write_specimen
from tests.probes.bucket.looking import look
from tests.probes.bucket.states import CHECKS, STATES, real, surface
from tests.probes.bucket.states import OBJECTS as TONES
from tests.probes.endpoint.real import nginx

FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
LISTING, OBJECTS, WRITABLE = "bucket-listing", "bucket-objects-public", "bucket-writable"
# state of the real server → name of its specimens
NAMES = {
    "private": "private",
    "private, no object known": "private-nothing-known",
    "acl public-read": "acl-public-read",
    "policy lets list and get": "policy-list-and-get",
    "policy lets get only": "policy-get-only",
    "public and writable": "writable",
    "public, rights shown": "rights-shown",
    "public, another object named": "another-object-named",
    "acl public-read-write that SeaweedFS does not follow": "acl-not-followed",
    "public and empty": "empty",
    "no such bucket": "no-such-bucket",
}
STRANGERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
WRITERS = f"""<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<Owner><ID>keeper</ID></Owner><AccessControlList><Grant>
<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">
<URI>{STRANGERS}</URI></Grantee>
<Permission>WRITE</Permission></Grant></AccessControlList></AccessControlPolicy>"""
CONDITION: dict[str, object] = {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
MANY = {f"voice/{n}.caf": b"c" for n in range(5001)}  # one more than five pages hold

# name → (what was done, bucket, what nginx in front of it does or "", level, object known, truth)
BEFORE: dict[str, tuple[str, str, str, Level, str, dict[str, Outcome]]] = {
    "many-pages": ("5,001 objects", "many", "", Level.KNOCK, "", {LISTING: FAIL}),
    "no-bucket": ("no bucket of this name", "gone", "", Level.KNOCK, "", {LISTING: OPEN}),
    "write-for-accounts": (
        "its access list lets accounts write",
        "accounts",
        "",
        Level.USE,
        "",
        {WRITABLE: FAIL},
    ),
    "policy-lets-write": ("its policy lets everyone write", "lets", "", Level.KNOCK, "", {WRITABLE: FAIL}),
    "policy-with-condition": (
        "its policy lets everyone write under a condition",
        "perhaps",
        "",
        Level.KNOCK,
        "",
        {WRITABLE: OPEN},
    ),
    "other-region": ("moved", "priv", "return 301 /elsewhere$request_uri;", Level.KNOCK, "", {LISTING: OPEN}),
    "other-host": (
        "sends everybody to another host",
        "priv",
        "return 307 https://media.bears.test:8443$request_uri;",
        Level.USE,
        "known.caf",
        {LISTING: OPEN, OBJECTS: OPEN, WRITABLE: OPEN},
    ),
    "broken": (
        "the storage behind it is down",
        "priv",
        "proxy_pass http://127.0.0.1:1;",
        Level.USE,
        "known.caf",
        {LISTING: OPEN, OBJECTS: OPEN, WRITABLE: OPEN},
    ),
    "web-site": (
        "a web site that answers everything with its home page",
        "priv",
        'return 200 "<html>";',
        Level.USE,
        "known.caf",
        {LISTING: OPEN, OBJECTS: OPEN, WRITABLE: OPEN},
    ),
    "refused-bare": ("refuses by itself", "priv", "return 403;", Level.KNOCK, "", {LISTING: OPEN}),
    "known-elsewhere": (
        "redirects the known object",
        "priv",
        "if ($uri ~ known) {{ return 301 /elsewhere; }} if ($uri ~ /priv/.) {{ return 404; }} {behind}",
        Level.KNOCK,
        "known.caf",
        {OBJECTS: OPEN},
    ),
    "known-unanswered": (
        "hangs up when asked for the known object",
        "priv",
        "if ($uri ~ known) {{ return 444; }} {behind}",
        Level.KNOCK,
        "known.caf",
        {OBJECTS: OPEN},
    ),
    "listed-and-refused": (
        "lists its objects and hands none out",
        "pubread",
        "if ($uri ~ /pubread/.) {{ return 403; }} {behind}",
        Level.KNOCK,
        "",
        {OBJECTS: PASS},
    ),
    "write-stays": (
        "lets strangers write and not delete",
        "pubgrant",
        "if ($request_method = DELETE) {{ return 403; }} {behind}",
        Level.USE,
        "",
        {WRITABLE: FAIL},
    ),
    "write-cut-off": (
        "hangs up on a write",
        "pubgrant",
        "if ($request_method = PUT) {{ return 444; }} {behind}",
        Level.USE,
        "",
        {WRITABLE: FAIL},
    ),
    "write-cut-off-no-rights": (
        "hangs up on a write",
        "priv",
        "if ($request_method = PUT) {{ return 444; }} {behind}",
        Level.USE,
        "",
        {WRITABLE: OPEN},
    ),
}


def fill(server: seaweedfs.Store) -> None:
    """The buckets of `BEFORE` that the states do not have."""
    seaweedfs.create(server, "many", MANY, public=True)
    for bucket in ("accounts", "lets", "perhaps"):
        seaweedfs.create(server, bucket, TONES, public=True)
    with s3.Client(server.host, server.port) as client:
        client.put("accounts", WRITERS.encode(), {"acl": ""})
        client.put("lets", lets_write("lets", {}), {"policy": ""})
        client.put("perhaps", lets_write("perhaps", CONDITION), {"policy": ""})


def lets_write(bucket: str, more: dict[str, object]) -> bytes:
    """A policy that lets everyone put objects."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": ["s3:PutObject"]}
    resource = {"Resource": [f"arn:aws:s3:::{bucket}/*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**allow, **resource, **more}]}).encode()


def take_before(folder: Path, today: str) -> None:
    """The specimens of `BEFORE`."""
    shown = ["pubgrant", "pubread", "many", "gone", "accounts", "lets", "perhaps"]
    with seaweedfs.start(folder, shown, writable=["pubgrant"]) as server:
        seaweedfs.create(server, "priv", TONES)
        for bucket in ("pubgrant", "pubread"):
            seaweedfs.create(server, bucket, TONES, public=True)
        with s3.Client(server.host, server.port) as client:
            client.put("pubgrant", query={"acl": ""}, headers={"x-amz-acl": "public-read-write"})
        fill(server)
        for name, (what, bucket, front, level, key, expected) in BEFORE.items():
            place = folder / name
            place.mkdir()
            behind = f"proxy_pass http://{server.host}:{server.port};"
            with ExitStack() as stack:
                port = server.port
                if front:
                    port = free_port()
                    served = f"location / {{ {front.format(behind=behind) if 'behind' in front else front} }}"
                    stack.enter_context(nginx(place, plain=(port, served)))
                where = f"s3+http://{server.host}:{port}/{bucket}"
                seen = asyncio.run(look(Bucket(id=name, where=where, object=key), server.host, level))
            of = f"nginx in front of SeaweedFS 4.48: {what}" if front else f"SeaweedFS 4.48, {what}"
            keep(name, f"{of}, looked at by {level}, {today}", seen, expected, key)


def main() -> None:
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place, real(Path(place)) as server:
        for state, (_, _, truth) in STATES.items():
            for level, checks in ((Level.KNOCK, CHECKS[:3]), (Level.USE, CHECKS[3:])):
                seen = asyncio.run(look(surface(server, state), server.host, level))
                expected = dict(zip(checks, truth[:3] if level is Level.KNOCK else truth[3:], strict=True))
                source = f"SeaweedFS 4.48, {state}, looked at by {level}, {today}"
                keep(f"{NAMES[state]}-{level}", source, seen, expected, STATES[state][1])
    with tempfile.TemporaryDirectory() as place:
        take_before(Path(place), today)


def keep(name: str, source: str, seen: BucketSeen, expected: dict[str, Outcome], key: str) -> None:
    """Write what each check says; ValueError if it is not what was expected."""
    for check, outcome in expected.items():
        about = About(surface=Bucket(id="tones", where="s3+https://media.bears.test/tones", object=key))
        print(write_specimen(check, seen, about, source, name, outcome).relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
