"""A stranger's look tells the states of real brokers apart."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path

import pytest

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Broker, Cause, Gap, Level, Observation, Outcome
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen import AnySeen
from shelfworthy.seen.broker import BrokerSeen
from shelfworthy_lab.home import CantRun
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing
from tests.probes.broker.states import CHECKS, MATRIX, Truth, running
from tests.specimen import outcome

pytestmark = pytest.mark.lab

LIMITS = Limits(silence=1.0)
SENT = (b"bear-", b"plum plum", b"This is a test server", b"example_data")
CAUSES = {
    "MQTT: mosquitto": {
        "other protocol: web server": Cause.SILENT,  # it waits for the end of a line
        "other protocol: TLS web server": Cause.SILENT,  # and the same behind TLS
        "silent": Cause.SILENT,
        "nobody listens": Cause.REFUSED,
    },
    "AMQP: RabbitMQ": {
        "other protocol: mosquitto": Cause.SILENT,  # it hangs up on what is no CONNECT
        "silent": Cause.SILENT,
        "nobody listens": Cause.REFUSED,
    },
    "CoAP: libcoap": {
        "other protocol: echo (fixture)": Cause.SILENT,
        "silent": Cause.SILENT,
        "nobody listens": Cause.REFUSED,
    },
}


@pytest.mark.parametrize("kind", MATRIX)
def test_states_are_told_apart(kind: str, tmp_path: Path) -> None:
    """At `use` every cell of the matrix is right; and what could not be seen says why."""

    async def run() -> Left:
        async with running(kind, tmp_path / "servers") as places:
            return await look_at(places, tmp_path / "audit", Level.USE)

    left = run_lab(run)
    rows = list(compare(MATRIX[kind], left))
    assert [row for row in rows if row[-1] != "right"] == []
    assert {gap.surface: gap.cause for gap in left.gaps} == CAUSES[kind]
    for sent in SENT:  # law 8: what the servers handed us is not kept
        assert sent not in left.bytes


async def look_at(places: Mapping[str, str], folder: Path, level: Level) -> Left:
    """One audit of all of them at once."""
    surfaces = [Broker(id=state, where=where) for state, where in places.items()]
    it = product(surfaces, [allow("127.0.0.0/8", level)])
    return await looked(it, door(it, bench(("127.0.0.0/8",)), LIMITS), folder)


def run_lab(run: Callable[[], Coroutine[object, object, Left]]) -> Left:
    """Run it, or skip where a real server is missing."""
    try:
        return asyncio.run(run())
    except CantRun as why:
        missing(str(why))


def compare(truth: Mapping[str, Truth], left: Left) -> Iterator[tuple[str, str, Outcome, Outcome, str]]:
    """Print right, wrong and left open."""
    observations = read(left.folder)
    for state, expected in truth.items():
        for check, wanted in zip(CHECKS, expected, strict=True):
            said = answer(check, [one for one in observations if one.surface == state], left.gaps)
            verdict = "right" if said is wanted else "left open" if said is Outcome.INCONCLUSIVE else "wrong"
            print(f"{state:35} {check:20} {wanted:13} {said:13} {verdict}")
            yield state, check, wanted, said, verdict


def read(folder: Path) -> list[Observation[AnySeen]]:
    files = sorted((folder / "evidence" / "observations").glob("*.json"))
    return [OBSERVATION.decode(path.read_bytes()) for path in files]


def answer(check: str, observations: list[Observation[AnySeen]], gaps: tuple[Gap, ...]) -> Outcome:
    """What a check says of a surface; where nothing was seen there must be a gap that says why."""
    known = BY_ID[check]
    if not observations:
        assert any(BrokerSeen.tag() in gap.lacks for gap in gaps)
        return Outcome.INCONCLUSIVE
    (one,) = observations
    surface = Broker(id=one.surface, where="mqtt://127.0.0.1")
    return outcome(list(answers(known, one, About(surface=surface))))
