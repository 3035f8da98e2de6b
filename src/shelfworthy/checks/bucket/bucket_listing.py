"""Does the bucket hand its table of contents to anyone who asks?

Why it matters: a listing is a map. Whoever has it can fetch every recording that is readable at all, and
knows how many there are and what they are called; in the story, two million voice messages were found
this way.

How we look (knock): one anonymous `GET ?list-type=2`, and at most four further pages. We count objects
and their sizes and keep the shapes of names, never a name.

What it does not show: whether single objects can be fetched without a listing; another check asks that.
Some servers refuse a stranger in the same words when there is no such bucket: a refusal says that
nothing was handed out here, not that anything is here.

If it fails: take `List` (and everything else) from everyone, switch the provider's block on public
access on, and hand out single objects by signed links that expire.
"""

from collections.abc import Iterator

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.bucket import Answered, BucketSeen, Listed

DENIED = frozenset({"AccessDenied", "AllAccessDisabled"})  # S3 error codes of access control

SAYS = {
    "listed": "The bucket lists {objects} objects with {bytes} bytes to a stranger.",
    "listed-more": "The bucket lists more than {objects} objects with {bytes} bytes to a stranger.",
    "listed-empty": "The bucket lists its contents to a stranger; there are none at the moment.",
    "refused": "The bucket refused to list its contents to a stranger ({code}).",
    "no-bucket": "There is no bucket of this name.",
    "elsewhere": "The bucket sends strangers to another address (status {status}), which is another surface.",
    "unexplained": "A stranger was answered with neither a listing nor a refusal (status {status}).",
}


def judge(seen: BucketSeen, about: About) -> Iterator[Answer]:
    at = field("listing")
    match seen.listing:
        case Listed(objects=0, truncated=False):
            yield fails("listed-empty", at, Severity.MEDIUM)
        case Listed(objects=objects, bytes=size, truncated=truncated):
            says = "listed-more" if truncated else "listed"
            yield fails(says, at, Severity.CRITICAL, objects=objects, bytes=size)
        case Answered(status=401 | 403, code=code) if code in DENIED:
            yield passes("refused", at, code=code)
        case Answered(code="NoSuchBucket"):
            yield inconclusive("no-bucket", Cause.NOT_SUPPLIED)
        case Answered(status=301 | 302 | 307 | 308 as status):
            yield inconclusive("elsewhere", Cause.NOT_UNDERSTOOD, status=status)
        case Answered(status=status):
            yield inconclusive("unexplained", Cause.NOT_UNDERSTOOD, status=status)


CHECK = Check(id="bucket-listing", version=2, level=Level.KNOCK, judge=judge, reads=(BucketSeen,), says=SAYS)
