"""What nothing that can be installed says any more: refusals of MongoDB before 2.6, which have no codes."""

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Database, Outcome
from shelfworthy.seen.database import DatabaseListing, Refused

ABOUT = About(surface=Database(id="records", where="mongodb://records.bears.test"))


def refused(words: str) -> DatabaseListing:
    return DatabaseListing(over_tls=False, answer=Refused(code=0, name="", words=words))


@pytest.mark.parametrize("words", ["unauthorized", "not authorized on admin to execute", "need to login"])
def test_a_refusal_in_words_alone_is_a_refusal(words: str) -> None:
    (answer,) = BY_ID["database-open"].judge(refused(words), ABOUT)
    assert (answer.outcome, answer.says) == (Outcome.PASS, "refused")


@pytest.mark.parametrize("words", ["", "no such cmd", "the unauthorized"])
def test_other_words_are_no_refusal(words: str) -> None:
    (answer,) = BY_ID["database-open"].judge(refused(words), ABOUT)
    assert answer.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("check", ["database-ransom-traces", "database-production-copy"])
def test_a_refusal_says_nothing_of_what_is_inside(check: str) -> None:
    (answer,) = BY_ID[check].judge(refused("unauthorized"), ABOUT)
    assert (answer.outcome, answer.cause) == (Outcome.INCONCLUSIVE, Cause.REFUSED)
