"""How long which data are kept, and which two sentences say otherwise of the same."""

import pytest

from shelfworthy.checks.policy._periods import THINGS, UNITS, WORDS, differing, periods
from shelfworthy.webtext.sentences import Sentence


def sentence(text: str, lead: str = "") -> Sentence:
    return Sentence(0, 0, len(text), text, heading="", lead=lead, aside=False, head=False)


@pytest.mark.parametrize(
    ("language", "text", "days", "things", "most"),
    [
        ("en", "We delete each clip from our servers 7 days after it was made.", 7, {"video"}, False),
        ("en", "Voice recordings are kept for up to two years.", 730, {"voice"}, True),
        ("en", "Recordings go one hundred and eighty (180) days after capture.", 180, {"recording"}, False),
        ("en", "Location history is kept for a fortnight.", 14, {"place"}, False),
        ("en", "Photos are removed within 24 hours.", 1, {"picture"}, True),
        ("de", "Sprachaufnahmen werden nach drei Monaten gelöscht.", 91.2, {"voice"}, False),
        ("de", "Wir bewahren Videos 30 Tage lang auf.", 30, {"video"}, False),
        ("de", "Aufnahmen bleiben höchstens sieben Tage.", 7, {"recording"}, True),
        ("es", "Las grabaciones de voz se borran a los tres días.", 3, {"voice"}, False),
        ("es", "La ubicación se conserva hasta 12 meses.", 364.8, {"place"}, True),
    ],
)
def test_one_time(language: str, text: str, days: float, things: set[str], most: bool) -> None:
    (period,) = periods(sentence(text), language)
    assert period.days == pytest.approx(days)
    assert (set(period.things), period.most) == (things, most)


@pytest.mark.parametrize(
    "text",
    [
        "The camera saves clips of up to 30 minutes.",
        "Clips are two minutes long.",
        "The watch sends its position every five minutes.",
        "Sound is held for two seconds.",
        "Other clips are kept for a year.",
        "Clips on the free plan are kept for a day.",
        "We keep it for 30 days.",
        "Deleted clips stay in the bin for 7 days.",
        "Clips that you save are kept for a year.",
    ],
)
def test_no_time_that_anything_surely_is_kept(text: str) -> None:
    assert not list(periods(sentence(text), "en"))


def test_two_times_each_with_its_own() -> None:
    one = sentence("Positions are removed after 12 months, and photos are removed after 24 months.")
    assert [(set(period.things), round(period.days)) for period in periods(one, "en")] == [
        ({"place"}, 365),
        ({"picture"}, 730),
    ]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Clips are deleted after 7 days.", "Clips are stored for 30 days.", True),
        ("Clips are deleted after 30 days.", "Clips are stored for one month.", False),
        ("Clips are deleted after 7 days.", "Clips are stored for at most 30 days.", False),
        ("Clips are deleted after 30 days.", "Clips are stored for at most 7 days.", True),
        ("Clips are deleted after 7 days.", "Photos are stored for 30 days.", False),
        ("Clips are deleted after 7 days.", "Clips in backups are gone after 30 days.", False),
        ("Clips are deleted after 7 days.", "Clips are deleted 30 days after you close the account.", False),
        ("Recordings are deleted after 7 days.", "Sound is deleted after 30 days.", True),
        ("Your data are deleted after two years.", "All your data are kept for five years.", True),
        ("Your data are deleted after two years.", "Your usage data are kept for five years.", False),
        ("Clips are deleted after 7 days.", "Sound is deleted after 30 days.", False),
    ],
)
def test_times_for_the_same(one: str, other: str, differ: bool) -> None:
    several = [sentence(one), sentence(other)]
    assert (differing(several, "en") is not None) is differ
    assert (differing(several[::-1], "en") is not None) is differ


def test_items_of_one_list_tell_cases_apart() -> None:
    several = [
        sentence(f"{time} after a {what}.", "Clips go:")
        for time, what in (("7 days", "cry"), ("a year", "fall"))
    ]
    assert differing(several, "en") is None
    assert differing([several[0], sentence("Clips go after a year.")], "en") == (
        several[0],
        sentence("Clips go after a year."),
    )


def test_other_languages_are_not_read() -> None:
    assert differing([sentence("Clips: 7 days."), sentence("Clips: 30 days.")], "fr") is None
    assert THINGS.keys() == UNITS.keys() == WORDS.keys()
