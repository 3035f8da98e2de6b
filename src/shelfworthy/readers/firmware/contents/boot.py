"""What a root file system starts by itself, and what it has beside that: lines with where they stand.

Read are BusyBox' and System V's `inittab`, `rcS` and the scripts it calls, `rc?.d`, OpenWrt's `rc.d` with
procd, systemd's units, `inetd.conf` and `xinetd.d`. A program that a maker's own program starts is not seen.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.shell import commands
from shelfworthy.readers.firmware.contents.text import Line, is_comment, place
from shelfworthy.readers.firmware.contents.tree import File, Tree
from shelfworthy.seen.firmware_contents import Answer, Place

# Scripts that run whenever the system starts, and links to scripts that do.
ALWAYS = re.compile(
    r"etc/(?:init\.d/(?:rcS|rc\.sysinit|rc\.local)|rcS|rc|rc\.local|rc\.sysinit|init\.d/S\d\d[^/]*|rc\.d/(?:rc\.\w+|S\d\d[^/]*)"
    r"|rc[S2-5]\.d/S\d\d[^/]*|rcS\.d/S\d\d[^/]*|init\.sh|rc\.d/rcS)|(?:s?bin/)?init|linuxrc"
)
SCRIPTS = re.compile(r"etc/(?:init\.d|rc\.d)/[^/]+")
WANTED = re.compile(r"(?:etc|lib|usr/lib)/systemd/system/[^/]+\.(?:wants|requires)/([^/]+)")
UNIT = re.compile(r"(?:etc|lib|usr/lib)/systemd/system/([^/]+\.(?:service|socket))")
XINETD = re.compile(r"etc/xinetd\.d/[^/]+")
ROOTED = re.compile(r"^(?:rootfs/|squashfs-root/)?")
INITTAB = ("etc/inittab",)
ACTIONS = frozenset(
    {"sysinit", "respawn", "askfirst", "askconsole", "wait", "once", "boot", "bootwait", "respawnlate"}
)


class Start(NamedTuple):
    """A command that something starts. boot: whether the system does by itself. terminal: the serial line or
    console it is given to, "" for none; action: of an `inittab`.
    """

    words: tuple[str, ...]
    boot: Answer
    terminal: str
    action: str
    says: str
    place: Place


def starts(tree: Tree, names: re.Pattern[bytes], bounds: Bounds) -> Iterator[Start]:
    """Everything that is started or could be. names: what a script must speak of to be read."""
    found = {file.path: file for file in tree.files()}
    yield from inittab(tree, bounds)
    yield from scripts(tree, found, names, bounds)
    yield from units(tree, found, bounds)
    yield from inetd(tree, found, bounds)


def has_init(tree: Tree) -> bool:
    """Whether there is anything that says what is started: else nobody knows what is."""
    return any(
        file.path in INITTAB or ALWAYS.fullmatch(file.path) or WANTED.fullmatch(file.path)
        for file in tree.files()
    )


def inittab(tree: Tree, bounds: Bounds) -> Iterator[Start]:
    for file, line in texts(tree, INITTAB, bounds):
        fields = line.text.split(":", 3)
        if is_comment(line.text) or len(fields) < 4 or fields[2] not in ACTIONS:
            continue
        words = tuple(fields[3].split())
        if words:
            yield Start(
                words,
                "yes",
                fields[0] if fields[2].startswith("ask") or "tty" in fields[0] else "",
                fields[2],
                line.text,
                place(tree.part, file, line),
            )


def scripts(tree: Tree, found: dict[str, File], names: re.Pattern[bytes], bounds: Bounds) -> Iterator[Start]:
    """Scripts that are started, once each; and those that lie beside them and are not."""
    boot: dict[str, Answer] = {}
    for path, file in found.items():
        if ALWAYS.fullmatch(path) or SCRIPTS.fullmatch(path):
            there = tree.find(path) if file.target else file
            if there is not None:
                always = ALWAYS.fullmatch(path) is not None
                boot[there.path] = "yes" if always or boot.get(there.path) == "yes" else "no"
    runs = runs_all(tree, boot)
    for path, answer in sorted(boot.items()):
        content = bounds.text(tree.part, path, content_of(tree, path))
        if names.search(content) is None:
            continue  # most scripts are not about what is asked for
        procd = b"USE_PROCD" in content
        for command in commands(content, tree.part, path, bounds):
            words = after_starter(command.words)
            at = place(tree.part, path, command.line)
            known: Answer = "yes" if runs and path.startswith("etc/init.d/") else answer
            if known == "yes" and not (command.sure or procd):
                known = "unknown"
            yield Start(words, known, "", "", command.text, at)


def runs_all(tree: Tree, boot: dict[str, Answer]) -> bool:
    """Whether `rcS` goes through everything in `init.d`, whatever its name."""
    scripts = (path for path in boot if path.rpartition("/")[2] == "rcS")
    return any(b"init.d/*" in content_of(tree, path) for path in scripts)


def after_starter(words: tuple[str, ...]) -> tuple[str, ...]:
    """A command without what starts it: `start-stop-daemon -S -x telnetd -- -l sh` is `telnetd -l sh`."""
    name = words[0].rpartition("/")[2]
    if name in (
        "start-stop-daemon",
        "daemon",
        "start_daemon",
        "service_start",
        "procd_set_param",
        "setsid",
        "busybox",
    ):
        rest = [word for word in words[1:] if word not in ("--", "command")]
        for at, word in enumerate(rest):
            if not word.startswith("-") and (
                at == 0 or rest[at - 1] not in ("-p", "--pidfile", "-m", "-c", "-u", "-N")
            ):
                return tuple(rest[at:])
    return words


def units(tree: Tree, found: dict[str, File], bounds: Bounds) -> Iterator[Start]:
    """What systemd's units start. A unit is enabled by a link in a folder `.wants`."""
    wanted = {match[1] for path in found if (match := WANTED.fullmatch(path))}
    for path in sorted(found):
        unit = UNIT.fullmatch(path)
        if unit is None:
            continue
        name = unit[1]
        instance = name.replace("@.", "@")
        enabled = any(
            one == name or ("@" in name and one.startswith(instance.rpartition(".")[0])) for one in wanted
        )
        socket = name.removesuffix(".service").rstrip("@") + ".socket" in wanted
        for file, line in texts(tree, (path,), bounds):
            key, equals, value = line.text.partition("=")
            words = tuple(value.lstrip("-@+!:").split())
            if equals and key.strip() in ("ExecStart", "ExecStartPre") and words:
                terminal = name if "getty" in name else ""
                boot: Answer = "yes" if enabled or socket else "no"
                yield Start(words, boot, terminal, "", line.text, place(tree.part, file, line))


