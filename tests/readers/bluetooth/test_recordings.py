"""Recordings of real sessions, in every form: what the reader tells of them, and what it leaves open."""

from hashlib import sha256

import msgspec
import pytest
from bumble.core import ProtocolError
from bumble.device import Connection, Device, Peer
from bumble.gatt import Service

from shelfworthy.model import Cause
from shelfworthy.seen.bluetooth import (
    Attempt,
    BluetoothAccess,
    BluetoothAdvert,
    BluetoothPairing,
    BluetoothRecorded,
)
from tests.readers.bluetooth.files import FORMS, FRAMED, in_form
from tests.readers.bluetooth.on_air import Sniffer
from tests.readers.bluetooth.reading import nothing_open, told
from tests.readers.bluetooth.sessions import (
    BYSTANDER,
    KEY,
    KINDS,
    NAME,
    SECRET,
    TOY,
    record,
    recorded,
    stays_a_stranger,
    try_all,
    writes_the_key,
)

GUARDED = ("encrypted", "authenticated", "authorised")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_how_they_paired_and_whether_it_was_encrypted(kind: str, form: str) -> None:
    """The table: every way to pair, in every container and framing."""
    seen = told(in_form(recorded(kind), form))
    assert seen.trouble is None
    expect = KINDS[kind].expect
    pairing = seen.the(BluetoothPairing)
    if expect is None:
        assert pairing is None
    else:
        assert pairing == BluetoothPairing(device_asks=False, tries=(expect,), passive=True)
    sum_up = seen.must(BluetoothRecorded)
    encrypted = expect is not None and expect.came == "done"
    assert (sum_up.connections, sum_up.encrypted) == (1, encrypted)
    assert sum_up.others > 0


@pytest.mark.parametrize("form", FORMS)
def test_what_a_stranger_did_is_the_same_in_every_form(form: str) -> None:
    access = told(in_form(recorded("sc-passkey"), form)).must(BluetoothAccess)
    handles = {one.uuid[7]: one.handle for one in access.attributes}
    assert [one.properties for one in access.attributes][:2] == [
        ("read", "write", "notify"),
        ("read", "write"),
    ]
    assert set(access.stranger.attempts) == {
        Attempt(handles["1"], "read", "done", length=33),
        Attempt(handles["1"], "write", "done", restored=False),
        Attempt(handles["1"], "subscribe", "done", length=10),
        Attempt(handles["2"], "read", "refused", 0x0F),
        Attempt(handles["2"], "write", "refused", 0x0F),
        Attempt(handles["3"], "read", "refused", 0x05),
        Attempt(handles["4"], "read", "refused", 0x08),
        Attempt(handles["5"], "read", "closed", 0x02),
        Attempt(handles["5"], "write", "refused", 0x05),
    }
    assert access.stranger.whole
    assert not access.truncated
    assert not access.stranger.encrypted
    assert not nothing_open(access)


@pytest.mark.parametrize("form", FORMS)
def test_no_value_and_nothing_of_others_is_kept(form: str) -> None:
    for kind in ("open", "numeric-comparison"):
        seen = told(in_form(recorded(kind), form)).seen
        text = msgspec.json.encode(seen).decode().lower()
        for kept in (SECRET, b"after pairing".hex(), KEY.hex(), "not ours", BYSTANDER.lower()):
            assert kept not in text


def test_what_it_advertises() -> None:
    advert = told(recorded("open")).must(BluetoothAdvert)
    assert (advert.name, advert.address_kind, advert.flags) == (NAME, "random static", 6)
    assert (advert.addresses, advert.others, advert.connectable) == (1, 1, True)
    assert advert.adverts > 1


def test_a_device_is_found_by_its_name() -> None:
    assert told(recorded("open"), f"bluetooth:{NAME}") == told(recorded("open"))
    for form in FRAMED:
        one = in_form(recorded("open"), form)
        assert told(one, f"bluetooth:{NAME}") == told(one)
    nobody = told(recorded("open"), "bluetooth:Murmur")  # begins so, and goes on after a blank
    assert nobody == told(recorded("open"))
    nobody = told(recorded("open"), "bluetooth:Murm")
    assert nobody.trouble is not None
    assert nobody.trouble.cause is Cause.NOT_SUPPLIED


