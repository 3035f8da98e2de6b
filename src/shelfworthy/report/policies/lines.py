"""What changed in a policy, for a terminal: a line for each change, the sentences under it."""

from collections.abc import Iterator

from shelfworthy.report.clean import plain
from shelfworthy.report.on_the_way import called
from shelfworthy.report.policies.shape import PolicyDiff
from shelfworthy.report.sentences import clip, filled, listed
from shelfworthy.report.words import words

SHOWN = 40  # changes; all are in the JSON form
LONGEST = 300  # characters of a sentence


def policy_lines(policy: PolicyDiff) -> Iterator[str]:
    """The lines, with a blank one before."""
    text = words().policies
    where = " / ".join(plain(part, 80) for part in (called(policy.surface), policy.unit) if part)
    yield f"\nPolicy {where}: {policy.says}"
    if policy.cut:
        yield f"  {policy.cut}"
    if policy.reopened:
        yield f"  {filled(text['reopened'], {'requirements': policy.reopened})}"
    for one in policy.changes[:SHOWN]:
        concerns = f" ({listed(one.requirements)})" if one.requirements else ""
        yield f"  {one.how}: {plain(' '.join(one.says) or text['unknown'], 2000)}{concerns}"
        for sign, words_of in (("-", one.old), ("+", one.new)):
            if words_of:
                yield f"    {sign} {clip(words_of, LONGEST)}"
    rest = len(policy.changes[SHOWN:]) + policy.left_out
    if rest:
        yield f"  {filled(text['rest'], {'count': rest})}"
