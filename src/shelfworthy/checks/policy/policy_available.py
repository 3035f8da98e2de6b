"""Can a shopper find the privacy policy?

Why it matters: the fifth guideline asks for privacy information that is easily accessible. What nobody finds,
nobody can refuse.

How we look (look): the page that the product file names is the policy, or where a shopper begins; then links
are followed, by one click or two, as their words and addresses tell (in some ten languages). A listing of the
app in a store leads to what it calls the policy, and a string of firmware that is a policy's address to that.
A page counts as a policy if it speaks of personal data.

What it does not show: a policy that is only in an app, on paper or behind a log-in; whether it is found by
people who search otherwise; whether a shopper is shown what a listing or a string names.

If it fails: link the policy from every page, in words everybody understands ("Privacy").
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._language import language
from shelfworthy.checks.policy._reading import speaks_of_data
from shelfworthy.checks.policy._words import words
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
    passes,
)
from shelfworthy.seen.policy import PolicyDocument, PolicySeen

# Whose words of privacy are known, for links and for texts; what says no language ("") is tried as well.
LINKED = words(" en de fr es it nl pt sv ja zh ko ru") | {""}
READ = words("en de fr es it nl pt ja zh ko ru")
GONE = frozenset({404, 410})

SAYS = {
    "there": "A privacy policy can be reached at {url}.",
    "clicks": "The privacy policy is found by {clicks} from where a shopper begins: {url}.",
    "no-link": "No link to a privacy policy was found within two clicks of {url}.",
    "gone": "The link to the privacy policy leads to nothing: {url} answers {status}.",
    "no-policy": "What is linked as the privacy policy says nothing of personal data: {url}.",
    "far": "The privacy policy is not reached within two clicks of {url}.",
    "file": "The policy was supplied as a file: whether a shopper can reach it is not known.",
    "unseen": "Whether there is a privacy policy could not be seen: {why}.",
    "left": "No link to a privacy policy was found, but not every page could be read and understood.",
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    policies = [(number, one) for number, one in enumerate(seen.documents) if one.role == "policy"]
    good = [(number, one) for number, one in policies if speaks_of_data(one)]
    if seen.at is None:
        yield inconclusive("file", Cause.NOT_SUPPLIED)
    elif good:
        yield reached(seen, *min(good, key=lambda pair: pair[1].clicks if pair[1].clicks > 0 else 9))
    elif lost := next(((n, one) for n, one in policies if one.status in GONE), None):
        at = field(f"documents.{lost[0]}.status")
        yield fails("gone", at, Severity.MEDIUM, url=lost[1].final, status=lost[1].status)
    elif unseen := next((one for _, one in policies if not understood(one)), None):
        why = unseen.words.rstrip(".") or "not all of it was read, or not in its language"
        yield inconclusive("unseen", unseen.cause or Cause.NOT_UNDERSTOOD, why=why)
    elif policies:
        number, empty = policies[0]
        yield fails("no-policy", field(f"documents.{number}.text"), Severity.MEDIUM, url=empty.final)
    elif not walked(seen):
        yield inconclusive("left", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("no-link", field("hops"), Severity.MEDIUM, url=seen.hops[0].final)


def reached(seen: PolicySeen, number: int, policy: PolicyDocument) -> Answer:
    """A policy is there; whether a shopper comes to it, where a way was walked."""
    if not seen.hops:
        return passes("there", field(f"documents.{number}.final"), url=policy.final)
    if policy.clicks > 0:
        clicks = "one click" if policy.clicks == 1 else "two clicks"
        return passes("clicks", field(f"documents.{number}.clicks"), clicks=clicks, url=policy.final)
    if walked(seen):
        return fails("far", field("hops"), Severity.LOW, url=seen.hops[0].final)
    return inconclusive("left", Cause.NOT_UNDERSTOOD)


def understood(policy: PolicyDocument) -> bool:
    """Whether all of a text was read, in a language whose words are known: else it may speak of anything."""
    known = language(policy.text, policy.language) in READ
    return policy.cause is None and policy.readable and policy.whole and known


def walked(seen: PolicySeen) -> bool:
    """Whether a link that was not found is not there."""
    return (
        bool(seen.hops)
        and not seen.unvisited
        and all(hop.whole and hop.readable and hop.language in LINKED for hop in seen.hops)
    )


CHECK = Check(id="policy-available", version=1, level=Level.LOOK, judge=judge, reads=(PolicySeen,), says=SAYS)
