"""What the checks say of every state of a broker that was looked at, beside what they must."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Broker, Cause, Gap, Observation, Outcome
from shelfworthy.record.load import OBSERVATION
from shelfworthy.seen import AnySeen
from shelfworthy.seen.broker import BrokerSeen
from tests.looking import Left
from tests.probes.broker.states import CHECKS, MATRIX, Truth
from tests.specimen import outcome

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


def told_apart(kind: str, left: Left) -> None:
    """At `use` every cell of the matrix is right; and what could not be seen says why."""
    rows = list(compare(MATRIX[kind], left))
    assert [row for row in rows if row[-1] != "right"] == []
    assert {gap.surface: gap.cause for gap in left.gaps} == CAUSES[kind]
    for sent in SENT:  # law 8: what the servers handed us is not kept
        assert sent not in left.bytes


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
