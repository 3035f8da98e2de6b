"""tshark reads the files that the tests make as they were meant, and sees in them what the reader sees."""

from pathlib import Path

import pytest

from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothPairing, BluetoothRecorded
from tests.readers.bluetooth.files import EPOCH, FORMS, FRAMED, HOST, in_form
from tests.readers.bluetooth.on_air import ADVERTISING, Sent
from tests.readers.bluetooth.oracle import rows
from tests.readers.bluetooth.reading import told
from tests.readers.bluetooth.sessions import KINDS, PHONE, TOY, recorded

ATT = ("btatt.opcode", "btatt.handle", "btatt.error_code")
SMP = ("btsmp.opcode", "btsmp.io_capability", "btsmp.authreq", "btsmp.max_enc_key_size")
MESSAGES, ENCRYPTED = "btatt or btsmp", "bthci_evt.encryption_enable"
IN_CLEAR = 40  # messages at least before the link is encrypted


def said(content: bytes, folder: Path) -> list[tuple[str, ...]]:
    """All attribute and pairing messages in it, field by field."""
    return [row for row in rows(content, folder, *ATT, *SMP, keep=MESSAGES) if any(row)]


@pytest.mark.slow
def test_every_form_holds_the_same_session(tmp_path: Path) -> None:
    tape = recorded("legacy-passkey")
    whole = said(tape, tmp_path)
    for form in FORMS:
        found = said(in_form(tape, form, noise=False), tmp_path)
        if form in HOST:
            assert found == whole, form
        else:  # what comes after is encrypted on the air
            assert found == whole[: len(found)], form
            assert len(found) > IN_CLEAR
            assert len(found) < len(whole)


@pytest.mark.parametrize("form", FRAMED)
def test_every_framing_is_one_to_tshark(form: str, tmp_path: Path) -> None:
    content = in_form(recorded("sc-passkey"), form, noise=False)
    fields = ("btle.advertising_address", "btle.initiator_address", "btle.advertising_header.pdu_type")
    found = list(rows(content, tmp_path, *fields, "btle.control_opcode", "_ws.malformed"))
    connects = [row[:3] for row in found if row[1]]
    assert connects == [(TOY.lower(), PHONE.lower(), "0x05")]
    control = [row[3] for row in found if row[3]]
    assert control[:3] == ["0x03", "0x04", "0x05"]
    assert not [row for row in found if row[4] and not row[3]]


def test_tshark_tells_of_what_is_malformed(tmp_path: Path) -> None:
    cut = Sent(EPOCH, ADVERTISING, bytes.fromhex("0506 c0ffee000102"), 0x555555)  # who answers is not told
    content = FRAMED["pcap 251"]([cut])
    assert [row for row in rows(content, tmp_path, "frame.number", "_ws.malformed") if row[1]]


@pytest.mark.parametrize("form", ["pcap 256", "pcap 272", "pcapng 272"])
def test_checksums_are_those_that_tshark_computes(form: str, tmp_path: Path) -> None:
    """The broken ones are marked as such in these framings; tshark says so of each, and of no other."""
    content = in_form(recorded("open"), form)
    flag = "nordic_ble.crcok" if "272" in form else "btle_rf.flags.crc_valid"
    found = list(rows(content, tmp_path, flag, "btle.crc.incorrect"))
    wrong = [row for row in found if row[1]]
    assert 5 < len(wrong) == sum(mark in ("0", "False") for mark, _ in found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_reader_sees_what_tshark_sees(kind: str, tmp_path: Path) -> None:
    for form in ("btsnoop", "pcap 251"):
        content = in_form(recorded(kind), form, noise=False)
        seen = told(content)
        found = list(rows(content, tmp_path, *ATT, *SMP, ENCRYPTED, keep=f"{MESSAGES} or {ENCRYPTED} == 1"))
        messages = [row[:-1] for row in found if any(row[:-1])]
        encrypted = [row for row in found if row[-1] == "0x01"]
        refused: set[tuple[int, int]] = set()
        response: tuple[str, ...] | None = None
        for row in messages:
            opcode, handle, code = row[:3]
            # 0x0a: nothing there, which ends a list; once paired, the device says the same over again
            if opcode.startswith("0x01") and code != "0x0a":
                refused.add((int(handle, 16), int(code, 16)))
            if row[3] == "0x02":
                response = row[4:]
        attempts = seen.must(BluetoothAccess).stranger.attempts
        mine = {(one.handle, one.code) for one in attempts if one.code}
        assert mine <= refused
        assert len(mine) == 5  # one of each error, and one attribute with two
        if not encrypted:
            assert mine == refused
        pairing = seen.the(BluetoothPairing)
        assert (pairing is not None and pairing.tries[0].io >= 0) is (response is not None)
        if pairing is not None and response is not None:
            one = pairing.tries[0]
            requirements = one.bonding | one.mitm << 2 | one.secure_connections << 3
            assert (one.io, one.key_size) == (int(response[0], 16), int(response[2]))
            assert requirements == int(response[1], 16) & 0x0F
        if form == "btsnoop":
            assert seen.must(BluetoothRecorded).encrypted == len(encrypted)
