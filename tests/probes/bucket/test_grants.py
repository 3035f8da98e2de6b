"""What access lists and policies give to strangers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.probes.bucket.grants import acl_grants, policy_grants
from shelfworthy.seen.bucket import Grant, Grants
from tests.probes.bucket.peers import ACL


def grants(*statements: dict[str, Any]) -> tuple[Grant, ...] | None:
    found = policy_grants(json.dumps({"Statement": list(statements)}).encode())
    return found.grants if found else None


ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject"}
PUT = Grant(group="AllUsers", permission="s3:PutObject")
PERHAPS = Grant(group="AllUsers", permission="s3:PutObject", conditional=True)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (ALLOW, (PUT,)),
        (ALLOW | {"Principal": {"AWS": "*"}}, (PUT,)),
        (ALLOW | {"Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}}, (PUT,)),
        (ALLOW | {"Action": ["s3:PutObject", 7, None]}, (PUT,)),
        (ALLOW | {"Principal": {"AWS": "arn:aws:iam::1:root"}}, ()),
        (ALLOW | {"Principal": {"CanonicalUser": "*"}}, ()),
        (ALLOW | {"Effect": "Deny"}, ()),
        (ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, (PERHAPS,)),
        ({"Effect": "Allow", "NotPrincipal": {"AWS": "x"}, "Action": "s3:PutObject"}, (PERHAPS,)),
        (
            {"Effect": "Allow", "Principal": "*", "NotAction": "s3:GetObject"},
            (Grant(group="AllUsers", permission="*", conditional=True),),
        ),
    ],
)
def test_a_statement(statement: dict[str, Any], expected: tuple[Grant, ...]) -> None:
    assert grants(statement) == expected


def test_a_denial_beside_makes_a_grant_conditional() -> None:
    assert grants(ALLOW, ALLOW | {"Effect": "Deny", "Action": "s3:*"}) == (PERHAPS,)


def test_one_statement_needs_no_list() -> None:
    assert policy_grants(json.dumps({"Statement": ALLOW}).encode()) == Grants(grants=(PUT,))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"[" * 100_000, b"\xff", b'{"Statement": '])
def test_what_is_no_policy(body: bytes) -> None:
    assert policy_grants(body) is None


@pytest.mark.parametrize("principal", ["*", ["*"], {"AWS": "*"}, {"AWS": ["a", "*"]}, {"*": "*"}])
def test_ways_to_name_everyone(principal: object) -> None:
    assert grants(ALLOW | {"Principal": principal}) == (PUT,)


@pytest.mark.parametrize("principal", [None, [], {}, {"AWS": "arn:aws:iam::1:root"}, "x", {"AWS": []}])
def test_ways_to_name_somebody_else(principal: object) -> None:
    assert grants(ALLOW | {"Principal": principal}) == ()


def test_a_policy_too_long_to_keep_is_not_taken_for_one_without_the_rest() -> None:
    """A right to write behind a hundred others must not get lost."""
    reading = [ALLOW | {"Action": f"s3:GetSomething{n}"} for n in range(100)]
    assert policy_grants(json.dumps({"Statement": [*reading, ALLOW]}).encode()) is None


def test_groups_of_an_acl() -> None:
    body = ACL.format("AuthenticatedUsers", "FULL_CONTROL").encode()
    assert acl_grants(body) == Grants(grants=(Grant(group="AuthenticatedUsers", permission="FULL_CONTROL"),))
    assert acl_grants(ACL.format("LogDelivery", "WRITE").encode()) == Grants(grants=())
    assert acl_grants(body[:-5]) is None
    assert acl_grants(b"<ListBucketResult/>") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Allow", "Deny", "s3:*"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Statement", "Effect", "Principal", "AWS", "Action", "NotAction", "Condition"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_policy_makes_it_raise(value: object) -> None:
    policy_grants(json.dumps(value).encode())