def inetd(tree: Tree, found: dict[str, File], bounds: Bounds) -> Iterator[Start]:
    """What the super-servers start when somebody connects."""
    for file, line in texts(tree, ("etc/inetd.conf",), bounds):
        fields = line.text.split()
        if not is_comment(line.text) and len(fields) >= 6:
            words = tuple(fields[6:] if fields[5].endswith("/tcpd") and len(fields) > 6 else fields[5:])
            yield Start(words[:1] + words[2:], "yes", "", "", line.text, place(tree.part, file, line))
    for path in sorted(path for path in found if XINETD.fullmatch(path)):
        said, at = {}, None
        for _, line in texts(tree, (path,), bounds):
            key, equals, value = (part.strip() for part in line.text.partition("="))
            said[key] = value
            at = place(tree.part, path, line) if equals and key == "server" else at
        if at is not None:
            boot: Answer = "no" if said.get("disable") == "yes" else "yes"
            words = (said["server"], *said.get("server_args", "").split())
            yield Start(words, boot, "", "", f"server = {' '.join(words)}", at)


def texts(tree: Tree, paths: tuple[str, ...], bounds: Bounds) -> Iterator[tuple[str, Line]]:
    """The lines of files, where they are there."""
    for path in paths:
        if (file := tree.find(path)) is not None:
            yield from ((file.path, line) for line in bounds.file_lines(tree, file, nulls=True))


def content_of(tree: Tree, path: str) -> bytes:
    """What a script or configuration holds; nothing where a program lies in its place."""
    file = tree.find(path)
    content = tree.content(file) if file is not None else b""
    return b"" if content.startswith(b"\x7fELF") else content
