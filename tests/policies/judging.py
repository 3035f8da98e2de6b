"""What every check says of every case, beside its label."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from shelfworthy.checks import CHECKS
from shelfworthy.model import About, Answer, Check, Identity, Outcome
from shelfworthy.seen.policy import PolicySeen
from tests.policies.reading import Case
from tests.policies.serving import HOST, PORT, surface

POLICY_CHECKS = tuple(check for check in CHECKS if PolicySeen in check.reads)


class Judged(Struct, frozen=True):
    """One answer. label: what is right."""

    case: str
    check: str
    label: str
    answer: Answer

    @property
    def standing(self) -> str:
        """right, wrong, or open: left to a person although the text decides it."""
        if str(self.answer.outcome) == self.label:
            return "right"
        return "open" if self.answer.outcome is Outcome.INCONCLUSIVE else "wrong"

    @property
    def sentence(self) -> str:
        """What a report prints of it."""
        check = next(one for one in POLICY_CHECKS if one.id == self.check)
        return check.says[self.answer.says].format(**self.answer.facts)


def about(case: Case) -> About:
    """What a check may know of a case."""
    said = case.product
    product = Identity(
        name=said["name"],
        vendor=said["vendor"],
        category=said["category"],
        for_children=said["for_children"],
    )
    return About(surface=surface(case, f"https://{HOST}:{PORT}"), product=product)


def answer(check: Check, seen: PolicySeen, of: About) -> Answer:
    """The one answer of a check."""
    (said,) = check.judge(seen, of)
    return said


def judged(several: Iterable[tuple[Case, PolicySeen]]) -> Iterator[Judged]:
    """Every check of every case."""
    for case, seen in several:
        of = about(case)
        for check in POLICY_CHECKS:
            yield Judged(case.name, check.id, case.labels[check.id], answer(check, seen, of))


def tally(several: Iterable[Judged]) -> dict[str, Counter[str]]:
    """By check: how many are right, wrong and open."""
    found: dict[str, Counter[str]] = {}
    for one in several:
        found.setdefault(one.check, Counter())[one.standing] += 1
    return found
