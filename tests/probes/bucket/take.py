"""Take the specimens of the bucket checks from a real server, and from fixtures where there is no real one.

python -m tests.probes.bucket.take
"""

import asyncio
import json
import tempfile
from datetime import date
from pathlib import Path

from shelfworthy.model import About, Bucket, Level, Outcome
from shelfworthy.seen.bucket import BucketSeen
from tests.harvest import write_specimen
from tests.probes.bucket.looking import look, look_at
from tests.probes.bucket.peers import ACL, Answer, denying, error, kind, listing, storage
from tests.probes.bucket.states import CHECKS, STATES, real, surface
from tests.servers import Behaviour, page

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
WRITERS = ACL.format("AuthenticatedUsers", "WRITE").encode()
ALLOW: dict[str, object] = {"Effect": "Allow", "Principal": "*", "Action": "s3:Put*"}
CONDITION: dict[str, object] = {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
ONE = listing({"voice/known.caf": 40})
NOT_THERE = error("404 Not Found", "", head=True)


def policy(*statements: dict[str, object]) -> bytes:
    return page(json.dumps({"Version": "2012-10-17", "Statement": statements}).encode())


def without_end(method: str, target: str) -> bytes:
    """A listing that always has one more page."""
    if kind(method, target) != "list":
        return error("403 Forbidden", "AccessDenied", head=method == "HEAD")
    return listing({f"voice/{n}.caf": 100 for n in range(100)}, token="more")


def home(answer: Answer = lambda method, target: page(b"" if method == "HEAD" else b"<html>")) -> Behaviour:
    """A web site that answers everything with its home page."""
    return storage(answer)


# name → (what the fixture is, its behaviour, level, the object the product file names, truth)
FIXTURES: dict[str, tuple[str, Behaviour, Level, str, dict[str, Outcome]]] = {
    "many-pages": ("lists without end", storage(without_end), Level.KNOCK, "", {LISTING: FAIL}),
    "no-bucket": (
        "answers like Amazon S3 where there is no bucket",
        denying(list=error("404 Not Found", "NoSuchBucket")),
        Level.KNOCK,
        "",
        {LISTING: OPEN},
    ),
    "other-region": (
        "answers like Amazon S3 of another region",
        denying(list=error("301 Moved Permanently", "PermanentRedirect")),
        Level.KNOCK,
        "",
        {LISTING: OPEN},
    ),
    "broken": (
        "answers everything with an error of its own",
        storage(lambda method, _: error("500 Internal Server Error", "InternalError", method == "HEAD")),
        Level.USE,
        "known.caf",
        {LISTING: OPEN, OBJECTS: OPEN, WRITABLE: OPEN},
    ),
    "web-site": (
        "a web site that answers everything with its home page",
        home(),
        Level.USE,
        "known.caf",
        {LISTING: OPEN, OBJECTS: OPEN, WRITABLE: OPEN},
    ),
    "refused-bare": (
        "refuses without a word",
        denying(list=page(b"", "403 Forbidden")),
        Level.KNOCK,
        "",
        {LISTING: OPEN},
    ),
    "known-elsewhere": (
        "redirects the known object",
        denying(known=error("301 Moved Permanently", "", head=True), random=NOT_THERE),
        Level.KNOCK,
        "known.caf",
        {OBJECTS: OPEN},
    ),
    "known-unanswered": (
        "hangs up when asked for the known object",
        denying(known=b""),
        Level.KNOCK,
        "known.caf",
        {OBJECTS: OPEN},
    ),
    "listed-and-refused": (
        "lists its objects and hands none out",
        denying(list=ONE),
        Level.KNOCK,
        "",
        {OBJECTS: PASS},
    ),
    "write-stays": (
        "lets strangers write and not delete",
        denying(PUT=page(b"")),
        Level.USE,
        "",
        {WRITABLE: FAIL},
    ),
    "write-cut-off": (
        "hangs up on a write",
        denying(PUT=b"", acl=page(WRITERS)),
        Level.USE,
        "",
        {WRITABLE: FAIL},
    ),
    "write-cut-off-no-rights": ("hangs up on a write", denying(PUT=b""), Level.USE, "", {WRITABLE: OPEN}),
    "write-for-accounts": (
        "refuses strangers without an account, and lets those with one write",
        denying(acl=page(WRITERS)),
        Level.USE,
        "",
        {WRITABLE: FAIL},
    ),
    "policy-lets-write": (
        "its policy lets everyone write",
        denying(policy=policy(ALLOW)),
        Level.KNOCK,
        "",
        {WRITABLE: FAIL},
    ),
    "policy-with-condition": (
        "its policy lets everyone write under a condition",
        denying(policy=policy(ALLOW | CONDITION)),
        Level.KNOCK,
        "",
        {WRITABLE: OPEN},
    ),
}


def main() -> None:
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place, real(Path(place)) as server:
        for state, (_, _, truth) in STATES.items():
            for level, checks in ((Level.KNOCK, CHECKS[:3]), (Level.USE, CHECKS[3:])):
                seen = asyncio.run(look(surface(server, state), server.host, level))
                expected = dict(zip(checks, truth[:3] if level is Level.KNOCK else truth[3:], strict=True))
                source = f"SeaweedFS 4.48, {state}, looked at by {level}, {today}"
                keep(f"{NAMES[state]}-{level}", source, seen, expected, STATES[state][1])
    for name, (what, behaviour, level, key, expected) in FIXTURES.items():
        seen = asyncio.run(look_at(behaviour, level, key))
        keep(name, f"fixture: {what}, {today}", seen, expected, key)


def keep(name: str, source: str, seen: BucketSeen, expected: dict[str, Outcome], key: str) -> None:
    """Write what each check says; ValueError if it is not what was expected."""
    for check, outcome in expected.items():
        about = About(surface=Bucket(id="tones", where="s3+https://media.bears.test/tones", object=key))
        print(write_specimen(check, seen, about, source, name, outcome).relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
