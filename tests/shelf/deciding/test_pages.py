"""The pages as people use them: decide, two people, letters, feed, policy."""

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import chain, parts, policies, printing
from shelfworthy.shelf.deciding.automatic import consider
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.models import (
    Action,
    Decision,
    Entry,
    Feed,
    Letter,
    Listing,
    Market,
    Marking,
    Notice,
    Person,
    Proposal,
    Role,
    State,
)
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db
In = Callable[[Person], Client]
Make = Callable[..., Person]
SECRET = "voices.example.test"


@pytest.fixture
def held(person: Make) -> Decision:
    """A child's product that the shipped policy holds for two findings, one of them marked."""
    owner = person(Role.ADMINISTRATOR)
    policies.switch_on(policies.keep(shipped(), owner), owner)
    one = listing("A-1", "DE", for_children=True)
    open_data = finding(name=SECRET)
    weak = finding("password-defaults", "same", surface="log-in", name="accounts.example.test")
    verdict = found(one, judgement(exposed=[open_data], weak=[weak]))
    made = consider(one, verdict, now())
    assert made is not None
    return made


def hidden(client: Client, name: str) -> str:
    """What the decision form says in a field that nobody sees."""
    form = client.get("/listings/A-1/decide/").content.decode()
    return form.partition(f'name="{name}" value="')[2].partition('"')[0]


def decide(client: Client, action: str, expected: str, **more: object) -> int:
    form = {"action": action, "expected": expected, "reason": "because", "words": "", "lots": "", "skus": ""}
    form["verdict"] = hidden(client, "verdict")
    return client.post("/listings/A-1/decide/", form | more).status_code


def test_a_person_decides(person: Make, entered: In) -> None:
    listing("A-1", "DE")
    client = entered(person(Role.DECIDER, "DE"))
    assert b"Decide on Talking bear" in client.get("/listings/A-1/decide/").content
    assert decide(client, "hold", "listed", lots="7, 8", markets=["DE"]) == 302
    one = Decision.objects.get()
    assert (one.lots, one.markets, one.after) == (["7", "8"], ["DE"], "held")
    assert decide(client, "hold", "listed") == 409  # the form was shown before
    assert Decision.objects.count() == 1
    assert client.get("/decisions/1/").status_code == 200
    assert b"because" in client.get("/decisions/?action=hold&from=2020-01-01&before=9").content


@pytest.mark.parametrize(("action", "expected"), [("list", "listed"), ("reinstate", "held")])
def test_who_lets_it_be_sold_has_read_what_the_decision_names(
    person: Make, entered: In, action: str, expected: str
) -> None:
    one, open_data, weak = listing("A-1", "DE"), finding(), finding("password-defaults", surface="log-in")
    found(one, judgement(exposed=[open_data]))
    client = entered(person(Role.DECIDER))
    if expected == "held":
        assert decide(client, "hold", "listed", verdict="") == 302  # what stops it asks for nothing
    read = hidden(client, "verdict")
    found(one, judgement(exposed=[open_data], weak=[weak]))
    assert decide(client, action, expected, verdict=read) == 409
    assert decide(client, action, expected, verdict="") == 409
    assert not Decision.objects.filter(action=action).exists()
    assert decide(client, action, expected) == 302  # as the form was shown again
    assert Decision.objects.get(action=action).finding_keys == sorted([open_data.key, weak.key])


def test_what_is_where_is_on_the_pages(person: Make, entered: In) -> None:
    listing("A-1", "DE", "FR", "GB")
    client = entered(person(Role.DECIDER))
    assert decide(client, "hold", "listed", markets=["GB"]) == 302
    assert decide(client, "withdraw", "listed") == 409  # the form was shown before
    for path in ("/listings/", "/listings/A-1/", "/listings/A-1/decide/"):
        page = client.get(path).content.decode()
        assert "on hold</span> <bdi>in GB</bdi>" in page, path
        assert "on sale</span> <bdi>in DE, FR</bdi>" in page, path
    for path in ("/decisions/", "/decisions/1/", "/"):
        assert "<bdi>in GB</bdi>" in client.get(path).content.decode(), path
    form = client.get("/listings/A-1/decide/").content.decode()
    for action in ("list", "hold", "withdraw", "reinstate"):
        assert f'name="action" value="{action}"' in form
    expected = form.partition('name="expected" value="')[2].partition('"')[0]
    assert expected.startswith("held ")
    assert decide(client, "reinstate", expected, markets=["DE"]) == 422  # it is on sale there
    assert decide(client, "hold", expected, lots="7", markets=["DE"]) == 302
    german = Client(headers={"Accept-Language": "de"})
    german.cookies = client.cookies
    german.post("/language", {"language": "de", "next": "/"})
    page = german.get("/listings/A-1/").content.decode()
    assert "<bdi>in DE, Charge 7</bdi>" in page
    assert "<bdi>in DE, alle Chargen außer 7</bdi>" in page
    rows = list(csv.DictReader(io.StringIO(streamed(client, "/listings.csv").removeprefix("\ufeff"))))
    assert rows[0]["parts"] == ("held in DE, lot 7; held in GB; listed in DE, all lots but 7; listed in FR")


