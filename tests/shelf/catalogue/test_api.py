"""The API of the catalogue: imports, and listings one by one."""

import io
import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Entry, Import, Listing, Market, Person, Role, Standing, Verdict
from shelfworthy.shelf.people.roles import May

pytestmark = pytest.mark.django_db
API = "/api/v1"
JSON = "application/json"


class Caller:
    """Calls with a token; what is no JSON goes as it is."""

    def __init__(self, token: str) -> None:
        self._headers = {"authorization": f"Bearer {token}"}
        self._client = Client(headers=self._headers)

    def __call__(self, way: str, path: str, said: Any = None, kind: str = JSON) -> Any:
        body = json.dumps(said) if kind == JSON and said is not None else said or ""
        return self._client.generic(way, f"{API}{path}", body, kind)

    def file(self, name: str, text: str) -> Any:
        return self._client.post(f"{API}/imports", {"file": SimpleUploadedFile(name, text.encode())})

    def cut_off(self, text: str) -> int:
        """A body of which more was promised than came; Django's client of tests would not send it."""
        said = (
            RequestFactory()
            .generic("POST", f"{API}/imports", text, "text/csv", headers=self._headers)
            .environ
        )
        promised = {"CONTENT_LENGTH": str(len(text) + 10), "wsgi.input": io.BytesIO(text.encode())}
        answered: list[str] = []
        with closing(get_wsgi_application()(said | promised, lambda status, *_: answered.append(status))):  # type: ignore[arg-type]
            return int(answered[0].split()[0])


@pytest.fixture
def analyst(person: Callable[..., Person], token: Callable[..., str]) -> Caller:
    """The token of somebody who may import."""
    return Caller(token(person(Role.ANALYST)))


def test_a_catalogue_is_imported(analyst: Caller) -> None:
    csv = "sku;title;gtin\nA1;Bär;\nA2;Cat;123\n"
    answer = analyst("POST", "/imports?source=toys&name=nightly", csv, "text/csv")
    assert answer.status_code == 201
    said = answer.json()
    assert (said["inserted"], said["wrong"], said["name"], said["state"]) == (1, 1, "nightly", "done")
    assert said["mistakes"][0]["line"] == 3
    assert analyst("GET", f"/imports/{said['id']}").json() == said

    assert analyst("POST", "/imports?source=toys&name=night%00ly", csv, "text/csv").status_code == 422

    lines = '{"sku": "A1", "title": "Bear", "markets": ["DE"]}\n{"sku": "A9"}\n'
    said = analyst("POST", "/imports?source=toys&whole=false", lines, "application/x-ndjson").json()
    assert (said["changed"], said["mistakes"]) == (
        1,
        [{"line": 2, "reason": "title: the listing is new and has none."}],
    )
    assert analyst.file("more.jsonl", lines).status_code == 201


def test_a_listing_is_put_changed_and_taken_out(analyst: Caller) -> None:
    said = {
        "title": "Bear",
        "maker": "Plumwhistle",
        "product": "Bear",
        "markets": ["DE", "FR"],
        "firmware": "1.0",
    }
    answer = analyst("PUT", "/listings/A1", said)
    assert answer.status_code == 201
    it = answer.json()
    assert (it["sku"], it["markets"], it["product"]["vendor"]) == ("A1", ["DE", "FR"], "Plumwhistle")
    assert (it["standing"], it["state"], it["vanished_at"]) == ("nobody looked", "listed", None)

    assert analyst("PATCH", "/listings/A1", {"firmware": "1.1"}).json()["maker"] == "Plumwhistle"
    put = analyst("PUT", "/listings/A1", {"title": "Bear"})
    assert put.status_code == 200
    assert (put.json()["maker"], put.json()["markets"], put.json()["product"]["name"]) == ("", [], "Bear")

    assert analyst("DELETE", "/listings/A1").status_code == 204
    assert analyst("GET", "/listings/A1").json()["vanished_at"]
    assert analyst("GET", "/listings").json() == {"items": [], "next": ""}
    assert analyst("PUT", "/listings/A1", {"title": "Bear"}).json()["vanished_at"] is None
    actions = [*Entry.objects.order_by("pk").values_list("action", flat=True)]
    assert actions == [
        "listing inserted",
        "listing changed",
        "listing changed",
        "listing vanished",
        "listing changed",
    ]


def test_listings_come_in_pages(analyst: Caller) -> None:
    analyst("POST", "/imports", "sku,title\n" + "".join(f"S{n},Bear {n}\n" for n in range(25)), "text/csv")
    found, cursor = [], ""
    while True:
        said = analyst("GET", f"/listings?limit=10&cursor={cursor}").json()
        found += [one["sku"] for one in said["items"]]
        if not (cursor := said["next"]):
            break
    assert sorted(found) == sorted(f"S{n}" for n in range(25))
    assert len(analyst("GET", "/listings?q=bear+7").json()["items"]) == 1


