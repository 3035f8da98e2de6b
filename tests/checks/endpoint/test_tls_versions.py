"""What a look that did not offer every version leaves open: no real server makes ours do that."""

from shelfworthy.checks.endpoint import tls_known_flaws, tls_versions
from shelfworthy.model import About, Cause, Endpoint, NotLooked, Outcome
from shelfworthy.seen.endpoint import EndpointTls, VersionSeen
from shelfworthy.seen.tls_suites import OLD

NEW = tuple(
    VersionSeen(version=version, reply="accepted", alert=-1, suites=(0xC02F,), offered=1, unknown=None)
    for version in ("TLS 1.2", "TLS 1.3")
)
SEEN = EndpointTls(versions=NEW, heartbeat=NotLooked(Cause.NOT_PERMITTED))
ABOUT = About(surface=Endpoint(id="it", where="https://api.bears.test/"))


def test_a_version_that_nobody_offered_is_open() -> None:
    said = list(tls_versions.judge(SEEN, ABOUT))
    assert {answer.subject for answer in said} == set(OLD)
    assert {(answer.outcome, answer.cause) for answer in said} == {
        (Outcome.INCONCLUSIVE, Cause.NOBODY_LOOKED)
    }


def test_a_flaw_of_a_version_that_nobody_offered_is_open() -> None:
    said = {answer.subject: answer.outcome for answer in tls_known_flaws.judge(SEEN, ABOUT)}
    assert said["POODLE"] is said["DROWN"] is Outcome.INCONCLUSIVE