def test_where_no_market_is_known_all_that_can_be_done_anywhere_is_offered(person: Make, entered: In) -> None:
    one, decider = listing("A-1"), person(Role.DECIDER)
    chain.decide(one.pk, Action.WITHDRAW, "recall", "", decider, markets=["GB"])
    form = entered(decider).get("/listings/A-1/decide/").content.decode()
    for action in ("list", "hold", "withdraw", "reinstate"):
        assert f'name="action" value="{action}"' in form, action
    one.markets.add(Market.objects.create(code="GB"))  # then there is nothing else
    form = entered(decider).get("/listings/A-1/decide/").content.decode()
    assert 'name="action" value="hold"' not in form
    assert 'name="action" value="reinstate"' in form


def test_two_people_put_back_what_two_people_must_in_each_market(
    held: Decision, person: Make, entered: In
) -> None:
    held.listing.markets.add(Market.objects.create(code="GB"))
    first, other = person(Role.DECIDER), person(Role.DECIDER)
    found(held.listing, judgement())
    assert decide(entered(first), "reinstate", "held", markets=["GB"]) == 302
    assert Decision.objects.count() == 1
    one = Proposal.objects.get()
    assert "in GB" in entered(other).get("/proposals/").content.decode()
    entered(other).post(f"/proposals/{one.pk}/", {"says": "second"})
    assert Decision.objects.get(number=2).markets == ["GB"]
    call = {
        "action": "reinstate",
        "reason": "because",
        "words": "",
        "lots": "",
        "skus": "",
        "markets": ["DE"],
    }
    there = Listing.objects.get()
    expected = parts.seen(parts.of(there.state, there.parts))
    verdict = hidden(entered(first), "verdict")
    entered(first).post("/listings/A-1/decide/", call | {"expected": expected, "verdict": verdict})
    assert Decision.objects.count() == 2  # DE is still what two people must put back
    assert Proposal.objects.filter(done_at=None).count() == 1


def test_a_proposal_that_cannot_become_a_decision_says_why(person: Make, entered: In) -> None:
    listing("A-1", "DE")
    assert decide(entered(person(Role.ANALYST)), "hold", "listed", words="x" * chain.MOST_WORDS) == 302
    one, client = Proposal.objects.get(), entered(person(Role.DECIDER))
    answer = client.post(f"/proposals/{one.pk}/", {"says": "second", "words": "y"}, follow=True)
    assert "at most 10,000 letters" in answer.content.decode()
    assert Proposal.objects.get().done_at is None


def test_a_proposal_is_overtaken_by_what_is_decided_of_the_same_part(
    held: Decision, person: Make, entered: In
) -> None:
    held.listing.markets.add(Market.objects.create(code="GB"))
    one, first, other = held.listing, person(Role.DECIDER), person(Role.DECIDER)
    for market in ("GB", "DE"):
        chain.decide(one.pk, Action.WITHDRAW, "recall", "", other, expected=State.HELD, markets=[market])
        expected = parts.seen(parts.of(*Listing.objects.values_list("state", "parts").get()))
        assert decide(entered(first), "reinstate", expected, markets=["GB"]) == 302
        assert decide(entered(first), "reinstate", expected) == 302
    of_gb, of_all, *_ = Proposal.objects.order_by("pk")
    entered(other).post(f"/proposals/{of_all.pk}/", {"says": "second"})
    entered(other).post(f"/proposals/{of_gb.pk}/", {"says": "second"})
    outcomes = dict(Proposal.objects.values_list("pk", "outcome"))
    assert outcomes[of_all.pk] == "overtaken"  # DE was withdrawn since
    assert outcomes[of_gb.pk] == "seconded"  # nothing was decided of GB since


def test_two_people_reinstate(held: Decision, person: Make, entered: In) -> None:
    first, other = person(Role.DECIDER), person(Role.DECIDER)
    clients = entered(first), entered(other)
    assert b"2 deciders must agree" in clients[0].get("/listings/A-1/decide/").content
    found(held.listing, judgement())  # mended, which makes it no matter of one person
    assert decide(clients[0], "reinstate", "held") == 302
    proposal = Proposal.objects.get()
    assert proposal.because == "child-product-not-met"
    assert Listing.objects.get().state == State.HELD
    address = f"/proposals/{proposal.pk}/"
    clients[0].post(address, {"says": "second"})
    assert Decision.objects.count() == 1  # nobody is the other person to their own proposal
    assert b"Agree" in clients[1].get("/proposals/").content
    clients[1].post(address, {"says": "second", "words": "I looked."})
    made = Decision.objects.get(number=2)
    assert (made.person, made.seconded_by, made.after) == (first, other, "listed")
    assert Listing.objects.get().state == State.LISTED
    clients[1].post(address, {"says": "second"})
    assert Decision.objects.count() == 2


