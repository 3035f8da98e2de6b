"""Services of a root file system: what waits for others, whether it starts by itself, whether it is open.

Open is what lets somebody in without a password: a shell on a port or on a serial line, a log-in with an
account that has none, a protocol that knows none.
"""

import re
from collections.abc import Iterable, Iterator

from shelfworthy.readers.firmware.contents.accounts import accounts
from shelfworthy.readers.firmware.contents.boot import Start, content_of, has_init, starts
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.text import shown
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.seen.firmware_contents import Account, Answer, Place, Service, ServiceSort

MOST = 200  # services of a part

SORTS: dict[str, ServiceSort] = {
    **dict.fromkeys(("telnetd", "utelnetd", "in.telnetd"), "telnet"),
    **dict.fromkeys(("ftpd", "vsftpd", "proftpd", "pure-ftpd", "in.ftpd", "bftpd", "stupid-ftpd"), "ftp"),
    **dict.fromkeys(("tftpd", "in.tftpd", "atftpd"), "tftp"),
    **dict.fromkeys(("adbd",), "adb"),
    **dict.fromkeys(("getty", "agetty", "mgetty", "sulogin"), "serial console"),
    **dict.fromkeys(("dropbear", "sshd"), "ssh"),
    **dict.fromkeys(
        (
            "httpd",
            "lighttpd",
            "uhttpd",
            "nginx",
            "boa",
            "goahead",
            "mini_httpd",
            "thttpd",
            "mongoose",
            "webs",
        ),
        "http",
    ),
    **dict.fromkeys(
        ("mosquitto", "smbd", "snmpd", "miniupnpd", "rsyncd", "x11vnc", "gdbserver", "redis-server"), "other"
    ),
}
SHELLS = frozenset({"sh", "ash", "bash", "dash", "hush", "ksh", "zsh"})
PROGRAM = re.compile(r"(?:usr/|usr/local/|opt/[^/]+/)?s?bin/([^/]+)")
ADB_SECURE = re.compile(rb"^\s*ro\.adb\.secure\s*=\s*([01])", re.MULTILINE)
STARTERS = (*SORTS, "nc", "netcat", "socat", "tcpsvd", "udpsvd")
SPOKEN_OF = re.compile(b"|".join(re.escape(name.encode()) for name in STARTERS))
SUREST = ("yes", "unknown", "no")
LOG_IN = ("telnet", "serial console")  # these ask /bin/login


def services(tree: Tree, bounds: Bounds) -> Iterator[Service]:
    """Every service, those that are started first; at most `MOST` and one, so that more can be told."""
    if not tree.root:
        return
    blank = some_blank(accounts(tree, bounds))
    told: set[tuple[str, ...]] = set()
    for one in sorted(starts(tree, SPOKEN_OF, bounds), key=lambda start: SUREST.index(start.boot)):
        sort, name = sort_of(one), called(one)
        if sort is None or (name, sort, one.terminal) in told:
            continue
        told.add((name, sort, one.terminal))
        if len(told) > MOST + 1:
            return  # whoever asks for more than `MOST` sees that
        free = is_open(tree, sort, one, blank)
        yield Service(sort, program_of(tree, one), one.boot, free, shown(one.says), one.place)
    yield from idle(tree, {name for name, *_ in told}, blank)


def some_blank(several: Iterable[Account]) -> Answer:
    """Whether an account lets somebody in who has no password: "unknown" where a hash may be that of nothing,
    which was not tried.
    """
    untried = False
    for one in several:
        if one.blank:
            return "yes"
        untried |= one.login and one.password == "hash" and not one.tried  # noqa: S105 - a word, not a password
    return "unknown" if untried else "no"


def called(one: Start) -> str:
    """The program that is started, by its name alone."""
    return one.words[0].lstrip("-").rpartition("/")[2]


