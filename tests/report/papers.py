"""Audits of products with a policy, from the cases whose answers are known."""

import msgspec

from shelfworthy.audit.judge import judge
from shelfworthy.model import Identity, Judgement, PrivacyPolicy, Product, digest
from shelfworthy.record import Evidence
from shelfworthy.seen.policy import PolicySeen
from tests.policies.reading import cases, seen
from tests.report import audits

SURFACE = PrivacyPolicy(id="policy", where="policy:https://www.thistledown.example/privacy")


def of_case(name: str) -> tuple[Evidence, Judgement]:
    """The audit of a case's product, at which nothing but its policy was looked at."""
    case = next(one for one in cases() if one.name == name)
    said = case.product
    identity = Identity(
        name=said["name"],
        vendor=said["vendor"],
        category=said["category"],
        for_children=said["for_children"],
    )
    return audited(identity, seen(case))


def good_toy() -> tuple[Evidence, Judgement]:
    """A talking owl with a good policy."""
    return of_case("good-toy")


def audited(product: Identity, *several: PolicySeen) -> tuple[Evidence, Judgement]:
    """The audit of a product at whose policy this was seen."""
    observations = tuple(audits.observed("policy", one) for one in several)
    evidence = Evidence(
        product=Product(product=product, surface=(SURFACE,)),
        observations=observations,
        gaps=(),
        looks=(audits.looked("policy", observations),),
        attachments=(),
        supplied={},
        digest=digest(msgspec.json.encode(several)),
    )
    return evidence, judge(evidence, audits.JUDGED_AT)
