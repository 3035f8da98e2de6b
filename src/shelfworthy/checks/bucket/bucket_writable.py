"""Can a stranger put, change or delete what lies in the bucket, or change who may?

Why it matters: who can write can plant a voice in a child's toy, replace a firmware image, or delete
everything and ask for money. The rights to change the rights are as good as writing.

How we look (knock): we read the access list (`?acl`) and the policy (`?policy`), if a stranger may. Only
where `use` is permitted we write one small text of our own under a random name and remove it again.

What it does not show: rights that a server gives by other means than access list and policy, unless we
wrote; that is why an answer from these two alone is only probable. Whether existing objects can be
overwritten is never tried.

If it fails: take all writing rights from everyone; let devices and apps upload by signed links that
expire.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.bucket import Answered, BucketSeen, Grant, Grants, Unanswered, Written

ACL_WRITES = frozenset({"WRITE", "WRITE_ACP", "FULL_CONTROL"})
POLICY_WRITES = (  # actions of S3 that write; a policy names them with wildcards
    "s3:putobject",
    "s3:deleteobject",
    "s3:putobjectacl",
    "s3:putbucketacl",
    "s3:putbucketpolicy",
    "s3:deletebucket",
    "s3:deletebucketpolicy",
    "s3:deleteobjectversion",
    "s3:putobjectversionacl",
    "s3:replicateobject",
    "s3:replicatedelete",
    "s3:putlifecycleconfiguration",
    "s3:putreplicationconfiguration",
    "s3:putbucketownershipcontrols",
    "s3:putbucketpublicaccessblock",
    "s3:putbucketversioning",
    "s3:putbucketwebsite",
    "s3:putbucketcors",
    "s3:putencryptionconfiguration",
    "s3:putbucketnotification",
    "s3:bypassgovernanceretention",
    "s3:restoreobject",
    "s3:abortmultipartupload",
)
NO_POLICY = "NoSuchBucketPolicy"
REFUSED = frozenset({401, 403})
DENIED = frozenset({"AccessDenied", "AllAccessDisabled"})  # a refusal without these may be another's
ANYONE = "AllUsers"  # without an account, as we are

SAYS = {
    "written": "A stranger can write into the bucket. Our test object was removed again.",
    "written-stays": "A stranger can write into the bucket. Our test object {name} could not be removed.",
    "perhaps-stays": "The answer to a test write was cut off; if {name} lies in the bucket, it is ours.",
    "granted": "The bucket's {source} gives {group} the right {permission}.",
    "conditional": "The bucket's {source} gives {group} the right {permission} under conditions.",
    "contradictory": "The bucket's {source} gives {group} the right {permission}, but a write was refused.",
    "refused": "The bucket refused to let a stranger write (status {status}).",
    "not-granted": "Access list and policy can be read by strangers and give none of them a right to write.",
    "everything": "Any question is answered with success here: the answer to a test write means nothing.",
    "write-unexplained": "The answer to a test write was neither success nor refusal (status {status}).",
    "not-tried": "A stranger may not read the rights, and writing was not permitted to us.",
}


def judge(seen: BucketSeen, about: About) -> Iterator[Answer]:
    rights = list(writing(seen))
    match seen.write:
        case Written() if isinstance(seen.random, Answered) and seen.random.status < 300:
            yield inconclusive("everything", Cause.CONTRADICTORY)
        case Written(put=Answered(), removal=Answered(status=status)) if status < 300:
            yield fails("written", field("write"), Severity.CRITICAL)
        case Written(put=Answered(), name=name):
            yield fails("written-stays", field("write"), Severity.CRITICAL, name=name)
        case Written(put=Unanswered(cause=cause), name=name):
            yield inconclusive("perhaps-stays", cause, name=name)
            yield from granted(rights)
        case Answered(status=status, code=code) if status in REFUSED and code in DENIED:
            yield from refused(rights, status)
        case Answered(status=status):
            yield inconclusive("write-unexplained", Cause.NOT_UNDERSTOOD, status=status)
            yield from granted(rights)
        case NotLooked():
            yield from granted(rights) if rights else from_rights(seen)


def writing(seen: BucketSeen) -> Iterator[tuple[str, Grant]]:
    """The rights to write that strangers are given, with where they stand."""
    for source, told in (("acl", seen.acl), ("policy", seen.policy)):
        for grant in told.grants if isinstance(told, Grants) else ():
            action = grant.permission.lower()
            if grant.permission in ACL_WRITES or any(fnmatchcase(one, action) for one in POLICY_WRITES):
                yield source, grant


def granted(rights: list[tuple[str, Grant]]) -> Iterator[Answer]:
    """What the rights alone tell, where nobody wrote."""
    for source, grant in rights:
        facts = {"source": source, "group": grant.group, "permission": grant.permission}
        if grant.conditional:
            yield inconclusive("conditional", Cause.NEEDS_A_PERSON, **facts)
        else:
            at = field(source)
            yield fails("granted", at, Severity.CRITICAL, confidence=Confidence.PROBABLE, **facts)


def refused(rights: list[tuple[str, Grant]], status: int) -> Iterator[Answer]:
    """A write without credentials was refused; whoever has an account was not tried."""
    if not rights:
        yield passes("refused", field("write"), status=status)
    for source, grant in rights:
        if grant.group == ANYONE and not grant.conditional:
            facts = {"source": source, "group": grant.group, "permission": grant.permission}
            yield inconclusive("contradictory", Cause.CONTRADICTORY, **facts)
    yield from granted([right for right in rights if right[1].group != ANYONE or right[1].conditional])


def from_rights(seen: BucketSeen) -> Iterator[Answer]:
    """Whether access list and policy were both told whole, and let no stranger write."""
    policy_told = isinstance(seen.policy, Grants) or (
        isinstance(seen.policy, Answered) and seen.policy.code == NO_POLICY
    )
    if isinstance(seen.acl, Grants) and policy_told:
        yield passes("not-granted", field("acl"), confidence=Confidence.PROBABLE)
    else:
        yield inconclusive("not-tried", Cause.NOT_PERMITTED)


CHECK = Check(id="bucket-writable", version=1, level=Level.KNOCK, judge=judge, reads=(BucketSeen,), says=SAYS)
