"""Listings with verdicts, for tests of what is decided about them."""

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

from shelfworthy.model import (
    Confidence,
    Field,
    Finding,
    GuidelineVerdict,
    Judgement,
    Outcome,
    RequirementVerdict,
    Severity,
    canonical,
    digest,
)
from shelfworthy.model import Standing as Answer
from shelfworthy.model import Verdict as Said
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.details import against_of
from shelfworthy.shelf.models import Judged, Listing, Market, Product, Standing, Verdict

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def finding(
    check: str = "database-open",
    says: str = "open",
    severity: Severity = Severity.CRITICAL,
    surface: str = "toys",
    **facts: str,
) -> Finding:
    """A failing finding."""
    return Finding(
        id=digest(("id", check, says, surface, facts)),
        key=digest(("key", check, surface))[:32],
        check=check,
        check_version=1,
        surface=surface,
        unit="",
        outcome=Outcome.FAIL,
        says=says,
        facts=dict(facts),
        subject="",
        severity=severity,
        confidence=Confidence.CERTAIN,
        cause=None,
        place=Field(path="reply"),
        evidence=(digest(("evidence", check))[:64],),
        seen_at=SEEN,
        until=None,
    )


def judgement(
    exposed: Iterable[Finding] = (), weak: Iterable[Finding] = (), rules: str = "r" * 64
) -> Judgement:
    """A judgement with these findings under `exposure.data` and `passwords.defaults`."""
    exposed, weak = tuple(exposed), tuple(weak)

    def answer(found: tuple[Finding, ...]) -> RequirementVerdict:
        ids = tuple(one.id for one in found)
        return RequirementVerdict(
            answer=Answer.NOT_MET if found else Answer.CANNOT_DETERMINE, findings=ids, because=ids
        )

    of_passwords = answer(weak)
    return Judgement(
        evidence_digest=digest((exposed, weak)),
        rules_digest=rules,
        references=(),
        judged_at=SEEN,
        findings=(*exposed, *weak),
        verdict=Said(
            guidelines={
                "passwords": GuidelineVerdict(
                    answer=of_passwords.answer, requirements={"passwords.defaults": of_passwords}
                )
            },
            exposures={"exposure.data": answer(exposed)},
        ),
    )


def listing(sku: str = "A-1", *markets: str, for_children: bool | None = None, category: str = "") -> Listing:
    """A listing of a product of its own."""
    product = Product.objects.create(
        key=digest(sku)[:16], name=f"Bear {sku}", vendor="Toymaker", changed_at=now()
    )
    one = Listing.objects.create(
        sku=sku,
        title=f"Talking bear {sku}",
        maker="Toymaker Ltd",
        seller="Market seller",
        category=category,
        for_children=for_children,
        product=product,
        created_at=now(),
        changed_at=now(),
    )
    one.markets.set(Market.objects.get_or_create(code=code)[0] for code in markets)
    return one


def found(of: Listing, said: Judgement, undetermined_since: datetime | None = None) -> Verdict:
    """The verdict row of a listing, as the evidence's one function writes it."""
    content = zlib.compress(canonical(said))
    judged, _ = Judged.objects.get_or_create(
        digest=digest(said), defaults={"content": content, "against": against_of(said)}
    )
    failing = sorted({one.key for one in said.findings})
    answers = {name: str(one.answer) for name, one in said.verdict.guidelines.items()}
    answers |= {name: str(one.answer) for name, one in said.verdict.exposures.items()}
    standing = Standing.NOT_MET if failing else Standing.UNDETERMINED
    verdict, _ = Verdict.objects.update_or_create(
        listing=of,
        defaults={
            "standing": standing,
            "answers": answers,
            "exposed": answers.get("exposure.data") == "not met",
            "failing": failing,
            "evidence_digest": said.evidence_digest,
            "rules_digest": said.rules_digest,
            "judged": judged,
            "judged_at": now(),
            "undetermined_since": undetermined_since,
        },
    )
    return verdict
