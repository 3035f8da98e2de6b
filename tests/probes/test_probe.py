"""Which probe is for which surface: by kind, and by the scheme of its address."""

import pytest

from shelfworthy.model import Bucket, Database
from shelfworthy.probes import PROBES
from shelfworthy.probes.database import STORES
from shelfworthy.product.address import DATABASES


@pytest.mark.parametrize("scheme", DATABASES)
def test_every_scheme_of_a_database_has_its_own_hello_and_listing(scheme: str) -> None:
    able = [probe for probe in PROBES if probe.is_for(Database(id="db", where=f"{scheme}://db.example"))]
    assert [probe.level for probe in able] == ["look", "knock"]
    assert all(scheme in probe.schemes for probe in able)
    assert len({probe.by for probe in able}) == 2


def test_a_probe_without_schemes_is_for_all_of_its_kind() -> None:
    (bucket,) = (probe for probe in PROBES if probe.name == "bucket")
    assert bucket.schemes == ()
    for scheme in ("http", "https"):
        assert bucket.is_for(Bucket(id="tones", where=f"s3+{scheme}://s.example/tones"))
    assert not bucket.is_for(Database(id="db", where="mongodb://db.example"))


def test_no_two_probes_share_a_name() -> None:
    assert len({probe.by for probe in PROBES}) == len(PROBES)
    assert len(STORES) * 2 == sum(probe.name.endswith(("store-hello", "store-listing")) for probe in PROBES)
