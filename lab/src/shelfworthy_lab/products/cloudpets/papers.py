"""The papers kept beside the bear: who wrote to its maker and what came back, and what was published.

2018 is the story: four people and firms wrote in vain, and what was lost was in the papers. In the fixed
edition a report was answered, and whoever searched found nothing.
"""

import datetime as dt

from shelfworthy_lab import toml
from shelfworthy_lab.bench import Bench

DISCLOSED = dt.date(2017, 2, 27)
AUDITED = dt.date(2018, 6, 5)
SAID = "Notes of the first finder, published 2017-02-27"


def declare(bench: Bench, edition: str) -> None:
    """Write both files of an edition, and declare them."""
    today = dt.datetime.now(dt.UTC).date()
    letters = in_vain() if edition == "2018" else answered(today)
    news = in_the_papers() if edition == "2018" else quiet(today)
    bench.paper("reports", "correspondence", "correspondence.toml", toml.tables(letters))
    bench.paper("press", "incident", "incidents.toml", toml.tables(news))


def in_vain() -> list[tuple[str, toml.Table]]:
    """Four contacts without an answer, and two flaws that are public and open after fifteen months."""
    contacts = [
        ("first-mail", dt.date(2016, 12, 30), "e-mail", "the first finder", "the open database"),
        ("ticket", dt.date(2016, 12, 31), "ticket", "the first finder", "the open database"),
        ("hoster", dt.date(2017, 1, 4), "phone", "the hosting firm", "a customer's open database"),
        ("second-mail", dt.date(2017, 1, 10), "e-mail", "another finder", "database and recordings"),
    ]
    flaws: list[toml.Table] = [
        {"id": "open-database", "known_publicly_since": DISCLOSED, "fixed_on": dt.date(2017, 1, 13)},
        {"id": "public-recordings", "known_publicly_since": DISCLOSED},
        {"id": "radio-without-pairing", "known_publicly_since": dt.date(2017, 2, 28)},
    ]
    said: list[tuple[str, toml.Table]] = [("", {"looked_until": AUDITED})]
    for name, day, how, by, about in contacts:
        entry: toml.Table = {"id": name, "on": day, "how": how, "by": by, "to": "Plumwhistle Toys"}
        said.append(("[[contact]]", {**entry, "about": about, "source": SAID}))
    said += [("[[flaw]]", {**flaw, "source": "Audit of the bear, June 2018"}) for flaw in flaws]
    return said


def answered(today: dt.date) -> list[tuple[str, toml.Table]]:
    """One report: acknowledged after two days, told of progress, fixed after five weeks."""
    sent = today - dt.timedelta(days=60)

    def after(days: int) -> dt.date:
        return sent + dt.timedelta(days=days)

    ours = "Our mailbox, ticket 4711"
    policy = "https://www.murmurpal.test/security/policy"
    report: toml.Table = {"id": "sleepy-session", "on": sent, "how": "e-mail", "by": "a finder"}
    replies = [(2, "acknowledgement"), (14, "status"), (36, "fix")]
    said: list[tuple[str, toml.Table]] = [
        ("", {"looked_until": today}),
        ("[stated]", {"acknowledged_within_days": 5, "source": policy}),
        ("[[contact]]", {**report, "about": "a session that never ends", "source": ours}),
    ]
    said += [
        ("[[reply]]", {"on": after(days), "answers": ["sleepy-session"], "kind": kind, "source": ours})
        for days, kind in replies
    ]
    known: toml.Table = {"id": "sleepy-session", "known_publicly_since": after(40), "fixed_on": after(36)}
    return [*said, ("[[flaw]]", {**known, "source": f"{policy}/advisories"})]


def in_the_papers() -> list[tuple[str, toml.Table]]:
    """What was published about the bear until the audit."""
    lost = "e-mail addresses, password hashes, names and birthdays, links to recordings of children"
    incidents: list[toml.Table] = [
        {
            "on": DISCLOSED,
            "what": "leak",
            "title": "MurmurPal's customers copied from an open database and held to ransom",
            "source": "A security researcher's weblog, 2017-02-27",
            "data": lost,
        },
        {
            "on": dt.date(2017, 2, 28),
            "what": "press",
            "title": "Anybody near a MurmurPal can listen through it",
            "source": "A security firm's weblog, 2017-02-28",
        },
        {
            "on": AUDITED,
            "what": "press",
            "title": "Shops take MurmurPal off their shelves",
            "source": "Several newspapers, 2018-06-05",
        },
    ]
    searched: toml.Table = {"on": AUDITED, "where": "newspapers and lists of leaks", "by": "the auditors"}
    return [("[[searched]]", searched), *(("[[incident]]", one) for one in incidents)]


def quiet(today: dt.date) -> list[tuple[str, toml.Table]]:
    """An empty list: somebody searched and found nothing, which proves nothing."""
    return [("[[searched]]", {"on": today, "where": "newspapers and lists of leaks", "by": "the lab"})]
