"""A look of the shelf, in a child process of the worker: it contacts whom it looks at and nobody else.

The worker itself talks to its database, mail servers and webhooks; the fuse (`reach/fuse.py`) could not tell
those from what a look does. The child knows no database. It ends with the worker, however that ends.
"""

from functools import cache
from pathlib import Path

import msgspec

from shelfworthy.audit.due import NOT_BY_LOOKING
from shelfworthy.audit.one_look import Step
from shelfworthy.audit.whole import look_whole
from shelfworthy.model import Policy, Product, Record
from shelfworthy.reach import Street
from shelfworthy.record import Evidence, Unreadable, load_evidence
from shelfworthy.sandbox.words import crash

MOST = 20  # troubles of a look that are told
LONGEST = 300  # characters of each


class Order(Record, frozen=True):
    """What to look at. folder: `NAME.audit`, new. done: (surface, probe or reader) that need no look."""

    folder: str
    product: Product
    text: bytes
    supplied: dict[str, bytes]
    policy: Policy
    budget: float
    done: frozenset[tuple[str, str]]


class Missed(Record, frozen=True):
    """What could not be seen of a surface, and why."""

    surface: str
    words: str


class Reply(Record, frozen=True):
    """How a look ended. digest: of its evidence, "" if there is none that is whole; fault: then why."""

    digest: str
    missed: tuple[Missed, ...] = ()
    fault: str = ""


ORDER = msgspec.msgpack.Decoder(Order)
REPLY = msgspec.msgpack.Decoder(Reply)


async def answer(order: bytes) -> bytes:
    """Look, and say how it went; what was seen lies in the order's folder."""
    try:
        reply = await _looked(ORDER.decode(order))
    except (Unreadable, OSError) as why:
        reply = Reply(digest="", fault=str(why))
    except Exception as fault:  # a crash of ours over one product must not end the worker
        reply = Reply(digest="", fault=f"a fault of ours: {crash(fault)}")
    return msgspec.msgpack.encode(reply)


async def _looked(order: Order) -> Reply:
    folder = Path(order.folder)
    folder.mkdir(parents=True)
    digest = await look_whole(
        order.product,
        order.text,
        order.supplied,
        order.policy,
        folder,
        budget=order.budget,
        tell=_quiet,
        done=order.done,
        street=_street(),
    )
    return Reply(digest=digest, missed=missed(load_evidence(folder)))


def missed(evidence: Evidence) -> tuple[Missed, ...]:
    """What another look may see that this one did not; not what lacks a permission, a tool or a file."""
    found = {
        Missed(surface=gap.surface, words=gap.words[:LONGEST])
        for gap in evidence.gaps
        if gap.cause not in NOT_BY_LOOKING and gap.by
    }
    return tuple(sorted(found, key=lambda one: (one.surface, one.words))[:MOST])


@cache
def _street() -> Street:
    """The street of all looks of this worker."""
    return Street()


def _quiet(step: Step) -> None:
    """Nobody is told of single looks."""
