"""What of the roll-up follows from rules and checks alone: worked out once, and used for every product.

A product has surfaces of few kinds, and most checks and requirements are about others. So that a verdict
costs what the product has and not what there is to ask, the plan leads from a kind to its checks, and from
kinds and checks to the requirements they concern. The others answer what `requirement.unconcerned` says.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from msgspec import Struct

from shelfworthy.guidelines.rules import CheckFacts, Requirement, Rules
from shelfworthy.model import Kind

EXPOSURE = "exposure"

Key = TypeVar("Key")
Value = TypeVar("Value")


class Article(Struct, frozen=True, eq=False):
    """A requirement with what follows about it. id: whole (`encryption.tls`).

    deciding: the checks whose answers decide. kinds: of surface that they are asked at, by check; asked_at:
    all of these. unasked: kinds that it is about and none of them is asked at.
    """

    id: str
    requirement: Requirement
    deciding: tuple[str, ...]
    kinds: Mapping[str, Kind]
    asked_at: frozenset[Kind]
    unasked: tuple[Kind, ...]


class Plan(Struct, frozen=True, eq=False):
    """The rules and checks as the roll-up goes through them.

    headings: the articles of each guideline and of the exposures. deciding: the checks that decide, by id;
    at: the same by the kind of surface they are asked at. unknown: those that the rules name and nobody has.

    Which articles are concerned: naming: by what a check said, be it only noted. about: by a surface of a
    kind. network: by what may name addresses. always: by any product.
    """

    rules: Rules
    headings: Mapping[str, tuple[Article, ...]]
    deciding: Mapping[str, CheckFacts]
    at: Mapping[Kind, tuple[CheckFacts, ...]]
    unknown: tuple[str, ...]
    naming: Mapping[str, tuple[Article, ...]]
    about: Mapping[Kind, tuple[Article, ...]]
    network: tuple[Article, ...]
    always: tuple[Article, ...]

    def articles(self) -> Iterator[Article]:
        """All of them."""
        return chain.from_iterable(self.headings.values())


def plan_of(rules: Rules, checks: Mapping[str, CheckFacts]) -> Plan:
    """The plan of these rules. checks: by id."""
    headings = {
        heading: tuple(
            article(f"{heading}.{name}", requirement, checks)
            for name, requirement in rules.requirement[heading].items()
        )
        for heading in (*rules.guideline, EXPOSURE)
    }
    articles = tuple(chain.from_iterable(headings.values()))
    asked = dict.fromkeys(check for one in articles for check in one.deciding)
    deciding = {check: checks[check] for check in asked if check in checks}
    return Plan(
        rules=rules,
        headings=headings,
        deciding=deciding,
        at=grouped((check.kind, check) for check in deciding.values()),
        unknown=tuple(check for check in asked if check not in checks),
        naming=grouped((check, one) for one in articles for check in one.deciding + one.requirement.notes),
        about=grouped((kind, one) for one in articles for kind in one.asked_at.union(one.unasked)),
        network=tuple(one for one in articles if one.requirement.network),
        always=tuple(
            one for one in articles if one.requirement.asked_if or len(one.kinds) < len(one.deciding)
        ),
    )


def article(requirement_id: str, requirement: Requirement, checks: Mapping[str, CheckFacts]) -> Article:
    """One requirement of the plan."""
    deciding = requirement.deciding()
    kinds = {check: checks[check].kind for check in deciding if check in checks}
    asked_at = frozenset(kinds.values())
    return Article(
        id=requirement_id,
        requirement=requirement,
        deciding=deciding,
        kinds=kinds,
        asked_at=asked_at,
        unasked=tuple(kind for kind in requirement.about if kind not in asked_at),
    )


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    """The second of each pair by the first."""
    found: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
