"""With whom a device pairs, and how: LE and Classic."""

import pytest

from shelfworthy.model import Confidence, NotLooked, Severity
from shelfworthy.seen.bluetooth import (
    BluetoothClassic,
    BluetoothNoClassic,
    BluetoothPairing,
    ClassicPairing,
)
from tests.checks.bluetooth.built import classic, ids, offers, pairing, pairs, phone, said

PAIRING = "bluetooth-pairing"
CLASSIC, TAKEOVER = "bluetooth-classic-pairing", "bluetooth-classic-takeover"
NO = pairs("weakest", "refused")
NO_ASKED = pairs("weakest", "refused", asked=True)
COMPARED = pairs("strongest", "done", "numeric comparison")
COMPARED_ASKED = pairs("strongest", "done", "numeric comparison", asked=True)
ENTERED = pairs("strongest", "done", "passkey")
FIXED = tuple(pairs(digits, "error", "passkey") for digits in ("000000", "123456", "111111"))

PAIRINGS = {
    "numeric comparison": (pairing(NO, COMPARED), ["pass protected"]),
    "after the owner was asked": (
        pairing(NO, pairs("strongest", "refused"), NO_ASKED, COMPARED_ASKED),
        ["pass protected"],
    ),
    "out of band": (pairing(NO, pairs("strongest", "done", "out of band")), ["pass protected"]),
    "passkey": (pairing(NO, ENTERED, *FIXED), ["pass protected"]),
    "passkey, and nobody tried others": (pairing(NO, ENTERED), ["inconclusive passkey-open"]),
    "passkey, and not all were tried": (pairing(NO, ENTERED, *FIXED[:2]), ["inconclusive passkey-open"]),
    "just works": (pairing(pairs("weakest", "done", "just works"), COMPARED), ["fail just-works"]),
    "just works for the strongest": (
        pairing(NO, pairs("strongest", "done", "just works")),
        ["fail just-works"],
    ),
    "legacy just works": (
        pairing(pairs("weakest", "done", "just works", sc=False)),
        ["fail just-works", "fail legacy"],
    ),
    "legacy passkey": (pairing(NO, pairs("strongest", "done", "passkey", sc=False), *FIXED), ["fail legacy"]),
    "always 123456": (
        pairing(NO, pairs("strongest", "error", "passkey"), pairs("123456", "done", "passkey")),
        ["fail fixed-passkey"],
    ),
    "short keys": (pairing(NO, pairs("strongest", "done", "numeric comparison", key=7)), ["fail short-key"]),
    "short keys offered": (pairing(NO, pairs("strongest", "error", "passkey", key=10)), ["fail short-key"]),
    "the strongest was not tried as found": (
        pairing(NO, NO_ASKED, COMPARED_ASKED),
        ["inconclusive nobody"],
    ),
    "in a window": (
        pairing(NO, pairs("strongest", "refused"), pairs("weakest", "done", "just works", asked=True)),
        ["inconclusive window"],
    ),
    "in a window, the strongest too": (
        pairing(NO, NO_ASKED, pairs("strongest", "done", "just works", asked=True)),
        ["inconclusive window"],
    ),
    "in a window for anybody beside a comparison": (
        pairing(NO, pairs("weakest", "done", "just works", asked=True), COMPARED_ASKED),
        ["inconclusive window"],
    ),
    "a window that nobody saw closed": (
        pairing(pairs("weakest", "done", "just works", asked=True)),
        ["inconclusive weakest-open"],
    ),
    "the weakest was not tried": (pairing(COMPARED), ["inconclusive weakest-open"]),
    "the weakest was not tried in the window": (
        pairing(NO, COMPARED_ASKED),
        ["inconclusive weakest-open"],
    ),
    "the weakest was not answered": (
        pairing(pairs("weakest", "silent"), COMPARED),
        ["inconclusive weakest-open"],
    ),
    "the weakest was cut off once": (
        pairing(NO, NO_ASKED, pairs("weakest", "gone", asked=True), COMPARED_ASKED),
        ["inconclusive weakest-open"],
    ),
    "nobody": (pairing(NO, pairs("strongest", "refused")), ["inconclusive nobody"]),
    "a passkey nobody knows": (
        pairing(NO, pairs("strongest", "error", "passkey"), *FIXED),
        ["inconclusive nobody"],
    ),
    "the strongest was not tried": (pairing(NO), ["inconclusive nobody"]),
    "key size unknown": (
        pairing(NO, pairs("strongest", "done", "numeric comparison", key=0)),
        ["inconclusive nobody"],
    ),
    "method unknown": (pairing(NO, pairs("strongest", "done", "", sc=True)), ["inconclusive nobody"]),
    "nothing": (pairing(), ["inconclusive weakest-open"]),
    "passive": (pairing(NO, COMPARED, passive=True), ["inconclusive passive"]),
    "passive just works": (
        pairing(pairs("weakest", "done", "just works"), passive=True),
        ["inconclusive passive"],
    ),
    "passive legacy": (
        pairing(pairs("weakest", "done", "just works", sc=False), passive=True),
        ["fail legacy"],
    ),
    "passive short keys": (
        pairing(pairs("weakest", "gone", "passkey", key=7), passive=True),
        ["fail short-key"],
    ),
}


@pytest.mark.parametrize(("seen", "expected"), PAIRINGS.values(), ids=PAIRINGS)
def test_pairing(seen: BluetoothPairing, expected: list[str]) -> None:
    assert ids(said(PAIRING, seen)) == expected


