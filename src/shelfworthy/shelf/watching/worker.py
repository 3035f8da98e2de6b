"""A worker of the watch: looks again at what is due, brings verdicts up to date, and tells who wants to know.

One look (`look_again`), in the order its steps are numbered in the body:
1. Claim what has been due longest.
2. Read its papers. Where we may not look any more, say why and look at nothing.
3. Lease its hosts. Where somebody is at one of them, come back a little later.
4. Look, in a child, into a folder of this lease.
5. In one transaction: compare the lease, take the evidence in, write when to look next.
However it ends, the hosts are given back and the folder is gone. A worker that is killed leaves a lease that
ends by itself, and a folder that the next one sweeps: nothing it did counts before step 5 is whole.
"""

import logging
import os
import secrets
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import msgspec
from django.conf import settings
from django.db import Error, close_old_connections, connection, transaction

from shelfworthy.audit.carrying import pack
from shelfworthy.audit.look import ways
from shelfworthy.record import Unreadable
from shelfworthy.sandbox.aside import Aside, Ended
from shelfworthy.sandbox.words import crash
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Listing, Observer, Origin, Recheck
from shelfworthy.shelf.watching import agenda, hosts, queue
from shelfworthy.shelf.watching.agenda import Known
from shelfworthy.shelf.watching.child import REPLY, Order, Reply
from shelfworthy.shelf.watching.delivering import deliver
from shelfworthy.shelf.watching.looking import OBSERVER, NotOurs, Own, Way, own

BUDGET = timedelta(seconds=120)  # of a look
GRACE = timedelta(seconds=30)  # after which a child that has not answered is ended
LEASE = timedelta(minutes=5)
BUSY = timedelta(seconds=20)  # how much later to come to a host where somebody is
IDLE = 2.0  # seconds between two looks at an empty queue
AWAY = 5.0  # seconds until a database that is away is asked again
TIDY = 60.0  # seconds between two questions what is to be planned, and which verdicts have aged
LONGEST = 4000  # characters of a trouble

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The worker is to stop."""


class Worker:
    """One of any number. name: for people. stop: set, it ends soon and gives back what it is at."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self.stop = threading.Event()
        self._aside: Aside | None = None
        self._tidied = -TIDY  # when nothing was left to be tidied

    def work(self, *, once: bool) -> None:
        """Until it is stopped; once: until nothing is due."""
        try:
            while not self.stop.is_set():
                close_old_connections()
                try:
                    busy = self.step()
                except Error as fault:  # it is away for a while: what was leased comes again
                    if once:
                        raise
                    log.error("The database does not do what it should: %s", fault)
                    connection.close()
                    self.stop.wait(AWAY)
                    continue
                if not busy:
                    if once:
                        return
                    self.stop.wait(IDLE)
        except Stopped:
            pass
        finally:
            self.close()

    def step(self) -> bool:
        """One piece of each kind of work; whether there was any."""
        told = deliver(self.name)
        tidied = self._tidy()
        return self.look_again() or tidied or told

    def _tidy(self) -> bool:
        """Sweep, plan what nobody planned, make verdicts anew of which something stopped counting, and once
        a day go over the catalogue with the policy; whether there was anything to do."""
        from shelfworthy.shelf.deciding import rounds
        from shelfworthy.shelf.evidence.current import refresh_due

        if time.monotonic() < self._tidied + TIDY:
            return False
        try:
            sweep()
            found = agenda.plan_missing() + refresh_due()
            if not found and rounds.due(at := now()):
                found = rounds.go_over(at)
        except Error:
            raise
        except Exception:  # a fault of ours over one product; looking and telling go on
            log.exception("What is to be planned or to be made anew was not, or not all of it.")
            found = 0
        if not found:
            self._tidied = time.monotonic()
        return bool(found)

    def close(self) -> None:
        """End the child."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    def look_again(self) -> bool:
        """See this module. Whether anything was due. Raises Stopped."""
        recheck = queue.claim(Recheck, self.name, LEASE)  # 1
        if recheck is None:
            return False
        at = now()
        try:
            papers = own(recheck.product, at.date())  # 2
        except NotOurs as why:
            queue.finish(recheck, due_at=None, idle=str(why)[:LONGEST])
            return True
        try:
            hosts.take(papers.hosts, recheck.lease, LEASE)  # 3
        except hosts.Busy:
            queue.finish(recheck, due_at=at + later(recheck))
            return True
        try:
            known = agenda.known(recheck.product, papers)
            with folder_of(recheck.lease) as folder:
                reply = self._look(papers, agenda.worth_looking(known, papers, at), folder)  # 4
                keep(recheck, reply, trouble_of(reply, known), folder)  # 5
        except Stopped:
            queue.finish(recheck)
            raise
        except Error:
            raise
        except Exception as fault:  # over one product; the others are looked at all the same
            log.exception("The look at %s broke off.", recheck.product)
            tries = recheck.tries + 1
            queue.finish(
                recheck,
                due_at=now() + agenda.again(recheck.product.key, tries),
                done_at=now(),
                tries=tries,
                trouble=f"It could not be looked at again: a fault of ours: {crash(fault)}"[:LONGEST],
            )
        finally:
            hosts.give_back(recheck.lease)
        return True

    def _look(self, papers: Own, worth: Iterable[Way], folder: Path) -> Reply:
        looked_at = {(way.surface, way.by) for way in worth}
        order = Order(
            folder=str(folder),
            product=papers.product,
            text=papers.text,
            supplied=papers.supplied,
            policy=papers.policy,
            budget=BUDGET.total_seconds(),
            done=frozenset(
                (surface.id, way.by)
                for surface, way in ways(papers.product.surface, frozenset())
                if (surface.id, way.by) not in looked_at
            ),
        )
        try:
            return REPLY.decode(self._ask(msgspec.msgpack.encode(order)))
        except Ended as why:
            return Reply(digest="", fault=f"The look broke off: {why}.")

    def _ask(self, order: bytes) -> bytes:
        """The child's answer. Raises Ended, Stopped."""
        if self._aside is None or not self._aside.alive:
            self.close()
            self._aside = Aside("shelfworthy.shelf.watching.child:answer")
        answer: Future[bytes] = Future()
        threading.Thread(target=_asked, args=(self._aside, order, answer), daemon=True).start()
        left = (BUDGET + GRACE).total_seconds()
        while not answer.done():
            try:
                return answer.result(timeout=0.2)
            except TimeoutError:
                left -= 0.2
            if self.stop.is_set():
                self.close()
                raise Stopped
            if left <= 0:
                self.close()
        return answer.result()


