"""Confine this process for good: what a child does to itself before it reads a hostile byte.

Every measure stands alone, in this order; what cannot be had on a machine is left out of the answer, and
the evidence names those that held:

- no network: a network namespace with nothing in it
- landlock: no file of any name, no TCP port, no signal to others (Linux 6.12 has all of it)
- nobody: where we are root, the identity of nobody
- limits: memory, processor time, no file longer than it is, no descriptor but the three it has (so no file,
  socket or pipe is opened, also in the place of one of them), no process and no thread
- hook: Python's own audit events, denied unless they are known to touch nothing

The limits keep out compiled code that goes wrong as well; the hook says in words what Python code wanted.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Callable
from typing import Any

from shelfworthy.sandbox.limits import Limits

NEWUSER, NEWNET = 0x1000_0000, 0x4000_0000  # sched.h
SET_PDEATHSIG, SET_DUMPABLE, SET_NO_NEW_PRIVS, SIGKILL = 1, 4, 38, 9  # linux/prctl.h
CREATE_RULESET, RESTRICT_SELF, ASK_VERSION = 444, 446, 1  # linux/landlock.h; the same number everywhere
# By the ABI version that brought them: how many bits of file system rights there are.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_RIGHTS, SCOPES = 0b11, 0b11  # bind and connect (ABI 4); abstract sockets and signals (ABI 6)
NOBODY = 65534
DESCRIPTORS = 0  # what it has stays open; nothing new takes the place of one that is closed either

# Events of Python that touch nothing outside of the process.
HARMLESS = frozenset(
    {
        "array.__new__",
        "builtins.id",
        "code.__new__",
        "compile",
        "exec",
        "gc.get_objects",
        "mmap.__new__",
        "object.__delattr__",
        "object.__getattr__",
        "object.__setattr__",
        "sys._getframe",
        "sys.unraisablehook",
    }
)


class Forbidden(RuntimeError):
    """Code in the child wanted past its bounds."""


def confine(limits: Limits) -> tuple[str, ...]:
    """Confine this process as far as the machine can. The answer names what holds, without the hook."""
    held = []
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is not None:
        libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if no_network(libc):
            held.append("no network")
        if version := landlock(libc):
            held.append(f"landlock {version}")
    if os.geteuid() == 0:
        become_nobody()
        held.append("nobody")
    if libc is not None:  # a change of identity takes both back
        libc.prctl(SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        libc.prctl(SET_DUMPABLE, 0, 0, 0, 0)
    limit(limits)
    return (*held, "limits")


def no_network(libc: ctypes.CDLL) -> bool:
    """Leave the network. Without root this takes a user namespace, which not every system gives people."""
    return any(libc.unshare(flags) == 0 for flags in (NEWNET, NEWUSER | NEWNET))


def landlock(libc: ctypes.CDLL) -> int:
    """Give up every right to files, TCP and others' processes. The ABI version that did it, 0 for none."""
    version = libc.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return 0
    files = (1 << FILE_RIGHTS.get(version, 16)) - 1
    rights = [files, TCP_RIGHTS if version >= 4 else 0, SCOPES if version >= 6 else 0]
    if version < 6:
        rights = rights[: 2 if version >= 4 else 1]
    rules = libc.syscall(
        CREATE_RULESET, struct.pack(f"={len(rights)}Q", *rights), ctypes.c_size_t(8 * len(rights)), 0
    )
    if rules < 0:
        return 0
    done = libc.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return int(version) if done else 0


def become_nobody() -> None:
    """Give up root. Raises OSError if that cannot be done: then nothing is read."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def limit(limits: Limits) -> None:
    """The kernel's own limits; none of them can be raised again."""
    most = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_AS: limits.memory,
    }
    for what, number in most.items():
        resource.setrlimit(what, (number, number))
    # At the first the kernel says why it ends the child (SIGXCPU), at the second it does not (SIGKILL).
    resource.setrlimit(resource.RLIMIT_CPU, (limits.computing, limits.computing + 1))


def hook(stopped: list[str]) -> None:
    """Deny every audit event that is not known to be harmless, from now on. stopped: those denied."""

    def denied(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in HARMLESS:
            stopped.append(event)
            raise Forbidden(event)

    add: Callable[[Any], None] = sys.addaudithook
    add(denied)
