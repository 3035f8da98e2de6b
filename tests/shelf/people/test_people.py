"""Managing people, tokens and the log; and what stays of somebody who was erased."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Decision, Entry, Market, Membership, Person, Role, Subscription, Token
from shelfworthy.shelf.people import making
from shelfworthy.shelf.people.making import NotPossible
from shelfworthy.shelf.people.roles import May
from tests.shelf.people.coming_in import enrolled
from tests.shelf.world import world

pytestmark = pytest.mark.django_db
INVITED = {"name": "Bo Ek", "email": "Bo@Shop.example", "role": "analyst"}


@pytest.fixture
def boss(person: Callable[..., Person]) -> Person:
    return person(Role.ADMINISTRATOR, name="boss")


@pytest.fixture
def admin(boss: Person, entered: Callable[[Person], Client]) -> Client:
    return entered(boss)


def test_somebody_is_let_in_with_a_password_that_is_shown_once(admin: Client) -> None:
    uk = Market.objects.create(code="UK")
    answer = admin.post("/people/", {**INVITED, "markets": [uk.pk]})
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert password not in admin.get("/people/").content.decode()
    one = Person.objects.get(email="bo@shop.example")
    assert (one.membership.role, list(one.membership.markets.all())) == (Role.ANALYST, [uk])
    theirs = Client()
    enrolled(theirs, "BO@shop.example", password)
    assert theirs.get("/").headers["location"].startswith("/new-password")
    assert admin.post("/people/", INVITED).context["form"].errors["email"]
    assert Person.objects.filter(email="bo@shop.example").count() == 1


def test_administrators_are_for_all_markets(admin: Client) -> None:
    uk = Market.objects.create(code="UK")
    answer = admin.post("/people/", {**INVITED, "role": "administrator", "markets": [uk.pk]})
    assert answer.context["form"].errors["markets"]
    assert not Person.objects.filter(email="bo@shop.example").exists()


def test_nobody_changes_their_own_role_or_way_in(admin: Client, boss: Person) -> None:
    admin.post(f"/people/{boss.pk}/", {"role": "viewer"})
    admin.post(f"/people/{boss.pk}/let-go")
    admin.post(f"/people/{boss.pk}/erase")
    answer = admin.post(f"/people/{boss.pk}/let-in", follow=True)
    assert "another administrator" in answer.content.decode()
    boss.refresh_from_db()
    assert boss.membership.role == Role.ADMINISTRATOR
    assert boss.erased_at is None
    assert User.objects.get(person=boss).is_active


def test_who_is_no_administrator_any_more_takes_nothing_from_others(
    boss: Person, person: Callable[..., Person]
) -> None:
    other = person(Role.ADMINISTRATOR)
    making.change(other, boss, Role.VIEWER, ())
    with pytest.raises(NotPossible, match="no longer"):
        making.change(boss, other, Role.VIEWER, ())
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_another_role_is_another_role_and_in_the_log(admin: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    assert admin.post(f"/people/{one.pk}/", {"role": "decider"}).status_code == 302
    assert Membership.objects.get(person=one).role == Role.DECIDER
    entry = Entry.objects.get(action="changed somebody's role")
    assert (entry.object, entry.words) == (f"person:{one.pk}", "to decider, for all markets")
    assert admin.post(f"/people/{one.pk}/", {"role": "emperor"}).context["form"].errors["role"]


def test_who_is_let_go_has_no_way_in_and_no_token(
    admin: Client, person: Callable[..., Person], token: Callable[..., str]
) -> None:
    one = person(Role.ANALYST)
    token(one)
    theirs = Client()
    theirs.force_login(one.user)  # type: ignore[arg-type]
    admin.post(f"/people/{one.pk}/let-go")
    assert theirs.get("/").headers["location"].startswith("/log-in")
    assert Token.objects.get(person=one).revoked_at is not None
    answer = admin.post(f"/people/{one.pk}/let-in")
    assert enrolled(Client(), one.user.username, answer.context["password"])  # type: ignore[union-attr]
    assert Token.objects.get(person=one).revoked_at is not None


def test_who_lost_the_phone_sets_up_another(admin: Client, person: Callable[..., Person]) -> None:
    one = person(Role.VIEWER)
    device = TOTPDevice.objects.create(user=one.user, confirmed=True)
    answer = admin.post(f"/people/{one.pk}/let-in")
    assert not TOTPDevice.objects.filter(pk=device.pk).exists()
    enrolled(Client(), one.user.username, answer.context["password"])  # type: ignore[union-attr]


def test_of_who_is_erased_nothing_stays_but_what_they_did(
    admin: Client, person: Callable[..., Person], token: Callable[..., str]
) -> None:
    shelf = world(person)
    one = shelf.owner
    name, email = one.name, one.email
    token(one)
    chain = list(Decision.objects.values())
    lines = list(Entry.objects.filter(person=one).values("at", "action", "object", "words"))
    assert name in admin.get(f"/people/{one.pk}/erase").content.decode()
    assert Person.objects.filter(name=name).exists()  # asked first
    assert admin.post(f"/people/{one.pk}/erase").headers["location"] == "/people/"
    one.refresh_from_db()
    assert (one.user, one.name, one.email) == (None, "", "")
    assert str(one) == f"person {one.pk} (erased)"
    assert list(Decision.objects.values()) == chain
    assert list(Entry.objects.filter(person=one).values("at", "action", "object", "words")) == lines
    assert not User.objects.filter(username=name.replace(" ", ".")).exists()
    assert not Membership.objects.filter(person=one).exists()
    assert not Token.objects.filter(person=one, revoked_at=None).exists()
    assert set(Subscription.objects.filter(person=one).values_list("to", "secret")) == {("", "")}
    for table in (Person, Entry, Token, Subscription, Decision, User):
        said = str(list(table.objects.values()))
        assert name not in said, table
        assert email not in said, table
    assert admin.get(f"/people/{one.pk}/").status_code == 404
    assert admin.post(f"/people/{one.pk}/let-in").status_code == 404


def test_a_token_is_shown_once_and_kept_as_a_hash(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    one = person(Role.ANALYST)
    client = entered(one)
    answer = client.post(
        "/settings/token", {"name": "export", "scopes": [May.SEE, May.IMPORT], "days": "365"}
    )
    secret = answer.context["secret"]
    assert secret.startswith("shelf_")
    assert secret in answer.content.decode()
    assert secret not in client.get("/settings/").content.decode()
    kept = Token.objects.get()
    assert kept.hash == hashlib.sha256(secret.encode()).hexdigest()
    assert kept.scopes == ["import the catalogue", "see"]
    assert timedelta(days=364) < kept.expires_at - now() <= timedelta(days=365)
    client.post(f"/settings/token/{kept.pk}/revoke")
    kept.refresh_from_db()
    assert kept.revoked_at is not None
    assert [one.action for one in Entry.objects.order_by("pk")] == ["made a token", "revoked a token"]


@pytest.mark.parametrize(
    "wrong",
    [{"days": "366"}, {"days": "0"}, {"scopes": [May.DECIDE]}, {"scopes": [May.PUSH]}, {"scopes": []}],
)
def test_no_token_is_for_more_than_its_person_or_for_ever(
    wrong: dict[str, str], person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    client = entered(person(Role.ANALYST))
    answer = client.post("/settings/token", {"name": "x", "scopes": [May.SEE], "days": "30", **wrong})
    assert answer.context["token_form"].errors
    assert not Token.objects.exists()


def test_nobody_revokes_anothers_token(
    person: Callable[..., Person], entered: Callable[[Person], Client], token: Callable[..., str]
) -> None:
    token(person(Role.ANALYST))
    client = entered(person(Role.DECIDER))
    assert client.post(f"/settings/token/{Token.objects.get().pk}/revoke").status_code == 404
    assert Token.objects.get().revoked_at is None


def test_a_token_that_pushes_says_whose_evidence_it_is_and_does_nothing_else(admin: Client) -> None:
    sent = {"observer": "Lab Nord", "origin": "lab", "days": "30"}
    admin.post("/tokens/", sent)
    made = Token.objects.get()
    assert (made.scopes, str(made.observer), made.observer and made.observer.origin) == (
        ["push evidence"], "Lab Nord", "lab",
    )  # fmt: skip
    answer = admin.post("/tokens/", {**sent, "origin": "supplier"})  # a lab does not become a supplier
    assert answer.context["form"].errors["origin"]
    assert Token.objects.count() == 1
    admin.post(f"/tokens/{made.pk}/revoke")
    assert "Lab Nord" not in admin.get("/tokens/").content.decode()
    assert "Lab Nord" in admin.get("/tokens/?all=yes").content.decode()


def test_the_log_is_filtered_and_paged(admin: Client, boss: Person, person: Callable[..., Person]) -> None:
    other, at = person(Role.VIEWER), now()
    Entry.objects.bulk_create(
        Entry(at=at - timedelta(days=number), person=other if number % 2 else boss, action="looked",
              object=f"listing:{number}")
        for number in range(250)
    )  # fmt: skip
    seen: list[int] = []
    query = f"person={other.pk}&action=LOOK"
    for _ in range(3):
        answer = admin.get(f"/log/?{query}")
        seen += [one.pk for one in answer.context["entries"]]
        query = answer.context["more"]
        if not query:
            break
    assert len(seen) == len(set(seen)) == 125
    assert seen == sorted(seen, reverse=True)
    day = (at - timedelta(days=3)).date().isoformat()
    found = admin.get(f"/log/?since={day}&until={day}").context["entries"]
    assert [one.object for one in found] == ["listing:3"]
    for nonsense in (
        "?person=x",
        "?since=never",
        "?before=-1",
        "?before=99999999999999999999",
        "?person=9999",
    ):
        assert admin.get(f"/log/{nonsense}").status_code == 200


def test_the_log_is_taken_as_a_file_without_formulas(admin: Client, boss: Person) -> None:
    Entry.objects.create(at=now(), person=boss, action="imported", object="=cmd|' /C calc'!A0", words='a "b"')
    answer = admin.get("/log/export?action=import")
    assert answer.headers["content-disposition"].startswith("attachment")
    lines = answer.getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "'=cmd" in lines[1]
    assert '"a ""b"""' in lines[1]
    assert Entry.objects.filter(action="took the log", words="action=import").exists()


def test_searching_people(admin: Client, person: Callable[..., Person]) -> None:
    person(Role.VIEWER, name="Zoë Müller")
    assert [str(one) for one in admin.get("/people/?q=zoë").context["people"]] == ["Zoë Müller"]
    assert admin.get("/people/?q=" + "x" * 5000).status_code == 200


def test_new_recovery_codes_need_the_password(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    from tests.shelf.conftest import PASSWORD

    one = person(Role.VIEWER)
    client = entered(one)
    assert client.post("/settings/recovery-codes", {"password": "x"}).context["password_form"].errors
    assert len(client.post("/settings/recovery-codes", {"password": PASSWORD}).context["codes"]) == 10
    assert one.recovery_codes.count() == 10
