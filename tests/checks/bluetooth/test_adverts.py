"""What is told to everybody in range, and what a device without LE is."""

import pytest

from shelfworthy.checks import CHECKS
from shelfworthy.model import Quote, Transport
from shelfworthy.seen.bluetooth import BluetoothAdvert, BluetoothNoLe
from tests.checks.bluetooth.built import advert, ids, said

LEAKS, TRACKING = "bluetooth-advert-leaks", "bluetooth-tracking"

LEAKING = {
    "quiet": (advert(), ["pass quiet"]),
    "no name": (advert(""), ["pass quiet"]),
    "a version": (advert("CloudPets B 1.0.19"), ["fail version"]),
    "a version, marked": (advert("Bear v2.1"), ["fail version"]),
    "a version, called firmware": (advert("Bear FW 2.1"), ["fail version"]),
    "a number of speakers": (advert("Soundbar 5.1"), ["pass quiet"]),
    "a model": (advert("MP-2019"), ["pass quiet"]),
    "a part of a word": (advert("Bearv2.1"), ["pass quiet"]),
    "a person": (advert("•'s Bear"), ["fail person"]),
    "a person and a version": (advert("•'s Bear 1.0.19"), ["fail version", "fail person"]),
    "when it was set up": (advert("Bear", "9999_99_99_99_99"), ["fail set-up"]),
    "a date": (advert("Bear", "9999-99-99"), ["fail set-up"]),
    "a time of day": (advert("Bear", "aa 99:99:99"), ["fail set-up"]),
    "told twice": (advert("Bear", "99_99_99", "99-99-99"), ["fail set-up"]),
    "a version sent": (advert("Bear", "A9.9.99"), ["fail version-shape"]),
    "both sent": (advert("Bear", "99_99_99", "9.9.9"), ["fail set-up", "fail version-shape"]),
    "letters": (advert("Bear", "aaaa9999"), ["pass quiet"]),
    "two numbers": (advert("Bear", "99-99"), ["pass quiet"]),
    "no text": (advert("Bear", ""), ["pass quiet"]),
    "not heard": (advert("", adverts=0), ["inconclusive not-heard"]),
}


@pytest.mark.parametrize(("seen", "expected"), LEAKING.values(), ids=LEAKING)
def test_leaks(seen: BluetoothAdvert, expected: list[str]) -> None:
    assert ids(said(LEAKS, seen)) == expected


def test_the_version_is_quoted() -> None:
    (answer,) = said(LEAKS, advert("CloudPets B 1.0.19"))
    assert answer.place == Quote(path="name", start=12, text="1.0.19")


def test_a_long_name_takes_no_time() -> None:
    for text in ("1." * 100_000, "v" * 100_000, "99_" * 100_000, "9" * 100_000, "9." * 100_000):
        assert said(LEAKS, advert(text, text))


TRACKED = {
    "static, watched long": (advert(watched=900), "fail stays"),
    "public, watched long": (advert(watched=1000, address_kind="public"), "fail stays"),
    "static, watched shortly": (advert(watched=899), "inconclusive too-short"),
    "public, watched shortly": (advert(address_kind="public"), "inconclusive too-short"),
    "it changed": (advert(address_kind="resolvable", addresses=2), "pass changes"),
    "it changed, too": (advert(address_kind="non-resolvable", addresses=9), "pass changes"),
    "it can change": (advert(address_kind="resolvable", watched=4000), "inconclusive stays-private"),
    "a static one that changed": (advert(addresses=2, watched=4000), "inconclusive several"),
    "not heard": (advert(adverts=0, addresses=0, watched=4000), "inconclusive not-heard"),
}


@pytest.mark.parametrize(("seen", "expected"), TRACKED.values(), ids=TRACKED)
def test_tracking(seen: BluetoothAdvert, expected: str) -> None:
    assert ids(said(TRACKING, seen)) == [expected]


LE = [check.id for check in CHECKS if BluetoothNoLe in check.reads]


def test_all_that_ask_of_le_know_devices_without() -> None:
    ours = [check.id for check in CHECKS if check.id.startswith("bluetooth-")]
    assert [id for id in ours if id not in LE] == ["bluetooth-classic-pairing", "bluetooth-classic-takeover"]


@pytest.mark.parametrize("check", LE)
def test_without_le(check: str) -> None:
    silent = BluetoothNoLe(heard=0, listened=2)
    assert ids(said(check, silent, Transport.CLASSIC)) == ["moot no-le"]
    assert ids(said(check, silent, Transport.LE)) == ["inconclusive le-after-all"]
    heard = BluetoothNoLe(heard=1, listened=2)
    assert ids(said(check, heard, Transport.CLASSIC)) == ["inconclusive le-after-all"]
    unheard = BluetoothNoLe(heard=0, listened=0)
    assert ids(said(check, unheard, Transport.CLASSIC)) == ["inconclusive le-after-all"]
