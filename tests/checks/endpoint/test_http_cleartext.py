"""Answers of a plain port that are easily taken for others."""

import pytest

from shelfworthy.checks.endpoint.http_cleartext import judge
from shelfworthy.model import About, Endpoint, Outcome
from shelfworthy.seen.endpoint import EndpointPlain, Origin

HOME = Origin(scheme="https", host="api.bears.test", port=443)
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (301, HOME, PASS),
        (200, HOME, FAIL),  # content, whatever stands in its head
        (204, None, OPEN),  # nothing was served
        (301, Origin(scheme="https", host="api.bears.test.evil.test", port=443), FAIL),
        (301, Origin(scheme="http", host="api.bears.test", port=80), FAIL),
        (304, HOME, OPEN),
        (426, None, OPEN),
        (503, HOME, OPEN),
    ],
)
def test_an_answer(status: int, location: Origin | None, expected: Outcome) -> None:
    seen = EndpointPlain(
        host="api.bears.test",
        port=80,
        reply="http",
        status=status,
        location=location,
        cookies=(),
        tls_answered=False,
    )
    about = About(surface=Endpoint(id="api", where="https://api.bears.test/"))
    assert [answer.outcome for answer in judge(seen, about)] == [expected]
