"""The same audit over a second stack: BlueZ (Linux kernel, bluetoothd, its own controllers) in a small guest.

Nothing of bumble is on that side: `btvirt` emulates both controllers and the air between them, encryption too,
and the device is the kernel's and bluetoothd's. `make test-bluez`; what differs from bumble: docs/bluez.md.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.model import Judgement
from shelfworthy.record import Evidence, judgements, load_evidence
from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothPairing, BluetoothReturn, Visit
from tests.bluez import said
from tests.bluez.guest import Guest, booted, lacking
from tests.cli.command import run
from tests.needs import missing

HERE = Path(__file__).parent
POLICY = 'observer = "test bench"\nadapter = "{adapter}"\n\n[[permit]]\nto = "*"\nlevel = "use"\n'

pytestmark = [pytest.mark.bluez, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    if lacks := lacking():
        missing(f"the Debian packages {lacks}")
    with booted(tmp_path_factory.mktemp("guest"), "owl") as one:
        yield one


class Audited:
    """An edition, audited. told: what happened to the device, in its own words."""

    def __init__(self, folder: Path, told: list[str]) -> None:
        self.folder = folder
        self.told = told
        self.evidence: Evidence = load_evidence(folder)
        self.judgement: Judgement = judgements(folder)[-1]


@pytest.fixture(scope="module")
def audits() -> dict[str, Audited]:
    return {}


@pytest.fixture(params=list(said.expected()))
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def audited(
    guest: Guest,
    audits: dict[str, Audited],
    edition: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Audited:
    """The whole audit, as its user runs it, of the device in that edition."""
    if edition not in audits:
        address = guest.become(edition)
        product = (HERE / "product.toml").read_text(encoding="utf-8").replace("ADDRESS", address)
        (tmp_path / "product.toml").write_text(product, encoding="utf-8")
        (tmp_path / "policy.toml").write_text(POLICY.format(adapter=guest.adapter), encoding="utf-8")
        ran = run(capsys, monkeypatch, tmp_path, "audit", "product.toml", "--policy", "policy.toml")
        folder = next(tmp_path.glob("*.audit"), None)
        assert folder is not None, ran.err
        audits[edition] = Audited(folder, guest.told(1))
    return audits[edition]


def test_everything_was_looked_at(audited: Audited) -> None:
    assert audited.evidence.gaps == ()
    assert [look.complete for look in audited.evidence.looks] == [True]


def test_a_stranger_may_do_what_was_expected(audited: Audited, edition: str) -> None:
    access = said.one(audited.evidence, BluetoothAccess)
    assert said.stranger(access) == said.expected()[edition]["stranger"]
    assert (access.let_in, access.changed, access.stranger.encrypted) == (True, False, False)


def test_it_pairs_as_was_expected(audited: Audited, edition: str) -> None:
    pairing = said.one(audited.evidence, BluetoothPairing)
    assert said.pairing(pairing) == said.expected()[edition]["pairing"]


def test_an_owner_comes_in_over_an_encrypted_link_and_the_next_stranger_as_before(audited: Audited) -> None:
    """The kernel and its controller encrypt for real: attributes that ask for it open to the owner alone."""
    seen = said.one(audited.evidence, BluetoothReturn)
    assert isinstance(seen.owner, Visit)
    assert isinstance(seen.stranger, Visit)
    assert (seen.owner.encrypted, seen.stranger.encrypted) == (True, False)
    first = said.one(audited.evidence, BluetoothAccess)
    assert said.attempts(seen.attributes, seen.stranger) == said.stranger(first)


def test_the_checks_answer_as_was_expected(audited: Audited, edition: str) -> None:
    given: dict[str, set[str]] = defaultdict(set)
    for finding in audited.judgement.findings:
        if finding.surface == "radio":
            given[finding.check].add(finding.outcome.value)
    expected = said.expected()[edition]["checks"]
    assert said.answers(given, expected) == expected


def test_the_device_tells_the_same_story(audited: Audited, edition: str) -> None:
    """What it did, by its own words: it hooted for who could make it, and its greeting is what it was."""
    could = edition in ("open", "just-works")
    assert ("it hooted" in audited.told) == could
    assert ("numbers compared" in audited.told) == (edition == "fixed")
    greetings = {line for line in audited.told if line.startswith("greeting ")}
    assert greetings <= {f"greeting {said.GREETING.hex()}"}
    assert bool(greetings) == (edition != "asks-app")


def test_nothing_the_device_said_is_kept(audited: Audited) -> None:
    """Law 8: its values were on the air in the clear of the adapter; none is in the evidence."""
    kept = [path.read_bytes() for path in audited.folder.rglob("*") if path.is_file()]
    assert any(b"btsnoop\0" in one for one in kept)
    assert not any(value in one for one in kept for value in (said.GREETING, said.VOICE))
