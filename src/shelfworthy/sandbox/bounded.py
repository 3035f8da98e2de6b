"""Work of ours on what strangers sent, each piece within limits of time and memory.

For pure work on records that were read and typed already, but may be made so that it takes for ever or grows
without end: a pattern on a long text holds up all threads of the process it is matched in. A warm child, the
nursery, imports what the work needs once and then only forks; it has one thread, so that its forks hold no
lock of anybody's. A fork does one piece after the other, and waits for more. One that goes beyond its limits
ends with its fork: who asked hears which limit it was, and the other pieces go to another fork. What a fork
remembers of one piece is not held against the next: where it may have been that, a fresh one is asked.

The work is trusted and what it answers is bounded, so a fork may read and write files; it has no network
where the machine can take that away, and starts nothing. `box` is for bytes that nobody has read yet.
"""

import ctypes
import gc
import importlib
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from struct import pack, unpack
from typing import Literal, NamedTuple

import msgspec

from shelfworthy.model import Record
from shelfworthy.sandbox.box import import_path
from shelfworthy.sandbox.confine import SET_NO_NEW_PRIVS, no_network
from shelfworthy.sandbox.limits import MIB
from shelfworthy.sandbox.words import crash

START = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); "
    "from shelfworthy.sandbox.bounded import main; main(sys.argv[2])"
)
HEAD = "!cQ"  # what it is, length of what follows
HEAD_SIZE = 9
READY, ITEM, DONE, TOO_BIG, TOO_LONG, CRASHED, GROWN = b"R", b"I", b"D", b"B", b"L", b"C", b"G"
KILLED, SLOW = b"K", b"S"  # said of a fork that says nothing
IDLE = 900.0  # seconds after which who is not asked ends, nursery or fork; the next who asks starts another
FRESH = 600.0  # seconds of age for which a fork is asked again: another may have newer data
GROWTH = 200 * MIB  # bytes of address space by which a fork may grow and be asked again
WAITING = 2  # forks that wait, at most
GRACE = 10.0  # seconds after which who asks no longer waits for the kernel to end a fork
AT_ONCE = 32  # pieces that a fork is given at once
LONGEST_CRASH = 300  # characters
TRIES = 3
PAUSE = 0.1  # seconds until a fork is asked for again that could not be had

Work = Callable[[bytes], bytes]


class Bounds(Record, frozen=True):
    """Of one piece of work. memory: bytes of address space, some 200 MiB of the interpreter's own included.
    time: seconds. output: bytes of the answer."""

    memory: int
    time: float
    output: int


class Beyond(Record, frozen=True):
    """A piece that went beyond its limits. words: which, to follow on what was done ("took longer than …").
    limit: whether it was one of its limits, and not a crash of ours. how: the frame that said so."""

    words: str
    limit: bool
    how: bytes = b""


class NotStarted(Exception):
    """No fork could be had: the machine has no memory or no process left."""


class _Fork(NamedTuple):
    """A fork that is asked. born: by our monotonic clock."""

    line: socket.socket
    bounds: Bounds
    born: float

    @property
    def fresh(self) -> bool:
        return time.monotonic() - self.born < FRESH

    def close(self) -> None:
        self.line.close()


