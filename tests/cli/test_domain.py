"""`shelfworthy audit domain:NAME`: nothing of the maker's is contacted, so nothing has to be permitted."""

from pathlib import Path

import pytest

from shelfworthy.record import load_evidence
from shelfworthy.seen.domain import DomainNames, DomainRegistration
from shelfworthy_lab import knot, listeners, rdap
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.listeners import Listener
from shelfworthy_lab.processes import end, free_port
from tests.cli.command import run
from tests.needs import missing


@pytest.mark.lab
def test_a_name_alone_is_audited_by_those_whom_the_usual_policy_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config" / "shelfworthy"
    config.mkdir(parents=True)
    port = free_port()
    pages = rdap.pages({"toy.test": rdap.Registration(days=-3)})
    try:
        server = knot.start(tmp_path, {"toy.test": "@ NS www\nwww A 127.0.0.66"})
    except CantRun as why:
        missing(str(why))
    with server:
        web, _ = listeners.start(
            [Listener("registry", "127.0.0.5", port, "plain", pages=pages)], tmp_path, "web"
        )
        try:
            (config / "dns.json").write_text(rdap.bootstrap(["test"], f"http://127.0.0.5:{port}/"))
            (config / "policy.toml").write_text(
                f'resolver = ["{server.host}:{server.port}"]\nbootstrap = "dns.json"\n'
                'open = ["127.0.0.0/8"]\n'
            )
            ran = run(capsys, monkeypatch, tmp_path, "audit", "domain:www.toy.test", "--out", "toy.audit")
        finally:
            end(web)
    assert ran.code == 10
    assert "The registration of toy.test ended on" in ran.out
    seen = [one.seen for one in load_evidence(tmp_path / "toy.audit").observations]
    assert {type(one) for one in seen} == {DomainNames, DomainRegistration}


def test_without_a_list_of_registries_it_says_what_to_supply(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config" / "shelfworthy"
    config.mkdir(parents=True)
    (config / "policy.toml").write_text('resolver = ["127.0.0.1:1"]\nopen = ["127.0.0.1/32"]\n')
    ran = run(capsys, monkeypatch, tmp_path, "audit", "domain:www.toy.test")
    assert ran.code == 11
    assert 'bootstrap = "dns.json"' in " ".join(ran.out.split())
