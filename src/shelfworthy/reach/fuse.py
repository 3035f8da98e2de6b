"""The fuse behind the door: an interpreter audit hook that stops any contact reach did not allow.

It knows nothing of products. Reach says which address it is about to connect to; every `connect`, `sendto`
and name look-up that was not announced raises `FuseBlown` before a packet leaves. It cannot be taken out
once it is in (PEP 578), which is the point.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from shelfworthy.reach.words import FuseBlown

CONTACTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})

_announced: ContextVar[frozenset[tuple[str, int]]] = ContextVar("announced", default=frozenset())
_state = {"armed": False, "hooked": False}
blown: list[str] = []  # every attempt that was stopped, for the report and the tests


def arm() -> None:
    """Put the fuse in. From now on only what `announce` names is contacted, in this whole process."""
    if not _state["hooked"]:
        sys.addaudithook(_hook)
        _state["hooked"] = True
    _state["armed"] = True


@contextmanager
def disarmed() -> Iterator[None]:
    """For tests that start servers and speak to them outside of reach."""
    before = _state["armed"]
    _state["armed"] = False
    try:
        yield
    finally:
        _state["armed"] = before


@contextmanager
def announce(host: str, port: int) -> Iterator[None]:
    """Reach is about to contact this address (or look up this name, with port 0)."""
    token = _announced.set(_announced.get() | {(host, port)})
    try:
        yield
    finally:
        _announced.reset(token)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _state["armed"] or not event.startswith("socket."):
        return
    if event in CONTACTS:
        _check(event, arguments[1])
    elif event in LOOKUPS and (str(arguments[0]), 0) not in _announced.get():
        _blow(f"{event} {arguments[0]!r}")


def _check(event: str, address: object) -> None:
    if not isinstance(address, tuple):
        return  # a path (AF_UNIX) or an already connected socket: nothing leaves the machine
    if (str(address[0]), int(address[1])) not in _announced.get():
        _blow(f"{event} {address!r}")


def _blow(what: str) -> None:
    blown.append(what)
    raise FuseBlown(f"stopped {what}: not announced by reach")
