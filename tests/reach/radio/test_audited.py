"""A look by radio leaves its transcript and the recording of its session, and asks people in words."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from shelfworthy.audit.look import look
from shelfworthy.audit.one_look import Step
from shelfworthy.model import Bluetooth, Kind, Level, Looked, Seen
from shelfworthy.probes import Probe
from shelfworthy.reach import Reach
from shelfworthy.reach.radio.tape import HEAD
from shelfworthy.record import Recorder
from shelfworthy.seen.bluetooth import BluetoothNoClassic
from tests.reach.radio.bench import bench, within


async def observe(surface: Bluetooth, reach: Reach) -> AsyncIterator[Seen]:
    """A short look: one connection, and a person who is asked."""
    async with reach.radio() as radio:
        heard = await radio.listen(0.1)
        async with radio.stranger() as link:
            await link.read(3)
        reach.ask_person("bear: press the paw")
        yield BluetoothNoClassic(flags=heard.flags)


PROBE = Probe(
    name="bluetooth-no-classic",
    version=1,
    kind=Kind.BLUETOOTH,
    level=Level.LOOK,
    sees=(BluetoothNoClassic,),
    observe=observe,
    schemes=("le",),
)


def test_the_session_is_kept_beside_the_transcript(tmp_path: Path) -> None:
    steps: list[Step] = []

    async def test() -> None:
        async with bench() as here:
            await here.toy()
            reach = here.reach()
            product = reach._door.scope._product
            recorder = Recorder(tmp_path / "bear.audit", b"", {})
            await look(
                product,
                reach._door,
                recorder,
                "me",
                budget=30,
                tell=steps.append,
                probes=(PROBE,),
                readers=(),
            )
            recorder.close()

    within(30, test)
    evidence = tmp_path / "bear.audit" / "evidence"
    (file,) = (evidence / "looks").glob("*.json")
    looked = msgspec.json.decode(file.read_bytes(), type=Looked)
    assert looked.complete
    kept = [(evidence / "attachments" / one).read_bytes() for one in looked.attachments]
    assert len(kept) == 2
    assert b'"radio connected"' in kept[0]
    assert kept[1].startswith(HEAD)
    assert [one.ask for one in steps if one.ask] == ["bear: press the paw"]
