"""Specimens: what was seen, and what a check must say of it. The folder is the test.

They lie in `tests/specimens/<check id>/<answer>/<name>.json`; adding one needs no Python.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from shelfworthy.model import About, Answer, Outcome, Record, canonical
from shelfworthy.seen import AnySeen

FOLDER = Path(__file__).parent / "specimens"
STRICTEST_FIRST = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.MOOT)


class Specimen(Record, frozen=True):
    """source: which real server, version, edition and date it was taken from, or "fixture: …"."""

    source: str
    seen: AnySeen
    about: About
    says: tuple[Answer, ...]


DECODER = msgspec.json.Decoder(Specimen)


def outcome(answers: Sequence[Answer]) -> Outcome:
    """What several answers of one check come to (DESIGN, step 3). Raises StopIteration if there are none."""
    said = {answer.outcome for answer in answers}
    return next(word for word in STRICTEST_FIRST if word in said)


def written(specimen: Specimen) -> bytes:
    """The one form of a specimen's file."""
    return msgspec.json.format(canonical(plain(specimen)), indent=1) + b"\n"


def plain(specimen: Specimen) -> dict[str, Any]:
    """A specimen without the field that few checks read, where it is empty."""
    whole: dict[str, Any] = msgspec.json.decode(canonical(specimen))
    if not whole["about"]["answers"]:
        del whole["about"]["answers"]
    return whole
