"""The recording of a session: tshark reads it, and nothing that a device holds is in it."""

import asyncio
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.model import Act, Does, Harmless, Level, Operation
from shelfworthy.reach import Reach
from shelfworthy.reach.radio.tape import HEAD, LARGEST, Tape
from tests.needs import missing
from tests.reach.radio.bench import BASE, BEAR, SECRET, Bench, Toy, bench, within

WROTE = b"a value of nobody's profile"
PROFILE = b"\x08\x02 of the profile"
NAME = "Anna's Murmur Bear"


def packets(tape: bytes) -> Iterator[tuple[bytes, int, int]]:
    """What is kept of each packet, how long it was, and its flags."""
    assert tape.startswith(HEAD)
    at = len(HEAD)
    while at < len(tape):
        length, kept, flags, _, _ = struct.unpack_from(">IIIIQ", tape, at)
        assert kept <= length
        yield tape[at + 24 : at + 24 + kept], length, flags
        at += 24 + kept


async def session(here: Bench, toy: Toy) -> Reach:
    """Everything a look does: read, written, notified, paired."""
    operation = Operation(
        id="record",
        does=Does.PLAY,
        says="play",
        act=(Act(write=BASE % 1, value=PROFILE.hex()),),
    )
    harmless = Harmless(write=BASE % 2, value="0102")
    reach = here.reach(operation=(operation,), harmless=(harmless,))
    async with reach.radio() as radio:
        await radio.listen(0.1)
        async with radio.stranger() as link:
            table = await link.table()
            at = {one.uuid: one for one in table.attributes}
            await link.read(at[BASE % 3].handle)
            await link.write(at[BASE % 2].handle, WROTE)
            await link.prepare_write(at[BASE % 2].handle, WROTE)
            await link.write(at[BASE % 1].handle, PROFILE)
            await link.subscribe(at[BASE % 3])
            await toy.device.notify_subscribers(toy.voice, SECRET * 3)
            await link.next(at[BASE % 3].handle, 1)
        async with radio.stranger() as link:
            await link.pair("weakest")
            await link.read(at[BASE % 3].handle)
    return reach


def recorded(name: str = NAME, pairing: dict[str, bool] | None = None) -> bytes:
    tapes: list[bytes] = []

    async def test() -> None:
        async with bench() as here:
            toy = await here.toy(name=name, pairing=pairing)
            await here.toy("C4:7C:8D:00:00:02", "Fitness band")
            tapes.extend((await session(here, toy)).tapes())

    within(30, test)
    assert len(tapes) == 1
    return tapes[0]


def test_nothing_that_the_device_holds_is_on_it_and_nothing_of_others() -> None:
    tape = recorded()
    for value in (SECRET, SECRET[:6], WROTE, WROTE[:6], NAME.encode(), b"Anna", b"Fitness", b"Band"):
        assert value not in tape
    assert PROFILE in tape
    for other in ("C4:7C:8D:00:00:02",):
        assert bytes.fromhex(other.replace(":", ""))[::-1] not in tape
    assert bytes.fromhex(BEAR.replace(":", ""))[::-1] in tape


def test_no_key_is_on_it() -> None:
    for pairing in (
        {"sc": False, "mitm": False, "bonding": True},
        {"sc": True, "mitm": False, "bonding": True},
    ):
        secrets = 0
        for kept, length, _ in packets(recorded(pairing=pairing)):
            if kept[:3] == b"\x01\x19\x20":  # LE Enable Encryption: handle, number, diversifier, and no key
                assert (length, len(kept)) == (32, 16)
                secrets += 1
            if kept[:1] == b"\x02" and kept[7:9] == b"\x06\x00" and kept[9:10] in (b"\x06", b"\x08"):
                assert len(kept) == 10
                assert length == 26
                secrets += 1
        assert secrets >= 2


