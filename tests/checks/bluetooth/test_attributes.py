"""What is open to strangers who connect, and to those who come after the owner."""

import msgspec
import pytest

from shelfworthy.checks.bluetooth._attributes import MOST
from shelfworthy.model import Cause, NotLooked, Outcome, Seen, Severity
from shelfworthy.seen.bluetooth import Attempt, Attribute, BluetoothAccess, BluetoothReturn, Came
from tests.checks.bluetooth import built
from tests.checks.bluetooth.built import access, attribute, back, ids, pairs, said

OPEN, RECONNECT = "bluetooth-open-access", "bluetooth-reconnect"
FLAGS = attribute(9, "read", "write", service="1801", uuid="2b29")
RENAMES = attribute(3, "read", "write", service="1800", uuid="2a00")
HEART = attribute(7, "notify", service="180d", uuid="2a37")

ACCESS = {
    "everything refused": (access(), "pass refused"),
    "some closed to everybody": (access(h24_read="closed"), "pass refused"),
    "public ones done": (access(h3_read="done", h5_read="done", h5_subscribe="done"), "pass refused"),
    "nothing but closed": (access("closed"), "inconclusive left-open"),
    "a read": (access(h1c_read="done"), "fail open"),
    "a write": (access(h12_write="done"), "fail open"),
    "data came": (access(h1c_subscribe="done"), "fail open"),
    "everything open": (access("done"), "fail open"),
    "a subscription without data": (access(h1c_subscribe="accepted"), "inconclusive left-open"),
    "an error": (access(h24_write="error"), "inconclusive left-open"),
    "no answer": (access(h24_write="silent"), "inconclusive left-open"),
    "it hung up": (access(h24_write="gone"), "inconclusive left-open"),
    "not permitted": (access(h24_write="not tried"), "inconclusive left-open"),
    "not whole": (access(whole=False), "inconclusive left-open"),
    "encrypted": (access("done", encrypted=True), "inconclusive left-open"),
    "truncated": (access(truncated=True), "inconclusive truncated"),
    "changed": (access(changed=True), "inconclusive changed"),
    "truncated, and open": (access("done", truncated=True, changed=True), "fail open"),
    "not let in": (access(attributes=(), let_in=False), "inconclusive not-let-in"),
    "empty": (access(attributes=()), "inconclusive nothing-listed"),
    "only public": (access("done", (built.NAME, built.BATTERY)), "moot only-public"),
    "what everybody may write": (access("done", (FLAGS,)), "moot only-public"),
    "it can be renamed": (access("done", (RENAMES,)), "fail open"),
    "its name cannot be written": (access(attributes=(RENAMES,), h3_read="done"), "pass refused"),
    "only signed writes": (access(attributes=(attribute(9, "signed write"),)), "moot only-public"),
}


@pytest.mark.parametrize(("seen", "expected"), ACCESS.values(), ids=ACCESS)
def test_open_access(seen: BluetoothAccess, expected: str) -> None:
    assert ids(said(OPEN, seen)) == [expected]


RETURNS = {
    "kept out": (back(), "pass kept-out"),
    "a read": (back(h1c_read="done"), "fail open"),
    "pairs again": (back(again=pairs("weakest", "done", "just works")), "fail pairs-again"),
    "not let in": (back(let_in=False), "inconclusive not-let-in"),
    "nobody tried": (
        msgspec.structs.replace(back(let_in=False), let_in=True),
        "inconclusive no-stranger",
    ),
    "a visit without pairing": (back(again=NotLooked()), "inconclusive pairing-open"),
    "pairing was not answered": (back(again=pairs("weakest", "silent")), "inconclusive pairing-open"),
    "pairing broke off": (back(again=pairs("weakest", "error")), "inconclusive pairing-open"),
    "subscribed without data": (back(h1c_subscribe="accepted"), "inconclusive left-open"),
    "no owner": (back(owner=False), "inconclusive no-owner"),
    "nobody paired": (back(paired=pairs("strongest", "error", "passkey")), "inconclusive no-owner"),
    "forgets": (back(paired=pairs("strongest", "done", "passkey", bonding=False)), "inconclusive forgets"),
    "forgets, and is open": (
        back("done", paired=pairs("strongest", "done", "passkey", bonding=False)),
        "fail open",
    ),
    "only public": (back("done", attributes=(built.NAME,)), "moot nothing-private"),
    "nothing listed": (back(attributes=()), "inconclusive no-stranger"),
}


