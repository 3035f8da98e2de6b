"""Is the firmware free of private keys and tokens?

Why it matters: a private key in the firmware is in every unit, and so nobody's own. Who unpacks the firmware
can be any device, read along, or use the maker's cloud in the maker's name.

How we look (look): every file of the unpacked image is searched for keys (PEM, OpenSSH, Dropbear, DER) and
for tokens of well-known services; only what can be read as one counts. Keys are compared with a list of
published ones (`published-keys`). Of a key only its fingerprint is kept.

What it does not show: keys in forms that we do not know; whether a token still opens anything (we never
try); keys that a unit makes when it is first started, as it should.

If it fails: make keys on each unit, or write one into each when it is made; take back every token.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache

from shelfworthy.checks.firmware._contents import files, lies_in, unseen
from shelfworthy.model import (
    About,
    Answer,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Secret

MOST = 24  # answers

SAYS = {
    "published": "The private key in {file} ({scheme}) is {who}, which everybody has.",
    "key": "A private key lies in {file} ({scheme}): it is the same in every unit.",
    "pass-phrase": "A private key lies in {file} ({scheme}); what opens it has to be in every unit as well.",
    "token": "A token lies in {file} ({scheme}): whoever unpacks the firmware has it.",
    "none": "No private key and no token that we know lies in its {count} files.",
    "unseen": "Whether keys or tokens lie in it stayed open: {why}.",
}


def judge(seen: FirmwareContents, about: About) -> Iterator[Answer]:
    known = published(about.references["published-keys"])
    found = {
        (one.place.file, one.scheme, one.fingerprint): (number, one)
        for number, one in reversed(list(enumerate(seen.secrets)))
        if one.sort in ("private key", "token")
    }
    for number, one in sorted(found.values(), key=lambda pair: pair[0])[:MOST]:
        yield of_secret(number, one, known)
    if found:
        return
    if why := unseen(seen, "secrets"):
        yield inconclusive("unseen", why[1], why=why[0])
    else:
        yield passes("none", field("secrets"), confidence=Confidence.PROBABLE, count=files(seen))


def of_secret(number: int, one: Secret, known: Mapping[str, str]) -> Answer:
    """What there is to say of a key or token."""
    at, file, scheme = field(f"secrets.{number}"), lies_in(one.place), one.scheme
    subject = f"{one.place.file} {scheme}"
    if one.sort == "token":
        sure = Confidence.PROBABLE
        return fails("token", at, Severity.HIGH, confidence=sure, subject=subject, file=file, scheme=scheme)
    if one.fingerprint in known:
        who = known[one.fingerprint]
        return fails("published", at, Severity.CRITICAL, subject=subject, file=file, scheme=scheme, who=who)
    if one.locked == "yes":
        sure = Confidence.PROBABLE
        return fails(
            "pass-phrase", at, Severity.MEDIUM, confidence=sure, subject=subject, file=file, scheme=scheme
        )
    return fails("key", at, Severity.HIGH, subject=subject, file=file, scheme=scheme)


@lru_cache(maxsize=4)
def published(content: bytes) -> Mapping[str, str]:
    """Whose each published key is, by its fingerprint."""
    keys = tomllib.loads(content.decode())["key"]
    return {name: key["who"] for key in keys for name in key["sha256"]}


CHECK = Check(
    id="firmware-private-keys",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareContents,),
    says=SAYS,
    needs=("published-keys",),
)
