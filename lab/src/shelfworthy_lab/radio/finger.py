"""The lab's person: presses the button of a device, whose owner opens it for pairing that way."""

import time

PATIENCE = (
    6  # refusals in a row; even, so that of two who take turns it is the other's turn in the next window
)
FORGOTTEN = 2.0  # seconds after which a row ends
OPEN = 2.0  # seconds the window is open, unless somebody pairs


class Finger:
    """Presses when somebody has been refused again and again: who does that was asked to, and means it.

    A stranger who tries once, or twice, never meets an open window, and neither does whoever comes after an
    owner: the first pairing closes it.
    """

    def __init__(self) -> None:
        self._refused = 0
        self._last = 0.0
        self._until = 0.0

    @property
    def open(self) -> bool:
        return time.monotonic() < self._until

    def refused(self) -> None:
        """Somebody was refused, with the window closed."""
        now = time.monotonic()
        self._refused = self._refused + 1 if now - self._last < FORGOTTEN else 1
        self._last = now
        if self._refused >= PATIENCE:
            self._refused, self._until = 0, now + OPEN

    def paired(self) -> None:
        """One pairing for one press."""
        self._refused, self._until = 0, 0.0