def test_a_proposal_that_was_overtaken_says_so(held: Decision, person: Make, entered: In) -> None:
    first, other = person(Role.DECIDER), person(Role.DECIDER)
    decide(entered(first), "reinstate", "held")
    found(held.listing, judgement(exposed=[finding("bucket-listing", "open")]))
    said = entered(other).post(f"/proposals/{Proposal.objects.get().pk}/", {"says": "second"}, follow=True)
    assert b"has changed since this was proposed" in said.content
    assert Proposal.objects.get().outcome == "overtaken"
    assert Decision.objects.count() == 1


def test_two_people_are_two_deciders(held: Decision, person: Make, entered: In) -> None:
    analyst, first, other = person(Role.ANALYST), person(Role.DECIDER), person(Role.DECIDER)
    decide(entered(analyst), "reinstate", "held")
    entered(first).post(f"/proposals/{Proposal.objects.get().pk}/", {"says": "second"})
    assert Decision.objects.count() == 1
    waiting = Proposal.objects.get(done_at=None)
    assert waiting.person == first
    entered(other).post(f"/proposals/{waiting.pk}/", {"says": "second"})
    assert Decision.objects.get(number=2).person == first
    assert list(Proposal.objects.order_by("pk").values_list("outcome", flat=True)) == ["taken up", "seconded"]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("kind", ["maker", "seller", "authority", "owners", "psti", "cra"])
def test_a_letter_holds_what_was_let_out_and_nothing_else(
    held: Decision, person: Make, entered: In, kind: str
) -> None:
    client = entered(person(Role.DECIDER))
    weak = next(one for one in judged(held) if one["check"] == "password-defaults")
    form = client.get(f"/decisions/1/letters/{kind}/").content.decode()
    assert form.count('type="checkbox"') == 2
    assert client.post(f"/decisions/1/letters/{kind}/", {"lift": [weak["key"]]}).status_code == 302
    letter = Letter.objects.get()
    assert letter.lifted == [weak["key"]]
    assert Entry.objects.filter(action="letter: finding let out", words__contains=weak["key"]).count() == 1
    answer = client.get(f"/letters/{letter.pk}.pdf")
    page = client.get(f"/letters/{letter.pk}.html").content.decode()
    pdf = " ".join(text_of(answer.content).split())
    assert answer.content.startswith(b"%PDF-")
    for text in (" ".join(page.split()), pdf):
        assert "Talking bear A-1" in text
        assert "A-1" in text
        assert "password-defaults" in text
        assert "1 March 2026" in text
        assert "does not say that a law was broken" in text
        assert "database-open" not in text
        assert SECRET not in text
        assert "critical exposure" not in text  # the reason would tell of what is left out
    assert held.evidence_digest in pdf.replace(" ", "")


def judged(decision: Decision) -> list[dict[str, str]]:
    assert decision.judged is not None
    found: list[dict[str, str]] = json.loads(zlib.decompress(bytes(decision.judged.content)))["findings"]
    return found


def test_a_letter_fetches_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []
    refuse = printing.Nowhere.fetch

    def refusing(self: printing.Nowhere, url: str, headers: object = None) -> None:
        asked.append(url)
        refuse(self, url, headers)

    monkeypatch.setattr(printing.Nowhere, "fetch", refusing)
    (tmp_path / "secret.css").write_text("p::after { content: 'secret' }")
    mine = f"file://{tmp_path}/secret.css"
    made = printing.pdf(
        f'<link rel="stylesheet" href="{mine}"><img src="http://127.0.0.1:9/x"><p>words</p>'
        '<a rel="attachment" href="file:///etc/hostname">x</a>'
    )
    assert "words" in text_of(made)
    assert "secret" not in text_of(made)
    assert {mine, "http://127.0.0.1:9/x"} <= set(asked)


def test_what_is_marked_for_some_is_nowhere_else(held: Decision, person: Make, entered: In) -> None:
    open_data = next(one for one in judged(held) if one["check"] == "database-open")
    Marking.objects.create(key=open_data["key"], groups=["case:2026-7"])
    client = entered(person(Role.DECIDER))
    for path in ("/decisions/1/", "/decisions.csv", "/decisions.json", "/decisions/1/letters/maker/",
                 "/listings/A-1/decide/", "/decisions/", "/decisions/1/replay/"):  # fmt: skip
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, path
        for word in (open_data["key"], open_data["id"], "database-open", SECRET):
            assert word.encode() not in body, (path, word)
    assert b"not for you to see" in client.get("/decisions/1/").content
    client.post("/decisions/1/letters/maker/", {"lift": [open_data["key"]]})
    assert not Letter.objects.exists()


