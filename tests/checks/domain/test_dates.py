"""To the second: when a registration ends, against the time of the look, and until when a pass holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shelfworthy.checks.domain.domain_expires_soon import judge as expires_soon
from shelfworthy.checks.domain.domain_expiry import judge as expiry
from shelfworthy.checks.domain.domain_registered import judge as registered
from shelfworthy.model import About, Answer, Domain, Outcome
from shelfworthy.seen.domain import RECORDS, DomainRegistration, Registration

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ABOUT = About(surface=Domain(id="name", where="domain:toy.test"))


def seen(expires: datetime | None, *statuses: str) -> DomainRegistration:
    return DomainRegistration(
        at=NOON,
        name="toy.test",
        registration=Registration(
            domain="toy.test",
            protocol="rdap",
            asked="127.0.0.1:80",
            found=True,
            statuses=statuses,
            registered=None,
            expires=expires,
            registrar="",
            name_servers=(),
            signed=None,
            redacted=False,
            delegated=RECORDS,
        ),
    )


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (timedelta(0), "expired"),
        (SECOND, "ends-soon"),
        (timedelta(days=30) - SECOND, "ends-soon"),
        (timedelta(days=30), "paid"),
    ],
)
def test_expiry(left: timedelta, says: str) -> None:
    (answer,) = expiry(seen(NOON + left), ABOUT)
    assert answer.says == says


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (-SECOND, "ends-soon"),
        (timedelta(days=90) - SECOND, "ends-soon"),
        (timedelta(days=90), "paid"),
    ],
)
def test_expires_soon(left: timedelta, says: str) -> None:
    (answer,) = expires_soon(seen(NOON + left), ABOUT)
    assert answer.says == says


def test_a_pass_holds_until_the_same_look_would_fail() -> None:
    ends = NOON + timedelta(days=365)
    untils = [one(expiry(seen(ends), ABOUT)).until, one(expires_soon(seen(ends), ABOUT)).until]
    assert untils == [ends - timedelta(days=30), ends - timedelta(days=90)]
    assert one(registered(seen(ends), ABOUT)).until == ends


def one(answers: Iterator[Answer]) -> Answer:
    (answer,) = answers
    return answer


def test_a_registration_that_ended_and_was_not_given_up_is_still_one() -> None:
    answer = one(registered(seen(NOON - SECOND), ABOUT))
    assert (answer.outcome, answer.until) == (Outcome.PASS, None)


@pytest.mark.parametrize("status", ["redemption period", "pending delete"])
def test_what_was_given_up_is_no_registration_whatever_its_date(status: str) -> None:
    ends = NOON + timedelta(days=365)  # some registries add a year before they know
    assert one(registered(seen(ends, status), ABOUT)).outcome is Outcome.FAIL
