"""Confine this process for unpacking: it may start programs and write, in a folder that ends with it.

What `confine` forbids a reader, an unpacker lives on: files and processes. So it gets a room of its own, in
this order, and all of it or nothing is unpacked:

- nobody: where we are root, the identity of nobody
- namespaces: users, network (nothing in it), mounts, processes: whatever it started ends with it, also what
  left its session, and also if we are killed
- work folder: a tmpfs of bounded bytes and inodes, seen by nobody else, gone with the last process; nothing
  in it can be executed and no device in it opened
- landlock: programs and libraries may be read and executed, the work folder written, nothing else opened;
  no TCP port, no signal to others
- limits: for each process memory, processor time, file size and descriptors; for all their number
"""

import ctypes
import importlib
import os
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from shelfworthy.sandbox import confine
from shelfworthy.sandbox.limits import Limits

NEWNS, NEWPID = 0x0002_0000, 0x2000_0000  # sched.h
NOSUID, NODEV, NOEXEC, REC, PRIVATE = 2, 4, 8, 1 << 14, 1 << 18  # linux/mount.h
ADD_RULE, BENEATH = 445, 1  # linux/landlock.h
READS = 0b1101  # execute, read files, read folders
READS_FILE, WRITES_FILE, MAKES_SOCKETS = 0b100, 0b110, 1 << 9
# All rights but: execute, make character devices, sockets, block devices; ioctl of devices.
MAKES = (1 << 0) | (1 << 6) | MAKES_SOCKETS | (1 << 11) | (1 << 15)
FOLDER = "/dev/shm"  # noqa: S108 - there on every Linux; ours hides it, and takes semaphores as well
PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/magic")
DEVICES = {"/dev/null": WRITES_FILE, "/dev/urandom": READS_FILE, "/dev/zero": READS_FILE}

# What Python imports late of its own, when workers start and files of many kinds are opened. Who was root may
# not find it any more, for it may lie where only root may go.
LATE = (
    *("bz2", "compression", "encodings.cp437", "encodings.idna", "encodings.latin_1", "encodings.utf_16"),
    *("encodings.unicode_escape", "grp", "lzma", "multiprocessing.connection", "multiprocessing.heap"),
    *("multiprocessing.popen_fork", "multiprocessing.queues", "multiprocessing.reduction"),
    *("multiprocessing.resource_sharer", "multiprocessing.synchronize", "pwd", "tarfile", "tempfile"),
    *("traceback", "zipfile", "zlib"),
)

pipe = 1  # where what was seen is said


class Lacking(Exception):
    """The machine cannot confine an unpacker; in words."""


