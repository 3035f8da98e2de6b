"""Two accounts of our own tell well kept services from others, and leave nothing behind."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from shelfworthy.model import Account, Level
from shelfworthy.probes.account import ACCOUNT
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from tests import clock
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.account.looking import CHECKS, outcomes
from tests.probes.account.states import HOST, OVER_TLS, PRODUCT, STATES, real

pytestmark = pytest.mark.lab

LIMITS = Limits(look=60.0)  # all are looked at at once, which a busy machine takes long for


def look_at(surfaces: list[Account], folder: Path, level: Level = Level.USE) -> Left:
    it = product(surfaces, [allow(HOST, level)])
    assert it.product.name == PRODUCT
    return asyncio.run(looked(it, door(it, bench((f"{HOST}/32",)), LIMITS), folder, (ACCOUNT,), budget=120))


def compare(names: tuple[str, ...], left: Left, folder: Path) -> None:
    """Print right, wrong and left open; fail on those that differ from the truth."""
    files = sorted((folder / "evidence" / "observations").glob("*.json"))
    observations = [OBSERVATION.decode(path.read_bytes()) for path in files]
    rows = []
    for name in names:
        of = [one for one in observations if one.surface == name]
        gaps = [gap for gap in left.gaps if gap.surface == name]
        for check, expected, found in zip(CHECKS, STATES[name][1], outcomes(of, gaps), strict=True):
            rows.append((name, check, expected, found))
            print(f"{name:35} {check:22} {expected:13} {found:13}")
    assert [row for row in rows if row[2] is not row[3]] == []


def test_real_servers_in_cleartext(tmp_path: Path) -> None:
    with real(tmp_path / "lab") as surfaces:
        left = look_at(surfaces, tmp_path / "audit")
    compare(tuple(STATES), left, tmp_path / "audit")
    assert left.gaps == ()


def test_real_servers_over_tls(tmp_path: Path) -> None:
    with real(tmp_path / "lab", OVER_TLS, tls=True) as surfaces:
        began = clock.now()
        left = look_at(surfaces, tmp_path / "audit")
        assert clock.now() - began < 15  # 3 s alone; the rest is for a busy machine
    compare(OVER_TLS, left, tmp_path / "audit")


def test_nothing_stays_and_the_server_counts_as_we_do(tmp_path: Path) -> None:
    """What the server's own log says: two sign-ups that were accepted, two deletions, 20 wrong log-ins."""
    with real(tmp_path / "lab", ("the worst of all",)) as surfaces:
        left = look_at(surfaces, tmp_path / "audit")
    lines = (tmp_path / "lab" / "logs" / "the-worst-of-all.log").read_text().splitlines()
    served = [found for line in lines if (found := re.match(r'"(\w+) (\S+) HTTP/1.1" (\d+)', line))]
    count = Counter((one[1], one[2], one[3]) for one in served)
    assert count["POST", "/v1/users", "201"] == 2
    assert count["DELETE", "/v1/users/me", "204"] == 2
    assert count["POST", "/v1/sessions", "401"] == 21  # 20 at the second, one at the first account
    assert count["POST", "/v1/sessions", "404"] == 4  # two without an account; one at each that was deleted
    notes = notes_of(left)
    assert sum(notes.values()) == len(served)
    assert notes["log_in for account 2 with a wrong password: POST /v1/sessions"] == 20
    assert notes["log_in for account 1 with a wrong password: POST /v1/sessions"] == 1
    deletion = next(one["seen"] for one in left.observations if one["seen"]["kind"] == "account-deletion/1")
    assert (deletion["accounts"], deletion["left"]) == (2, [])


def notes_of(left: Left) -> Mapping[str, int]:
    """What the transcript keeps of the requests, and how often."""
    entries = [entry for script in left.transcripts for entry in script.entries]
    assert all(entry.event == "sent" for entry in entries if entry.kept)
    assert all(entry.kept for entry in entries if entry.event == "sent")
    return Counter(entry.kept.decode() for entry in entries if entry.kept)


@pytest.mark.parametrize("level", [Level.LOOK, Level.KNOCK])
def test_below_use_nothing_is_asked(level: Level, tmp_path: Path) -> None:
    with real(tmp_path / "lab", ("well kept",)) as surfaces:
        left = look_at(surfaces, tmp_path / "audit", level)
        log = (tmp_path / "lab" / "logs" / "well-kept.log").read_text()
    assert "HTTP/1.1" not in log
    assert left.dialled == set()
    assert [gap.cause.value for gap in left.gaps] == ["not permitted"]


def test_without_a_recipe_nothing_is_asked(tmp_path: Path) -> None:
    with real(tmp_path / "lab", ("well kept",)) as surfaces:
        bare = Account(id="bare", where=surfaces[0].where)
        left = look_at([bare], tmp_path / "audit")
    assert left.dialled == set()
    assert [gap.cause.value for gap in left.gaps] == ["not supplied"]
    assert "docs/account-recipe.md" in left.said[0]
