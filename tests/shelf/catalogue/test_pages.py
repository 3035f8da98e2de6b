"""The pages of the catalogue: what is found, shown, saved and handed in."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from shelfworthy.shelf.catalogue import finding
from shelfworthy.shelf.catalogue.rows import Form, read
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Change, Import, Listing, Marking, Person, Role, Standing, State, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shelf.catalogue.test_pages")]
CSV = (
    "sku,title,maker,category,for_children,markets,gtin\n"
    "A1,Bär Bruno,Plumwhistle,toy,yes,DE FR,4006381333931\n"
    "AB-12,Lamp,Lumen & Söhne,lamp,no,UK,\n"
    "A3,=cmd,Plumwhistle,toy,,DE,\n"
)


def listing(request: HttpRequest, sku: str) -> HttpResponse:
    """Stands for the page of one listing, which is another area's."""
    return HttpResponse(sku)


urlpatterns = [
    path("", include("shelfworthy.shelf.urls")),
    path("listings/<str:sku>/", listing, name="listing"),
]


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def analyst(person: Callable[..., Person], entered: Callable[[Person], Client]) -> Client:
    """Somebody who hands a catalogue in."""
    return entered(person(Role.ANALYST))


@pytest.fixture
def filled(analyst: Client) -> Client:
    """The same, who has done so."""
    assert hand_in(analyst, CSV).status_code == 302
    return analyst


def hand_in(client: Client, text: str, name: str = "shop.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post("/listings/import/", {"file": file, "source": "catalogue"} | more)


def skus(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/listings/?{query}")
    assert answer.status_code == 200
    return re.findall(r'<a href="/listings/([^/"]+)/"><bdi>', answer.content.decode())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A3", "AB-12", "A1"]),
        ("q=BAR+bru", ["A1"]),
        ("q=sohne", ["AB-12"]),
        ("q=ab-1", ["AB-12"]),
        ("q=400638", ["A1"]),
        ("q=%25", ["A3", "AB-12", "A1"]),
        ("q=uno", []),
        ("category=toy", ["A3", "A1"]),
        ("market=UK", ["AB-12"]),
        ("maker=Plumwhistle&sort=sku", ["A1", "A3"]),
        ("children=yes", ["A1"]),
        ("children=not+said", ["A3"]),
        ("standing=nobody+looked&sort=maker", ["AB-12", "A1", "A3"]),
        ("standing=met", []),
        ("state=held", []),
        ("exposed=yes", []),
        ("exposed=no&sort=changed", ["A3", "AB-12", "A1"]),
        ("vanished=yes", []),
        ("undetermined_days=1", []),
        ("undetermined_days=0", ["A3", "AB-12", "A1"]),
        ("undetermined_days=soon", ["A3", "AB-12", "A1"]),
        ("undetermined_days=99999999999999999999", ["A3", "AB-12", "A1"]),
        ("sort=%00&standing=nonsense&after=xyz&state=%00", ["A3", "AB-12", "A1"]),
    ],
)
def test_listings_are_found(filled: Client, query: str, found: list[str]) -> None:
    assert sorted(skus(filled, query)) == sorted(found)
    if "sort" in query and "changed" not in query and "%00" not in query:
        assert skus(filled, query) == found


def test_a_verdict_is_shown_and_found(filled: Client) -> None:
    one = Listing.objects.get(sku="A1")
    Verdict.objects.create(listing=one, standing=Standing.NOT_MET, exposed=True, judged_at=now())
    Listing.objects.filter(sku="A3").update(state=State.HELD)
    assert skus(filled, "standing=not+met") == skus(filled, "exposed=yes") == ["A1"]
    assert skus(filled, "state=held") == ["A3"]
    assert "standing not-met" in filled.get("/listings/").content.decode()


def test_what_nobody_could_determine_for_long_is_found(
    filled: Client, person: Callable[..., Person], token: Callable[..., str]
) -> None:
    api = {"Authorization": f"Bearer {token(person(Role.VIEWER))}"}
    for sku, days in (("A1", 90), ("A3", 12)):
        Verdict.objects.create(
            listing=Listing.objects.get(sku=sku),
            standing=Standing.UNDETERMINED,
            judged_at=now(),
            undetermined_since=now() - timedelta(days=days),
        )
    for days, found in ((12, ["A1", "A3"]), (13, ["A1"]), (90, ["A1"]), (91, [])):
        assert sorted(skus(filled, f"undetermined_days={days}")) == found
        said = Client().get(f"/api/v1/listings?undetermined_days={days}", headers=api).json()
        assert sorted(one["sku"] for one in said["items"]) == found
        rows = b"".join(filled.get(f"/listings.csv?undetermined_days={days}")).decode().splitlines()
        assert len(rows) == len(found) + 1
    assert 'value="90"' in filled.get("/listings/?undetermined_days=90").content.decode()
    today = filled.get("/").content.decode()
    assert re.search(r'<a href="/listings/\?undetermined_days=90"><strong>1</strong> open for 90 days', today)
    for wrong in ("0", "-1", "x", "36501"):
        answer = Client().get(f"/api/v1/listings?undetermined_days={wrong}", headers=api)
        assert answer.status_code == 422
    description = Client().get("/api/v1/openapi.json").json()
    told = {one["name"]: one for one in description["paths"]["/api/v1/listings"]["get"]["parameters"]}
    assert "at least so many days" in told["undetermined_days"]["description"]