def streamed(client: Client, path: str) -> str:
    content: Iterator[bytes] = client.get(path).streaming_content  # type: ignore[attr-defined] # it streams
    return b"".join(content).decode()


def test_a_letter_says_of_which_part_it_is(person: Make, entered: In) -> None:
    one = listing("A-1", "DE", "GB")
    client = entered(person(Role.DECIDER))
    assert decide(client, "hold", "listed", markets=["GB"], lots="7") == 302
    for kind in ("maker", "psti"):
        client.post(f"/decisions/1/letters/{kind}/", {})
        page = client.get(f"/letters/{Letter.objects.latest('pk').pk}.html").content.decode()
        assert "This was decided of a part of it only: in GB, lot 7." in page
        assert ("on hold (in GB, lot 7)" in page) == (kind == "psti")
    one.refresh_from_db()
    chain.decide(one.pk, Action.WITHDRAW, "all", "", Person.objects.latest("pk"))
    client.post("/decisions/2/letters/maker/", {})
    page = client.get(f"/letters/{Letter.objects.latest('pk').pk}.html").content.decode()
    assert "part of it only" not in page


def test_exports_are_whole_and_no_formula(held: Decision, person: Make, entered: In) -> None:
    client = entered(person(Role.DECIDER))
    decide(client, "withdraw", "held", words="=1+1")
    rows = list(csv.DictReader(io.StringIO(streamed(client, "/decisions.csv"))))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert rows[1]["words"] == "'=1+1"
    said = json.loads(streamed(client, "/decisions.json?action=hold"))
    assert [one["hash"] for one in said] == [held.hash]


def test_others_markets_are_not_there(held: Decision, person: Make, entered: In) -> None:
    client = entered(person(Role.ADMINISTRATOR, "FR"))
    for path in (
        "/decisions/1/",
        "/decisions/1/replay/",
        "/decisions/1/letters/maker/",
        "/listings/A-1/decide/",
    ):
        assert client.get(path).status_code == 404, path
    assert b"Talking bear" not in client.get("/decisions/").content


def test_the_feed(held: Decision, person: Make, entered: In) -> None:
    client = entered(person(Role.DECIDER))
    page = client.post("/feeds/", {"name": "another shop"}).content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0].removeprefix("http://127.0.0.1:8000")
    stranger = Client()
    assert stranger.get("/feeds/decisions.atom").status_code == 404
    feed = stranger.get(address)
    assert feed.status_code == 200
    assert b"Bear A-1" in feed.content
    assert b"Its findings are not published." in feed.content
    for word in (SECRET, "database", "critical exposure"):
        assert word.encode() not in feed.content
    for key in held.finding_keys:
        Marking.objects.create(key=key, groups=["everybody"])
    assert (
        SECRET.encode() in stranger.get(address).content
        or b"critical exposure" in stranger.get(address).content
    )
    Marking.objects.update(groups=["case:1"], until=now() + timedelta(days=1))
    assert b"Bear A-1" not in stranger.get(address).content
    Marking.objects.all().delete()
    sent = io.BytesIO(feed.content)
    sent.name = "feed.atom"
    client.post("/notices/", {"address": "https://other.example/feed", "file": sent})
    notice = Notice.objects.get()
    assert notice.listing == held.listing
    assert Listing.objects.get().state == State.HELD
    assert client.get("/notices/").status_code == 200
    client.post(f"/feeds/{Feed.objects.get().pk}/close/")
    assert stranger.get(address).status_code == 404


def test_the_policy_is_checked_tried_and_switched_on(person: Make, entered: In) -> None:
    one = listing()
    found(one, judgement(exposed=[finding()]))
    client = entered(person(Role.ADMINISTRATOR))
    assert b"No policy is in force" in client.get("/policy/").content
    wrong = client.post("/policy/", {"text": shipped().replace('"hold"', '"holds"'), "do": "try"})
    assert wrong.status_code == 422
    assert b"rule critical-exposure.then" in wrong.content
    tried = client.post("/policy/", {"text": shipped(), "do": "try"})
    assert b"A-1" in tried.content
    assert policies.in_force() is None
    client.post("/policy/", {"text": shipped(), "do": "switch on"})
    policy = policies.in_force()
    assert policy is not None
    assert policy.text == shipped()
    viewer = entered(person(Role.VIEWER))
    assert viewer.get("/policy/").status_code == 200
    assert viewer.post("/policy/", {"text": shipped(), "do": "switch on"}).status_code == 403
