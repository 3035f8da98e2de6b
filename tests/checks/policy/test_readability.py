"""The formulas against sums done by hand, and the bounds from both sides."""

import pytest

from shelfworthy.checks.policy._language import language
from shelfworthy.checks.policy._readability import (
    LANGUAGES,
    Measure,
    flesch_kincaid,
    grade,
    grade_of,
    measure,
    perspicuity,
    span,
    wiener_sachtext,
)
from shelfworthy.checks.policy._syllables import english
from shelfworthy.checks.policy.policy_readable import CHECK, EASY, HARD, ROUGH, judge, judged
from shelfworthy.model import About, Answer, Identity, Outcome, PrivacyPolicy
from shelfworthy.readers.policy.paper import document_of
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.documents import Source

EASY_ENGLISH = "<p>" + "We keep what you say for ten days. Then we delete it all. " * 10 + "</p>"
HARD_ENGLISH = (
    "<p>"
    + "Notwithstanding anything contained herein to the contrary, information collected automatically may be "
    "communicated to affiliated organisations for legitimate commercial purposes including optimisation, "
    "personalisation and the continuous improvement of applications, services and related technologies. "
    * 6
    + "</p>"
)
EASY_GERMAN = "<p>" + "Wir heben das zehn Tage auf. Dann ist es weg, und du musst nichts tun. " * 8 + "</p>"
EASY_SPANISH = (
    "<p>" + "La voz se va a los tres días. No la damos a nadie, y tú no haces nada más. " * 8 + "</p>"
)
FRENCH = "<p>" + "Nous gardons votre voix pendant dix jours, et nous ne la donnons pas. " * 12 + "</p>"


def seen(body: str, aside: str = "", *, whole: bool = True) -> PolicySeen:
    page = f"<html><body><nav>{aside}</nav><main>{body}</main></body></html>".encode()
    document = document_of(Source("policy", "p", "p", -1, 200), page, whole=whole)
    return PolicySeen(at=None, hops=(), documents=(document,), unvisited=())


def about(*, children: bool | None = False, languages: tuple[str, ...] = ()) -> About:
    product = Identity(name="Otto", vendor="Ambia", category="speaker", for_children=children)
    surface = PrivacyPolicy(id="policy", where="policy.html", languages=languages)
    return About(surface=surface, product=product)


def said(of: PolicySeen, by: About) -> Answer:
    (answer,) = judge(of, by)
    CHECK.says[answer.says].format(**answer.facts)
    return answer


def test_a_text_in_numbers() -> None:
    of = measure(["We delete it in 10 days.", "See https://a.example/b or ask a@b.example.", "No."], english)
    assert of == Measure(sentences=2, words=8, syllables=9, long=0, heavy=0, single=7)


def test_the_formulas_by_hand() -> None:
    of = Measure(sentences=2, words=20, syllables=30, long=5, heavy=4, single=10)
    assert flesch_kincaid(of) == pytest.approx(0.39 * 10 + 11.8 * 1.5 - 15.59)  # 6.01
    assert wiener_sachtext(of) == pytest.approx(3.87 + 1.672 + 3.2425 - 1.635 - 0.875)
    assert perspicuity(of) == pytest.approx(206.835 - 93.45 - 10)


@pytest.mark.parametrize(
    ("clear", "grade"), [(75, 5), (65, 8), (60, 9.5), (55, 11), (47.5, 12.5), (40, 14), (30, 16)]
)
def test_perspicuity_as_a_grade(clear: float, grade: float) -> None:
    assert grade_of(clear) == pytest.approx(grade)


def test_clearer_is_never_a_higher_grade() -> None:
    grades = [grade_of(clear / 10) for clear in range(1000)]
    assert grades == sorted(grades, reverse=True)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_without_words_has_no_grade(code: str) -> None:
    assert grade([], code) == (0.0, 0)
    assert grade(["…", "1 2 3", "Ja."], code) == (0.0, 0)


@pytest.mark.parametrize("body", [EASY_ENGLISH, EASY_GERMAN, EASY_SPANISH])
@pytest.mark.parametrize("children", [False, True, None])
def test_small_words_are_readable_for_everybody(body: str, children: bool | None) -> None:
    assert said(seen(body), about(children=children)).outcome is Outcome.PASS


@pytest.mark.parametrize("children", [False, True, None])
def test_a_lawyers_sentences_are_not(children: bool | None) -> None:
    answer = said(seen(HARD_ENGLISH), about(children=children))
    assert answer.says == "hard"


