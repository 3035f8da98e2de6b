"""Progress of a catalogue on standard error: a live line on a terminal, a plain one now and then otherwise.

The estimate knows only what this run has seen: its own rate, for what is left. Before there is enough to go
by it says so.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from shelfworthy.audit.catalogue import Hearing
from shelfworthy.audit.executor import Done
from shelfworthy.product.mistakes import BadFile

EVERY = 10.0  # seconds between two plain lines
ENOUGH_PRODUCTS, ENOUGH_SECONDS = 20, 5.0  # of this run, before it dares to guess


class Estimate:
    """How far a catalogue is. clock: seconds, as of `time.monotonic`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._products = self._before = self._now = self._failed = 0

    def surveyed(self, products: int) -> None:
        """So many there are; what took time until now was reading."""
        self._products = products
        self._began = self._clock()

    def ended(self, done: Done) -> None:
        """One more. Only what is done now counts for the rate."""
        if done.before:
            self._before += 1
            self._began = self._began if self._now else self._clock()
        else:
            self._now += 1
            self._failed += not done.digest

    def __str__(self) -> str:
        """The state in a line."""
        failed = f", {self._failed} failed" if self._failed else ""
        before = f" ({self._before} before)" if self._before else ""
        ended = self._before + self._now
        return f"{ended} of {self._products} products{before}{failed}, {self._left(self._products - ended)}"

    def _left(self, products: int) -> str:
        seconds = self._clock() - self._began
        if not products:
            return "none left"
        if self._now < ENOUGH_PRODUCTS or seconds < ENOUGH_SECONDS:
            return "too early to say how long"
        rate = self._now / seconds
        return f"{rate:.1f} a second, about {duration(products / rate)} left"


def duration(seconds: float) -> str:
    """`40 s`, `12 min`, `3.5 h`: as exact as a guess can be."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


@contextmanager
def telling_all(console: Console) -> Iterator[Hearing]:
    """Tell people of all that `audit_catalogue` tells."""
    estimate = Estimate()
    with _live(console, estimate) if console.is_terminal else _plain(console, estimate) as tick:

        def say(words: str) -> None:
            console.print(words, highlight=False, markup=False, soft_wrap=True)

        def wrong(bad: BadFile) -> None:
            say(str(bad))

        def surveyed(products: int) -> None:
            estimate.surveyed(products)
            say(f"{products} {'product' if products == 1 else 'products'} to audit.")

        def ended(done: Done) -> None:
            estimate.ended(done)
            if done.trouble:
                say(f"line {done.line}, {done.audit}: {done.trouble}")
            tick()

        yield Hearing(wrong=wrong, surveyed=surveyed, ended=ended)


@contextmanager
def _live(console: Console, estimate: Estimate) -> Iterator[Callable[[], None]]:
    with Live(console=console, get_renderable=lambda: Text(str(estimate)), transient=True):
        yield lambda: None  # it asks by itself, four times a second


@contextmanager
def _plain(console: Console, estimate: Estimate) -> Iterator[Callable[[], None]]:
    told = time.monotonic()

    def tick() -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            console.print(str(estimate), highlight=False, markup=False, soft_wrap=True)

    yield tick