def test_who_confirmed_it_is_certain_only_where_somebody_was_asked() -> None:
    assert said(PAIRING, pairing(NO, COMPARED))[0].confidence is Confidence.PROBABLE
    asked = pairing(NO, pairs("strongest", "refused"), NO_ASKED, COMPARED_ASKED)
    assert said(PAIRING, asked)[0].confidence is Confidence.CERTAIN
    first = pairing(NO, COMPARED, NO_ASKED, COMPARED_ASKED)
    (answer,) = said(PAIRING, first)
    assert answer.place is not None
    assert answer.place.path == "tries.3"


REFUSED = (phone("refused"), phone("refused", "0000"), phone("refused", "1234"))
CLASSICS = {
    "refused": (classic(pairings=REFUSED), ["pass refused"]),
    "refused also when asked": (classic(pairings=(*REFUSED, phone("refused", asked=True))), ["pass refused"]),
    "anybody": (classic(pairings=(phone("done"),)), ["fail anybody"]),
    "a PIN": (classic(pairings=(phone("refused"), phone("done", "0000"))), ["fail fixed-pin"]),
    "a PIN in the window": (
        classic(pairings=(*REFUSED, phone("done", "1234", asked=True))),
        ["fail fixed-pin"],
    ),
    "anybody, and a PIN": (
        classic(pairings=(phone("done"), phone("done", "0000"), phone("done", "1234"))),
        ["fail anybody", "fail fixed-pin"],
    ),
    "in a window": (classic(pairings=(*REFUSED, phone("done", asked=True))), ["inconclusive window"]),
    "a window that nobody saw closed": (
        classic(pairings=(phone("done", asked=True),)),
        ["inconclusive left-open"],
    ),
    "no PIN was tried": (classic(pairings=REFUSED[:1]), ["inconclusive left-open"]),
    "one PIN was not tried": (
        classic(pairings=(*REFUSED[:2], phone("not tried", "1234"))),
        ["inconclusive left-open"],
    ),
    "silent": (classic(pairings=(phone("silent"), *REFUSED[1:])), ["inconclusive left-open"]),
    "silent in the window": (
        classic(pairings=(*REFUSED, phone("silent", asked=True))),
        ["inconclusive left-open"],
    ),
    "nothing": (classic(), ["inconclusive left-open"]),
}


def test_where_it_can_be_opened_it_must_have_been_tried() -> None:
    def judged(*pairings: ClassicPairing) -> str:
        seen = classic(pairings=pairings)
        return ids(said(CLASSIC, seen, button="press the button"))[0]

    assert judged(*REFUSED) == "inconclusive left-open"
    assert judged(*REFUSED, phone("refused", asked=True)) == "pass refused"
    assert judged(*REFUSED, phone("done", asked=True)) == "inconclusive window"


@pytest.mark.parametrize(("seen", "expected"), CLASSICS.values(), ids=CLASSICS)
def test_classic_pairing(seen: BluetoothClassic, expected: list[str]) -> None:
    assert ids(said(CLASSIC, seen)) == expected


INFO = offers("not tried", "1200", 0)
SPEAKER = offers("refused", "110b", 0)
HEADSET = offers("refused")
TAKEOVERS = {
    "refused": (classic((HEADSET, SPEAKER, INFO), (HEADSET, SPEAKER, INFO)), ["pass refused"]),
    "a second phone": (classic((HEADSET,), (offers("done"),)), ["fail used"]),
    "the first one": (classic((offers("done"),)), ["fail used"]),
    "both, told once": (classic((offers("done"),), (offers("done"),)), ["fail used"]),
    "two services": (
        classic((HEADSET, SPEAKER), (offers("done"), offers("done", "110b"))),
        ["fail used"] * 2,
    ),
    "no owner": (classic((HEADSET,)), ["inconclusive no-owner"]),
    "not let in": (classic((HEADSET,), (), second_let_in=False), ["inconclusive not-let-in"]),
    "nothing listed": (classic((), ()), ["inconclusive not-listed"]),
    "no sound, no data": (classic((INFO,), (INFO,)), ["moot nothing-offered"]),
    "one missing the second time": (classic((HEADSET, SPEAKER), (HEADSET,)), ["inconclusive left-open"]),
    "one more the second time": (classic((HEADSET,), (HEADSET, SPEAKER)), ["inconclusive left-open"]),
    "another channel": (classic((HEADSET,), (offers("refused", channel=2),)), ["inconclusive left-open"]),
    "silent the second time": (classic((HEADSET,), (offers("silent"),)), ["inconclusive left-open"]),
    "silent the first time": (classic((offers("silent"),), (HEADSET,)), ["inconclusive left-open"]),
    "what we cannot use": (classic((offers("not tried", "1105"),), ()), ["inconclusive left-open"]),
}


@pytest.mark.parametrize(("seen", "expected"), TAKEOVERS.values(), ids=TAKEOVERS)
def test_classic_takeover(seen: BluetoothClassic, expected: list[str]) -> None:
    assert ids(said(TAKEOVER, seen)) == expected


def test_a_microphone_weighs_more_than_a_loudspeaker() -> None:
    answers = said(TAKEOVER, classic((offers("done"), offers("done", "110b")), NotLooked()))
    assert [answer.severity for answer in answers] == [Severity.CRITICAL, Severity.HIGH]


def test_many_services_give_few_answers() -> None:
    many = tuple(offers("done", f"{n:04x}") for n in range(0x1100, 0x1200))
    assert len(said(TAKEOVER, classic(many, many))) == 12


@pytest.mark.parametrize("check", [CLASSIC, TAKEOVER])
def test_without_classic(check: str) -> None:
    assert ids(said(check, BluetoothNoClassic(flags=6))) == ["moot no-classic"]
    assert ids(said(check, BluetoothNoClassic(flags=2))) == ["inconclusive unclear-flags"]
    assert ids(said(check, BluetoothNoClassic(flags=-1))) == ["inconclusive unclear-flags"]
