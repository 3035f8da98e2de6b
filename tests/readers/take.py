"""Take the specimens of the checks that judge papers.

    python -m tests.readers.take

The lab's own papers of both editions, and small ones written here, are read by the real readers. What a
maker in the world was written and answered nobody publishes in this form, so those are fixtures.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from shelfworthy.model import About, AnySurface, Correspondence, Incident, Outcome
from shelfworthy.readers import READERS
from shelfworthy.sandbox.box import look_into
from shelfworthy.sandbox.limits import Limits
from shelfworthy.seen import AnySeen
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.products.cloudpets import papers
from tests.harvest import write_specimen

RESPONSE, ON_RECORD = "contact-response", "incident-on-record"
SURFACES: Mapping[str, AnySurface] = {
    RESPONSE: Correspondence(id="reports", where="correspondence.toml"),
    ON_RECORD: Incident(id="press", where="incidents.toml"),
}
ONE = '[[contact]]\nid = "mail"\non = 2026-01-01\nhow = "e-mail"\nsource = "ticket 1"\n'
STATED = '[stated]\nacknowledged_within_days = 7\nsource = "https://www.example.com/policy"\n'


def reply(on: str, kind: str = "acknowledgement") -> str:
    return f'[[reply]]\non = {on}\nanswers = ["mail"]\nkind = "{kind}"\nsource = "ticket 1"\n'


def flaw(since: str, fixed: str = "") -> str:
    line = f"fixed_on = {fixed}\n" if fixed else ""
    return f'[[flaw]]\nid = "hole"\nknown_publicly_since = {since}\n{line}source = "an advisory"\n'


def incident(what: str, data: str = "") -> str:
    line = f'data = "{data}"\n' if data else ""
    return (
        f'[[incident]]\non = 2025-05-01\nwhat = "{what}"\ntitle = "A bear talks"\n{line}source = "a paper"\n'
    )


# name: (check, expected, content, what it is)
FIXTURES: Mapping[str, tuple[str, Outcome, str, str]] = {
    "silent-for-a-month": (RESPONSE, Outcome.FAIL, f"looked_until = 2026-02-15\n{ONE}", "45 days of silence"),
    "promise-not-kept": (
        RESPONSE,
        Outcome.FAIL,
        f"looked_until = 2026-01-15\n{STATED}{ONE}",
        "14 days of silence, 7 promised",
    ),
    "only-an-automatic-reply": (
        RESPONSE,
        Outcome.FAIL,
        f"looked_until = 2026-04-10\n{ONE}{reply('2026-01-01', 'automatic')}",
        "an automatic reply and 99 days of silence",
    ),
    "answered-late": (
        RESPONSE,
        Outcome.FAIL,
        f"looked_until = 2026-03-01\n{STATED}{ONE}{reply('2026-02-10')}",
        "an answer after 40 days, 7 promised",
    ),
    "fixed-late": (
        RESPONSE,
        Outcome.FAIL,
        f"looked_until = 2026-09-01\n{ONE}{reply('2026-01-03')}{flaw('2026-02-01', '2026-08-01')}",
        "a public flaw fixed after half a year",
    ),
    "a-flaw-is-young": (
        RESPONSE,
        Outcome.PASS,
        f"looked_until = 2026-03-01\n{ONE}{reply('2026-01-03')}{flaw('2026-02-01')}",
        "answered after two days, a public flaw open for a month",
    ),
    "fixed-before-it-was-known": (
        RESPONSE,
        Outcome.PASS,
        f"looked_until = 2026-03-01\n{ONE}{reply('2026-01-31')}{flaw('2026-02-28', '2026-02-01')}",
        "answered on the last day, a flaw fixed before it became public",
    ),
    "too-early-to-say": (
        RESPONSE,
        Outcome.INCONCLUSIVE,
        f"looked_until = 2026-01-15\n{ONE}",
        "14 days of silence, nothing promised",
    ),
    "nothing-in-it": (RESPONSE, Outcome.INCONCLUSIVE, "looked_until = 2026-01-15\n", "an empty record"),
    "leak-of-what": (ON_RECORD, Outcome.FAIL, incident("leak"), "a leak, and not of what"),
    "decision": (ON_RECORD, Outcome.FAIL, incident("decision", "recordings"), "a regulator's decision"),
    "press": (ON_RECORD, Outcome.FAIL, incident("press", "e-mail addresses"), "a newspaper"),
    "advisory-alone": (ON_RECORD, Outcome.INCONCLUSIVE, incident("advisory"), "an advisory without a loss"),
    "empty": (ON_RECORD, Outcome.INCONCLUSIVE, "", "an empty list"),
}


def read(file: Path, check: str) -> AnySeen:
    """What the reader for this check's kind sees in a file. Raises NotSeen."""
    reader = next(one for one in READERS if one.kind is SURFACES[check].kind)
    heard = asyncio.run(look_into(reader.read, file.name, file, reader.sees, Limits(), patience=60))
    if heard.trouble is not None:
        raise heard.trouble
    (seen,) = heard.seen
    return seen  # type: ignore[return-value] # the sandbox has seen to it that it is of the reader's types


def main() -> None:
    today = date.today()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for edition in ("2018", "fixed"):
            bench = Bench(folder / edition, (), ransom=True)
            papers.declare(bench, edition)
            for check, surface in SURFACES.items():
                file = bench.folder / surface.where
                source = f"the lab's {surface.where}, CloudPets edition {edition}, {today}"
                write_specimen(check, read(file, check), About(surface=surface), source, f"lab-{edition}")
        for name, (check, expect, content, what) in FIXTURES.items():
            file = folder / SURFACES[check].where
            file.write_text(content)
            about = About(surface=SURFACES[check])
            write_specimen(check, read(file, check), about, f"fixture: {what}", f"fixture-{name}", expect)


if __name__ == "__main__":
    main()
