"""Whose refusal it was, and which rights write."""

import pytest

from shelfworthy.checks.bucket.bucket_writable import judge
from shelfworthy.model import About, Bucket, Cause, NotLooked, Outcome
from shelfworthy.seen.bucket import Answered, BucketSeen, Elsewhere, Grant, Grants

ABOUT = About(surface=Bucket(id="voices", where="s3+http://127.0.0.1:1/voices"))
NOBODY = Grants(grants=())


def seen(policy: Grants, write: Answered | NotLooked) -> BucketSeen:
    denied = Answered(status=403, code="AccessDenied")
    return BucketSeen(
        listing=denied,
        acl=NOBODY,
        policy=policy,
        known=NotLooked(Cause.NOT_SUPPLIED),
        known_from="",
        known_shape="",
        random=denied,
        write=write,
        elsewhere=Elsewhere(places=(), more=0),
    )


def outcomes(it: BucketSeen) -> set[Outcome]:
    return {answer.outcome for answer in judge(it, ABOUT)}


def test_a_refusal_by_somebody_in_between_is_none_of_the_bucket() -> None:
    """A CDN that takes GET only, or a firewall, answers 403 as well; who goes around it is not refused."""
    assert outcomes(seen(NOBODY, Answered(status=403, code=""))) == {Outcome.INCONCLUSIVE}
    assert outcomes(seen(NOBODY, Answered(status=403, code="AccessDenied"))) == {Outcome.PASS}


@pytest.mark.parametrize(
    "action", ["s3:DeleteObjectVersion", "s3:Delete*", "s3:PutLifecycleConfiguration", "s3:*Object", "*"]
)
def test_rights_that_write(action: str) -> None:
    policy = Grants(grants=(Grant(group="AllUsers", permission=action),))
    assert outcomes(seen(policy, NotLooked(Cause.NOT_PERMITTED))) == {Outcome.FAIL}


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:List*", "s3:GetBucketLocation"])
def test_rights_that_only_read(action: str) -> None:
    policy = Grants(grants=(Grant(group="AllUsers", permission=action),))
    assert outcomes(seen(policy, NotLooked(Cause.NOT_PERMITTED))) == {Outcome.PASS}