class Nursery:
    """The parent's side; any number of threads may ask. work: `module:function` of the child, a `Work`.

    warm: `module:function` that the child calls once before it forks.
    """

    def __init__(self, work: str, warm: str = "") -> None:
        self._names = f"{work} {warm}".strip()
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._waiting: list[_Fork] = []

    def each(self, items: Sequence[bytes], bounds: Bounds) -> list[bytes | Beyond]:
        """The answer to each, in their order. Raises NotStarted."""
        answers: dict[int, bytes | Beyond] = {}
        begins = range(0, len(items), AT_ONCE)
        left = deque(range(first, min(first + AT_ONCE, len(items))) for first in begins)
        several = min(len(left), len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
        if several <= 1:
            self._work_off(left, items, bounds, answers)
        else:
            with ThreadPoolExecutor(several, "nursery") as pool:
                for one in [
                    pool.submit(self._work_off, left, items, bounds, answers) for _ in range(several)
                ]:
                    one.result()
        return [answers[number] for number in range(len(items))]

    def close(self) -> None:
        """End the child; its forks end when they have answered what they were asked."""
        with self._lock:
            self._end()

    def _work_off(
        self, left: deque[range], items: Sequence[bytes], bounds: Bounds, answers: dict[int, bytes | Beyond]
    ) -> None:
        """Ask one fork after another, until nothing is left."""
        fork: _Fork | None = None
        try:
            while True:
                try:
                    numbers = left.popleft()
                except IndexError:
                    if fork is not None:
                        self._wait(fork)
                    return
                used = fork is not None
                if fork is None:
                    fork = self._again(bounds)
                    used = fork is not None
                fork = fork or self._fork(bounds)
                done = _asked(fork, [items[number] for number in numbers])
                if rest := numbers[len(done) :]:
                    left.append(rest)
                last = done[-1] if done else None
                if isinstance(last, Beyond) or rest or not fork.fresh:
                    fork.close()
                    fork = None
                if isinstance(last, Beyond) and _may_be_the_forks(last, used or len(done) > 1):
                    fork = self._fork(bounds)
                    done[-1] = _asked(fork, [items[numbers[len(done) - 1]]])[0]
                    if isinstance(done[-1], Beyond):
                        fork.close()
                        fork = None
                answers.update(zip(numbers, done, strict=False))
        except BaseException:
            if fork is not None:
                fork.close()
            raise

    def _wait(self, fork: _Fork) -> None:
        """A fork that has done its work waits for more."""
        with self._lock:
            self._waiting.append(fork)
            while len(self._waiting) > WAITING:
                self._waiting.pop(0).close()

    def _again(self, bounds: Bounds) -> _Fork | None:
        """A fork that waits."""
        with self._lock:
            while self._waiting:
                fork = self._waiting.pop()
                if fork.bounds == bounds and fork.fresh and not _ended(fork.line):
                    return fork
                fork.close()
        return None

    def _fork(self, bounds: Bounds) -> _Fork:
        """A fork that has not worked yet. Raises NotStarted."""
        for number in range(TRIES):
            control: socket.socket | None = None
            gone = True
            ours, theirs = socket.socketpair()
            ours.settimeout(bounds.time + GRACE)
            try:
                with theirs, self._lock:
                    control = self._started()
                    socket.send_fds(control, [b"+"], [theirs.fileno()])
                gone = False
                _send(ours, ITEM, msgspec.json.encode(bounds))
                kind, _content = _heard(ours, MIB)
                if kind == READY:
                    return _Fork(ours, bounds, time.monotonic())
            except TimeoutError:
                gone = True
            except OSError:  # it was idle and has ended, somebody ended it, or it could not fork
                pass
            ours.close()
            with self._lock:  # another who waited may have started another meanwhile
                if control is self._control and (gone or self._dead() or number):
                    self._end()
            time.sleep(PAUSE * number)
        raise NotStarted("No process could be started to work within limits: has the machine memory left?")

    def _started(self) -> socket.socket:
        if self._control is None or self._dead():
            self._end()
            self._control, theirs = socket.socketpair()
            with theirs:
                self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, "-I", "-S", "-c", START, "\n".join(import_path()), self._names],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
        return self._control

    def _dead(self) -> bool:
        return self._child is None or self._child.poll() is not None

    def _end(self) -> None:
        for fork in self._waiting:
            fork.close()
        self._waiting.clear()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None


def _ended(fork: socket.socket) -> bool:
    """Whether a fork that should wait has ended: it says nothing unasked."""
    poll = select.poll()
    poll.register(fork, select.POLLIN)
    return bool(poll.poll(0))


def _may_be_the_forks(answer: Beyond, used: bool) -> bool:
    """Whether a fresh fork may answer: somebody ended this one, or it still held what earlier pieces took."""
    return answer.how == KILLED or (answer.how == TOO_BIG and used)


def _asked(fork: _Fork, items: Sequence[bytes]) -> list[bytes | Beyond]:
    """The answers of a fork; those after one that is Beyond were not asked, nor those after it had grown."""
    answers: list[bytes | Beyond] = []
    bounds = fork.bounds
    began = time.monotonic()
    try:
        _send(fork.line, ITEM, msgspec.msgpack.encode(items))
        while len(answers) < len(items):
            began = time.monotonic()
            kind, content = _heard(fork.line, bounds.output)
            if kind == GROWN:
                break
            if kind != DONE:
                answers.append(_beyond(kind, content, bounds))
                break
            answers.append(content)
    except OSError:  # the kernel ended it, or it is silent
        if time.monotonic() - began >= bounds.time * 0.9:
            answers.append(Beyond(words=f"took longer than {bounds.time:g} s", limit=True, how=SLOW))
        else:
            answers.append(Beyond(words="ended before there was an answer", limit=True, how=KILLED))
    return answers


