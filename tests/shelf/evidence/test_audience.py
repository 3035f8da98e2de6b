"""The audience's contract: a finding that is marked for some is shown to them and to nobody else, anywhere.

It goes over every URL there is, pages, API and feeds, as readers of the group, of the shop but not of the
group (one who may only see, and one who may do everything else), and of nowhere. What each is sent is
searched for the finding's key, its id, its words, and the observation it rests on.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shelfworthy.audit.judge import our_court, said_of
from shelfworthy.model import Finding, Outcome
from shelfworthy.record import load_evidence
from shelfworthy.report.sentences import sentence
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import asking, chain, feed, letters
from shelfworthy.shelf.deciding.letters import Kind
from shelfworthy.shelf.evidence import kept
from shelfworthy.shelf.models import Action, Audit, Listing, Marking, Person, Role, State
from shelfworthy.shelf.watching import subscribing
from shelfworthy.shelf.words import Channel

pytestmark = pytest.mark.django_db

# What URLs ask for beside what the evidence gives. Who makes a page that asks for something else says here
# how to fill it.
CHOICES = {
    "form": ("csv", "json", "html", "pdf"),
    "kind": tuple(Kind),
    "path": ("shelf/shelf.css",),
}
NUMBER = re.compile(r"(pk|id|number|proposal|decision|token|person|subscription|\w+_id)")
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
    of_group, outside, above = person(Role.DECIDER), person(Role.VIEWER), person(Role.ADMINISTRATOR)
    changes = subscribing.subscribe(outside, Channel.FEED, "a reader", [])[1]
    audit = taken_in("2018")
    secret = worst(audit)
    Marking.objects.create(key=secret.key, groups=[GROUP], because="told to the maker first")
    words = {
        "key": secret.key,
        "id": secret.id,
        "words": sentence(secret)[:60],
        "observation": secret.evidence[0],
    }
    decision = chain.decide(
        bear.pk, Action.HOLD, "found", "As agreed.", of_group, expected=State(State.LISTED)
    )
    assert secret.key in decision.finding_keys
    letter = letters.make(decision, Kind.MAKER, (), of_group)
    asked = asking.make(bear, asking.To.MAKER, asking.by_default(now()), of_group)
    assert "encryption.storage" not in asked.content  # it is what the finding decides
    assert secret.surface not in asked.content
    filled = CHOICES | {
        "sku": (bear.sku,),
        "digest": (audit.digest,),
        "name": attachments_of(audit),
        "number": tuple({str(one) for one in (decision.number, decision.pk, letter.pk, asked.pk)}),
    }
    every = [one for template in templates() for one in expanded(template, filled)]
    pages = [one for one in every if not one.startswith("/api/")]
    calls = [one for one in every if one.startswith("/api/")]

    shown = set()
    for address in every:
        nowhere(Client().get(address), words, address)
    for address in calls:
        for reader in (outside, above):
            with_token = {"Authorization": f"Bearer {token(reader)}"}
            nowhere(Client().get(address, headers=with_token), words, address)
        with_token = {"Authorization": f"Bearer {token(of_group)}"}
        if found(Client().get(address, headers=with_token), words):
            shown.add(address)
    for reader in (outside, above, of_group):
        inside = entered(reader)
        for address in pages:
            answer = inside.get(address)
            if reader is not of_group:
                nowhere(answer, words, address)
            elif found(answer, words):
                shown.add(address)
    assert answered(Client(), f"/feeds/decisions.atom?token={feed.opened('Another shop', above)[1]}", words)
    assert answered(Client(), f"/feeds/changes.atom?token={changes}", words)
    assert {
        f"/listings/{bear.sku}/",
        f"/audits/{audit.digest}/",
        f"/api/v1/listings/{bear.sku}/verdict",
        f"/decisions/{decision.number}/",
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


def attachments_of(audit: Audit) -> tuple[str, ...]:
    return load_evidence(kept.folder_of(audit.digest)).attachments


def templates() -> list[str]:
    """The map of all URLs, with {name} for what they ask for."""
    return sorted({"/" + one for one in walked(get_resolver().url_patterns, "")})


def expanded(template: str, filled: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The addresses of a template. Fails for what nobody has said how to fill."""
    names = re.findall(r"\{(\w+)\}", template)
    assert not set(names) - set(filled), f"{template}: say in CHOICES how to fill it"
    for values in product(*(filled[name] for name in names)):
        yield template.format(**dict(zip(names, values, strict=True)))


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
    return "{number}" if NUMBER.fullmatch(name) else "{" + name + "}"


def answered(client: Client, address: str, words: dict[str, str]) -> bool:
    """Whether there is something behind an address, and nothing of the finding."""
    answer = client.get(address)
    nowhere(answer, words, address)
    return bool(answer.status_code == 200)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def found(answer: Any, words: dict[str, str]) -> list[str]:
    """What of the finding is in an answer, headers included."""
    text = content(answer).decode(errors="replace") + str(answer.headers)
    return [name for name, word in words.items() if word in text or html.escape(word) in text]


def nowhere(answer: Any, words: dict[str, str], address: str) -> None:
    assert answer.status_code < 500, address
    assert found(answer, words) == [], address
