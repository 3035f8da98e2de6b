"""A stranger-and-owner audit of one toy, and of a hundred on one link in turn, beside bumble's own GATT dump.

    python -m benchmarks.radio [ROUNDS]        default 5

Both run in this process, on the same virtual link to the same toy in another process; loading bumble, and the
second that is spent listening to advertisements before, are not counted. The hundred toys live in one process
with the air that carries them: of three, on two cores, two would always wait for each other.

Less waits is less what the toy lets us wait for: until it takes a connection, which it does with its next
advertisement; for data on subscriptions on which it says nothing (0.1 s, three times: sooner nobody knows
that it is silent); and while it records (10 ms of ours).
"""

import asyncio
import contextlib
import io
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from bumble.apps.gatt_dump import dump_gatt_db
from bumble.device import Device, Peer
from bumble.hci import Address
from bumble.transport import open_transport
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.results import keep
from shelfworthy.audit.look import look
from shelfworthy.model import Basis, Bluetooth, Identity, Level, Permission, Permit, Policy, Product
from shelfworthy.product.read import read_product
from shelfworthy.product.scope import Scope
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Door, Reach, fuse
from shelfworthy.reach.radio import air, phone
from shelfworthy.record import Recorder, load_evidence
from shelfworthy.seen import BluetoothPairing
from shelfworthy_lab import down, up
from shelfworthy_lab.radio.start import AIR, Guest, start

T = TypeVar("T")

TOYS = 100
LISTENING = 1  # seconds at each toy, as the product file says; taken off
INTERVAL = 100  # ms between advertisements in the street; those of real toys are 100 ms to 1 s


class Took(Struct, frozen=True):
    """Seconds of an audit. waited: those of them in which there was nothing to do. cpu: seconds in which this
    process worked, listening included. peak: MB of this process so far, before what was seen is read again.
    """

    wall: float
    waited: float
    cpu: float
    peak: float

    @property
    def working(self) -> float:
        return self.wall - self.waited


def product(surfaces: tuple[Bluetooth, ...]) -> Product:
    """A product of so many radios, all of which may be written to."""
    until = date(2099, 12, 31)
    return Product(
        product=Identity(name="Bear", vendor="Plumwhistle Toys"),
        surface=surfaces,
        permission=tuple(
            Permission(
                to=one.where.removeprefix("bluetooth:"),
                level=Level.USE,
                basis=Basis.OWN,
                person="benchmark",
                until=until,
            )
            if one.where.count(":") == 6
            else Permission(to=one.where, level=Level.USE, basis=Basis.OWN, person="benchmark", until=until)
            for one in surfaces
        ),
    )


