"""Sentences that were taken for something else once, each in a text of a few."""

from pathlib import Path

import msgspec
import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.checks.policy._reading import Reading, read
from shelfworthy.checks.policy._topics import LANGUAGES
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


SENTENCES = Path(__file__).parent / "sentences"
# Topics by which a check passes or fails, and those that a sentence of a topic may have beside its own.
DECIDE = {
    *("opt-out", "delete-self", "delete-ask", "delete-none", "keep-period", "keep-ever", "share-named"),
    *("share-none", "change-notice", "change-silent", "child-consent", "contact"),
}
# Those that count only where a sentence is about data.
OF_DATA = DECIDE - {"change-notice", "change-silent", "contact"}
ASKS = {"en": "How long we keep it", "de": "Wie lange es bleibt", "es": "Cuánto tiempo"}
ABOUT_DATA = {
    "en": "This policy speaks of personal data that we collect, such as your name and your e-mail address, "
    "so that you can log in.",
    "de": "Diese Erklärung handelt von den personenbezogenen Daten, die wir erheben, etwa Ihrem Namen und "
    "Ihrer E-Mail-Adresse, damit Sie sich anmelden können.",
    "es": "Esta política trata de los datos personales que recogemos, como su nombre y su correo "
    "electrónico, para que pueda entrar en su cuenta.",
}
BESIDE = {
    ("keep-ever", "delete-none"),
    ("delete-none", "keep-ever"),
    ("change-posted", "change-notice"),
    ("change-posted", "change-silent"),
}


def seen(body: str, language: str = "en") -> PolicySeen:
    """A policy that says this."""
    source = Source("policy", "https://www.murmurpal.test/", "https://www.murmurpal.test/", -1, 200)
    page = f"<!doctype html><html lang={language}><h1>Privacy</h1>{body}</html>"
    document = of_html(source, page, whole=True)
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


def decides(topic: str, has: Reading) -> bool:
    """Whether a text would be answered for by this topic."""
    return bool(has.stated(topic) if topic in OF_DATA else has.meant(topic))


def traps() -> list[tuple[str, str, str]]:
    """Language, topic and sentence of each."""
    found = []
    for language in sorted(LANGUAGES):
        for line in (SENTENCES / f"traps-{language}.tsv").read_text("utf-8").splitlines():
            topic, _, sentence = line.partition("\t")
            found.append((language, topic, sentence))
    return found


@pytest.mark.parametrize(("language", "topic", "sentence"), traps())
def test_usual_words_that_say_something_else_are_told_apart(language: str, topic: str, sentence: str) -> None:
    has = read(seen(f"<p>{sentence}", language))
    taken = {one for one in DECIDE if decides(one, has) and (topic, one) not in BESIDE}
    assert taken <= {topic}


@pytest.mark.parametrize(("language", "topic", "sentence"), traps())
def test_they_are_not_taken_for_it_below_a_heading_that_asks(
    language: str, topic: str, sentence: str
) -> None:
    has = read(seen(f"<h2>{ASKS[language]}</h2><p>{sentence}", language))
    if topic == "other":
        assert not any(has.stated(one) for one in ("keep-period", "keep-ever", "delete-self", "delete-ask"))


def nevers() -> list[tuple[str, str, list[str], str]]:
    """Check, language, what is never answered, and the text, in which "…" stands for an introduction."""
    found = []
    for line in (Path(__file__).parent / "never.tsv").read_text("utf-8").splitlines():
        check, language, never, text = line.split("\t")
        found.append((check, language, never.split(), text.replace("…", ABOUT_DATA[language], 1)))
    return found


@pytest.mark.parametrize(("check", "language", "never", "text"), nevers())
def test_what_is_never_answered(check: str, language: str, never: list[str], text: str) -> None:
    sensors = (Sensor.MICROPHONE,) if check == "policy-children" else tuple(Sensor)
    about = msgspec.structs.replace(ABOUT, surface=msgspec.structs.replace(ABOUT.surface, sensors=sensors))
    (answer,) = BY_ID[check].judge(seen(f"<p>{text}", language), about)
    assert str(answer.outcome) not in never


@pytest.mark.parametrize(
    ("heading", "text", "topic"),
    [
        ("Turning things off", "Open the app, then the cog, and slide the dot to the left.", "opt-out"),
        ("Getting rid of it all", "Tap Me and then Close account.", "delete-self"),
        ("How long", "Nine weeks, for all of it.", "keep-period"),
        ("Changes", "Have a look at the foot of it.", "change-near"),
    ],
)
def test_a_sentence_says_what_its_heading_asks(heading: str, text: str, topic: str) -> None:
    assert read(seen(f"<h2>{heading}</h2><p>{text}")).said(topic)
    assert not read(seen(f"<h2>Welcome</h2><p>{text}")).said(topic)


@pytest.mark.parametrize(
    "body",
    [
        "<p>You may link the bear with a camera of another maker.",
        "<h2>Products of other makers</h2><p>A lamp may have a camera, and its maker may keep the films.",
        "<p>Please keep the box in which the camera came, and the receipt, for two years.",
    ],
)
def test_what_is_said_of_other_things_is_not_said_of_the_product(body: str) -> None:
    topics = read(seen(body)).topics
    assert set(topics) == {"elsewhere"}


def test_a_link_that_leads_to_no_policy_leaves_questions_open() -> None:
    one = seen("<p>Our screens give privacy to every garden. They last for ten summers and more.")
    walked = msgspec.structs.replace(one.documents[0], clicks=1)
    found = msgspec.structs.replace(one, documents=(walked,))
    (answer,) = BY_ID["policy-deletion"].judge(found, ABOUT)
    assert answer.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("never", "done", "right"),
    [
        ("We never sell your voice.", "A shop pays us a fee for your voice.", Outcome.FAIL),
        ("We never sell your voice.", "A shop pays us a fee for your address.", Outcome.INCONCLUSIVE),
        (
            "Your voice is never stored.",
            "Your voice is kept on our servers for a year.",
            Outcome.INCONCLUSIVE,
        ),
    ],
)
def test_only_what_is_said_of_the_same_data_excludes_each_other(
    never: str, done: str, right: Outcome
) -> None:
    assert outcome("policy-contradictions", f"<p>{never}<p>{done}") is right
