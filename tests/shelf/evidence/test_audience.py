"""The audience's contract: a finding that is marked for some is shown to them and to nobody else, anywhere.

It goes over every URL there is, pages and API, as three readers: of the group, of the shop but not of the
group, and of nowhere. What each is sent is searched for the finding's key, its id, its words, and the
observations it rests on.
"""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shelfworthy.audit.judge import our_court, said_of
from shelfworthy.model import Finding, Outcome
from shelfworthy.report.sentences import sentence
from shelfworthy.shelf.evidence import kept
from shelfworthy.shelf.models import Audit, Listing, Marking, Person, Role

pytestmark = pytest.mark.django_db

# How to fill what URLs ask for; "sku" and "digest" come from the evidence. A page with another name is added
# here by who makes it.
NUMBER = re.compile(r"(pk|id|number|person|token|proposal|subscription|policy|event|token_id|proposal_id)")
GROUP = "role:decider"


def test_a_marked_finding_is_shown_to_its_group_alone(
    client: Client,
    person: Callable[..., Person],
    entered: Callable[[Person], Client],
    token: Callable[..., str],
    listing: Callable[..., Listing],
    audit_folder: Callable[..., Path],
    taken_in: Callable[..., Audit],
) -> None:
    bear = listing("BEAR", audit_folder("2018"), markets="de")
    audit = taken_in("2018")
    secret = worst(audit)
    Marking.objects.create(key=secret.key, groups=[GROUP], because="told to the maker first")
    words = {
        "key": secret.key,
        "id": secret.id,
        "words": sentence(secret)[:60],
        "observation": secret.evidence[0],
    }
    filled = {"sku": bear.sku, "digest": audit.digest, "name": "0" * 64}

    of_group, outside = person(Role.DECIDER), person(Role.VIEWER)
    pages = [one for one in addresses() if not one.startswith("/api/")]
    calls = [one for one in addresses() if one.startswith("/api/")]
    assert f"/listings/{bear.sku}/" in [one.format(**filled) for one in pages]
    assert f"/api/v1/listings/{bear.sku}/verdict" in [one.format(**filled) for one in calls]

    shown = set()
    for address in map(lambda one: one.format(**filled), pages):  # noqa: C417
        nowhere(Client().get(address), words, address)
    for address in [one.format(**filled) for one in calls]:
        nowhere(Client().get(address), words, address)
        with_token = {"Authorization": f"Bearer {token(outside)}"}
        nowhere(Client().get(address, headers=with_token), words, address)
        with_token = {"Authorization": f"Bearer {token(of_group)}"}
        if found(Client().get(address, headers=with_token), words):
            shown.add(address)
    for reader in (outside, of_group):
        inside = entered(reader)
        for address in [one.format(**filled) for one in pages]:
            answer = inside.get(address)
            if reader is outside:
                nowhere(answer, words, address)
            elif found(answer, words):
                shown.add(address)
    assert {
        f"/listings/{bear.sku}/",
        f"/audits/{audit.digest}/",
        f"/api/v1/listings/{bear.sku}/verdict",
    } <= shown


def test_who_may_not_see_a_finding_is_told_that_the_reason_is_not_shown(
    person: Callable[..., Person],
    entered: Callable[[Person], Client],
    listing: Callable[..., Listing],
    audit_folder: Callable[..., Path],
    taken_in: Callable[..., Audit],
) -> None:
    bear = listing("BEAR", audit_folder("2018"))
    audit = taken_in("2018")
    for finding in said_of(kept.folder_of(audit.digest), our_court()).said.findings:
        Marking.objects.get_or_create(key=finding.key, defaults={"groups": [GROUP]})
    answer = entered(person(Role.VIEWER)).get(f"/listings/{bear.sku}/").content.decode()
    assert "The reason is not shown to you." in answer
    assert "What decides against it" not in answer
    assert "not met" in answer


def worst(audit: Audit) -> Finding:
    """A failure whose sentence is its own."""
    findings = said_of(kept.folder_of(audit.digest), our_court()).said.findings
    said = [sentence(one) for one in findings]
    return next(
        one
        for one in findings
        if one.check == "database-open" and one.outcome is Outcome.FAIL and said.count(sentence(one)) == 1
    )


def addresses() -> list[str]:
    """The map of all URLs, as text to be filled."""
    return sorted({"/" + one for one in walked(get_resolver().url_patterns, "")})


def walked(patterns: Any, before: str) -> Iterator[str]:
    for one in patterns:
        here = before + template(one.pattern)
        if isinstance(one, URLResolver):
            yield from walked(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here


def template(pattern: Any) -> str:
    """One part of a URL with its arguments as {name}."""
    text = str(pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
    text = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\]|\\.|[^()])*\)", lambda found: filler(found[1]), text)
    text = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: filler(found[1]), text)
    return text.replace("\\", "")


def filler(name: str) -> str:
    """What stands for an argument."""
    return "1" if NUMBER.fullmatch(name) else "{" + name + "}"


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def found(answer: Any, words: dict[str, str]) -> list[str]:
    """What of the finding is in an answer, headers included."""
    text = content(answer).decode(errors="replace") + str(answer.headers)
    return [name for name, word in words.items() if word in text or html.escape(word) in text]


def nowhere(answer: Any, words: dict[str, str], address: str) -> None:
    assert answer.status_code < 500, address
    assert found(answer, words) == [], address