@pytest.mark.parametrize(("seen", "expected"), RETURNS.values(), ids=RETURNS)
def test_reconnect(seen: BluetoothReturn, expected: str) -> None:
    assert ids(said(RECONNECT, seen)) == [expected]


def test_both_ways_to_come_back_are_told() -> None:
    seen = back(h1c_read="done", again=pairs("weakest", "done", "just works"))
    assert ids(said(RECONNECT, seen)) == ["fail open", "fail pairs-again"]


def test_the_words() -> None:
    (answer,) = said(OPEN, access("done"))
    assert answer.facts == {
        "may": ("read 2", "listen to 1", "write 2"),
        "count": 3,
        "service": built.OURS,
    }
    assert answer.subject == built.OURS
    (answer,) = said(OPEN, access("done", (HEART,)))
    assert (answer.facts["service"], answer.subject) == ("Heart Rate", "180d")


@pytest.mark.parametrize(
    ("attributes", "but", "severity"),
    [
        (built.TOY, "h1c_read", Severity.MEDIUM),
        (built.TOY, "h12_write", Severity.HIGH),
        ((HEART,), "h7_subscribe", Severity.HIGH),
        ((RENAMES,), "h3_write", Severity.MEDIUM),
    ],
)
def test_what_it_does_decides_how_bad_it_is(
    attributes: tuple[Attribute, ...], but: str, severity: Severity
) -> None:
    (answer,) = said(OPEN, access("refused", attributes, **{but: "done"}))
    assert answer.severity is severity


def test_the_place_is_the_gravest_attempt() -> None:
    seen = access("done")
    (answer,) = said(OPEN, seen)
    assert answer.place is not None
    number = int(answer.place.path.rpartition(".")[2])
    assert seen.stranger.attempts[number].asked == "write"


@pytest.mark.parametrize("check", [OPEN, RECONNECT])
def test_beyond_the_first_services_there_is_only_a_number(check: str) -> None:
    several = tuple(
        attribute(handle, "read", service=f"{handle:08x}-0000-1111-2222-333333333333")
        for handle in range(1, MOST + 3)
    )
    seen: Seen = access("done", several)
    if check == RECONNECT:
        stranger = built.visit(built.tried("done", *several))
        seen = msgspec.structs.replace(back(), attributes=several, stranger=stranger)
    answers = said(check, seen)
    assert answers[-1].says == "open-more"
    assert answers[-1].facts == {"services": 2}


def test_a_flood_of_attributes_gives_few_answers() -> None:
    flood = tuple(
        attribute(handle, "read", "write", service=f"{handle:08x}-0000-1111-2222-333333333333")
        for handle in range(1, 0x4000)
    )
    answers = said(OPEN, access("done", flood))
    assert len(answers) == MOST + 1
    assert answers[-1].says == "open-more"
    assert answers[-1].facts == {"services": len(flood) - MOST}


def test_a_service_is_the_same_in_either_form() -> None:
    long = attribute(5, "read", service="0000180f-0000-1000-8000-00805f9b34fb", uuid="2a19")
    assert ids(said(OPEN, access("done", (long,)))) == ["moot only-public"]


def test_a_prepared_write_shows_a_refusal_and_nothing_else() -> None:
    def seen(came: Came) -> BluetoothAccess:
        attempts = (Attempt(handle=0x12, asked="prepare write", came=came),)
        return msgspec.structs.replace(access(attributes=(built.COMMAND,)), stranger=built.visit(attempts))

    assert ids(said(OPEN, seen("refused"))) == ["pass refused"]
    assert ids(said(OPEN, seen("accepted"))) == ["inconclusive left-open"]
    assert ids(said(OPEN, seen("done"))) == ["inconclusive left-open"]


def test_a_subscription_that_was_done_without_data_shows_nothing() -> None:
    attempts = (Attempt(handle=7, asked="subscribe", came="done", length=0),)
    seen = msgspec.structs.replace(access(attributes=(HEART,)), stranger=built.visit(attempts))
    assert ids(said(OPEN, seen)) == ["inconclusive left-open"]


def test_why_it_was_not_tried_is_told() -> None:
    attempts = (Attempt(handle=0x12, asked="write", came="not tried", why=Cause.NOT_PERMITTED),)
    seen = msgspec.structs.replace(access(attributes=(built.COMMAND,)), stranger=built.visit(attempts))
    (answer,) = said(OPEN, seen)
    assert answer.outcome is Outcome.INCONCLUSIVE
    assert answer.cause is Cause.NOT_PERMITTED
