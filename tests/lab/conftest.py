"""The lab's tests keep their instances apart from the user's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy_lab.radio import dino_commands, editions, manners
from shelfworthy_lab.radio.bear import BYSTANDERS
from shelfworthy_lab.radio.start import Guest, Started, start

GUESTS = [
    *(
        Guest(
            "toy",
            edition,
            f"Bear {number}",
            "" if edition == "fixed" else f"C4:7C:8D:00:00:5{number}",
            "toys",
        )
        for number, edition in enumerate(editions.EDITIONS)
    ),
    *(
        Guest("dino", edition, f"Dino {number}", f"C4:7C:8D:00:00:6{number}", "toys")
        for number, edition in enumerate(dino_commands.EDITIONS)
    ),
    *(
        Guest("doll", edition, f"Dolly {number}", f"C4:7C:8D:00:00:7{number}", "toys")
        for number, edition in enumerate(manners.EDITIONS)
    ),
    *BYSTANDERS,
]
ADDRESS = {guest.id: guest.address for guest in GUESTS}


@pytest.fixture(autouse=True)
def lab_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh state folder; fetched programs stay where they are."""
    monkeypatch.setenv("SHELFWORTHY_LAB_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """One air with every edition of every device on it, by the id "KIND-EDITION"."""
    with start(GUESTS, tmp_path_factory.mktemp("street")) as started:
        yield started
