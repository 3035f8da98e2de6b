"""The policies of two audits side by side. Pure; never more than `MOST` changes of one are listed."""

from collections.abc import Iterable, Iterator

from shelfworthy.checks.policy._language import name
from shelfworthy.checks.policy._reading import read
from shelfworthy.model import Observation
from shelfworthy.report.policies.aligning import MOST as MOST_SENTENCES
from shelfworthy.report.policies.aligning import folded, pairs
from shelfworthy.report.policies.meaning import Comparison, Side, text_of
from shelfworthy.report.policies.shape import How, PolicyChange, PolicyDiff
from shelfworthy.report.policies.subjects import requirements
from shelfworthy.report.sentences import filled
from shelfworthy.report.words import words
from shelfworthy.seen import AnySeen
from shelfworthy.seen.policy import PolicySeen

MOST = 300  # changes listed of a policy

Observations = Iterable[Observation[AnySeen]]


def policy_diffs(old: Observations, new: Observations) -> tuple[PolicyDiff, ...]:
    """What changed in each policy that was read both times; none of one that is word for word the same."""
    before, after = newest(old), newest(new)
    both = sorted(before.keys() & after.keys())
    found = (policy_diff(before[at], after[at], *at) for at in both)
    return tuple(one for one in found if one is not None)


def newest(observations: Observations) -> dict[tuple[str, str], PolicySeen]:
    """By surface and unit, the newest that has a text."""
    found: dict[tuple[str, str], PolicySeen] = {}
    for one in sorted(observations, key=lambda one: (one.at, one.id)):
        if isinstance(one.seen, PolicySeen) and any(document.text for document in one.seen.documents):
            found[one.surface, one.unit] = one.seen
    return found


def policy_diff(old: PolicySeen, new: PolicySeen, surface: str, unit: str) -> PolicyDiff | None:
    """What changed in one policy, or None."""
    text = words().policies
    before, after = Side(read(old)), Side(read(new))
    cut = "" if before.read.whole and after.read.whole and same_roles(old, new) else text["cut"]
    if max(len(before.sentences), len(after.sentences)) > MOST_SENTENCES:
        cut = text["long"]
    if before.read.language != after.read.language:
        languages = {"old": name(before.read.language), "new": name(after.read.language)}
        says = filled(text["language"], languages)
        return PolicyDiff(surface=surface, unit=unit, says=says, cut=cut, changes=(), left_out=0, reopened=())
    if cut:
        before.whole = after.whole = False
    changes = sorted(changed(before, after), key=lambda one: list(How).index(one.how))
    if not changes:
        if [folded(one.text) for one in before.sentences] == [folded(one.text) for one in after.sentences]:
            return None
        says = text["moved"]
    else:
        says = text[f"all_{changes[0].how.replace(' ', '_')}"]
    return PolicyDiff(
        surface=surface,
        unit=unit,
        says=says,
        cut=cut,
        changes=tuple(changes[:MOST]),
        left_out=max(0, len(changes) - MOST),
        reopened=tuple(sorted({id for one in changes if one.how is How.MEANING for id in one.requirements})),
    )


def changed(before: Side, after: Side) -> Iterator[PolicyChange]:
    """Every sentence that changed."""
    compared = Comparison(before, after)
    for pair in pairs(before.sentences, after.sentences):
        found = compared.said(pair)
        how = found[0][0] if found else How.OTHER
        yield PolicyChange(
            how=how,
            says=tuple(says for one, says in found if one is how),
            old=text_of(pair.old),
            new=text_of(pair.new),
            requirements=requirements(before.of(pair.old) | after.of(pair.new))
            if how in (How.MEANING, How.TO_READ, How.DATE)
            else (),
        )


def same_roles(old: PolicySeen, new: PolicySeen) -> bool:
    """Whether the same texts were read both times: what was not read again is not gone."""
    roles = [sorted(one.role for one in seen.documents if one.text and one.readable) for seen in (old, new)]
    return roles[0] == roles[1]
