"""Who may send firmware."""

import pytest

from shelfworthy.model import Confidence, Severity
from shelfworthy.seen.bluetooth import Attempt, BluetoothUpdate
from shelfworthy.seen.bluetooth_numbers import (
    UPDATE_PROTOCOLS,
    characteristic_name,
    company_name,
    names,
    service_name,
    short,
    update_protocol,
)
from tests.checks.bluetooth.built import asks, ids, said, sent, service, update

PUSH = "bluetooth-firmware-push"
PREPARED = (Attempt(handle=0x30, asked="prepare write", came="refused"),)
SECURE = "Nordic secure DFU"

UPDATES = {
    "refused": (update(service(asks("refused"))), ["pass refused"]),
    "refused after pairing": (
        update(service(asks("refused"), asks("refused")), pairing="done"),
        ["pass refused"],
    ),
    "closed": (update(service(asks("closed"))), ["inconclusive left-open"]),
    "answered": (update(service(asks("done"))), ["fail reachable"]),
    "answered after pairing": (
        update(service(asks("refused"), asks("done")), pairing="done"),
        ["fail reachable"],
    ),
    "answered, and meant to verify": (
        update(service(asks("done"), protocol=SECURE)),
        ["inconclusive reachable-verifies"],
    ),
    "an unknown protocol": (update(service(asks("done"), protocol="ours")), ["fail reachable"]),
    "accepted": (update(service(asks("accepted"))), ["inconclusive left-open"]),
    "a write was prepared": (update(service(asks("refused", "accepted"))), ["pass refused"]),
    "preparing is unknown to it": (update(service(asks("refused", "error"))), ["pass refused"]),
    "never asked": (update(service(PREPARED)), ["inconclusive left-open"]),
    "no question, preparing refused": (
        update(service(PREPARED, protocol="Silicon Labs OTA")),
        ["pass refused"],
    ),
    "no question, a write was prepared": (
        update(service(asks("not tried", "accepted")[:2], protocol="Silicon Labs OTA")),
        ["inconclusive left-open"],
    ),
    "nothing tried": (update(service(())), ["inconclusive left-open"]),
    "not tried after pairing": (update(service(asks("refused")), pairing="done"), ["inconclusive left-open"]),
    "pairing not answered": (update(service(asks("refused")), pairing="silent"), ["inconclusive left-open"]),
    "not permitted": (
        update(service(asks("not tried", "not tried")), pairing="not tried"),
        ["inconclusive left-open"],
    ),
    "none": (update(), ["moot none"]),
    "none, at a lower level": (update(pairing="not tried"), ["moot none"]),
    "not all listed": (update(whole=False), ["inconclusive truncated"]),
    "refused, not all listed": (update(service(asks("refused")), whole=False), ["inconclusive truncated"]),
    "taken": (update(service(asks("done")), pushed=(sent("done"),)), ["fail pushed", "fail reachable"]),
    "taken after pairing": (
        update(
            service(asks("refused"), asks("refused")),
            pairing="done",
            pushed=(sent("refused"), sent("done", paired=True)),
        ),
        ["fail pushed"],
    ),
    "blocks taken": (
        update(service(asks("done")), pushed=(sent("accepted"),)),
        ["fail reachable"],
    ),
    "image refused": (update(service(asks("done")), pushed=(sent("refused"),)), ["pass image-refused"]),
    "all refused": (update(service(asks("refused")), pushed=(sent("refused"),)), ["pass image-refused"]),
    "refused, and not sent after pairing": (
        update(service(asks("done"), asks("done")), pairing="done", pushed=(sent("refused"),)),
        ["fail reachable"],
    ),
    "blocks taken, though it refused to talk": (
        update(service(asks("refused")), pushed=(sent("accepted"),)),
        ["inconclusive left-open"],
    ),
    "refused, and the image not sent after pairing": (
        update(service(asks("refused"), asks("refused")), pairing="done", pushed=(sent("refused"),)),
        ["inconclusive left-open"],
    ),
    "nothing sent": (update(service(asks("refused")), pushed=()), ["pass refused"]),
}


@pytest.mark.parametrize(("seen", "expected"), UPDATES.values(), ids=UPDATES)
def test_updates(seen: BluetoothUpdate, expected: list[str]) -> None:
    assert ids(said(PUSH, seen)) == expected


def test_how_bad_and_how_sure() -> None:
    taken, reached = said(PUSH, update(service(asks("done")), pushed=(sent("done"),)))
    assert (taken.severity, taken.confidence) == (Severity.CRITICAL, Confidence.CERTAIN)
    assert (reached.severity, reached.confidence) == (Severity.HIGH, Confidence.PROBABLE)
    (answer,) = said(PUSH, update(service(asks("done")), pushed=(sent("refused"),)))
    assert answer.confidence is Confidence.PROBABLE


def test_many_services_give_few_answers() -> None:
    assert len(said(PUSH, update(*(service(asks("done")) for _ in range(500))))) == 12


def test_update_services_are_known_in_either_form() -> None:
    assert len({uuid for one in UPDATE_PROTOCOLS for uuid in one.services}) == sum(
        len(one.services) for one in UPDATE_PROTOCOLS
    )
    for one in UPDATE_PROTOCOLS:
        bytes.fromhex(one.question)
        assert one.control
        for uuid in (*one.services, *one.control):
            assert short(uuid) == uuid
        for uuid in one.services:
            assert update_protocol(uuid.upper()) is one
    assert update_protocol("0000FE59-0000-1000-8000-00805F9B34FB") is not None
    assert update_protocol("180f") is None


def test_names() -> None:
    assert service_name("0000180f-0000-1000-8000-00805f9b34fb") == "Battery"
    assert service_name("fe59") == "Nordic secure DFU"
    assert characteristic_name("2a00") == "Device Name"
    assert company_name(0x004C) == "Apple, Inc."
    for unknown in ("", "zzzz", "aaddf75d-a95a-0000-0000-3ca499b74009", "+12a", "ffff", "²²²²"):
        assert service_name(unknown) == characteristic_name(unknown) == ""
    assert company_name(0xFFFF) == ""
    assert all(0 <= number <= 0xFFFF and name.strip() == name for (_, number), name in names().items())