def test_what_is_hidden_is_open_for_as_long_as_it_was_not_met_before(
    filled: Client, entered: Callable[[Person], Client], person: Callable[..., Person]
) -> None:
    one, at = Listing.objects.get(sku="A1"), now()
    Verdict.objects.create(listing=one, standing=Standing.NOT_MET, failing=["ab" * 32], judged_at=at)
    steps = [(100, Standing.NONE, Standing.UNDETERMINED), (7, Standing.UNDETERMINED, Standing.NOT_MET)]
    for days, before, after in steps:
        Change.objects.create(
            listing=one, at=at - timedelta(days=days), before=before, after=after, because="evidence"
        )
    assert skus(filled, "undetermined_days=90") == []
    Marking.objects.create(key="ab" * 32, groups=["role:decider"])
    assert skus(filled, "undetermined_days=90") == ["A1"]
    assert skus(filled, "undetermined_days=101") == []
    assert skus(entered(person(Role.DECIDER)), "undetermined_days=90") == []


def test_what_is_hidden_decides_nothing_here(
    filled: Client, client: Client, person: Callable[..., Person]
) -> None:
    one = Listing.objects.get(sku="A1")
    Verdict.objects.create(
        listing=one, standing=Standing.NOT_MET, exposed=True, failing=["ab" * 32], judged_at=now()
    )
    Marking.objects.create(key="ab" * 32, groups=["role:decider"])
    for query in ("standing=not+met", "exposed=yes"):
        assert skus(filled, query) == []
    assert skus(filled, "standing=cannot+determine") == ["A1"]
    assert "A1" in skus(filled, "exposed=no")
    for page in ("/listings/", "/listings.csv"):
        content = b"".join(filled.get(page)).decode()
        assert "not met" not in re.sub(r"<select.*?</select>", "", content)


@pytest.mark.parametrize("counted", [10, 2000])
@pytest.mark.parametrize("sort", ["title", "sku", "maker", "changed"])
def test_pages_follow_each_other(
    analyst: Client, sort: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "COUNTED", counted)
    rows = "".join(f"S{number},Same title,M{number % 3}\n" for number in range(120))
    hand_in(analyst, f"sku,title,maker\n{rows}")
    seen: list[str] = []
    query = f"sort={sort}"
    for _ in range(5):
        answer = analyst.get(f"/listings/?{query}")
        seen += skus(analyst, query)
        if not answer.context["next"]:
            break
        query = answer.context["next"]
    assert len(seen) == 120
    assert len(set(seen)) == 120
    said = "More than 10 listings" if counted == 10 else "120 listings"
    assert said in analyst.get("/listings/").content.decode()


def test_of_other_markets_nothing_is_seen(
    filled: Client, person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    german = entered(person(Role.ANALYST, "DE"))
    assert sorted(skus(german)) == ["A1", "A3"]
    assert skus(german, "market=UK") == []
    assert b"AB-12" not in b"".join(german.get("/listings.csv"))
    assert b"lamp" not in german.get("/listings/").content
    for answer in (german.get("/listings/import/"), hand_in(german, CSV), german.get("/imports/1/")):
        assert answer.status_code == 403


def test_a_saved_file_is_text_and_can_be_handed_in_again(filled: Client) -> None:
    content = b"".join(filled.get("/listings.csv"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["sku"]: row["title"] for row in rows}["A3"] == "'=cmd"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]
    hand_in(filled, content.decode())
    last = Import.objects.latest("pk")
    assert (last.inserted, last.changed, last.vanished) == (0, 0, 0)
    assert sum(1 for _ in read(io.BytesIO(content), Form.CSV)) == 3 + 6  # rows, and columns only for people


def test_mistakes_are_shown_with_their_lines(analyst: Client) -> None:
    answer = hand_in(analyst, "sku;title;colour\nA1;Bear;red\nA2;;\n", part="on")
    page = analyst.get(answer.headers["location"]).content.decode()
    assert "title: it is empty." in page
    assert "There is no column &quot;colour&quot;" in page
    last = Import.objects.get()
    assert not last.whole
    assert [one["line"] for one in last.mistakes] == [1, 3]


def test_what_is_no_catalogue_is_refused(analyst: Client) -> None:
    for answer in (hand_in(analyst, "x", name="shop.xlsx"), analyst.post("/listings/import/", {})):
        assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_killed_import_is_shown_as_stopped(filled: Client) -> None:
    Import.objects.update(state="running", alive_at="2020-01-01T00:00:00Z")
    number = Import.objects.get().pk
    for page in ("/listings/import/", f"/imports/{number}/"):
        assert "<strong>stopped</strong>" in filled.get(page).content.decode()


def test_who_only_looks_hands_nothing_in(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    viewer = entered(person(Role.VIEWER))
    assert viewer.get("/listings/").status_code == 200
    assert viewer.get("/listings/import/").status_code == hand_in(viewer, CSV).status_code == 403