def test_two_devices_of_one_name_are_told_apart_by_address_only() -> None:
    """Both advertise at once: nobody can say which one is meant."""
    other = TOY[:-2] + "77"
    one, two = recorded("open"), record("open", stays_a_stranger, address=other)
    both = one + two[16:]
    seen = told(both, f"bluetooth:{NAME}")
    assert seen.seen == ()
    assert seen.trouble is not None
    assert seen.trouble.cause is Cause.CONTRADICTORY
    assert "Write the address" in seen.trouble.words
    mine, theirs = told(both), told(both, f"bluetooth:{other}")
    assert mine.must(BluetoothAccess) == theirs.must(BluetoothAccess)
    assert mine.must(BluetoothRecorded).connections == theirs.must(BluetoothRecorded).connections == 1


def test_a_device_that_changes_its_address_is_one_device() -> None:
    first, then, again = "42:00:00:00:00:01", "55:00:00:00:00:02", "42:00:00:00:00:01"
    tapes = [record("open", stays_a_stranger, address=one) for one in (first, then)]
    seen = told(tapes[0] + tapes[1][16:], f"bluetooth:{NAME}")
    assert seen.trouble is None
    advert = seen.must(BluetoothAdvert)
    assert (advert.addresses, advert.address_kind) == (2, "resolvable")
    assert seen.must(BluetoothRecorded).connections == 2
    third = record("open", stays_a_stranger, address=again)
    back = told(tapes[0] + tapes[1][16:] + third[16:], f"bluetooth:{NAME}")
    assert back.trouble is not None
    assert back.trouble.cause is Cause.CONTRADICTORY


def test_a_recording_without_the_device_says_so() -> None:
    seen = told(recorded("open"), "bluetooth:C4:7C:8D:00:00:55")
    assert seen.trouble is not None
    assert seen.trouble.cause is Cause.NOT_SUPPLIED
    assert "no packet of C4:7C:8D:00:00:55" in seen.trouble.words
    assert [type(one) for one in seen.seen] == [BluetoothRecorded]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_bytes_written_in_each_connection(form: str) -> None:
    tape = record("open", writes_the_key, writes_the_key, writes_the_key)
    repeated = told(in_form(tape, form)).must(BluetoothRecorded).repeated
    assert {(one.uuid[7], one.length, one.connections, one.of) for one in repeated} == {
        ("1", 16, 3, 3),
        ("2", 16, 3, 3),
        ("5", 16, 3, 3),
    }
    assert {one.sha256 for one in repeated} == {sha256(KEY).hexdigest()}


def test_short_padded_and_single_writes_are_no_key() -> None:
    async def visit(connection: Connection, toy: Device) -> None:
        await try_all(connection, toy, writes=b"\1" + bytes(19))

    assert told(record("open", visit, visit)).must(BluetoothRecorded).repeated == ()
    assert told(record("open", stays_a_stranger, stays_a_stranger)).must(BluetoothRecorded).repeated == ()
    assert told(record("open", writes_the_key)).must(BluetoothRecorded).repeated == ()


@pytest.mark.parametrize("form", FORMS)
def test_what_was_tried_whole_and_refused_can_clear(form: str) -> None:
    """The control: without it the tests below could not fail."""
    tape = record("open", stays_a_stranger, guards=GUARDED)
    assert nothing_open(told(in_form(tape, form)).must(BluetoothAccess))


async def tries_the_first_only(connection: Connection, toy: Device) -> None:
    """Lists everything, and reads and writes the first attribute alone."""
    peer = Peer(connection)
    await peer.discover_services()
    (service,) = peer.services
    await peer.discover_characteristics(service=service)
    first = service.characteristics[0]
    for attempt in (first.read_value(), first.write_value(b"x", with_response=True)):
        with pytest.raises(ProtocolError):
            await attempt


async def reads_only(connection: Connection, toy: Device) -> None:
    peer = Peer(connection)
    await peer.discover_services()
    (service,) = peer.services
    for one in await peer.discover_characteristics(service=service):
        with pytest.raises(ProtocolError):
            await one.read_value()


async def asks_for_one_service(connection: Connection, toy: Device) -> None:
    """What an app does that knows its device: the other services are never listed."""
    peer = Peer(connection)
    (known,) = [one.uuid for one in toy.gatt_server.attributes if isinstance(one, Service)]
    for service in await peer.discover_service(known):
        for one in await peer.discover_characteristics(service=service):
            with pytest.raises(ProtocolError):
                await one.read_value()


