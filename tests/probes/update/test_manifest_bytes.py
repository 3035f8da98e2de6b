"""Whatever a manifest holds, reading it ends with what it says."""

import pytest

from shelfworthy.probes.update.manifest import NOTHING, read


def test_what_is_no_utf8_is_no_manifest() -> None:
    assert read(b'{"image": "\xff.bin"}') == NOTHING


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "2026-13-01"])
def test_a_moment_that_cannot_be_is_none(day: str) -> None:
    assert read(f'{{"expires": "{day}"}}'.encode()).expires is None
