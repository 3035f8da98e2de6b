"""What a worker of a cluster does: hand each product to a child of its own, and its audit back.

The child is there because of the fuse: while a look runs, its process contacts nobody else, and a worker
always talks to its scheduler. All products of a worker share the child and its street; of the politeness of
one bench each worker has its share.
"""

import tempfile
from functools import cache
from pathlib import Path
from threading import Lock

import msgspec

from shelfworthy import __version__
from shelfworthy.audit.executor import Job, audit_here
from shelfworthy.audit.judge import our_court
from shelfworthy.audit.one_look import Way, installed
from shelfworthy.audit.parcel import Parcel, packed, unpack
from shelfworthy.model import Policy, Product, Record
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits, Street
from shelfworthy.readers import READERS
from shelfworthy.record import Unreadable
from shelfworthy.sandbox.aside import Aside
from shelfworthy.sandbox.words import crash


class Order(Record, frozen=True):
    """A product to audit elsewhere. share: among how many workers politeness is shared. begun: so far."""

    line: int
    name: str
    product: Product
    text: bytes
    supplied: dict[str, bytes]
    policy: Policy
    budget: float
    share: int
    begun: Parcel


class Reply(Record, frozen=True):
    """An audit that was done elsewhere, or why not."""

    audit: Parcel
    trouble: str = ""


ORDER = msgspec.msgpack.Decoder(Order)

_lock = Lock()
_asides: list[Aside] = []  # the child, once there is one


def fingerprint() -> dict[str, str]:
    """What must be the same here and there for the same answers: our version, our rules, our tools."""
    ways: tuple[Way, ...] = (*PROBES, *READERS)
    tools = sorted({name for way in ways for name in way.tools})
    found = {name: installed(name) or "not installed" for name in tools}
    return {"shelfworthy": __version__, "rules": our_court().digest[:12]} | found


def audit_there(order: bytes) -> bytes:
    """On the worker: the `Reply` to an `Order`, both as MessagePack. Raises Ended if the child died of it."""
    return _aside().ask(order)


def _aside() -> Aside:
    with _lock:
        if not _asides or not _asides[0].alive:
            _asides[:] = [Aside("shelfworthy.audit.worker:answer")]
        return _asides[0]


async def answer(order: bytes) -> bytes:
    """In the child: audit a product in a folder that is gone afterwards."""
    try:
        reply = await _audited(ORDER.decode(order))
    except (Unreadable, OSError) as why:
        reply = Reply(audit=Parcel(files={}), trouble=str(why))
    except Exception as fault:  # a crash of ours over one product must not end the others
        reply = Reply(audit=Parcel(files={}), trouble=f"a fault of ours: {crash(fault)}")
    return msgspec.msgpack.encode(reply)


async def _audited(order: Order) -> Reply:
    with tempfile.TemporaryDirectory(prefix="shelfworthy-") as place:
        folder = Path(place) / f"{order.name}.audit"
        unpack(order.begun, folder)
        job = Job(
            line=order.line,
            folder=folder,
            product=order.product,
            text=order.text,
            supplied=order.supplied,
            policy=order.policy,
            budget=order.budget,
        )
        await audit_here(job, _street(order.share))
        return Reply(audit=packed(folder))


@cache
def _street(share: int) -> Street:
    """The street of all audits under way that share so."""
    return Street(Limits().shared(share))
