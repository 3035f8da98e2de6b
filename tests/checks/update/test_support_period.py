"""What pages say of support periods, and what must be read out of them: English and German."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from shelfworthy.checks.update._periods import days, later, periods
from shelfworthy.checks.update.update_support_period import judge
from shelfworthy.model import About, Answer, Cause, Identity, Kind, Outcome, Quote, Update
from shelfworthy.probes.update.support import page
from shelfworthy.product.address import parse_where
from shelfworthy.reach import Missing, Reply, Visit
from shelfworthy.seen.update import SUPPORT_PLACES, SupportPage, SupportSeen

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEAR = Identity(
    name="MurmurPal Bear", vendor="Plumwhistle", model="MP-2019", category="toy", sold_from=date(2020, 1, 1)
)
SOLD_OUT = msgspec.structs.replace(BEAR, sold_until=date(2024, 6, 30))
SITE = "https://www.bears.test"
YEARS = b"camera = 5\nother = 5\ntoy = 3\n"


def answered(path: str, body: str | None, language: str = "en") -> SupportPage:
    """A page as the probe sees it; None: it is not there."""
    at = parse_where(Kind.ENDPOINT, SITE + path)
    filler = "<p>Bears are for hugging, at home and on the road, in any weather. " * 4
    html = f"<!doctype html><html lang={language}><title>Help</title>{body}{filler}</html>"
    reply = Reply(
        status=404 if body is None else 200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=html.encode(),
        whole=True,
    )
    return page(SITE + path, Visit(final=at, came=reply))


def said(body: str, product: Identity = BEAR, language: str = "en") -> Answer:
    pages = (answered("/help", body, language), *(answered(path, None) for path in SUPPORT_PLACES))
    return judged(SupportSeen(at=AT, pages=pages), product)


def judged(seen: SupportSeen, product: Identity = BEAR) -> Answer:
    surface = Update(id="updates", where="update:https://updates.bears.test/")
    (answer,) = judge(seen, About(surface=surface, product=product, references={"support-years": YEARS}))
    return answer


# The body of a page about the MurmurPal Bear, MP-2019 → the sentence of the answer.
TEXTS = {
    "<p>The MurmurPal Bear gets security updates until 2030-05-31.": "long-enough",
    "<p>MP-2019: security updates until at least 31 May 2030.": "long-enough",
    "<p>Support for the MurmurPal Bear ends on May 31st, 2030.": "long-enough",
    "<p>Support for the MurmurPal Bear ends May 2030.": "long-enough",
    "<p>The MurmurPal Bear is supported with updates through the end of 2030.": "long-enough",
    "<p>End of support for the MP-2019: 31.05.2030": "long-enough",
    "<h1>MurmurPal Bear</h1><p>Firmware updates are provided until 31/05/2030.": "long-enough",
    "<h1>MurmurPal Bear</h1><p>We give you updates for at least 5 years from purchase.": "long-enough-each",
    "<h1>MurmurPal Bear</h1><p>Support period: five years after the date of purchase.": "long-enough-each",
    "<h1>MurmurPal Bear</h1><p>Security updates for 10 years after launch.": "long-enough",
    "<h1>MurmurPal Bear</h1><p>Security updates for 8 years after its release.": "too-short",
    "<h1>MurmurPal Bear</h1><p>Security updates for a period of 36 months after you bought it."
    "": "long-enough-each",
    "<table><tr><th>Model<th>Security updates until<tr><td>MP-2019<td>31 May 2030</table>": "long-enough",
    "<table><tr><th>Model<th>Support until<tr><td>MP-1<td>1 May 2020<tr><td>MP-2<td>2021-01-01"
    "<tr><td>MP-3<td>2022-01-01<tr><td>MP-2019<td>31 May 2030</table>": "long-enough",
    "<p>The MurmurPal Bear gets security updates until 2028-05-31.": "too-short",
    "<h1>MurmurPal Bear</h1><p>We provide security updates for two years from purchase.": "too-short-each",
    "<p>Support for the MurmurPal Bear ended on 31 May 2020.": "ended",
    "<p>The MurmurPal Bear no longer receives security updates.": "ended",
    "<p>There are no more updates for the MurmurPal Bear; it receives no further updates.": "ended",
    "<p>The MurmurPal Bear is supported until 03/12/2029.": "vague",
    "<p>Security updates for the MurmurPal Bear: until 2029.": "vague",
    "<h1>MurmurPal Bear</h1><p>Updates for at least 5 years.": "vague",
    "<p>The MurmurPal Cat gets security updates until 2030-05-31.": "not-named",
    "<p>The MurmurPal Bear Mini gets security updates until 2030-05-31.": "not-named",
    "<h1>MurmurPal Bear</h1><p>Updates until 2030-05-31, at home updates until 2031-05-31.": "long-enough",
    "<p>MurmurPal Bear: updates until 2030-05-31.<p>MurmurPal Bear: support ended in May 2024.": "differing",
    "<p>The MurmurPal Bear gets lifetime updates.": "unsure",
    "<p>We plan to give the MurmurPal Bear updates until 2030-05-31.": "unsure",
    "<p>The MurmurPal Bear may get updates until 2030-05-31.": "unsure",
    "<p>The MurmurPal Bear comes with a warranty of 5 years and support.": "unsure",
    "<p>Last updated: 31 May 2030": "unsure",
    "<p>MurmurPal Bear: we look for updates every 3 months.": "unsure",
    "<p>Bears since 1902.": "absent",
    "<p>Our support answers within a day.": "absent",
}
GERMAN = {
    "<p>Der MurmurPal Bear erhält Sicherheitsupdates bis mindestens 31. Mai 2030.": "long-enough",
    "<p>MP-2019: Sicherheitsaktualisierungen bis zum 31.05.2030.": "long-enough",
    "<p>Der Support für den MurmurPal Bear endet am 31. Mai 2030.": "long-enough",
    "<p>Support-Ende MP-2019: Mai 2030": "long-enough",
    "<h1>MurmurPal Bear</h1><p>Wir liefern Updates für mindestens fünf Jahre ab Kauf.": "long-enough-each",
    "<h1>MurmurPal Bear</h1><p>Updates liefern wir zwei Jahre lang ab dem Kaufdatum.": "too-short-each",
    "<p>Der Support für den MurmurPal Bear endete am 31. Mai 2020.": "ended",
    "<p>Der MurmurPal Bear wird nicht mehr mit Updates versorgt.": "ended",
    "<p>Für den MurmurPal Bear gibt es keine weiteren Updates.": "ended",
    "<p>Der MurmurPal Bear erhält voraussichtlich Updates bis 31. Mai 2030.": "unsure",
    "<p>Die Garantie beträgt 5 Jahre, Updates inbegriffen.": "unsure",
    "<p>Bären seit 1902.": "absent",
}


@pytest.mark.parametrize(("body", "says"), TEXTS.items())
def test_english(body: str, says: str) -> None:
    assert said(body).says == says


@pytest.mark.parametrize(("body", "says"), GERMAN.items())
def test_german(body: str, says: str) -> None:
    assert said(body, language="de").says == says


def test_the_words_are_quoted_where_they_stand() -> None:
    body = "<p>Hello.<p>The MurmurPal Bear gets security updates until 31 May 2030."
    seen = answered("/help", body)
    answer = said(body)
    assert isinstance(answer.place, Quote)
    assert answer.place.text == "until 31 May 2030"
    text = seen.passages[0].text
    assert text[answer.place.start :].startswith("until 31 May 2030")


def test_what_is_still_sold_holds_until_the_next_buyer_gets_less() -> None:
    answer = said("<p>The MurmurPal Bear gets security updates until 2030-05-31.")
    assert answer.until == datetime(2027, 6, 1, tzinfo=UTC)
    assert answer.facts["left"] == 1286


def test_what_is_sold_out_counts_from_its_last_day() -> None:
    body = "<p>The MurmurPal Bear gets security updates until 2027-06-30."
    assert said(body).says == "too-short"
    answer = said(body, SOLD_OUT)
    assert (answer.says, answer.until) == ("long-enough", datetime(2027, 7, 1, tzinfo=UTC))
    assert said(body.replace("06-30", "06-29"), SOLD_OUT).says == "too-short"
    each = "<h1>MurmurPal Bear</h1><p>Updates for {} years from purchase."
    assert said(each.format(3), SOLD_OUT).until == datetime(2027, 7, 1, tzinfo=UTC)
    long_ago = msgspec.structs.replace(BEAR, sold_until=date(2022, 1, 1))
    assert said(each.format(3), long_ago).says == "ended"


def test_the_category_decides_how_long_is_long_enough() -> None:
    body = "<p>The MurmurPal Bear gets security updates until 2030-05-31."
    for category, outcome in (("toy", Outcome.PASS), ("camera", Outcome.FAIL), ("kite", Outcome.FAIL)):
        product = msgspec.structs.replace(BEAR, category=category)
        assert said(body, product).outcome is outcome


def test_a_launch_nobody_named() -> None:
    body = "<h1>MurmurPal Bear</h1><p>Security updates for 10 years after launch."
    answer = said(body, msgspec.structs.replace(BEAR, sold_from=None))
    assert (answer.says, answer.cause) == ("no-start", Cause.NOT_SUPPLIED)


def test_without_the_table_nobody_can_say() -> None:
    surface = Update(id="updates", where="update:https://updates.bears.test/")
    seen = SupportSeen(at=AT, pages=(answered("/help", None),))
    (answer,) = judge(seen, About(surface=surface, product=BEAR))
    assert (answer.says, answer.cause) == ("no-table", Cause.DATA_MISSING)


def test_absence_needs_every_page() -> None:
    """Law 1: a page that did not come, made by scripts, or in another language proves nothing."""
    gone = [answered(path, None) for path in SUPPORT_PLACES]
    at = parse_where(Kind.ENDPOINT, f"{SITE}/help")
    silent = page(f"{SITE}/help", Visit(final=at, came=Missing(cause=Cause.SILENT, words="Silent.")))
    assert judged(SupportSeen(at=AT, pages=(silent, *gone))).cause is Cause.SILENT
    other = answered("/help", "<p>Les ours aiment le miel, et la forêt.", "fr")
    assert judged(SupportSeen(at=AT, pages=(other, *gone))).says == "unseen"
    cut = msgspec.structs.replace(answered("/help", "<p>Bears."), whole=False)
    assert judged(SupportSeen(at=AT, pages=(cut, *gone))).says == "unseen"
    forbidden = msgspec.structs.replace(gone[0], status=403)
    assert judged(SupportSeen(at=AT, pages=(forbidden, *gone))).cause is Cause.REFUSED
    assert judged(SupportSeen(at=AT, pages=tuple(gone))).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2029-05-31", date(2029, 5, 31), date(2029, 5, 31)),
        ("31 May 2029", date(2029, 5, 31), date(2029, 5, 31)),
        ("31. März 2029", date(2029, 3, 31), date(2029, 3, 31)),
        ("May 31, 2029", date(2029, 5, 31), date(2029, 5, 31)),
        ("Feb 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("05/2029", date(2029, 5, 1), date(2029, 5, 31)),
        ("05/06/2029", date(2029, 5, 6), date(2029, 6, 5)),
        ("31/05/2029", date(2029, 5, 31), date(2029, 5, 31)),
        ("05.06.2029", date(2029, 6, 5), date(2029, 6, 5)),
        ("end of 2029", date(2029, 12, 31), date(2029, 12, 31)),
        ("2029", date(2029, 1, 1), date(2029, 12, 31)),
    ],
)
def test_days(words: str, first: date, last: date) -> None:
    assert days(words) == (first, last)


@pytest.mark.parametrize("words", ["2029-13-01", "31 February 2029", "45/45/2029", "32.01.2029"])
def test_no_days(words: str) -> None:
    assert days(words) is None


def test_months_end_where_they_end() -> None:
    assert later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert later(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert later(date(2030, 5, 31), -36) == date(2027, 5, 31)


def test_long_lines_are_read_in_time() -> None:
    for text in (
        "update until " * 3000,
        "1 " * 20_000 + "support",
        "end of support " * 2000,
        "31 May " * 5000,
    ):
        list(periods(text[:400], text[:240]))
        assert answered("/x", f"<p>{text}") is not None
