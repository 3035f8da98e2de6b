"""A decision judged again: the evidence of then by today's rules, today's evidence by the rules of then.

From the verdict of then to today's lead five steps, and in each one thing changes; a step after which the
verdict is another says what changed it:

    then ─product─> the shop's product file and version of today
         ─rule────> the rules of today
         ─time────> judged as of today
         ─evidence> the evidence of today

The first step needs the rules of then. They are kept with what was decided (`rules.py`): `five.toml` and the
versions of the checks, but not the checks' code. Where a check has another version today, the rules of then
cannot be applied as they were, and where they were never kept, not at all: then it says so, and `product` and
`rule` cannot be told apart.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shelfworthy.model import Judgement, Outcome, Record
from shelfworthy.shelf.deciding import judged
from shelfworthy.shelf.deciding.details import requirements
from shelfworthy.shelf.models import Decision, Listing, Origin, Rules

STEPS = (  # what changes in one, as pages say it
    gettext_noop("product"),
    gettext_noop("rule"),
    gettext_noop("product or rule"),
    gettext_noop("time"),
    gettext_noop("evidence"),
)
ANSWERED = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.MOOT})


class NotReplayable(Exception):
    """A decision that cannot be judged again: why."""


class Turn(Record, frozen=True):
    """An answer that became another between two verdicts; "" where one does not have it."""

    id: str
    before: str
    after: str


class Step(Record, frozen=True):
    """One step: what changes in it, and the answers that became others by it."""

    what: str
    turns: tuple[Turn, ...]


class Replay(Record, frozen=True):
    """A decision judged again. steps: those that could be told apart. changed: by which of them the verdict
    became another. of_then_by_todays, of_today_by_those_of_then: the answers; None where it cannot be had.

    mended, broken: keys of findings by which the product itself was seen to be otherwise: the same question,
    asked at the same place, was answered both times, and failed then or today only.
    says: what could not be done, a sentence each.
    """

    number: int
    then: dict[str, str]
    today: dict[str, str]
    of_then_by_todays: dict[str, str]
    of_today_by_those_of_then: dict[str, str] | None
    steps: tuple[Step, ...]
    changed: tuple[str, ...]
    mended: tuple[str, ...]
    broken: tuple[str, ...]
    says: tuple[str, ...]


class Bench(Record, frozen=True):
    """Under which rules evidence is judged. clears: whose evidence may clear."""

    text: str
    clears: frozenset[str]


def replay(decision: Decision, at: datetime) -> Replay:
    """Judge it again. Raises NotReplayable."""
    if decision.judged is None:
        raise NotReplayable(
            _("Nothing had been judged when this was decided, so there is nothing to judge again.")
        )
    said: list[str] = []
    then = judged.judgement_of(decision.judged)
    old = _rules_of(decision, said)
    listing = decision.listing
    by_todays = _judge(listing, decision.at, decision.at, None)
    if by_todays is None:
        raise NotReplayable(
            _("The evidence of then is no longer on this shelf, or the listing has no product.")
        )
    if by_todays.evidence_digest != decision.evidence_digest:
        said.append(_("The evidence that had come in by then is not the evidence this was decided on."))
    aged = _judge(listing, at, decision.at, None)
    today = _judge(listing, at, at, None)
    assert aged is not None  # the same evidence as before
    assert today is not None  # no less evidence than before
    reproduced = _judge(listing, decision.at, decision.at, old) if old else None
    back = _judge(listing, at, at, old) if old else None
    if reproduced is not None:
        first = [_step("product", then, reproduced), _step("rule", reproduced, by_todays)]
    else:
        same = decision.rules_digest == by_todays.rules_digest
        first = [_step("product" if same else "product or rule", then, by_todays)]
    steps = (*first, _step("time", by_todays, aged), _step("evidence", aged, today))
    mended, broken = _otherwise(then, today)
    return Replay(
        number=decision.number,
        then=_answers(then),
        today=_answers(today),
        of_then_by_todays=_answers(by_todays),
        of_today_by_those_of_then=_answers(back) if back is not None else None,
        steps=steps,
        changed=tuple(step.what for step in steps if step.turns),
        mended=mended,
        broken=broken,
        says=tuple(said),
    )


def _rules_of(decision: Decision, said: list[str]) -> Bench | None:
    """The rules of then, and in `said` what of them cannot be had."""
    from shelfworthy.shelf.evidence.judging import bench

    rules = Rules.objects.filter(digest=decision.rules_digest).first()
    if rules is None:
        said.append(_("The rules of then were not kept on this shelf, so they cannot be applied again."))
        return None
    today = {id: one.version for id, one in bench().facts.items()}
    then = {one["id"]: one["version"] for one in rules.checks}
    others = sorted(id for id in {*today, *then} if today.get(id) != then.get(id))
    if others:
        words = _(
            "Of the rules of then the guidelines are here, and not all checks: %(names)s have become others,"
            " came or went. The answers by the rules of then are made with today's checks."
        )
        said.append(words % {"names": ", ".join([*others[:12], *(["…"] if len(others) > 12 else [])])})
    return Bench(text=rules.text, clears=frozenset(rules.clears))


def _judge(listing: Listing, at: datetime, received_by: datetime, bench: Bench | None) -> Judgement | None:
    """What the evidence that had come in by then says, as of a moment; None where there is none.

    bench: the rules; None: those of today.
    """
    from shelfworthy.shelf.evidence import judging, trusting
    from shelfworthy.shelf.evidence.combining import Version
    from shelfworthy.shelf.evidence.current import product_file
    from shelfworthy.shelf.evidence.rolling import Wanted
    from shelfworthy.shelf.evidence.trust import Trust

    if listing.product is None:
        return None
    audits = _audits(listing, received_by)
    trust = trusting.trust()
    if bench is not None:
        trust = Trust(clears=frozenset(Origin(one) for one in bench.clears))
    wanted = Wanted(
        audits=audits,
        version=Version(firmware=listing.firmware, app=listing.app),
        trust=trust,
        own=product_file(listing.product),
        at=at,
    )
    return judging.judgement(wanted, bench.text if bench is not None else "")


def _audits(listing: Listing, received_by: datetime) -> tuple[tuple[Origin, str], ...]:
    from shelfworthy.shelf.evidence import kept
    from shelfworthy.shelf.models import Audit

    rows = Audit.objects.filter(product=listing.product, received_at__lte=received_by)
    rows = rows.select_related("observer").order_by("digest", "observer__origin")
    found = ((Origin(one.observer.origin), str(kept.folder_of(one.digest))) for one in rows)
    return tuple(dict.fromkeys(found))


def _step(what: str, before: Judgement, after: Judgement) -> Step:
    old, new = _answers(before), _answers(after)
    return Step(
        what=what,
        turns=tuple(
            Turn(id=id, before=old.get(id, ""), after=new.get(id, ""))
            for id in sorted({*old, *new})
            if old.get(id) != new.get(id)
        ),
    )


def _answers(judgement: Judgement) -> dict[str, str]:
    """Of every guideline and requirement."""
    answers = {id: str(one.answer) for id, one in judgement.verdict.guidelines.items()}
    return answers | {id: str(one.answer) for id, one in requirements(judgement.verdict)}


def _otherwise(then: Judgement, today: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of findings that were answered both times, by what was seen, and otherwise: what failed then
    and not today, and the other way round."""
    before, after = _outcomes(then), _outcomes(today)
    both = before.keys() & after.keys()
    mended = sorted(key for key in both if before[key] is Outcome.FAIL is not after[key])
    broken = sorted(key for key in both if after[key] is Outcome.FAIL is not before[key])
    return tuple(mended), tuple(broken)


def _outcomes(judgement: Judgement) -> dict[str, Outcome]:
    """By key, the newest answer."""
    found = sorted(judgement.findings, key=lambda one: (one.seen_at, one.outcome is Outcome.FAIL, one.id))
    return {one.key: one.outcome for one in found if one.outcome in ANSWERED}
