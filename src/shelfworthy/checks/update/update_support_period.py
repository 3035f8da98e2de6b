"""Is it published until when there are security updates, and is that long enough?

Why it matters: a connected product lasts as long as its updates. Who buys it should know the day, and a shop
should not sell what is left alone before a child has outgrown it (UK PSTI, Schedule 1, paragraph 3; ETSI EN
303 645, provision 5.3-13; EU CRA, Article 13).

How we look (look): the page that the product file names (`support`), then `/`, `/support`, `/security`,
`/security-updates` and `/support-period` of the same site, in English and German. We want a sentence or a
cell of a table that says until when, or for how long from what, this product gets updates; the product must
be named with it, or at the beginning of a page with one such period. Years for each category are in
`five.toml`. They count from the last day of sale (`sold_until`); of what is still sold, from the day of the
look. A date that can be read in two ways passes only if it does in both, and fails likewise.

What it does not show: whether updates come, and in time; pages in images, made by scripts, or in other
languages. What we cannot read for certain is left to a person.

If it fails: publish a day, not a wish, on a page that needs no account: "Model … gets security updates until
31 May 2031, at least". Keep selling only what has long enough to go.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
from msgspec import Struct

from shelfworthy.checks.update._given import GONE
from shelfworthy.checks.update._naming import names
from shelfworthy.checks.update._periods import Period, later, periods
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Identity,
    Level,
    Quote,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
    quote,
)
from shelfworthy.seen.update import SUPPORT_LANGUAGES, SupportPage, SupportSeen

YEARS = "support-years"
OTHERWISE = "other"  # for categories that are not in the table

SAYS = {
    "long-enough": "Security updates are promised until {ends}, {left} days from the look: “{words}”.",
    "long-enough-each": "Security updates are promised for {months} months: “{words}”.",
    "ended": "The time of security updates is over: “{words}”.",
    "too-short": "Security updates end on {ends}; {years} years would be until {wanted}: “{words}”.",
    "too-short-each": "Security updates are promised for {months} months, not for {years} years: “{words}”.",
    "vague": "Whether “{words}” is long enough depends on how it is read.",
    "no-start": "“{words}” counts from a day that the product file does not name (`sold_from`).",
    "differing": "The site says several things about this product, for example “{words}”.",
    "not-named": "The site says for how long there are updates, but not of which product: “{words}”.",
    "unsure": "{url} speaks of support and of time; what it promises is for a person to read.",
    "absent": "No page says until when there are security updates.",
    "unseen": "No support period was found, but {url} could not be read.",
    "no-table": "Nobody said how long is long enough.",
}


class Said(Struct, frozen=True):
    """One period as published: what, where, and how well it is tied to this product."""

    period: Period
    at: Quote
    named: bool
    on_its_page: bool


def judge(seen: SupportSeen, about: About) -> Iterator[Answer]:
    assert about.product is not None
    years = wanted_years(about.references.get(YEARS, b""), about.product.category)
    if not years:
        yield inconclusive("no-table", Cause.DATA_MISSING)
        return
    found = list(said(seen, about.product))
    ours = [one for one in found if one.named] or the_only_one([one for one in found if one.on_its_page])
    answers = [measured(one, years, about.product, seen.at) for one in ours]
    if len({(answer.outcome, answer.says) for answer in answers}) > 1:
        yield inconclusive("differing", Cause.NEEDS_A_PERSON, words=ours[0].at.text)
    elif answers:  # all alike: the one that ends first
        yield min(answers, key=lambda answer: answer.until or datetime.max.replace(tzinfo=UTC))
    elif found:
        yield inconclusive("not-named", Cause.NEEDS_A_PERSON, words=found[0].at.text)
    else:
        yield nothing_found(seen)


def wanted_years(table: bytes, category: str) -> int:
    """Years of support for a category, 0 without a table."""
    years = tomllib.loads(table.decode())
    return int(years.get(category, years.get(OTHERWISE, 0)))


def said(seen: SupportSeen, product: Identity) -> Iterator[Said]:
    """Every period on the pages."""
    for number, page in enumerate(seen.pages):
        for index, passage in enumerate(page.passages):
            for period in periods(passage.text, passage.before):
                at = quote(f"pages.{number}.passages.{index}.text", passage.text, period.start, period.end)
                named = names(product, f"{passage.before} | {passage.text}")
                yield Said(period, at, named, names(product, page.begins))


def the_only_one(found: list[Said]) -> list[Said]:
    """On a page about one product its one period needs no name beside it; of several nobody knows which."""
    return found if len({one.at.text for one in found}) == 1 else []


def measured(one: Said, years: int, product: Identity, at: datetime) -> Answer:
    """What a period comes to for this product, seen at that moment."""
    words, today = one.at.text, at.date()
    if one.period.over:
        return fails("ended", one.at, Severity.HIGH, confidence=Confidence.PROBABLE, words=words)
    if one.period.months:
        return by_length(one, years, product, at)
    first, last = one.period.first, one.period.last
    assert first is not None
    assert last is not None
    last_sale = product.sold_until or today
    wanted = later(last_sale, years * 12)
    if last < today:
        return fails("ended", one.at, Severity.HIGH, confidence=Confidence.PROBABLE, words=words)
    if first >= wanted:
        # Of what is still sold, the day comes when whoever buys it gets less.
        holds = first if product.sold_until else later(first, -years * 12)
        return passes(
            "long-enough",
            one.at,
            confidence=Confidence.PROBABLE,
            until=midnight_after(holds),
            ends=first.isoformat(),
            left=(first - today).days,
            words=words,
        )
    if last < wanted:
        return fails(
            "too-short",
            one.at,
            Severity.MEDIUM,
            confidence=Confidence.PROBABLE,
            ends=last.isoformat(),
            years=years,
            wanted=wanted.isoformat(),
            words=words,
        )
    return inconclusive("vague", Cause.NEEDS_A_PERSON, words=words)


def by_length(one: Said, years: int, product: Identity, at: datetime) -> Answer:
    """A length, counted from a purchase, from the first or the last sale, or nobody knows from what."""
    months, words = one.period.months, one.at.text
    if months < years * 12:
        return fails(
            "too-short-each",
            one.at,
            Severity.MEDIUM,
            confidence=Confidence.PROBABLE,
            months=months,
            years=years,
            words=words,
        )
    if one.period.origin in {"purchase", "last sale"}:
        ends = later(product.sold_until, months) if product.sold_until else None
        if ends is not None and ends < at.date():
            return fails("ended", one.at, Severity.HIGH, confidence=Confidence.PROBABLE, words=words)
        until = midnight_after(ends) if ends else None
        return passes(
            "long-enough-each",
            one.at,
            confidence=Confidence.PROBABLE,
            until=until,
            months=months,
            words=words,
        )
    if product.sold_from is None:
        return inconclusive("no-start", Cause.NOT_SUPPLIED, words=words)
    ends = later(product.sold_from, months)
    period = Period(one.period.start, one.period.end, first=ends, last=ends)
    counted = measured(msgspec.structs.replace(one, period=period), years, product, at)
    if one.period.origin == "release" or counted.says == "long-enough":
        return counted
    return inconclusive("vague", Cause.NEEDS_A_PERSON, words=words)  # from a purchase it would be enough


def midnight_after(day: date) -> datetime:
    """The moment at which a day is over, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def nothing_found(seen: SupportSeen) -> Answer:
    """Absence holds only where every place was read whole or is not there."""
    for page in seen.pages:
        if cause := unread(page):
            return inconclusive("unseen", cause, url=page.url)
    for page in seen.pages:
        if page.passages:
            return inconclusive("unsure", Cause.NEEDS_A_PERSON, url=page.final)
    return fails("absent", field("pages"), Severity.MEDIUM)


def unread(page: SupportPage) -> Cause | None:
    """Why one cannot say what this page does not say; None if it was read whole, or is not there."""
    if page.cause is not None:
        return page.cause
    if page.status in GONE:
        return None
    if page.status in {401, 403}:
        return Cause.REFUSED
    read = 200 <= page.status < 300 and page.whole and page.readable and page.language in SUPPORT_LANGUAGES
    return None if read else Cause.NOT_UNDERSTOOD


CHECK = Check(
    id="update-support-period",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(SupportSeen,),
    says=SAYS,
    needs=("product", YEARS),
)
