"""Audit the device in the guest, as a user would."""

from collections import defaultdict
from pathlib import Path

import pytest

from shelfworthy.record import judgements, load_evidence
from tests.bluez.guest import Guest
from tests.cli.command import run

HERE = Path(__file__).parent
POLICY = 'observer = "test bench"\nadapter = "{adapter}"\n\n[[permit]]\nto = "*"\nlevel = "use"\n'


class Audited:
    """An edition, audited. told: what happened to the device, in its own words. given: answers by check."""

    def __init__(self, folder: Path, told: list[str]) -> None:
        self.folder = folder
        self.told = told
        self.evidence = load_evidence(folder)
        self.given: dict[str, set[str]] = defaultdict(set)
        for finding in judgements(folder)[-1].findings:
            if finding.surface == "radio":
                self.given[finding.check].add(finding.outcome.value)


def audited(
    guest: Guest,
    edition: str,
    file: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Audited:
    """The whole audit of the device in that edition, by that product file."""
    address = guest.become(edition)
    product = (HERE / file).read_text(encoding="utf-8").replace("ADDRESS", address)
    (folder / "product.toml").write_text(product, encoding="utf-8")
    (folder / "policy.toml").write_text(POLICY.format(adapter=guest.adapter), encoding="utf-8")
    ran = run(capsys, monkeypatch, folder, "audit", "product.toml", "--policy", "policy.toml")
    kept = next(folder.glob("*.audit"), None)
    assert kept is not None, ran.err
    return Audited(kept, guest.told(1))
