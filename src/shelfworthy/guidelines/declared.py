"""Step 4, its end: what a person declared about a requirement.

Kept here:
- A declaration settles only `cannot determine`, and only from its day until its last day.
- Where the words it quotes are gone from their policy, it settles nothing, and no older one speaks in its
  place: the question is open.
- What was found or seen stands; a declaration against it is shown beside it as contradicted.
- Of several declarations the newest speaks; of one day's, the most cautious.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from shelfworthy.guidelines.cells import FAIL, MOOT, PASS
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.members import Member
from shelfworthy.guidelines.plan import Article
from shelfworthy.model import Declaration, RequirementVerdict, Standing

CAUTION = (Standing.MET, Standing.NOT_APPLICABLE, Standing.CANNOT_DETERMINE, Standing.NOT_MET)


def in_force(grounds: Grounds) -> dict[str, Declaration]:
    """By requirement, the declaration that speaks today."""
    today = grounds.at.date()
    ordered = sorted(
        (said for said in grounds.product.declaration if said.on <= today <= said.until),
        key=lambda said: (said.on, CAUTION.index(said.answer), said.by, said.because),
    )
    newest = {said.requirement: said for said in ordered}
    return {requirement: said for requirement, said in newest.items() if said not in grounds.lapsed}


def settle(
    verdict: RequirementVerdict,
    said: Declaration,
    article: Article,
    asked: Mapping[str, Member],
    grounds: Grounds,
) -> RequirementVerdict:
    """The verdict with the declaration that speaks about it."""
    if said.answer in (verdict.answer, Standing.CANNOT_DETERMINE):
        return verdict
    if verdict.answer is Standing.NOT_APPLICABLE:
        return verdict  # not asked of this product: there is nothing to settle
    if verdict.answer is not Standing.CANNOT_DETERMINE:
        against = list(verdict.because)
    elif said.answer is Standing.NOT_APPLICABLE:
        against = _arises(article, asked, grounds)
    else:
        against = []
    if against:
        beside = f"{said.by} declared it `{said.answer}` on {said.on}; against it: {', '.join(against)}"
        return replace(verdict, contradicted=beside)
    return replace(verdict, answer=said.answer, declared_by=said.by, because=(), would_change=())


def _arises(article: Article, asked: Mapping[str, Member], grounds: Grounds) -> list[str]:
    """What shows that the requirement applies: answers where the question is not moot, seen surfaces."""
    found = [
        finding.id
        for check in article.deciding
        if check in asked
        for cell in asked[check].cells
        if cell.outcome is not MOOT
        for finding in grounds.said(check).get(cell.surface, ())
        if finding.unit == cell.unit and finding.outcome in (PASS, FAIL)
    ]
    requirement = article.requirement
    kinds = {*article.asked_at, *requirement.about}
    kinds |= {kind for group in requirement.expects for kind in group}
    seen = [surface.id for kind in sorted(kinds) for surface in grounds.makers(kind) if not surface.declared]
    return found + seen