def middle(least: float, most: float) -> str:
    """An English text of a grade between these: so many long sentences among short ones."""
    easy = ["We keep what you say for ten days.", "Then we delete it all."] * 20
    hard = (
        "Information collected automatically may be communicated to affiliated organisations for purposes of "
        "statistics."
    )
    for number in range(100):
        several = [*easy, *[hard] * number]
        if least < grade(several, "en")[0] < most:
            return f"<p>{' '.join(several)}</p>"
    raise AssertionError("none of that grade")


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (8.1, 9.9, {False: "readable", True: "between", None: "between"}),
        (10.05, 10.45, {False: "readable", True: "near", None: "between"}),
        (10.55, 10.95, {False: "readable", True: "hard", None: "between"}),
        (11.1, 13.9, {False: "between", True: "hard", None: "between"}),
    ],
)
def test_children_need_easier_ones(least: float, most: float, expected: dict[bool | None, str]) -> None:
    body = middle(least, most)
    assert {who: said(seen(body), about(children=who)).says for who in expected} == expected


@pytest.mark.parametrize(
    ("low", "asks", "high", "says"),
    [
        (9, 10, EASY, "readable"),
        (9, 10, EASY + 0.01, "near"),
        (10, EASY + 0.01, 12, "between"),
        (12, HARD, 15, "between"),
        (HARD + ROUGH, HARD + 0.5, 15, "near"),
        (HARD + ROUGH + 0.01, HARD + 0.6, 15, "hard"),
        (EASY - 1, EASY, HARD + 1, "near"),
    ],
)
def test_bounds_belong_to_the_easier_side_and_near_them_a_person_decides(
    low: float, asks: float, high: float, says: str
) -> None:
    answer = judged(asks, low, high, EASY, HARD)
    assert answer.says == says
    CHECK.says[says].format(**answer.facts)


def test_labels_may_be_sentences_or_none() -> None:
    """Two sound ways of counting that fall on different sides of a bound say nothing for sure."""
    sentence = (
        "We use the place where your phone is so that the door can open on its own when you come home at "
        "night, and we tell nobody else about it, and you may turn it all off whenever you like to do so, "
        "with no need to say why or to ask us before you do."
    )
    plain, labelled = [sentence] * 5, ["Location.", sentence] * 5
    assert grade(plain, "en") == grade(labelled, "en")
    low, high = span(labelled, "en")
    assert high == pytest.approx(grade(plain, "en")[0])
    assert low < span(plain, "en")[0] - 3
    assert low < HARD < grade(labelled, "en")[0]
    assert said(seen("<p>" + " ".join(plain)), about()).says == "hard"
    assert said(seen("<p>" + " ".join(labelled)), about()).says == "near"


def test_headings_frame_and_labels_do_not_count() -> None:
    frame = HARD_ENGLISH.replace("<p>", "<ul><li>").replace("</p>", "</li></ul>")
    heading = f"<h2>{HARD_ENGLISH[3:-4]}</h2>"
    plain = said(seen(EASY_ENGLISH), about())
    assert said(seen(heading + EASY_ENGLISH, frame), about()) == plain
    assert said(seen("<p>Otto</p>" + EASY_ENGLISH), about()) == plain


def test_items_of_a_list_are_sentences() -> None:
    """Without full stops they would be one endless sentence."""
    items = "<ul>" + "<li>what you say to Otto at home</li>" * 30 + "</ul>"
    assert said(seen(items), about()).says == "readable"


def test_too_short_is_left_open() -> None:
    answer = said(seen("<p>We keep what you say for ten days and then it is gone.</p>"), about())
    assert answer.outcome is Outcome.INCONCLUSIVE
    assert answer.facts == {"number": 13, "least": 100}


def test_a_part_is_not_measured() -> None:
    assert said(seen(EASY_ENGLISH, whole=False), about()).says == "cut"
    assert said(seen(HARD_ENGLISH, whole=False), about()).says == "cut"


def test_nothing_is_not_readable() -> None:
    none = PolicySeen(at=None, hops=(), documents=(), unvisited=())
    assert said(none, about(languages=("en",))).says == "nothing"


def test_other_languages_are_left_open_or_not_the_buyers() -> None:
    assert language(FRENCH) == "fr"
    assert said(seen(FRENCH), about()).says == "language"
    assert said(seen(FRENCH), about(languages=("fr",))).says == "language"
    assert said(seen(FRENCH), about(languages=("en", "fr-CA"))).says == "language"
    answer = said(seen(FRENCH), about(languages=("en", "de")))
    assert answer.outcome is Outcome.FAIL
    assert answer.facts == {"language": "French", "languages": "English, German"}
    assert said(seen(EASY_ENGLISH), about(languages=("de",))).says == "not-theirs"
    assert said(seen(EASY_ENGLISH), about(languages=("EN-us",))).says == "readable"