def enter(limits: Limits) -> tuple[str, ...]:
    """Confine this process, with the work folder as its current one. Names what holds. Raises Lacking."""
    if sys.platform != "linux":
        raise Lacking("unpacking is confined by Linux only.")
    for name in LATE:
        with suppress(ImportError):
            importlib.import_module(name)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(confine.SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = []
    if os.geteuid() == 0:
        confine.become_nobody()
        held.append("nobody")
    separate(libc)
    within(libc)
    folder(libc, limits)
    version = landlock(libc)
    speak_apart()
    libc.prctl(confine.SET_DUMPABLE, 0, 0, 0, 0)
    limit(limits)
    work = f"work folder of {limits.disk >> 20} MiB and {limits.inodes} inodes"
    return (*held, "no network", "own processes", work, f"landlock {version}", "limits")


def separate(libc: ctypes.CDLL) -> None:
    """Namespaces of its own, in which it is who it was."""
    user, group = os.geteuid(), os.getegid()
    libc.prctl(confine.SET_DUMPABLE, 1, 0, 0, 0)  # else its maps are root's to write
    if libc.unshare(confine.NEWUSER | confine.NEWNET | NEWNS | NEWPID) != 0:
        raise Lacking("this machine gives a user no namespaces (user, mount, network, process).")
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        raise Lacking("this machine lets nobody be somebody in a namespace of users.") from None


def within(libc: ctypes.CDLL) -> None:
    """Go on as the first of the namespace's processes; who began only waits, and ends as that one does."""
    parent = os.getpid()
    libc.prctl(confine.SET_PDEATHSIG, confine.SIGKILL, 0, 0, 0)  # each ends with who began it
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            died = os.WTERMSIG(status)
            with suppress(OSError):
                signal.signal(died, signal.SIG_DFL)
            os.kill(parent, died)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    libc.prctl(confine.SET_PDEATHSIG, confine.SIGKILL, 0, 0, 0)
    if os.getppid() != 0:  # in its namespace nobody is above it
        os._exit(1)


def folder(libc: ctypes.CDLL, limits: Limits) -> None:
    """Mount the work folder and go there."""
    if libc.mount(None, b"/", None, REC | PRIVATE, None) != 0:
        raise Lacking("this machine lets nobody mount in a namespace.")
    bounds = f"size={limits.disk},nr_inodes={limits.inodes},mode=0700".encode()
    if libc.mount(b"work", FOLDER.encode(), b"tmpfs", NOSUID | NODEV | NOEXEC, bounds) != 0:
        raise Lacking("this machine lets nobody mount a folder of bounded size.")
    os.chdir(FOLDER)
    os.umask(0o077)
    os.environ |= {"TMPDIR": FOLDER, "HOME": FOLDER, "PATH": os.pathsep.join(paths()), "LC_ALL": "C.UTF-8"}


def paths() -> tuple[str, ...]:
    """Where programs are looked for: beside the interpreter, then Debian's."""
    return (str(Path(sys.executable).parent), "/usr/bin", "/bin", "/usr/sbin", "/sbin")


def landlock(libc: ctypes.CDLL, also: Mapping[str, int] = MappingProxyType({})) -> int:
    """Give up all files but programs, libraries and the work folder. The ABI version. Raises Lacking.

    also: rights to more places.
    """
    version = int(libc.syscall(confine.CREATE_RULESET, None, 0, confine.ASK_VERSION))
    if version < 2:  # the first could not move files between folders
        raise Lacking("its kernel has no Landlock, or not the second version of it.")
    files = (1 << confine.FILE_RIGHTS.get(version, 16)) - 1
    rights = [files, confine.TCP_RIGHTS, confine.SCOPES][: 3 if version >= 6 else 2 if version >= 4 else 1]
    packed = struct.pack(f"={len(rights)}Q", *rights)
    rules = libc.syscall(confine.CREATE_RULESET, packed, ctypes.c_size_t(len(packed)), 0)
    if rules < 0:
        raise Lacking("its kernel refused the rules of Landlock.")
    for place in (*PROGRAMS, *our_own()):
        allow(libc, rules, place, READS & files)
    for place, right in {**DEVICES, **also}.items():
        allow(libc, rules, place, right & files)
    allow(libc, rules, FOLDER, files & ~MAKES)
    if libc.syscall(confine.RESTRICT_SELF, rules, 0) != 0:
        raise Lacking("its kernel refused the rules of Landlock.")
    os.close(rules)
    return version


def our_own() -> set[str]:
    """Where Python, what is installed for it and this package lie; not all of `sys.path`, which may name the
    folder somebody works in."""
    ours = Path(sys.executable).parent  # not followed: programs of an environment lie beside its link
    if (ours.parent / "pyvenv.cfg").is_file():
        ours = ours.parent
    installed = {place for place in sys.path if Path(place).name in ("site-packages", "dist-packages")}
    return {str(ours), sys.prefix, sys.base_prefix, str(Path(__file__).parents[1]), *installed}


def allow(libc: ctypes.CDLL, rules: int, place: str, rights: int) -> None:
    """One place and all below it; nothing where there is none."""
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not Path(place).is_dir():
        rights &= READS_FILE | WRITES_FILE | 1
    rule = struct.pack("=Qi", rights, opened)
    done = libc.syscall(ADD_RULE, rules, BENEATH, rule, 0)
    os.close(opened)
    if done != 0:
        raise Lacking("its kernel refused the rules of Landlock.")


def speak_apart() -> None:
    """What programs print is no word of ours: those keep a descriptor that no program inherits."""
    global pipe
    pipe = os.dup(1)  # dup makes it one that is not inherited
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)


def limit(limits: Limits) -> None:
    """The kernel's own limits, of every process from here on; none of them can be raised again."""
    most = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: limits.disk,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_NOFILE: limits.descriptors,
        resource.RLIMIT_AS: limits.memory,
    }
    for what, number in most.items():
        resource.setrlimit(what, (number, number))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.computing, limits.computing + 1))
