"""Audits of devices with a Bluetooth radio that were thought up: open, closed, endless."""

from typing import Any

from shelfworthy.audit.judge import judge
from shelfworthy.model import Bluetooth, Does, Judgement, NotLooked, Product, Seen, digest
from shelfworthy.record import Evidence
from shelfworthy.seen.bluetooth import BluetoothNoClassic, BluetoothOperations, Came, OperationSeen
from tests.checks.bluetooth import built
from tests.report import audits

SURFACE = Bluetooth(id="toy", where="bluetooth:C4:7C:8D:00:00:01")
OWNED = built.pairs("strongest", "done", "numeric comparison", asked=True)


def audited(*seen: Seen) -> tuple[Evidence, Judgement]:
    """The audit of a toy at which this was seen."""
    observations = tuple(audits.observed("toy", one) for one in seen)
    evidence = Evidence(
        product=Product(product=audits.BEAR, surface=(SURFACE,)),
        observations=observations,
        gaps=(),
        looks=(audits.looked("toy", observations),),
        attachments=(),
        supplied={},
        digest=digest(b"the toy's manifest"),
    )
    return evidence, judge(evidence, audits.JUDGED_AT)


def operations(came: Came, says: str = "record from the microphone") -> BluetoothOperations:
    got = built.SECOND if came == "done" else NotLooked()
    again = (built.run("accepted", paired=True),) if came == "done" else ()
    return BluetoothOperations(
        operations=(
            OperationSeen("record", Does.RECORD, says, (built.run(came, got=got),)),
            OperationSeen("play", Does.PLAY, "play a sound", (built.run(came), *again)),
        ),
        pairing="done" if came == "done" else "refused",
    )


def open_toy() -> tuple[Evidence, Judgement]:
    """Open to everybody, before and after its owner came."""
    mixed: dict[str, Any] = {"h1c_subscribe": "accepted", "h24_read": "refused", "h24_write": "closed"}
    return audited(
        built.advert("CloudPets B 1.0.19", "9999_99_99_99_99"),
        built.access("done", **mixed),
        operations("done"),
        built.pairing(built.pairs("weakest", "done", "just works")),
        built.back("done", again=built.pairs("weakest", "done", "just works"), **mixed),
        built.update(built.service(built.asks("done")), pairing="done"),
    )


def closed_toy() -> tuple[Evidence, Judgement]:
    """As it should be."""
    public: dict[str, Any] = {"h3_read": "done", "h5_read": "done"}
    return audited(
        built.advert(),
        built.access("refused", **public),
        operations("refused"),
        built.pairing(
            built.NO,
            built.pairs("strongest", "refused"),
            built.pairs("weakest", "refused", asked=True),
            OWNED,
        ),
        built.back("refused", paired=OWNED, **public),
        built.update(),
        BluetoothNoClassic(flags=6),
    )


def flood(text: str = "") -> tuple[Evidence, Judgement]:
    """As many attributes as are listed, with names nobody would choose."""
    attributes = tuple(
        built.attribute(handle, "read", "write", service=f"{text}{handle // 3:08x}", uuid=f"{text}{handle:x}")
        for handle in range(1, 2001)
    )
    return audited(
        built.access("done", attributes),
        BluetoothOperations(
            operations=tuple(
                OperationSeen(f"{text}{n}", Does.PLAY, f"{text} {n}", (built.run("done"),))
                for n in range(200)
            ),
            pairing="refused",
        ),
    )
