"""Bluetooth Classic over BlueZ: Linux and its controllers encrypt, which the lab's virtual ones do not.

What BlueZ's emulated controllers cannot do either is written in expected_doll.toml and docs/bluez.md.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.model import NotLooked
from shelfworthy.seen.bluetooth import BluetoothClassic, BluetoothNoLe, ClassicService
from tests.bluez import said
from tests.bluez.auditing import audited
from tests.bluez.guest import Guest, booted, lacking
from tests.needs import missing

EXPECTED = said.expected("doll")
HANDS_FREE = "111e"

pytestmark = [pytest.mark.bluez, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    if lacks := lacking():
        missing(f"the Debian packages {lacks}")
    with booted(tmp_path_factory.mktemp("guest"), "doll") as one:
        yield one


@pytest.mark.parametrize("edition", EXPECTED)
def test_a_doll_answers_as_was_expected(
    guest: Guest,
    edition: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = EXPECTED[edition]
    audit = audited(guest, edition, "doll.toml", tmp_path, capsys, monkeypatch)
    assert audit.evidence.gaps == ()
    assert said.one(audit.evidence, BluetoothNoLe).heard == 0
    seen = said.one(audit.evidence, BluetoothClassic)
    assert hands_free(seen.services) == expected["hands-free"]
    assert ("a phone came" in audit.told) == (expected["hands-free"] == "done")
    owners = [one for one in seen.pairings if one.came == "done"]
    assert bool(owners) == expected["owner"]
    assert all(one.encrypted is True for one in owners)
    if "pairing" in expected:
        assert {one.pin: one.came for one in seen.pairings} == expected["pairing"]
    if expected["owner"]:
        assert not isinstance(seen.second, NotLooked)
        assert (seen.second_let_in, hands_free(seen.second)) == (True, expected["second"])
    assert {check: said.answers(audit.given, expected["checks"])[check] for check in expected["checks"]} == (
        expected["checks"]
    )


def hands_free(services: tuple[ClassicService, ...]) -> str:
    """How using the hands-free service went, over a link that was not encrypted."""
    (one,) = (one for one in services if one.uuid == HANDS_FREE)
    assert not one.encrypted
    return one.came
