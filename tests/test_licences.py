"""What may be depended on: weak copyleft in an extra only."""

import sys
from pathlib import Path

import pytest


def test_what_an_extra_may_bring_the_core_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent.parent / "scripts"), *sys.path])
    from licences import NotAllowed, licence_of

    assert licence_of("libusb1", core=False) == "LGPL-2.1-or-later"
    with pytest.raises(NotAllowed, match="libusb1"):
        licence_of("libusb1")
    assert licence_of("bumble") == "Apache-2.0"
