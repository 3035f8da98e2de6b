"""Is the firmware signed with a key that everybody has?

Why it matters: tools come with keys to try them out. Whose products are signed with one of those has given
the key to everybody who can download the tool.

How we look: the key of every signature, which the image brings or names or the product file holds, is
compared with a list of keys whose private half is published (`published-keys`, listed in the judgement).

What it does not show: keys that leaked and are not on the list; keys the image neither brings nor names.

If it fails: make a key of your own, keep its private half where nobody can copy it, and bring devices to
trust that one only.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache

from shelfworthy.checks.firmware._wrapped import signatures, unseen, untold
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.firmware import FirmwareImage

SAYS = {
    "published": "It is signed with {who}, which everybody has.",
    "own": "It is signed with a key that is on no list of published ones.",
    "unnamed": "It is signed ({scheme}) and does not tell with which key. Name the maker's public key.",
    "does-not-fit": "Its signature ({scheme}) fits no key that was named.",
    "unsigned": "It has no signature, and so no key.",
    "unseen": "Whether all its keys are its maker's own stayed open: {why}.",
    "opaque": "Its {format} is not signed; whether what it holds is, it does not tell.",
}


def judge(seen: FirmwareImage, about: About) -> Iterator[Answer]:
    known = published(about.references["published-keys"])
    found = list(signatures(seen))
    fallen = [(path, known[one.key]) for path, one, _ in found if one.key in known and one.proof != "wrong"]
    if fallen:
        for who, path in {who: path for path, who in reversed(fallen)}.items():
            yield fails("published", field(path), Severity.CRITICAL, subject=who, who=who)
        return
    for _, one, _ in found:
        if one.proof == "wrong":
            yield inconclusive("does-not-fit", Cause.CONTRADICTORY, scheme=one.scheme)
            return
        if not one.key:
            yield inconclusive("unnamed", Cause.NOT_SUPPLIED, scheme=one.scheme)
            return
    if why := unseen(seen):
        yield inconclusive("unseen", why[1], why=why[0])
    elif name := untold(seen):
        yield inconclusive("opaque", Cause.NOT_UNDERSTOOD, format=name)
    elif found:
        yield passes("own", field(found[0][0]))
    else:
        yield moot("unsigned", field("containers"))


@lru_cache(maxsize=4)
def published(content: bytes) -> Mapping[str, str]:
    """Whose each published key is, by what its formats call it."""
    keys = tomllib.loads(content.decode())["key"]
    return {name: key["who"] for key in keys for name in key["sha256"]}


CHECK = Check(
    id="firmware-default-key",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareImage,),
    says=SAYS,
    needs=("published-keys",),
)
