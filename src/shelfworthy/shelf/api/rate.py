"""How often somebody may call. Counted in each process for itself, so N processes let through N times as
much: it keeps one caller from starving the others, and is no accounting."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

PER_SECOND, AT_ONCE = 300.0, 600.0  # of a token: a shop's tills ask the gate with one
STRANGERS = 10.0  # calls a second from one address without a token that is known
MOST = 10_000  # callers that are remembered


class Rate:
    """So many calls a second, and so many at once after a pause."""

    def __init__(
        self, per_second: float, at_once: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._at_once, self._clock = per_second, at_once, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, who: str) -> float:
        """Seconds until this caller may call again; 0 where this call may go on."""
        with self._lock:
            at = self._clock()
            left, since = self._left.pop(who, (self._at_once, at))
            left = min(self._at_once, left + (at - since) * self._per_second)
            allowed = left >= 1
            self._left[who] = (left - 1 if allowed else left, at)
            while len(self._left) > MOST:
                self._left.popitem(last=False)
            return 0.0 if allowed else (1 - left) / self._per_second


tokens = Rate(PER_SECOND, AT_ONCE)
strangers = Rate(STRANGERS, STRANGERS * 6)
