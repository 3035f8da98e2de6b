"""The fuse behind the door: an interpreter audit hook that stops any contact reach did not announce.

It knows nothing of products. Reach announces the address it is about to connect to, or the name it is about
to look up; everything else raises `FuseBlown` before a packet leaves, and is written down in `blown`.

- It is in from the first look on, for the whole process and all its threads, and stays in (PEP 578).
- What may be announced is a matter of context (tasks and `contextvars`); what is stopped is not. A thread a
  probe started on the quiet carries no announcement and gets nowhere.
- A child would leave the fuse behind, so while a look runs no program is started either, but for those the
  sandbox announces, which confines them before they read a byte.
- It sees what Python's own modules do. Compiled code that connects by itself is kept out by the import rules.
"""

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from shelfworthy.reach.words import FuseBlown

CONTACTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOOKUPS = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
PROGRAMS = frozenset(
    {
        "subprocess.Popen",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "pty.spawn",
    }
)

Tolerated = Callable[[str], bool]

blown: list[str] = []  # every attempt that was stopped, for the report and the tests

_contacts: ContextVar[frozenset[tuple[str, int]]] = ContextVar("contacts", default=frozenset())
_lookups: ContextVar[frozenset[str]] = ContextVar("lookups", default=frozenset())
_children: ContextVar[bool] = ContextVar("children", default=False)
_looks: list[list[str]] = []  # one list for each look under way: what was stopped while it ran
_outside: list[
    Tolerated
] = []  # what the rest of the process may contact while no look runs; empty: not armed


def arm(outside: Tolerated = lambda host: False) -> None:
    """Put the fuse in; once in, it stays as it is.

    outside: hosts that code may contact while no look is under way. A test's own clients need that.
    """
    if not _outside:
        _outside.append(outside)
        sys.addaudithook(_hook)


@contextmanager
def looking() -> Iterator[list[str]]:
    """A look is under way. Gives what was stopped meanwhile, whoever of this process wanted it."""
    arm()
    stopped: list[str] = []
    _looks.append(stopped)
    try:
        yield stopped
    finally:
        _looks[:] = [other for other in _looks if other is not stopped]


@contextmanager
def contact(address: str, port: int) -> Iterator[None]:
    """Reach is about to connect to this checked address."""
    token = _contacts.set(_contacts.get() | {(address, port)})
    try:
        yield
    finally:
        _contacts.reset(token)


@contextmanager
def lookup(name: str) -> Iterator[None]:
    """Reach is about to ask the resolver for this name."""
    token = _lookups.set(_lookups.get() | {name})
    try:
        yield
    finally:
        _lookups.reset(token)


@contextmanager
def child() -> Iterator[None]:
    """The sandbox is about to start a child of its own, which has no network to contact anybody with."""
    token = _children.set(True)
    try:
        yield
    finally:
        _children.reset(token)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in CONTACTS:
        _check_contact(event, *arguments[:2])
    elif event in LOOKUPS:
        _check_lookup(event, arguments[0])
    elif event in PROGRAMS and _looks and not (event == "subprocess.Popen" and _children.get()):
        _blow(f"{event} {arguments[:1]!r}")


def _check_contact(event: str, sock: socket.socket, address: object) -> None:
    if address is None:
        return  # the socket is connected already, and that was checked
    match address:
        case (str(host), int(port), *_) if sock.family in (socket.AF_INET, socket.AF_INET6):
            allowed = (host, port) in _contacts.get() or _tolerated(host)
        case _ if sock.family == socket.AF_UNIX:  # an adapter's socket: its path is announced, without a port
            allowed = (address, 0) in _contacts.get() or not _looks
        case _:
            allowed = False
    if not allowed:
        _blow(f"{event} {address!r}")


def _check_lookup(event: str, asked: object) -> None:
    host = asked[0] if isinstance(asked, tuple) else asked  # getnameinfo is asked with an address and port
    name = host.decode("latin-1") if isinstance(host, bytes) else str(host or "")
    if name not in _lookups.get() and not _tolerated(name):
        _blow(f"{event} {name!r}")


def _tolerated(host: str) -> bool:
    return not _looks and _outside[0](host)


def _blow(what: str) -> None:
    for record in (blown, *_looks):
        record.append(what)
    raise FuseBlown(f"stopped {what}, which reach did not announce")