@pytest.mark.parametrize("visit", [tries_the_first_only, reads_only, asks_for_one_service])
def test_what_nobody_tried_never_clears(visit: object) -> None:
    tape = record("open", visit, guards=("encrypted", "open") if visit is tries_the_first_only else GUARDED)  # type: ignore[arg-type]
    for form in FORMS:
        access = told(in_form(tape, form)).must(BluetoothAccess)
        assert not nothing_open(access)
        assert any(one.came == "refused" for one in access.stranger.attempts)
    if visit is asks_for_one_service:
        assert access.truncated


async def uses_handles_it_knows(connection: Connection, toy: Device) -> None:
    """A phone that remembers the attributes and lists none."""
    peer = Peer(connection)
    for handle in (3, 5, 7):
        with pytest.raises(ProtocolError):
            await peer.gatt_client.read_value(handle)


def test_attributes_that_nobody_listed_are_not_guessed() -> None:
    tape = record("open", uses_handles_it_knows, guards=GUARDED)
    for form in FORMS:
        seen = told(in_form(tape, form))
        assert seen.the(BluetoothAccess) is None
        assert seen.trouble is not None
        assert "without listing them" in seen.trouble.words
    both = record("open", stays_a_stranger, uses_handles_it_knows, guards=GUARDED)
    assert nothing_open(told(both).must(BluetoothAccess))


@pytest.mark.parametrize("form", ["pcap 251", "pcap 256"])
def test_a_sniffer_that_misses_packets_never_clears_what_it_did_not_see(form: str) -> None:
    """Each packet is lost once: what is whole then was heard whole nevertheless."""
    tape = record("open", stays_a_stranger, guards=GUARDED)
    air = list(Sniffer(noise=False).heard(tape))
    full = told(FRAMED[form](air)).must(BluetoothAccess)
    assert nothing_open(full)
    less = 0
    for lost in range(len(air)):
        access = told(FRAMED[form](air[:lost] + air[lost + 1 :])).the(BluetoothAccess)
        if nothing_open(access):
            assert access == full
        else:
            less += 1
    assert less > 15


@pytest.mark.parametrize("form", ["pcap 251", "pcap 256"])
def test_a_missed_start_of_encryption_never_makes_secrets_clear(form: str) -> None:
    """Without its connection nothing is the device's; without any other packet the same was in clear."""
    air = list(Sniffer(noise=False).heard(recorded("legacy-just-works")))
    full = told(FRAMED[form](air)).must(BluetoothAccess).stranger.attempts
    missed = [at for at, one in enumerate(air) if one.pdu[0] & 3 == 3 and one.central is not None]
    assert len(missed) > 4
    for lost in missed:
        seen = told(FRAMED[form](air[:lost] + air[lost + 1 :]))
        assert seen.must(BluetoothAccess).stranger.attempts == full
        assert seen.must(BluetoothRecorded).encrypted == 1


def test_values_that_were_cut_from_a_recording_are_not_missed() -> None:
    """Our own recordings keep the structure and cut what a device said."""
    cut = bytearray(recorded("open")[:16])
    at, tape = 16, recorded("open")
    while at < len(tape):
        size = int.from_bytes(tape[at : at + 4], "big")
        content = tape[at + 24 : at + 24 + size]
        # ATT, read response and notification
        keep = {0x0B: 10, 0x1B: 12}.get(content[9], size) if content[0] == 2 and len(content) > 9 else size
        cut += tape[at : at + 4] + keep.to_bytes(4, "big") + tape[at + 8 : at + 24] + content[:keep]
        at += 24 + size
    assert len(cut) < len(tape) - 30
    assert told(bytes(cut)) == told(tape)


def test_where_packets_were_dropped_nothing_is_called_clear_any_more() -> None:
    """The recorder says that it lost some: the start of encryption may have been among them."""
    tape = recorded("open")
    all_seen = told(tape).must(BluetoothAccess).stranger.attempts
    starts, at = [], 16
    while at < len(tape):
        starts.append(at)
        at += 24 + int.from_bytes(tape[at + 4 : at + 8], "big")
    fewer = 0
    for lost in range(len(starts)):
        spoilt = bytearray(tape)
        for start in starts[lost:]:
            spoilt[start + 12 : start + 16] = (3).to_bytes(4, "big")
        access = told(bytes(spoilt)).the(BluetoothAccess)
        attempts = access.stranger.attempts if access else ()
        ways = {(one.handle, one.asked, one.code) for one in attempts}
        assert ways <= {(one.handle, one.asked, one.code) for one in all_seen}
        fewer += len(attempts) < len(all_seen)
    assert fewer > 20
