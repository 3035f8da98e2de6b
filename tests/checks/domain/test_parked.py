"""That a name is not parked is said only where all its aliases are known."""

import msgspec
import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import Outcome
from shelfworthy.seen.domain import ENDLESS, FAILED, NONE, RECORDS, REFUSED, DomainNames
from tests.specimen import FOLDER, Specimen


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (RECORDS, Outcome.PASS),
        (NONE, Outcome.PASS),
        (FAILED, Outcome.INCONCLUSIVE),
        (REFUSED, Outcome.INCONCLUSIVE),
        (ENDLESS, Outcome.INCONCLUSIVE),
    ],
)
def test_by_what_is_known_of_the_name(state: str, outcome: Outcome) -> None:
    specimen = msgspec.json.decode(
        (FOLDER / "domain-parked" / "pass" / "registered.json").read_bytes(), type=Specimen
    )
    assert isinstance(specimen.seen, DomainNames)
    addresses = msgspec.structs.replace(specimen.seen.addresses, state=state)
    seen = msgspec.structs.replace(specimen.seen, addresses=addresses)
    (answer,) = BY_ID["domain-parked"].judge(seen, specimen.about)
    assert answer.outcome is outcome