def test_structure_stays() -> None:
    tape = recorded()
    att = [kept[9:] for kept, _, _ in packets(tape) if kept[:1] == b"\x02" and kept[7:9] == b"\x04\x00"]
    operations = {one[0] for one in att}
    assert {0x02, 0x03, 0x10, 0x11, 0x08, 0x09, 0x04, 0x05, 0x0A, 0x0B, 0x12, 0x16, 0x17, 0x1B} <= operations
    declared = b"".join(one for one in att if one[0] == 0x09)
    assert bytes.fromhex((BASE % 3).replace("-", ""))[::-1] in declared
    assert all(len(one) == 1 for one in att if one[0] == 0x0B)
    assert all(len(one) == 3 for one in att if one[0] == 0x1B)
    assert b"\x01\x00" in {one[3:] for one in att if one[0] == 0x12}  # what subscribes


def test_tshark_decodes_it(tmp_path: Path) -> None:
    if shutil.which("tshark") is None:
        missing("the Debian package tshark")
    file = tmp_path / "session.btsnoop"
    file.write_bytes(recorded(name="Murmur Bear"))

    def tshark(*more: str) -> list[str]:
        ran = subprocess.run(["tshark", "-r", str(file), *more], capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()

    whole = tshark()
    assert len(whole) > 100
    # What is whole decodes; of what is cut, what is there.
    assert tshark("-Y", "_ws.malformed && frame.cap_len == frame.len") == []
    shown = "\n".join(whole)
    for word in (
        "Read By Group Type Response, Attribute List Length",
        "Read By Type Response, Attribute List Length",
        "Pairing Request",
        "Pairing Response",
        "Handle Value Notification",
        "Disconnect Complete",
    ):
        assert word in shown
    assert tshark("-Y", "btsmp.opcode == 2 && btsmp.authreq")


def test_it_ends_at_its_bound() -> None:
    tape = Tape(lambda address, data: False)
    for _ in range(30_000):
        tape.note(b"\x04\x0e\xfc" + bytes(252), received=True)
    assert len(tape.close()) <= LARGEST
    assert tape.dropped > 10_000
    assert len(list(packets(tape.close()))) + tape.dropped == 30_000


@given(st.lists(st.tuples(st.binary(max_size=80), st.booleans()), max_size=30))
def test_whatever_comes_is_recorded_or_left_out_and_never_breaks_it(
    several: list[tuple[bytes, bool]],
) -> None:
    tape = Tape(lambda address, data: True)
    for packet, received in several:
        tape.note(packet, received=received)
    assert len(list(packets(tape.close()))) <= len(several)


@given(st.binary(min_size=4, max_size=60), st.integers(0, 255), st.sampled_from([4, 6, 64]))
def test_what_a_device_sends_in_fragments_is_cut_as_a_whole(
    value: bytes, operation: int, channel: int
) -> None:
    unit = (len(value) + 1).to_bytes(2, "little") + channel.to_bytes(2, "little") + bytes([operation]) + value
    one, many = Tape(lambda *_: True), Tape(lambda *_: True)
    one.note(acl(unit, 0x2000), received=True)
    for at in range(0, len(unit), 7):
        many.note(acl(unit[at : at + 7], 0x1000 if at else 0x2000), received=True)
    assert [kept for kept, _, _ in packets(one.close())] == [kept for kept, _, _ in packets(many.close())]


def acl(unit: bytes, flags: int) -> bytes:
    return b"\x02" + (0x40 | flags).to_bytes(2, "little") + len(unit).to_bytes(2, "little") + unit


def test_the_transcript_says_how_long_each_unit_was_and_keeps_none() -> None:
    async def test() -> None:
        async with bench() as here:
            reach = await session(here, await here.toy())
            entries = reach.transcript().entries
            events = [one.event for one in entries]
            assert {"radio heard", "radio connected", "sent", "received", "radio paired", "notified"} <= set(
                events
            )
            assert not any(one.kept for one in entries)
            assert {one.to for one in entries} == {BEAR}
            assert next(one.length for one in entries if one.event == "notified") == 3 * len(SECRET)
            await asyncio.sleep(0)
            assert reach.radio_permits(Level.USE)

    within(30, test)