def _beyond(kind: bytes, content: bytes, bounds: Bounds) -> Beyond:
    if kind == TOO_BIG:
        return Beyond(words=f"took more than {bounds.memory // MIB} MiB of memory", limit=True, how=kind)
    if kind == TOO_LONG:
        return Beyond(words=f"has an answer of more than {bounds.output // MIB} MiB", limit=True, how=kind)
    words = content.decode(errors="replace")[:LONGEST_CRASH]
    return Beyond(words=f"failed by a fault of ours ({words})", limit=False, how=kind)


def _send(to: socket.socket, kind: bytes, content: bytes) -> None:
    to.sendall(pack(HEAD, kind, len(content)) + content)


def _heard(source: socket.socket, most: int) -> tuple[bytes, bytes]:
    """The next frame. Raises OSError where there is none, or it is longer than it may be."""
    kind, length = unpack(HEAD, _exactly(source, HEAD_SIZE))
    if length > most:
        raise OSError("a frame of more than it may have")
    return kind, _exactly(source, length)


def _exactly(source: socket.socket, number: int) -> bytes:
    content = bytearray()
    while len(content) < number:
        part = source.recv(min(number - len(content), MIB))
        if not part:
            raise OSError("the other side has ended")
        content += part
    return bytes(content)


def main(names: str) -> None:
    """The nursery: fork for each who asks, until nobody is there to ask."""
    for number in (signal.SIGINT, signal.SIGTERM):  # it and its forks end with their sockets
        signal.signal(number, signal.SIG_IGN)
    work, *warm = map(_function, names.split())
    for one in warm:
        one()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is not None:
        libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        no_network(libc)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    control = socket.socket(fileno=os.dup(0))
    control.settimeout(IDLE)
    gc.collect()
    gc.freeze()  # else looking for garbage writes to every page that a fork shares
    while True:
        with suppress(InterruptedError):
            try:
                said, handles, _, _ = socket.recv_fds(control, 1, 1)
            except (TimeoutError, OSError):
                os._exit(0)
            if not said:
                os._exit(0)
            try:
                forked = bool(handles) and os.fork() == 0
            except OSError:  # no memory or no process is left: who asks hears that nobody is there
                forked = False
            if forked:
                control.close()
                _child(socket.socket(fileno=handles[0]), work)
            for handle in handles:
                os.close(handle)


def _function(name: str) -> Callable[..., bytes]:
    module, _, inside = name.partition(":")
    found: Callable[..., bytes] = getattr(importlib.import_module(module), inside)
    return found


def _child(job: socket.socket, work: Work) -> None:
    """A fork: do what is asked, and end the process."""
    end: Literal[0, 1] = 1
    with suppress(OSError):  # nobody is there any more
        job.settimeout(None)
        _, asked = _heard(job, MIB)
        bounds = msgspec.json.decode(asked, type=Bounds)
        os.close(0)
        os.open(os.devnull, os.O_RDONLY)
        _limit(bounds)
        _send(job, READY, b"")
        job.settimeout(IDLE)
        memory = _Memory()
        most = memory.size() + GROWTH
        while _several(job, work, bounds, memory, most):
            pass
        end = 0
    os._exit(end)


def _limit(bounds: Bounds) -> None:
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, bounds.memory),
    ):
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # by it the kernel ends this process, whatever it does


class _Memory:
    """How much this process has; what says so is opened once, for it is asked before each piece."""

    def __init__(self) -> None:
        self._said: int | None = None
        with suppress(OSError):
            self._said = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    def size(self) -> int:
        """Bytes of address space; 0 where the system does not say."""
        if self._said is None:
            return 0
        return int(os.pread(self._said, 64, 0).split(maxsplit=1)[0]) * resource.getpagesize()


def _several(job: socket.socket, work: Work, bounds: Bounds, memory: _Memory, most: int) -> bool:
    """Answer what comes at once; whether to go on. Raises OSError when nobody asks any more.

    most: the bytes of address space with which it does one more piece.
    """
    _, content = _heard(job, sys.maxsize)
    for item in msgspec.msgpack.decode(content, type=list[bytes]):
        if memory.size() > most:
            _send(job, GROWN, b"")
            return False
        signal.setitimer(signal.ITIMER_REAL, bounds.time)
        try:
            answer = work(item)
        except MemoryError:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(job, TOO_BIG, b"")
            return False
        except Exception as fault:  # of ours: it must not look like an answer
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(job, CRASHED, crash(fault).encode())
            return False
        signal.setitimer(signal.ITIMER_REAL, 0)
        if len(answer) > bounds.output:
            _send(job, TOO_LONG, b"")
            return False
        _send(job, DONE, answer)
    return True
