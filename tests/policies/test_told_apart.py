"""Sentences that were taken for something else once, each in a text of a few."""

import msgspec
import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.checks.policy._reading import read
from shelfworthy.model import About, Identity, Outcome, PrivacyPolicy, Sensor
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.documents import Source, of_html

ABOUT = About(
    surface=PrivacyPolicy(
        id="privacy", where="policy:https://www.murmurpal.test/", sensors=(Sensor.MICROPHONE,)
    ),
    product=Identity(
        name="MurmurPal Bear", vendor="Plumwhistle Toys", model="MP-2019", category="toy", for_children=True
    ),
)


def seen(body: str) -> PolicySeen:
    """A policy that says this."""
    source = Source("policy", "https://www.murmurpal.test/", "https://www.murmurpal.test/", -1, 200)
    document = of_html(source, f"<!doctype html><html lang=en><h1>Privacy</h1>{body}</html>", whole=True)
    return PolicySeen(at=None, hops=(), documents=(document,), unvisited=())


def outcome(check: str, body: str) -> Outcome:
    (answer,) = BY_ID[check].judge(seen(body), ABOUT)
    return answer.outcome


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("<p>This web site is visited by many. Open a ticket at www.murmurpal.test/tickets.", Outcome.FAIL),
        ("<p>This web site is visited by many. Write to care@murmurpal.test about it.", Outcome.FAIL),
        ("<p>This web site is visited by many. See https://murmurpal.test/terms for more.", Outcome.FAIL),
        ("<p>This web site is about MurmurPal. Open a ticket at www.murmurpal.test/tickets.", Outcome.PASS),
        ("<p>Your data stay in the app.MurmurPal tells nobody.", Outcome.PASS),
    ],
)
def test_a_name_within_an_address_is_not_what_a_policy_is_about(body: str, right: Outcome) -> None:
    assert outcome("policy-specific", body) is right


def test_a_product_that_is_called_like_an_address_is_named_by_it() -> None:
    product = Identity(name="Murmur.pal", vendor="Plumwhistle", model="", category="toy", for_children=True)
    about = About(surface=ABOUT.surface, product=product)
    judge = BY_ID["policy-specific"].judge
    for text, right in (("about Murmur.pal", Outcome.PASS), ("at www.murmur.pal", Outcome.FAIL)):
        (answer,) = judge(seen(f"<p>This web site is {text} and for its visitors."), about)
        assert answer.outcome is right


@pytest.mark.parametrize(
    "sentence",
    [
        "You may configure your browser to refuse cookies, and then parts of the Services may cease to work.",
        "In your browser you may refuse the cookie of our web site.",
    ],
)
def test_refusing_cookies_in_a_browser_is_no_way_to_refuse(sentence: str) -> None:
    agree = "If you do not agree with any provision of this policy, you must not use the Services."
    assert outcome("policy-opt-out", f"<p>{sentence}<p>{agree}") is Outcome.FAIL


def test_a_right_to_object_without_a_way_is_still_left_to_a_person() -> None:
    assert outcome("policy-opt-out", "<p>You have the right to object to this.") is Outcome.INCONCLUSIVE


def test_a_list_under_what_we_collect_names_what_is_collected() -> None:
    items = (
        "<li>Your child's nickname and age. We need them to work out what to say.<li>Your own e-mail address."
    )
    assert outcome("policy-collection", f"<h2>What we collect</h2><ul>{items}</ul>") is Outcome.PASS
    assert outcome("policy-collection", f"<h2>Welcome</h2><ul>{items}</ul>") is not Outcome.PASS


def test_parents_who_can_watch_have_a_right() -> None:
    said = read(seen("<p>A parent can watch every clip of the child in the app."))
    assert said.said("child-rights")
    watch = read(seen("<p>You give your child the watch. You charge it."))
    assert not watch.said("child-rights")


def test_a_period_stands_below_its_column() -> None:
    head = "<tr><th>What</th><th>What it is for</th><th>When it is deleted</th></tr>"
    row = "<tr><td>The voice of your child</td><td>It answers.</td><td>14 days.</td></tr>"
    assert outcome("policy-retention", f"<table>{head}{row}</table>") is Outcome.PASS
    other = head.replace("When it is deleted", "How often")
    assert outcome("policy-retention", f"<table>{other}{row}</table>") is not Outcome.PASS


LAW = "<h1>Terms</h1><p>Disputes are heard by the courts of Damsonbridge."


def test_which_court_hears_disputes_names_nobody_who_receives_data() -> None:
    vague = "<p>We may share information with our partners, affiliates and other third parties."
    assert outcome("policy-sharing", f"{vague}{LAW}") is Outcome.FAIL
    given = "<p>Where the courts of Damsonbridge order it, we give your data to Larkspur Hosting Ltd."
    assert outcome("policy-sharing", given) is Outcome.PASS


def test_pictures_that_may_not_be_copied_are_no_camera() -> None:
    about = msgspec.structs.replace(
        ABOUT, surface=msgspec.structs.replace(ABOUT.surface, sensors=(Sensor.CAMERA, Sensor.MICROPHONE))
    )
    judge = BY_ID["policy-sensors"].judge
    owned = "<p>Text, pictures and sounds belong to Plumwhistle Toys and may not be copied."
    told = "<p>It takes pictures with its camera, and sounds with its microphone."
    for text, right in ((owned, Outcome.FAIL), (told, Outcome.PASS)):
        (answer,) = judge(seen(f"<p>This is how we treat your data. {text}"), about)
        assert answer.outcome is right
