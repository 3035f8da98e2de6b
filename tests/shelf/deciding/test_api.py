"""The API of decisions, and the gate."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import parts, policies
from shelfworthy.shelf.deciding.automatic import consider
from shelfworthy.shelf.deciding.chain import MOST_WORDS, decide
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.deciding.reading import as_read, known
from shelfworthy.shelf.models import (
    Action,
    Decision,
    Market,
    Marking,
    Notice,
    Person,
    Role,
    Standing,
    State,
    Verdict,
)
from shelfworthy.shelf.people.roles import May
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db


class Caller:
    """Calls the API with a token."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = Client()

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        return answer.status_code, answer.json()

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        kind = "application/json" if isinstance(body, dict) else "application/atom+xml"
        answer = self.client.post(f"/api/v1{path}", body, content_type=kind, headers=self.headers)
        return answer.status_code, answer.json()


@pytest.fixture
def caller(person: Callable[..., Person], token: Callable[..., str]) -> Callable[..., Caller]:
    def made(role: Role = Role.DECIDER, *markets: str, scopes: tuple[May, ...] = ()) -> Caller:
        return Caller(token(person(role, *markets), *scopes))

    return made


HOLD = {"action": "hold", "expected": "listed", "reason": "because"}


def test_decide_and_read(caller: Callable[..., Caller]) -> None:
    listing("A-1", "DE")
    call = caller()
    status, said = call.post("/listings/A-1/decisions", HOLD | {"lots": ["7"]})
    assert (status, said["decision"]["after"], said["proposal"]) == (201, "held", None)
    assert call.post("/listings/A-1/decisions", HOLD)[0] == 409
    assert call.post("/listings/A-1/decisions", HOLD | {"expected": "held", "lots": ["7"]})[0] == 422
    assert call.post("/listings/none/decisions", HOLD)[0] == 404
    status, said = call.get("/decisions?action=hold&limit=1")
    assert (status, [one["number"] for one in said["items"]], said["next"]) == (200, [1], "")
    assert call.get("/decisions/1")[1]["lots"] == ["7"]
    assert call.get("/decisions/2")[0] == 404
    assert call.get("/decisions/99999999999999999999999")[0] == 404
    assert call.get("/decisions/1/replay")[0] == 409
    assert caller(Role.DECIDER, "FR").get("/decisions/1")[0] == 404
    assert caller(Role.VIEWER).post("/listings/A-1/decisions", HOLD)[0] == 403


def test_who_lets_it_be_sold_says_what_they_have_read(caller: Callable[..., Caller]) -> None:
    one, call = listing("A-1", "DE", "GB"), caller()
    keep = {"action": "list", "expected": "listed", "reason": "known"}
    unread = read(call)
    found(one, judgement(exposed=[finding()]))
    status, said = call.post("/listings/A-1/decisions", keep)
    assert (status, "GET /listings/{sku}/verdict" in said["detail"]) == (422, True)
    status, said = call.post("/listings/A-1/decisions", keep | unread)
    assert (status, "changed since you read it" in said["detail"]) == (409, True)
    assert call.post("/listings/A-1/decisions", keep | read(call))[0] == 201
    # A hold that came meanwhile in another market is not lifted with what was read before it.
    assert call.post("/listings/A-1/decisions", HOLD | {"markets": ["GB"]})[0] == 201
    back = {"action": "reinstate", "expected": "held", "reason": "mended"} | read(call)
    assert call.post("/listings/A-1/decisions", HOLD | {"markets": ["DE"]})[0] == 201
    assert call.post("/listings/A-1/decisions", back)[0] == 409
    assert call.post("/listings/A-1/decisions", back | read(call))[0] == 201


def test_a_digest_of_what_was_read_names_no_finding(caller: Callable[..., Caller]) -> None:
    verdict = found(listing(), judgement(exposed=[finding()]))
    said = read(caller())["verdict"]
    assert said == as_read(verdict.listing, verdict) != known(verdict.listing, verdict)


