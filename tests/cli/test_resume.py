"""Going on with an audit by its folder alone: what it began with lies in it, and the policy is today's."""

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from shelfworthy.model import Cause, Endpoint, Level, Product
from shelfworthy.product.write import product_toml
from shelfworthy.record import Recorder, load_evidence, verify
from tests.builders import database, product
from tests.cli.command import Ran, run

BENCH = 'observer = "a test"\nopen = ["127.0.0.0/8"]\n\n[[permit]]\nto = "*"\nlevel = "knock"\n'


@pytest.fixture
def closed() -> Iterator[int]:
    """A port that refuses."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        yield nobody.getsockname()[1]


def begun(folder: Path, of: Product, supplied: dict[str, bytes]) -> None:
    """An audit that was stopped before its first look ended."""
    Recorder(folder / "slow.audit", product_toml(of).encode(), supplied).close()
    (folder / "bench.toml").write_text(BENCH)


@pytest.fixture
def go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "GoOn":
    return GoOn(tmp_path, capsys, monkeypatch)


class GoOn:
    """`shelfworthy audit --resume slow.audit …`, and the causes of the gaps it left."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *options: str) -> tuple[Ran, set[Cause]]:
        ran = run(self._capsys, self._monkeypatch, self.folder, "audit", "--resume", "slow.audit", *options)
        audit = self.folder / "slow.audit"
        assert verify(audit).problems == ()
        return ran, {gap.cause for gap in load_evidence(audit).gaps}


def test_with_what_it_began_with_files_too(closed: int, tmp_path: Path, go_on: GoOn) -> None:
    api = Endpoint(id="api", where=f"https://127.0.0.1:{closed}/", ca="roots/lab.pem")
    begun(tmp_path, product(api), {"roots/lab.pem": b"one"})
    ran, causes = go_on("--policy", "bench.toml")
    assert ran.code == 11
    assert Cause.REFUSED in causes
    assert Cause.NOT_PERMITTED not in causes
    assert load_evidence(tmp_path / "slow.audit").supplied == {"roots/lab.pem": b"one"}


def test_what_lies_in_an_audit_opens_nothing_here(closed: int, tmp_path: Path, go_on: GoOn) -> None:
    begun(tmp_path, product(database(closed)), {})
    _, causes = go_on()
    assert causes == {Cause.NOT_PERMITTED}
    _, causes = go_on("--permit", "127.0.0.1", "--level", "knock")
    assert causes == {Cause.NOT_PERMITTED, Cause.REFUSED}


def test_a_permission_that_has_ended_is_told_and_not_used(closed: int, tmp_path: Path, go_on: GoOn) -> None:
    it = product(database(closed), level=Level.KNOCK)
    ended = tuple(replace(one, until=date(2026, 1, 31)) for one in it.permission)
    begun(tmp_path, replace(it, permission=ended), {})
    ran, causes = go_on("--policy", "bench.toml")
    assert "The permission for 127.0.0.0/8 ended on 2026-01-31" in ran.err
    assert causes == {Cause.NOT_PERMITTED}
