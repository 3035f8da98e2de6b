"""Asking the supplier: what is in the letter and what never, who may make it, when it is waited for."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from msgspec.structs import replace
from pypdf import PdfReader

from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Cause, Change, Finding, GuidelineVerdict, Judgement, RequirementVerdict
from shelfworthy.model import Standing as Answer
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import asking, policies
from shelfworthy.shelf.deciding.asking import SETTLES, questions
from shelfworthy.shelf.deciding.automatic import consider
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.evidence.supplying import SUPPLY, in_words
from shelfworthy.shelf.models import Entry, Event, Letter, Listing, Marking, Person, Role
from shelfworthy.shelf.web.today import today
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db
In = Callable[[Person], Client]
Make = Callable[..., Person]
NOT_SUPPLIED = Change(check="", surface="", cause=Cause.NOT_SUPPLIED, what="supply app, firmware or capture")
SILENT = Change(
    check="tls-versions",
    surface="api.bear.example",
    cause=Cause.SILENT,
    what="words of a probe about x.example",
)
AGED = Change(check="password-rules", surface="log-in", cause=Cause.AGED, what="look again")


def asked_of(*exposed: Finding, **open_: tuple[Change, ...]) -> Judgement:
    """A judgement in which these requirements of encryption and passwords are open."""
    said = judgement(exposed=exposed)
    guidelines: dict[str, GuidelineVerdict] = {}
    for name, changes in open_.items():
        heading = "passwords" if name == "strength" else "encryption"
        one = RequirementVerdict(answer=Answer.CANNOT_DETERMINE, would_change=changes)
        before = guidelines[heading].requirements if heading in guidelines else {}
        guidelines[heading] = GuidelineVerdict(
            answer=Answer.CANNOT_DETERMINE, requirements={**before, f"{heading}.{name}": one}
        )
    return replace(said, verdict=replace(said.verdict, guidelines=guidelines))


def open_for(days: int, **more: Any) -> Listing:
    one = listing("A-1", "DE", **more)
    said = asked_of(network=(NOT_SUPPLIED,), tls=(SILENT,), strength=(AGED,))
    found(one, said, undetermined_since=now() - timedelta(days=days))
    return one


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_supplier_is_asked_for_what_is_missing(person: Make, entered: In) -> None:
    one = open_for(91)
    client = entered(person(Role.DECIDER, "DE"))
    day = now().date() + timedelta(days=30)
    form = client.get("/listings/A-1/ask/").content.decode()
    assert f'value="{day:%Y-%m-%d}"' in form
    answer = client.post("/listings/A-1/ask/", {"to": "ask-maker", "answer_by": f"{day:%Y-%m-%d}"})
    letter = Letter.objects.get()
    assert answer.headers["location"] == f"/letters/{letter.pk}.html"
    assert (letter.listing, letter.decision, letter.answer_by) == (one, None, day)
    page = " ".join(client.get(f"/letters/{letter.pk}.html").content.decode().split())
    pdf = client.get(f"/letters/{letter.pk}.pdf")
    assert pdf.headers["content-disposition"] == f'attachment; filename="ask-maker-{letter.pk}.pdf"'
    for text in (page, text_of(pdf.content)):
        for words in (
            "To Toymaker Ltd",
            "Is everything that the device and its app send over a network encrypted?",
            "it was not supplied",
            "Supply one of these: the app as it is installed; the firmware that units are shipped with;",
            "it did not answer",
            "api.bear.example",
            "Does the server refuse weak passwords?",
            "what was seen is too old to count",
            f"by {day.day} {day:%B %Y}",
            "shelfworthy push NAME.audit --to",
            "does not say that a law was broken",
        ):
            assert words in text, words
        assert "words of a probe" not in text
        assert "hands out data" not in text  # the sixth heading is none of the five
    line = Entry.objects.get(action="letter: made")
    assert (line.object, line.words) == ("A-1", f"letter {letter.pk} (ask-maker), to be answered by {day}")
    assert f"/letters/{letter.pk}.html" in client.get("/listings/A-1/").content.decode()


def test_it_is_german_for_who_works_in_german(person: Make, entered: In) -> None:
    open_for(91)
    client = entered(person(Role.DECIDER))
    client.post("/language", {"language": "de"})
    client.post("/listings/A-1/ask/", {"to": "ask-seller", "answer_by": f"{now().date():%Y-%m-%d}"})
    page = client.get(f"/letters/{Letter.objects.get().pk}.html").content.decode()
    assert '<html lang="de">' in page
    assert "Market seller" in page
    for words in ("Is everything", "it was not supplied", "Supply", "What is missing", "Please"):
        assert words not in page, words


@pytest.mark.parametrize(
    "form", [{"to": "owners"}, {"answer_by": "2020-01-01"}, {"answer_by": "soon"}, {"answer_by": ""}]
)
def test_what_is_no_answer_day_or_nobody_to_ask_is_refused(
    person: Make, entered: In, form: dict[str, str]
) -> None:
    open_for(91)
    day = f"{now().date():%Y-%m-%d}"
    answer = entered(person(Role.DECIDER)).post(
        "/listings/A-1/ask/", {"to": "ask-maker", "answer_by": day} | form
    )
    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_who_may_not_decide_may_not_ask_and_others_markets_are_not_there(person: Make, entered: In) -> None:
    open_for(91)
    day = {"to": "ask-maker", "answer_by": f"{now().date():%Y-%m-%d}"}
    for role, market, status in (
        (Role.VIEWER, "DE", 403),
        (Role.ANALYST, "DE", 403),
        (Role.DECIDER, "FR", 404),
    ):
        client = entered(person(role, market))
        assert client.get("/listings/A-1/ask/").status_code == status
        assert client.post("/listings/A-1/ask/", day).status_code == status
    assert not Letter.objects.exists()
    client = entered(person(Role.DECIDER, "DE"))
    client.post("/listings/A-1/ask/", day)
    made = Letter.objects.get()
    for form in ("html", "pdf"):
        assert client.get(f"/letters/{made.pk}.{form}").status_code == 200
        assert entered(person(Role.DECIDER, "FR")).get(f"/letters/{made.pk}.{form}").status_code == 404
        assert entered(person(Role.ANALYST, "DE")).get(f"/letters/{made.pk}.{form}").status_code == 403


def test_today_says_who_is_to_be_asked_until_they_were(person: Make, entered: In) -> None:
    owner = person(Role.ADMINISTRATOR)
    policies.switch_on(policies.keep(shipped(), owner), owner)
    one, at = open_for(91), now()
    viewer, decider = entered(person(Role.VIEWER, "DE")), entered(person(Role.DECIDER, "DE"))
    assert "1 supplier to be asked" not in decider.get("/").content.decode()
    consider(one, one.verdict, at)
    assert Event.objects.get().kind == "supplier to be asked"
    first = decider.get("/").content.decode()
    assert "1 supplier to be asked" in first
    assert 'href="/listings/A-1/ask/"' in first
    seen = viewer.get("/").content.decode()
    assert "1 supplier to be asked" in seen
    assert "/listings/A-1/ask/" not in seen
    assert "/listings/A-1/#asked" in decider.get("/watch/").content.decode()
    assert 'id="asked"' in decider.get("/listings/A-1/").content.decode()
    assert today(person(Role.DECIDER, "FR"), at).to_ask.number == 0
    decider.post(
        "/listings/A-1/ask/", {"to": "ask-maker", "answer_by": f"{at.date() + timedelta(days=9):%Y-%m-%d}"}
    )
    assert "supplier to be asked" not in decider.get("/").content.decode()
    assert today(owner, at + timedelta(days=9)).to_ask.number == 0
    assert today(owner, at + timedelta(days=10)).to_ask.number == 1  # nobody answered


@pytest.mark.parametrize("because_of_a_finding", [False, True])
def test_who_was_just_asked_does_not_wait_again_because_another_policy_was_switched_on(
    person: Make, because_of_a_finding: bool
) -> None:
    def later() -> None:
        """The clock has seconds, and this is told after the letter was written."""
        Event.objects.filter(pk=Event.objects.latest("pk").pk).update(at=now() + timedelta(seconds=1))

    owner, at = person(Role.ADMINISTRATOR), now()
    text = shipped().replace('then = "hold"', 'then = "ask"').replace("people_to_reinstate = 2", "")
    policies.switch_on(policies.keep(text, owner), owner)
    if because_of_a_finding:
        one = listing("A-1", "DE")
        found(one, asked_of(finding(), strength=(AGED,)))
    else:
        one = open_for(91)
    consider(one, one.verdict, at)
    assert today(owner, at).to_ask.number == 1
    asking.make(one, asking.To.MAKER, at.date() + timedelta(days=9), owner)
    assert today(owner, at).to_ask.number == 0
    policies.switch_on(policies.keep(text.replace('id = "', 'id = "new-'), owner), owner)
    consider(one, one.verdict, now())
    assert Event.objects.filter(kind="supplier to be asked").count() == 2
    later()
    assert today(owner, now()).to_ask.number == 0
    assert today(owner, at + timedelta(days=10)).to_ask.number == 1  # nobody answered
    if because_of_a_finding:  # another one, which was not there when the letter was written
        more = judgement(exposed=[finding(), finding("bucket-listing", surface="other")])
        consider(one, found(one, more), now())
        later()
        assert today(owner, now()).to_ask.number == 1


def test_nobody_waits_for_what_was_settled_meanwhile(person: Make) -> None:
    owner = person(Role.ADMINISTRATOR)
    policies.switch_on(policies.keep(shipped(), owner), owner)
    one, at = open_for(91), now()
    consider(one, one.verdict, at)
    assert today(owner, at).to_ask.number == 1
    found(one, judgement(exposed=[finding()]))  # not open any more
    assert today(owner, at).to_ask.number == 0
    found(one, judgement(), undetermined_since=at + timedelta(days=1))  # open again, not yet for long
    assert today(owner, at + timedelta(days=2)).to_ask.number == 0


def test_a_rule_that_asks_because_of_a_finding_is_not_told_to_who_may_not_see_it(person: Make) -> None:
    owner = person(Role.ADMINISTRATOR)
    text = shipped().replace('then = "hold"', 'then = "ask"').replace("people_to_reinstate = 2", "")
    policies.switch_on(policies.keep(text, owner), owner)
    one, secret = listing("A-1", "DE"), finding()
    consider(one, found(one, judgement(exposed=[secret])), now())
    assert today(owner, now()).to_ask.number == 1
    Marking.objects.create(key=secret.key, groups=["role:decider"])
    assert today(owner, now()).to_ask.number == 0
    assert today(person(Role.DECIDER), now()).to_ask.number == 1


def test_places_of_which_a_finding_speaks_that_is_not_public_are_not_named() -> None:
    one = listing()
    at_the_broker = replace(SILENT, surface="broker.bear.example")
    bad = finding("broker-anonymous", surface="toys", host="broker.bear.example")
    said = asked_of(bad, network=(SILENT, at_the_broker))
    found(one, said)
    (asked,) = questions(one, now())
    assert asked.places == ("api.bear.example",)
    Marking.objects.create(key=bad.key, groups=["everybody"])
    (asked,) = questions(one, now())
    assert asked.places == ("api.bear.example", "broker.bear.example")


@pytest.mark.parametrize(
    ("surface", "facts"),
    [
        ("seen:broker:broker.bear.example", {"host": "broker.bear.example"}),
        ("seen:broker:mqtts://broker.bear.example:8883", {"host": "Broker.Bear.example"}),
        ("seen:endpoint:https://broker.bear.example/a", {"address": "https://broker.bear.example/a?b"}),
        ("seen:domain:bücher.example", {"name": "bücher.example"}),  # which JSON may write otherwise
        ("seen:bucket:toys\\bears", {"names": ("of", "toys\\bears")}),
    ],
)
def test_a_place_that_was_discovered_is_known_again_in_what_is_not_public(
    surface: str, facts: dict[str, Any]
) -> None:
    one, there = listing(), replace(SILENT, surface=surface)
    bad = replace(finding("broker-anonymous", surface="toys"), facts=facts)
    found(one, asked_of(bad, network=(SILENT, there), tls=(there,)))
    assert [(asked.id, asked.places) for asked in questions(one, now())] == [
        ("encryption.network", ("api.bear.example",)),
        ("encryption.tls", ()),
    ]
    Marking.objects.create(key=bad.key, groups=["case:2026-7"])  # then it is not even asked
    assert [(asked.id, asked.places) for asked in questions(one, now())] == [
        ("encryption.network", ("api.bear.example",)),
    ]
    Marking.objects.update(groups=["everybody"])
    assert [len(asked.places) for asked in questions(one, now())] == [2, 1]


def test_what_was_seen_at_a_discovered_place_names_it_too() -> None:
    one, there = listing(), replace(SILENT, surface="seen:broker:mqtts://broker.bear.example:8883")
    bad = finding("tls-versions", surface="seen:endpoint:https://broker.bear.example/")
    found(one, asked_of(bad, network=(SILENT, there)))
    assert [asked.places for asked in questions(one, now())] == [("api.bear.example",)]


def test_what_is_open_where_a_marked_finding_was_made_is_not_asked() -> None:
    one = listing()
    bad = finding("broker-anonymous", surface="broker.bear.example")
    there = replace(SILENT, surface=bad.surface)
    found(one, asked_of(bad, network=(AGED, there), tls=(there,)))
    assert [(asked.id, asked.why) for asked in questions(one, now())] == [
        ("encryption.network", ("what was seen is too old to count", "it did not answer")),
        ("encryption.tls", ("it did not answer",)),
    ]
    Marking.objects.create(key=bad.key, groups=["case:2026-7"])
    assert [(asked.id, asked.why) for asked in questions(one, now())] == [
        ("encryption.network", ("what was seen is too old to count",)),
    ]


def test_where_nobody_looked_all_of_the_five_is_asked_and_where_all_is_known_nothing(
    person: Make, entered: In
) -> None:
    one = listing()
    rules = five_guidelines()
    five = [id for id, _ in rules.requirements() if id.partition(".")[0] in rules.guideline]
    assert [asked.id for asked in questions(one, now())] == five
    found(one, asked_of())
    one = Listing.objects.get()
    assert questions(one, now()) == ()
    client = entered(person(Role.DECIDER))
    page = client.post(
        "/listings/A-1/ask/", {"to": "ask-maker", "answer_by": f"{now().date():%Y-%m-%d}"}
    ).content.decode()
    assert "Nothing is open that could be asked for." in page
    assert not Letter.objects.exists()


def test_there_are_words_for_every_cause_and_for_all_that_is_expected() -> None:
    assert set(SETTLES) == set(Cause)
    expected = {
        kind
        for _, requirement in five_guidelines().requirements()
        for groups in (requirement.expects, *requirement.expects_for.values())
        for group in groups
        for kind in group
    }
    assert expected <= set(SUPPLY)


def test_what_is_missing_is_said_to_the_shop_in_its_words() -> None:
    assert in_words("Supply policy.") == "Missing: the privacy policy of this product."
    with translation.override("de"):
        assert in_words("Supply app, firmware or capture.").startswith(
            "Es fehlt, eines davon genügt: die App"
        )
    assert in_words("Look at api.") == "Look at api."


def test_a_letter_asks_or_is_of_a_decision(person: Make) -> None:
    made = asking.make(open_for(91), asking.To.MAKER, now().date(), person(Role.DECIDER))
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=made.pk).update(answer_by=None)