def test_a_token_that_may_not_decide_proposes(caller: Callable[..., Caller]) -> None:
    listing()
    proposing = caller(scopes=(May.SEE, May.PROPOSE))
    status, said = proposing.post("/listings/A-1/decisions", HOLD)
    assert status == 202
    number = said["proposal"]["id"]
    assert proposing.post(f"/proposals/{number}/second", {})[0] == 403
    other = caller()
    assert [one["outcome"] for one in other.get("/proposals")[1]["items"]] == ["open"]
    assert other.post(f"/proposals/{number}/second", {})[0] == 201
    assert other.post(f"/proposals/{number}/second", {})[0] == 409
    assert other.post(f"/proposals/{number}/refuse", {})[0] == 409
    assert other.post("/proposals/77/second", {})[0] == 404
    assert Decision.objects.count() == 1


def test_a_proposal_that_cannot_become_a_decision_still_waits_and_says_why(
    caller: Callable[..., Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    listing()
    proposing, call = caller(Role.ANALYST), caller()
    long = HOLD | {"words": "x" * MOST_WORDS, "lots": ["7"]}
    number = proposing.post("/listings/A-1/decisions", long)[1]["proposal"]["id"]
    status, said = call.post(f"/proposals/{number}/second", {"words": "y"})
    assert (status, "at most 10,000 letters" in said["detail"]) == (422, True)
    monkeypatch.setattr(parts, "MOST_STEPS", 0)
    status, said = call.post(f"/proposals/{number}/second", {})
    assert (status, "Too many decisions" in said["detail"]) == (422, True)
    status, said = proposing.post("/listings/A-1/decisions", HOLD | {"lots": ["8"]})
    assert (status, "Too many decisions" in said["detail"]) == (422, True)
    monkeypatch.undo()
    assert call.post(f"/proposals/{number}/second", {})[0] == 201


def test_a_marked_finding_is_left_out(caller: Callable[..., Caller]) -> None:
    one, open_data = listing(), finding()
    found(one, judgement(exposed=[open_data]))
    call = caller()
    call.post("/listings/A-1/decisions", HOLD)
    assert call.get("/decisions/1")[1]["finding_keys"] == [open_data.key]
    Marking.objects.create(key=open_data.key, groups=["case:1"])
    said = call.get("/decisions/1")[1]
    assert (said["finding_keys"], said["finding_ids"], said["left_out"]) == ([], [], True)


def test_a_policy_is_tried(caller: Callable[..., Caller]) -> None:
    found(listing(), judgement(exposed=[finding()]))
    call = caller()
    status, said = call.post("/policy/dry-run", {"text": shipped()})
    assert (status, said["counts"]["hold"], said["first"][0]["sku"]) == (200, 1, "A-1")
    status, said = call.post("/policy/dry-run", {"text": "rule = 1"})
    assert status == 422
    assert "no list of tables" in said["detail"]
    assert not Decision.objects.exists()


def test_anothers_feed_becomes_notices(caller: Callable[..., Caller]) -> None:
    call = caller()
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>Bear</title>'
        "<updated>2026-01-01T00:00:00Z</updated></entry></feed>"
    )
    address = "/notices?address=https://other.example/feed"
    assert call.post(address, feed) == (200, {"new": 1})
    assert call.post(address, feed) == (200, {"new": 0})
    assert call.post(address, "<feed/>")[0] == 422
    assert call.post("/notices?address=file:///etc/passwd", feed)[0] == 422
    assert Notice.objects.count() == 1


def gate(call: Caller) -> tuple[str, str]:
    status, said = call.get("/gate/A-1")
    assert status == 200
    return said["answer"], " ".join(said["reasons"])


def test_the_gate(caller: Callable[..., Caller], person: Callable[..., Person]) -> None:
    owner, call = person(Role.ADMINISTRATOR), caller()
    policies.switch_on(policies.keep(shipped(), owner), owner)
    one, open_data = listing("A-1", "DE"), finding()
    assert gate(call) == ("unknown", "Nobody has looked at it.")
    verdict = found(one, judgement(exposed=[open_data]))
    assert gate(call)[0] == "unknown"
    consider(one, verdict, now())
    assert gate(call) == ("do not sell", "It is on hold: critical exposure.")
    decide(one.pk, Action.REINSTATE, "no matter", "", owner, expected=State.HELD)
    assert gate(call) == ("sell", "Decision 2 keeps it on sale, knowing the verdict: no matter.")
    found(one, judgement(exposed=[open_data, finding("bucket-listing", surface="other")]))
    assert gate(call)[0] == "unknown"
    found(one, judgement())
    assert gate(call) == ("unknown", "It cannot be determined whether all guidelines are met.")
    Verdict.objects.update(standing=Standing.MET)
    assert gate(call) == ("sell", "All guidelines are met.")
    assert call.get("/gate/none")[0] == 404
    assert caller(Role.VIEWER, "FR").get("/gate/A-1")[0] == 404


def read(call: Caller) -> dict[str, str]:
    """What somebody sends who has read the verdict."""
    return {"verdict": call.get("/listings/A-1/verdict")[1]["digest"]}


def decided(call: Caller, action: str, expected: str, **scope: list[str]) -> int:
    body = {"action": action, "expected": expected, "reason": f"{action} {len(scope)}", **scope, **read(call)}
    status, said = call.post("/listings/A-1/decisions", body)
    assert status == 201, said
    return int(said["decision"]["number"])


def asked(call: Caller, query: str = "") -> tuple[str, str, int | None]:
    status, said = call.get(f"/gate/A-1{query}")
    assert status == 200, said
    return said["answer"], " ".join(said["reasons"]), said["decision"]


HELD_IN_GB = "It is on hold in GB: hold 1."
ASK = "Ask with `market` to be answered for that alone."


def test_the_gate_answers_for_a_market(caller: Callable[..., Caller]) -> None:
    one, call = listing("A-1", "DE", "FR", "GB"), caller()
    found(one, judgement())
    Verdict.objects.update(standing=Standing.MET)
    assert asked(call, "?market=DE") == ("sell", "All guidelines are met.", None)
    assert asked(call, "?market=US") == (
        "unknown",
        "It is not sold in US, as far as the catalogue says.",
        None,
    )
    decided(call, "hold", "listed", markets=["GB"])
    assert asked(call) == ("do not sell", f"{HELD_IN_GB} {ASK}", 1)
    assert asked(call, "?market=GB") == ("do not sell", "It is on hold: hold 1.", 1)
    assert asked(call, "?market=GB&lot=7") == ("do not sell", "It is on hold: hold 1.", 1)
    assert asked(call, "?market=DE") == ("sell", "All guidelines are met.", None)
    assert asked(call, "?market=US")[0] == "unknown"
    decided(call, "withdraw", "listed", lots=["7", "8"], markets=["FR"])
    words = "It was withdrawn in FR, lot 7, 8: withdraw 2."
    ask = "Ask with `market` and `lot` to be answered for that alone."
    assert asked(call) == ("do not sell", f"{words} {HELD_IN_GB} {ask}", 2)
    alone = "It was withdrawn (lot 7, 8): withdraw 2. Ask with `lot` to be answered for that alone."
    assert asked(call, "?market=FR") == ("do not sell", alone, 2)
    assert asked(call, "?market=FR&lot=8")[0] == "do not sell"
    assert asked(call, "?market=FR&lot=9") == ("sell", "All guidelines are met.", None)
    assert asked(call, "?lot=9") == ("do not sell", f"{HELD_IN_GB} {ASK}", 1)
    assert call.get("/gate/A-1?market=FR&lot=9")[1]["state"] == "listed"
    assert call.get("/gate/A-1")[1]["state"] == "withdrawn"
    assert call.get("/gate/A-1?market=%00")[0] == 422
    parts = call.get("/listings/A-1")[1]["parts"]
    assert [(one["state"], one["markets"]["names"], one["lots"]) for one in parts] == [
        ("withdrawn", ["FR"], {"names": ["7", "8"], "others": False}),
        ("held", ["GB"], {"names": [], "others": True}),
        ("listed", ["DE"], {"names": [], "others": True}),
        ("listed", ["FR"], {"names": ["7", "8"], "others": True}),
    ]


def test_the_gate_gives_the_reason_of_what_stopped_it(caller: Callable[..., Caller]) -> None:
    listing("A-1", "DE", "FR", "GB")
    call = caller()
    decided(call, "withdraw", "listed", markets=["GB"])
    decided(call, "list", "withdrawn")  # of all: what is withdrawn stays so
    assert asked(call) == ("do not sell", f"It was withdrawn in GB: withdraw 1. {ASK}", 2)
    assert asked(call, "?market=GB")[1] == "It was withdrawn: withdraw 1."
    decided(call, "reinstate", "withdrawn")
    # All is on hold, and how each part came there is no longer kept; a decision to sell is never the reason.
    decided(call, "hold", "listed")
    decided(call, "reinstate", "held", markets=["GB"])
    decided(call, "list", "held", markets=["FR", "GB"])
    decided(call, "hold", "listed", markets=["GB"])
    for market, reason in (("DE", ": hold 0."), ("FR", "."), ("GB", ": hold 1.")):
        assert asked(call, f"?market={market}")[1] == f"It is on hold{reason}"


def test_a_till_may_write_a_name_with_spaces_and_a_market_in_small_letters(
    caller: Callable[..., Caller],
) -> None:
    one, call = listing("A-1", "DE", "GB"), caller()
    found(one, judgement())
    Verdict.objects.update(standing=Standing.MET)
    decided(call, "hold", "listed", markets=["gb "], lots=[" 7"], skus=["RED "])
    made = Decision.objects.get()
    assert (made.markets, made.lots, made.skus) == (["GB"], ["7"], ["RED"])
    for query in ("?lot=7%20", "?lot=%20", "?market=%20&variant=%20RED", "?market=gb", "?market=%20Gb&lot=7"):
        assert asked(call, query)[0] == "do not sell", query
    for query in ("?lot=8", "?market=de", "?market=De%20&lot=7", "?variant=red%20"):
        assert asked(call, query)[0] == "sell", query
    assert call.get("/gate/A-1?market=gb%20")[1]["market"] == "GB"


def test_the_gate_answers_for_a_sku_below_the_listings(caller: Callable[..., Caller]) -> None:
    one, call = listing(), caller()
    found(one, judgement())
    Verdict.objects.update(standing=Standing.MET)
    decided(call, "hold", "listed", skus=["A-1-RED"])
    assert asked(call)[:2] == ("do not sell",
        "It is on hold (SKU A-1-RED): hold 1. Ask with `variant` to be answered for that alone.")  # fmt: skip
    assert asked(call, "?variant=A-1-BLUE")[0] == "sell"
    assert asked(call, "?variant=A-1-RED")[0] == "do not sell"
    assert asked(call, "?market=DE&variant=A-1-BLUE")[0] == "sell"  # nobody said where it is sold


def test_what_was_decided_of_one_market_opens_the_gate_there_only(caller: Callable[..., Caller]) -> None:
    one, call, open_data = listing("A-1", "DE", "GB"), caller(), finding()
    found(one, judgement(exposed=[open_data]))
    against = "exposure.data: not met."
    decided(call, "list", "listed", markets=["GB"])
    keeps = "Decision 1 keeps it on sale{}, knowing the verdict: list 1."
    assert asked(call, "?market=GB") == ("sell", keeps.format(""), 1)
    assert asked(call, "?market=DE") == ("unknown", f"{against} Nobody has decided about this yet.", None)
    open_ = f"{against} Nobody has decided about all of it yet."
    assert asked(call) == ("unknown", f"{open_} {keeps.format(' in GB')} {ASK}", 1)
    decided(call, "list", "listed", markets=["DE"])
    assert asked(call)[0] == "sell"
    assert asked(call)[2] == 2
    decided(call, "hold", "listed")
    decided(call, "reinstate", "held", markets=["GB"])
    assert asked(call, "?market=GB")[0] == "sell"
    assert asked(call, "?market=DE") == ("do not sell", "It is on hold: hold 0.", 3)
    assert asked(call) == ("do not sell", f"It is on hold in DE: hold 0. {ASK}", 4)
    found(one, judgement(exposed=[open_data, finding("bucket-listing", surface="other")]))
    assert asked(call, "?market=GB")[0] == "unknown"


def test_the_gate_asks_as_little_for_a_market_and_for_parts(caller: Callable[..., Caller]) -> None:
    found(listing("A-1", "DE", "GB"), judgement(exposed=[finding()]))
    call = caller(scopes=(May.SEE,))

    def questions(query: str = "") -> int:
        call.get(f"/gate/A-1{query}")
        with CaptureQueriesContext(connection) as made:
            call.get(f"/gate/A-1{query}")
        return len(made)

    least = questions()
    assert questions("?market=GB&lot=7") == least <= 3
    decided(caller(), "hold", "listed", markets=["GB"])
    assert questions("?market=GB") == least + 1  # the decisions about its parts
    assert questions() == least + 2  # and where it is sold


def test_who_works_for_some_markets_decides_for_these(caller: Callable[..., Caller]) -> None:
    listing("A-1", "DE", "GB")
    listing("A-2", "GB")
    call, other = caller(Role.DECIDER, "GB"), caller(Role.DECIDER)
    for scope in ({}, {"markets": ["DE"]}, {"markets": ["DE", "GB"]}, {"lots": ["7"]}):
        status, said = call.post("/listings/A-1/decisions", HOLD | scope)
        assert (status, said["title"]) == (403, "Not allowed")
        assert said["detail"] == (
            "A-1 is sold in DE as well, and you work for GB. Name markets of these only."
        )
    assert not Decision.objects.exists()
    assert call.post("/listings/A-1/decisions", HOLD | {"markets": ["GB"]})[0] == 201
    assert call.post("/listings/A-2/decisions", HOLD)[0] == 201
    proposing = caller(Role.ANALYST, "DE")
    assert proposing.post("/listings/A-1/decisions", HOLD | {"expected": "held"})[0] == 403
    mine = proposing.post("/listings/A-1/decisions", HOLD | {"markets": ["DE"]})[1]["proposal"]
    assert mine["markets"] == ["DE"]
    for answer in ("second", "refuse"):
        assert call.post(f"/proposals/{mine['id']}/{answer}", {})[0] == 403
    assert caller(Role.DECIDER, "DE").post(f"/proposals/{mine['id']}/second", {})[0] == 201
    status, said = other.post("/listings/A-1/decisions", HOLD | {"markets": ["US"]})
    assert (status, "is not sold in US" in said["detail"]) == (422, True)


def test_what_somebody_of_one_market_decided_says_nothing_of_a_market_that_comes_later(
    caller: Callable[..., Caller],
) -> None:
    one = listing("A-1", "GB")
    found(one, judgement(exposed=[finding()]))
    call, other = caller(Role.DECIDER, "GB"), caller()
    decided(call, "list", "listed", lots=[])
    assert Decision.objects.get().markets == ["GB"]
    one.markets.add(Market.objects.create(code="DE"))
    assert asked(other, "?market=GB")[0] == "sell"
    assert asked(other, "?market=DE")[0] == "unknown"
    proposing = caller(Role.ANALYST, "GB", "DE")
    assert proposing.post("/listings/A-1/decisions", HOLD)[1]["proposal"]["markets"] == ["DE", "GB"]
    decided(other, "hold", "listed")  # who may decide everywhere decides of all
    assert Decision.objects.latest("number").markets == []


def test_where_nobody_said_where_it_is_sold_any_market_can_be_named(caller: Callable[..., Caller]) -> None:
    one, call = listing(), caller()
    found(one, judgement())
    Verdict.objects.update(standing=Standing.MET)
    decided(call, "hold", "listed", markets=["GB"])
    decided(call, "hold", "listed", markets=["FR"])
    assert asked(call, "?market=FR")[0] == "do not sell"
    assert asked(call, "?market=DE")[0] == "sell"
    one.markets.add(Market.objects.create(code="DE"))  # it is sold in GB no more, and can be put back there
    assert asked(call)[0] == "sell"
    decided(call, "reinstate", "held", markets=["GB"])
    assert call.get("/listings/A-1")[1]["state"] == "held"


def test_the_gate_asks_little(caller: Callable[..., Caller]) -> None:
    found(listing(), judgement(exposed=[finding()]))
    call = caller(scopes=(May.SEE,))
    call.get("/gate/A-1")
    with CaptureQueriesContext(connection) as asked:
        call.get("/gate/A-1")
    assert len(asked) <= 3, [one["sql"] for one in asked]  # token, its markets, all about the listing