def _asked(aside: Aside, order: bytes, answer: "Future[bytes]") -> None:
    try:
        answer.set_result(aside.ask(order))
    except Ended as why:
        answer.set_exception(why)


def keep(recheck: Recheck, reply: Reply, trouble: str, folder: Path) -> bool:
    """Take in what was seen and note when to look next; whether the lease was still ours: else nothing is."""
    from shelfworthy.shelf.evidence.intake import Refused, counted, settled

    product = recheck.product
    parcel = folder.with_suffix(".tar")
    seen = None
    if reply.digest and queue.prolong(recheck, LEASE):
        observer = Observer.objects.get_or_create(name=OBSERVER, defaults={"origin": Origin.SHOP})[0]
        try:  # it may take long to judge: nobody is to wait for it
            with parcel.open("wb") as file:
                pack(folder, file)
            seen = settled(parcel, observer, expected=reply.digest)
        except (Refused, Unreadable) as why:
            trouble = f"Its evidence was not taken in: {why}"
    with transaction.atomic():
        # Whoever takes evidence in locks its listings before it plans; in another order two would wait for
        # each other.
        listings = Listing.objects.select_for_update().filter(product=product).order_by("pk")
        list(listings.values_list("pk", flat=True))
        if not queue.prolong(recheck, LEASE):
            log.warning("The lease of the look at %s was lost: nothing of it is kept.", product)
            return False
        if seen is not None:
            counted(seen, None)
        at = now()
        tries = recheck.tries + 1 if trouble else 0
        due_at, idle = agenda.planned(product, tries, at)
        return queue.finish(
            recheck, due_at=due_at, idle=idle, done_at=at, tries=tries, trouble=trouble[:LONGEST]
        )


def trouble_of(reply: Reply, known: Mapping[Way, Known]) -> str:
    """Why a look saw less than it wanted, "" if it did not; and when that was seen last, which stays."""
    if reply.fault:
        return f"It could not be looked at again: {reply.fault}"
    return "\n".join(
        f"{one.surface}: could not be looked at again: {one.words}{_last_seen(one.surface, known)}"
        for one in reply.missed
    )


def _last_seen(surface: str, known: Mapping[Way, Known]) -> str:
    seen = [one.since for way, one in known.items() if way.surface == surface and one.since is not None]
    return f" It was last seen on {max(seen):%Y-%m-%d}." if seen else ""


def later(recheck: Recheck) -> timedelta:
    """How much later to come to a host where somebody is: not all that wait for it at once."""
    return BUSY * (1 + agenda.share(recheck.lease)) // 1


def looks() -> Path:
    """Where the evidence of looks under way lies."""
    return Path(settings.SHELF) / "looks"


@contextmanager
def folder_of(lease: str) -> Iterator[Path]:
    """The folder of a look, gone afterwards."""
    place = looks() / lease
    try:
        yield place / "look.audit"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep() -> None:
    """Remove what lies there of looks that were killed, and hosts that are long forgotten."""
    hosts.forget()
    if looks().is_dir():
        for place in looks().iterdir():
            if not Recheck.objects.filter(lease=place.name, leased_until__gt=now()).exists():
                shutil.rmtree(place, ignore_errors=True)


def work(*, once: bool = False) -> None:
    """Be a worker until SIGTERM or SIGINT; once: until nothing is due. To be called in the main thread."""
    worker = Worker()

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stop.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.work(once=once)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
