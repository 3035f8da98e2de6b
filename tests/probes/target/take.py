"""Take the specimens of the checks of update targets from the lab's device in its manners, and from fixtures.

python -m tests.probes.target.take
"""

import asyncio
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import msgspec

from shelfworthy.model import About, NotLooked, Outcome, Told
from shelfworthy.model.judging import Fact
from shelfworthy.record import load_evidence
from shelfworthy.seen.firmware import FirmwareImage
from shelfworthy.seen.target import Push, TargetSeen
from tests.harvest import write_specimen
from tests.probes.target.states import STATES, images, real, surface
from tests.probes.target.test_told_apart import CHECKS, look
from tests.specimen import DECODER, FOLDER


def main() -> None:
    today = date.today().isoformat()
    kept: dict[str, TargetSeen] = {}
    told = [state for state, it in STATES.items() if it[2] is not None]
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        # All are started first: from the first look on, the fuse lets nobody else out.
        servers = {state: stack.enter_context(real(Path(place) / state, state))[0] for state in told}
        for state, server in servers.items():
            signed, _, *expected = STATES[state]
            folder = Path(place) / f"{state}.audit"
            asyncio.run(look(surface(server.port), folder, images(signed=signed)))
            (one,) = load_evidence(folder).observations
            assert isinstance(one.seen, TargetSeen)
            kept[state] = one.seen
            about = About(surface=surface(server.port))
            for check, answer in zip(CHECKS, expected, strict=True):
                source = f"the lab's device that {state}, {today}"
                assert answer is not None
                write_specimen(check, one.seen, about, source, state.replace(" ", "-"), answer)
    good = kept["verifies and counts"]
    assert isinstance(good.changed, Push)
    assert isinstance(good.own, Push)
    no_own = msgspec.structs.replace(good.own, answer="refused", status=422)
    unclear = msgspec.structs.replace(good.changed, answer="unclear", status=302)
    other = msgspec.structs.replace(good.changed, runs="PlumOS 3")
    older = msgspec.structs.replace(good.changed, runs="PlumOS 17", answer="accepted", status=200)
    fixtures: dict[str, tuple[str, Outcome, dict[str, object]]] = {
        "nothing-sent": (CHECKS[0], Outcome.INCONCLUSIVE, {"changed": NotLooked()}),
        "format-unknown": (CHECKS[0], Outcome.INCONCLUSIVE, {"format": "", "sums": ()}),
        "version-not-in-it": (CHECKS[0], Outcome.PASS, {"changed_says": ""}),
        "its-own-refused": (CHECKS[0], Outcome.INCONCLUSIVE, {"own": no_own}),
        "redirects": (CHECKS[0], Outcome.INCONCLUSIVE, {"changed": unclear}),
        "names-a-third": (CHECKS[0], Outcome.INCONCLUSIVE, {"changed": other}),
        "not-named-in-it": (CHECKS[1], Outcome.FAIL, {"older": older, "older_named": False}),
    }
    for name, (check, answer, changed) in fixtures.items():
        seen = msgspec.structs.replace(good, **changed)
        source = f"fixture: a device that verifies, but for one thing, {today}"
        write_specimen(check, seen, About(surface=surface(8080)), source, name, answer)
    apart(today)


def apart(today: str) -> None:
    """An unsigned image that something else says is protected: a device, and an update server."""
    image = DECODER.decode((FOLDER / "firmware-signed/fail/lab-2018.json").read_bytes())
    assert isinstance(image.seen, FirmwareImage)
    facts: dict[str, Fact] = {"image": image.seen.sha256}
    for name, check, says in (
        ("refused-live", CHECKS[0], "refused"),
        ("signed-apart", "update-metadata-signed", "image-signed"),
    ):
        told = Told(check=check, surface="elsewhere", outcome=Outcome.PASS, says=says, facts=facts)
        about = msgspec.structs.replace(image.about, answers=(told,))
        source = f"fixture: the lab's bear of 2018, with the answer of {check} that protects it, {today}"
        write_specimen("firmware-signed", image.seen, about, source, name, Outcome.INCONCLUSIVE)


if __name__ == "__main__":
    main()