@pytest.mark.parametrize(
    ("way", "path", "said", "kind", "status"),
    [
        ("POST", "/imports", "x", "application/pdf", 415),
        ("POST", "/imports?source=%00", "sku,title\n", "text/csv", 422),
        ("GET", "/imports/99999999999999999999", None, JSON, 404),
        ("GET", "/listings/none", None, JSON, 404),
        ("GET", "/listings/%00", None, JSON, 404),
        ("PATCH", "/listings/none", {"title": "x"}, JSON, 404),
        ("DELETE", "/listings/none", None, JSON, 404),
        ("GET", "/listings?cursor=x", None, JSON, 422),
        ("GET", "/listings?limit=0", None, JSON, 422),
        ("GET", "/listings?standing=bad", None, JSON, 422),
        ("PUT", "/listings/A1", {"title": ""}, JSON, 422),
        ("PUT", "/listings/A1", {"title": "x", "gtin": "1"}, JSON, 422),
        ("PUT", "/listings/A1", {"title": "x", "markets": ["$"]}, JSON, 422),
        ("PUT", "/listings/A1", {"title": "x\u0001"}, JSON, 422),
        ("PUT", "/listings/A1", {"title": "x", "product_file": "../secret"}, JSON, 422),
        ("PUT", "/listings/%20A1", {"title": "x"}, JSON, 422),
        ("PUT", "/listings/import", {"title": "x"}, JSON, 422),
    ],
)
def test_what_cannot_be_is_refused(
    analyst: Caller, way: str, path: str, said: Any, kind: str, status: int
) -> None:
    answer = analyst(way, path, said, kind)
    assert answer.status_code == status
    assert not Listing.objects.exists()
    assert not Import.objects.exists()


def test_other_markets_are_not_there(person: Callable[..., Person], token: Callable[..., str]) -> None:
    every = Caller(token(person(Role.ANALYST)))
    every("POST", "/imports", "sku,title,markets\nA1,Bear,DE\nA2,Lamp,UK\n", "text/csv")
    german = Caller(token(person(Role.ANALYST, "DE")))
    assert [one["sku"] for one in german("GET", "/listings").json()["items"]] == ["A1"]
    for way, said in (("GET", None), ("PATCH", {"title": "x"})):
        assert german(way, "/listings/A2", said).status_code == 404
    for way, said in (("PUT", {"title": "x"}), ("PATCH", {"title": "x"}), ("DELETE", None)):
        assert german(way, "/listings/A1", said).status_code == 403
    assert german("POST", "/imports", "sku,title\n", "text/csv").status_code == 403
    assert german("GET", f"/imports/{Import.objects.get().pk}").status_code == 403
    assert Listing.objects.get(sku="A1").title == "Bear"


def test_scopes_and_roles_are_asked(person: Callable[..., Person], token: Callable[..., str]) -> None:
    reading = Caller(token(person(Role.ADMINISTRATOR), May.SEE))
    viewer = Caller(token(person(Role.VIEWER)))
    for caller in (reading, viewer):
        assert caller("GET", "/listings").status_code == 200
        assert caller("PUT", "/listings/A1", {"title": "x"}).status_code == 403
        assert caller("POST", "/imports", "sku,title\n", "text/csv").status_code == 403
    assert Caller("wrong")("GET", "/listings").status_code == 401


def test_a_changed_version_is_rolled_up_again(analyst: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        "shelfworthy.shelf.evidence.current.refresh", lambda numbers, at=None: asked.extend(numbers)
    )
    analyst("PUT", "/listings/A1", {"title": "Bear", "firmware": "1.0"})
    one = Listing.objects.get()
    assert asked == []  # nothing is known of it
    Verdict.objects.create(listing=one, standing=Standing.MET, judged_at=now())
    analyst("PATCH", "/listings/A1", {"title": "The bear"})
    assert asked == []
    analyst("PATCH", "/listings/A1", {"firmware": "1.1"})
    assert asked == [one.pk]


def test_a_market_is_made_once(analyst: Caller) -> None:
    Market.objects.create(code="DE")
    analyst("PUT", "/listings/A1", {"title": "Bear", "markets": ["de", "DE "]})
    assert [*Market.objects.values_list("code", flat=True)] == ["DE"]


def test_half_a_body_is_no_catalogue(analyst: Caller) -> None:
    analyst("POST", "/imports", "sku,title\nA1,Bear\nA2,Cat\n", "text/csv")
    assert analyst.cut_off("sku,title\nA1,Bear\n") == 400
    assert Import.objects.latest("pk").state == "stopped"
    assert not Listing.objects.exclude(vanished_at=None).exists()