@contextlib.contextmanager
def waits() -> Iterator[list[float]]:
    """How long each of these waits was, within the block."""
    took: list[float] = []

    def timed(wait: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        async def waiting(*given: object) -> T:
            began = time.monotonic()
            try:
                return await wait(*given)
            finally:
                took.append(time.monotonic() - began)

        return waiting

    with patch.object(Reach, "wait", timed(Reach.wait)), patch.object(air, "connect", timed(phone.connect)):
        yield took


def audited(adapter: str, surfaces: tuple[Bluetooth, ...], folder: Path) -> Took:
    """What looking at these radios took, less listening; every one must have been seen whole."""
    policy = Policy(adapter=adapter, permit=(Permit(to="*", level=Level.USE),))
    recorder = Recorder(folder, product_toml(product(surfaces)).encode(), {})
    door = Door(Scope(product(surfaces), policy, datetime.now(UTC).date()))
    began, worked = time.monotonic(), time.process_time()
    with waits() as waited:
        asyncio.run(look(product(surfaces), door, recorder, "benchmark", budget=600, tell=lambda _: None))
    took = time.monotonic() - began - LISTENING * len(surfaces)
    cpu = time.process_time() - worked
    recorder.close()
    peak = memory()
    evidence = load_evidence(folder)
    paired = {one.surface for one in evidence.observations if isinstance(one.seen, BluetoothPairing)}
    assert paired == {one.id for one in surfaces}, [gap.words for gap in evidence.gaps]
    assert not evidence.gaps
    return Took(took, sum(waited), cpu, peak)


async def dumped(adapter: str, address: str) -> float:
    """Seconds that bumble's own dump took: connect, list everything, read everything, as a stranger."""
    async with await open_transport(adapter) as (source, sink):
        began = time.monotonic()
        device = Device.with_hci("Dump", Address("F0:F1:F2:F3:F4:F5"), source, sink)
        await device.power_on()
        connection = await device.connect(address)
        with contextlib.redirect_stdout(io.StringIO()):
            await dump_gatt_db(Peer(connection), None)  # type: ignore[no-untyped-call]
        took = time.monotonic() - began
        await connection.disconnect()
        return took


def rounds(number: int, measure: Callable[[int], T]) -> list[T]:
    """The first loads and compiles what is needed, and is not counted."""
    return [measure(one) for one in range(number + 1)][1:]


def row(what: str, seconds: list[float], beside: float) -> tuple[str, ...]:
    """What it came to. beside: the dump's median."""
    middle = statistics.median(seconds)
    return what, f"{min(seconds):.3f}", f"{middle:.3f}", f"{max(seconds):.3f}", f"{middle / beside:.1f}"


def rows(what: str, seconds: list[Took], beside: float, toys: int = 1) -> tuple[tuple[str, ...], ...]:
    """What it came to for each toy, by the clock and less waits."""
    return (
        row(what, [one.wall / toys for one in seconds], beside),
        row(f"{what}, less waits", [one.working / toys for one in seconds], beside),
    )


def one_toy(edition: str, number: int, place: Path) -> tuple[Bluetooth, list[float], list[Took]]:
    """Its surface, the seconds of dumps, and audits, in turns: whatever else the machine does meets both."""
    instance = up("toy", edition, place)
    adapter = f"tcp-client:127.0.0.1:{instance.ports['toy']}"
    surfaces = read_product(instance.product).surface
    toy = replace(next(one for one in surfaces if isinstance(one, Bluetooth)), watch_s=LISTENING, image="")
    try:
        address = toy.where.removeprefix("bluetooth:")
        both = rounds(
            number,
            lambda one: (
                asyncio.run(dumped(adapter, address)),
                audited(adapter, (toy,), place / f"{edition}-{one}.audit"),
            ),
        )
    finally:
        down("toy", edition, place)
    return toy, [dump for dump, _ in both], [audit for _, audit in both]


def many_toys(toy: Bluetooth, place: Path) -> tuple[Took, Took]:
    """What ten and all took."""
    guests = [
        Guest(
            "toy",
            "2018",
            "MurmurPal",
            f"C4:7C:8D:00:01:{one:02X}",
            process=AIR,
            label=f"{one}",
            interval=INTERVAL,
        )
        for one in range(TOYS)
    ]
    with start(guests, place / "street") as street:
        many = tuple(
            replace(toy, id=f"toy-{one}", where=f"bluetooth:{guest.address}")
            for one, guest in enumerate(guests)
        )
        ten = audited(street.adapter, many[:10], place / "ten.audit")
        return ten, audited(street.adapter, many, place / "all.audit")


def memory() -> float:
    """Peak of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and keep the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    fuse.arm(lambda host: host == "127.0.0.1")  # the dump's adapter is the lab's, and no look runs then
    with tempfile.TemporaryDirectory() as name:
        toy, dumps, opened = one_toy("2018", number, Path(name))
        _, shut, fixed = one_toy("fixed", number, Path(name))
        ten, everyone = many_toys(toy, Path(name))
    beside, fixed_beside = statistics.median(dumps), statistics.median(shut)
    keep(
        "radio",
        "A stranger, an owner and another stranger at one toy",
        "Seconds. The audit makes seven to ten connections, tries every attribute three times, pairs and "
        "tries what the profile names; the dump makes one connection and reads. The toy's clock runs 100:1. "
        "Less waits: less what the toy lets us wait for: until it takes a connection, with its next "
        "advertisement; for data on subscriptions on which it says nothing (0.1 s, three times: sooner "
        "nobody knows that it is silent); and while it records (10 ms). The 10 and 100 toys live in one "
        "process with the air that carries them.",
        ("what", "fastest", "median", "slowest", "to the dump"),
        [
            row("bumble's GATT dump, 2018", dumps, beside),
            *rows("audit at `use`, 2018", opened, beside),
            row("bumble's GATT dump, fixed", shut, fixed_beside),
            *rows("audit at `use`, fixed", fixed, fixed_beside),
            *rows("10 toys in turn, each", [ten], beside, 10),
            *rows(f"{TOYS} toys in turn, each", [everyone], beside, TOYS),
        ],
        f"{TOYS} toys, each advertising every {INTERVAL} ms: {everyone.wall:.1f} s in all, "
        f"{everyone.working:.1f} s less waits; CPU of this process {everyone.cpu / TOYS:.3f} s each, "
        f"listening included; memory of this process {ten.peak:.0f} MB after 10, "
        f"{everyone.peak:.0f} MB after {TOYS} more. "
        f"Aims: one toy under 0.3 s, {TOYS} under 15 s, memory flat.",
    )


if __name__ == "__main__":
    main()