def sort_of(one: Start) -> ServiceSort | None:
    """What a command offers; None where it offers nothing."""
    name = called(one)
    if name in SORTS:
        return SORTS[name]
    if name in SHELLS and one.terminal:
        return "serial console"
    if name in SHELLS and one.action in ("respawn", "askfirst") and len(one.words) == 1:
        return "serial console"  # on whatever the console is
    if name == "login" and one.action:
        return "serial console"
    if name in ("nc", "netcat", "ncat") and listens(one.words) and runs_shell(one.words):
        return "shell"
    if name == "socat" and any("LISTEN" in word for word in one.words) and runs_shell(one.words):
        return "shell"
    if name in ("tcpsvd", "udpsvd"):
        return next(
            (SORTS[last] for word in one.words[1:] if (last := word.rpartition("/")[2]) in SORTS), None
        )
    return None


def listens(words: tuple[str, ...]) -> bool:
    """Whether netcat waits for others."""
    return any(word.startswith("-") and "l" in word[1:] for word in words)


def runs_shell(words: tuple[str, ...]) -> bool:
    """Whether one of the arguments is a shell."""
    return any(re.split(r"[/:]", word)[-1].partition(",")[0] in SHELLS for word in words[1:])


def is_open(tree: Tree, sort: ServiceSort, one: Start, blank: Answer) -> Answer:
    """Whether it lets somebody in without a password. blank: whether an account has none."""
    words = one.words
    name = called(one)
    if sort in ("tftp", "shell") or (name == "gdbserver"):
        return "yes"
    if sort in LOG_IN:
        if name in SHELLS or logs_in_at_once(words):
            return "yes"
        return blank
    if sort == "ssh":
        empty = "-B" in words or b"\nPermitEmptyPasswords yes" in content_of(tree, "etc/ssh/sshd_config")
        return blank if empty else "no"
    if sort == "adb":
        return adb_open(tree)
    if sort == "ftp":
        anonymous = re.search(rb"(?mi)^anonymous_enable=yes", content_of(tree, "etc/vsftpd.conf"))
        return "yes" if name == "vsftpd" and anonymous else "unknown"
    if name == "mosquitto":
        allows = re.search(
            rb"(?m)^\s*allow_anonymous\s+true", content_of(tree, "etc/mosquitto/mosquitto.conf")
        )
        return "yes" if allows else "unknown"
    return "unknown"


def logs_in_at_once(words: tuple[str, ...]) -> bool:
    """Whether a getty or telnetd gives a shell in the place of the question who is there."""
    for at, word in enumerate(words[1:], 1):
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in ("-l", "-p", "--login-program") and after.rpartition("/")[2] in SHELLS:
            return True
        if word.startswith("-l") and word.rpartition("/")[2] in SHELLS:
            return True
        if words[0].endswith("getty") and (word == "-a" or word.startswith("--autologin")):
            return True
    return words[0].endswith("login") and "-f" in words


def adb_open(tree: Tree) -> Answer:
    """Whether adb asks who is there, by the properties."""
    for path in ("default.prop", "system/build.prop", "build.prop", "prop.default"):
        if said := ADB_SECURE.search(content_of(tree, path)):
            return "no" if said[1] == b"1" else "yes"
    return "unknown"


def program_of(tree: Tree, one: Start) -> str:
    """The path of the program, where it lies there."""
    word = one.words[0].lstrip("-")
    for path in (
        word.lstrip("/"),
        *(f"{folder}/{word}" for folder in ("usr/sbin", "usr/bin", "sbin", "bin")),
    ):
        if "/" in path and tree.find(path) is not None:
            return path
    return word[:200]


def idle(tree: Tree, known: set[str], blank: Answer) -> Iterator[Service]:
    """Services that lie there and that no start-up file names. A maker's own program may start them still."""
    boot: Answer = "no" if has_init(tree) else "unknown"
    for file in tree.files():
        match = PROGRAM.fullmatch(file.path)
        name = match[1] if match else ""
        if name in SORTS and name not in known:
            place = Place(tree.part, file.path, 0, 0)
            start = Start((file.path,), boot, "", "", "", place)
            yield Service(SORTS[name], file.path, boot, is_open(tree, SORTS[name], start, blank), "", place)
