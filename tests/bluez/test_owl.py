"""The same audit over a second stack: BlueZ (Linux, bluetoothd, its own controllers) in a small guest.

Nothing of bumble is on that side: `btvirt` emulates both controllers and the air between them, encryption
too, and the device is the kernel's and bluetoothd's. `make test-bluez`; what differs: docs/bluez.md.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothPairing, BluetoothReturn, Visit
from tests.bluez import said
from tests.bluez.auditing import Audited, audited
from tests.bluez.guest import Guest, booted, lacking
from tests.needs import missing

EXPECTED = said.expected("owl")

pytestmark = [pytest.mark.bluez, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    if lacks := lacking():
        missing(f"the Debian packages {lacks}")
    with booted(tmp_path_factory.mktemp("guest"), "owl") as one:
        yield one


@pytest.fixture(scope="module")
def audits() -> dict[str, Audited]:
    return {}


@pytest.fixture(params=list(EXPECTED))
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def audit(
    guest: Guest,
    audits: dict[str, Audited],
    edition: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Audited:
    """The audit of the device in that edition; once for all tests."""
    if edition not in audits:
        audits[edition] = audited(guest, edition, "owl.toml", tmp_path, capsys, monkeypatch)
    return audits[edition]


def test_everything_was_looked_at(audit: Audited) -> None:
    assert audit.evidence.gaps == ()
    assert [look.complete for look in audit.evidence.looks] == [True]


def test_a_stranger_may_do_what_was_expected(audit: Audited, edition: str) -> None:
    access = said.one(audit.evidence, BluetoothAccess)
    assert said.stranger(access) == EXPECTED[edition]["stranger"]
    assert (access.let_in, access.changed, access.stranger.encrypted) == (True, False, False)


def test_it_pairs_as_was_expected(audit: Audited, edition: str) -> None:
    pairing = said.one(audit.evidence, BluetoothPairing)
    assert said.pairing(pairing) == EXPECTED[edition]["pairing"]


def test_an_owner_comes_in_over_an_encrypted_link_and_the_next_stranger_as_before(audit: Audited) -> None:
    """The kernel and its controller encrypt for real: attributes that ask for it open to the owner alone."""
    seen = said.one(audit.evidence, BluetoothReturn)
    assert isinstance(seen.owner, Visit)
    assert isinstance(seen.stranger, Visit)
    assert (seen.owner.encrypted, seen.stranger.encrypted) == (True, False)
    first = said.one(audit.evidence, BluetoothAccess)
    assert said.attempts(seen.attributes, seen.stranger) == said.stranger(first)


def test_the_checks_answer_as_was_expected(audit: Audited, edition: str) -> None:
    expected = EXPECTED[edition]["checks"]
    assert said.answers(audit.given, expected) == expected


def test_the_device_tells_the_same_story(audit: Audited, edition: str) -> None:
    """What it did, by its own words: it hooted for who could make it, and its greeting is what it was."""
    could = edition in ("open", "just-works")
    assert ("it hooted" in audit.told) == could
    assert ("numbers compared" in audit.told) == (edition == "fixed")
    greetings = {line for line in audit.told if line.startswith("greeting ")}
    assert greetings <= {f"greeting {said.GREETING.hex()}"}
    assert bool(greetings) == (edition != "asks-app")


def test_nothing_the_device_said_is_kept(audit: Audited) -> None:
    """Law 8: its values were on the air in the clear of the adapter; none is in the evidence."""
    kept = [path.read_bytes() for path in audit.folder.rglob("*") if path.is_file()]
    assert any(b"btsnoop\0" in one for one in kept)
    assert not any(value in one for one in kept for value in (said.GREETING, said.VOICE))
