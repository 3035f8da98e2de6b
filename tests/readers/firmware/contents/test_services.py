"""Services: what starts by itself, and what lets somebody in."""

import pytest

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.services import services
from shelfworthy.seen.firmware_contents import Service
from tests.readers.firmware.contents.trees import Files

SHUT = b"root:$1$b3arcam0$Pq1Tz5bC7W1d3iPMLvBKt.:0:0::/:/bin/sh\n"
BLANK = b"root::0:0::/:/bin/sh\n"
Tree = dict[str, bytes | str]


def of(files: Tree, passwd: bytes = SHUT) -> list[Service]:
    return list(services(Files({"etc/passwd": passwd, **files}), Bounds("services")))


def says(files: Tree, passwd: bytes = SHUT) -> list[tuple[str, str, str]]:
    return [(one.sort, one.boot, one.open) for one in of(files, passwd)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("::respawn:/usr/sbin/telnetd -F -l /bin/sh", ("telnet", "yes", "yes")),
        ("::respawn:/usr/sbin/telnetd -F", ("telnet", "yes", "no")),
        ("ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100", ("serial console", "yes", "no")),
        ("ttyS0::respawn:/sbin/getty -n -l /bin/sh ttyS0 115200", ("serial console", "yes", "yes")),
        ("T0:23:respawn:/sbin/agetty --autologin root ttyS0", ("serial console", "yes", "yes")),
        ("::askfirst:-/bin/sh", ("serial console", "yes", "yes")),
        ("ttyS0::askfirst:/bin/ash --login", ("serial console", "yes", "yes")),
        ("::respawn:/bin/login -f root", ("serial console", "yes", "yes")),
        ("::once:/usr/sbin/dropbear -R -F", ("ssh", "yes", "no")),
        ("::respawn:/usr/bin/httpd -f", ("http", "yes", "unknown")),
    ],
)
def test_inittab(line: str, expected: tuple[str, str, str]) -> None:
    inittab = f"# busybox\n#::respawn:/usr/sbin/telnetd\n::sysinit:/bin/mount -a\n{line}\n".encode()
    (one,) = of({"etc/inittab": inittab})
    assert (one.sort, one.boot, one.open) == expected
    assert inittab[one.place.at : one.place.at + one.place.length].decode() == line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("telnetd -l /bin/sh &", ("telnet", "yes", "yes")),
        ("/usr/sbin/telnetd", ("telnet", "yes", "no")),
        ("busybox telnetd -l/bin/ash", ("telnet", "yes", "yes")),
        ("[ -x /usr/sbin/telnetd ] && /usr/sbin/telnetd -l /bin/login", ("telnet", "yes", "no")),
        ("start-stop-daemon -S -p /var/run/t.pid -x /usr/sbin/telnetd -- -F", ("telnet", "yes", "no")),
        ("T=telnetd\nPORT=23\n/usr/sbin/$T -p ${PORT:-23}", ("telnet", "yes", "no")),
        ("if [ -x /usr/sbin/telnetd ]; then\n telnetd\nfi", ("telnet", "yes", "no")),
        ("if [ -f /mnt/debug ]; then\n telnetd -l /bin/sh\nfi", ("telnet", "unknown", "yes")),
        ("if [ -f /mnt/debug ]; then telnetd -l /bin/sh; fi", ("telnet", "unknown", "yes")),
        ("if grep -q dbg /proc/cmdline; then led on; fi\ntelnetd -F", ("telnet", "yes", "no")),
        ("if grep -q dbg /proc/cmdline; then\nled on\nfi\ntelnetd -F", ("telnet", "yes", "no")),
        ("if grep -q dbg /proc/cmdline; then telnetd -F; fi", ("telnet", "unknown", "no")),
        ("[ -f /mnt/debug ] && telnetd -l /bin/sh", ("telnet", "unknown", "yes")),
        ("while true; do nc -l -p 4444 -e /bin/sh; done", ("shell", "yes", "yes")),
        ("socat TCP-LISTEN:99,fork EXEC:/bin/sh &", ("shell", "yes", "yes")),
        ("tftpd -c /tmp", ("tftp", "yes", "yes")),
        ("tcpsvd -vE 0.0.0.0 21 ftpd -w / &", ("ftp", "yes", "unknown")),
        ("adbd &", ("adb", "yes", "unknown")),
        ("mosquitto -d", ("other", "yes", "unknown")),
    ],
)
@pytest.mark.parametrize("path", ["etc/init.d/rcS", "etc/rc.local", "etc/init.d/S80x", "init"])
def test_scripts(path: str, line: str, expected: tuple[str, str, str]) -> None:
    assert says({path: f"#!/bin/sh\n{line}\n".encode()}) == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "# telnetd -l /bin/sh",
        "echo starting telnetd",
        "killall telnetd",
        "rm -f /usr/sbin/telnetd",
        "[ -x /usr/sbin/telnetd ] || exit 0",
        "nc -l -p 80 > /tmp/file",
        "nc 10.0.0.1 80 -e /bin/true",
        "DAEMON=/usr/sbin/telnetd",
        "/bin/sh /etc/more.sh",
    ],
)
def test_what_starts_nothing(line: str) -> None:
    assert says({"etc/init.d/rcS": f"#!/bin/sh\n{line}\n".encode()}) == []


def test_an_account_without_password_opens_what_asks_for_one() -> None:
    tree: Tree = {
        "etc/inittab": b"ttyS0::respawn:/sbin/getty ttyS0\n::respawn:telnetd -F\n::respawn:dropbear -B -F\n"
    }
    assert says(tree) == [("serial console", "yes", "no"), ("telnet", "yes", "no"), ("ssh", "yes", "no")]
    assert says(tree, BLANK) == [
        ("serial console", "yes", "yes"),
        ("telnet", "yes", "yes"),
        ("ssh", "yes", "yes"),
    ]


SCRIPT = b"#!/bin/sh\n/usr/sbin/telnetd -l /bin/sh\n"


def test_a_script_that_no_link_starts_is_told_from_one_that_is_started() -> None:
    assert says({"etc/init.d/telnet": SCRIPT, "etc/rc.local": b"#!/bin/sh\n"}) == [("telnet", "no", "yes")]
    assert says({"etc/init.d/telnet": SCRIPT, "etc/rc.d/S50telnet": "../init.d/telnet"}) == [
        ("telnet", "yes", "yes")
    ]
    assert says({"etc/init.d/telnet": SCRIPT, "etc/rc3.d/S50telnet": "../init.d/telnet"}) == [
        ("telnet", "yes", "yes")
    ]
    assert says({"etc/init.d/telnet": SCRIPT, "etc/rc3.d/K50telnet": "../init.d/telnet"}) == [
        ("telnet", "no", "yes")
    ]
    every = b"#!/bin/sh\nfor i in /etc/init.d/*; do $i start; done\n"
    assert says({"etc/init.d/telnet": SCRIPT, "etc/init.d/rcS": every}) == [("telnet", "yes", "yes")]


def test_openwrt_starts_by_procd() -> None:
    script = (
        b"#!/bin/sh /etc/rc.common\nUSE_PROCD=1\nPROG=/usr/sbin/dropbear\nstart_service() {\n"
        b'\tprocd_open_instance\n\tif [ -n "$x" ]; then\n\tprocd_set_param command "$PROG" -F -B\n\tfi\n}\n'
    )
    assert says({"etc/init.d/dropbear": script, "etc/rc.d/S19dropbear": "../init.d/dropbear"}, BLANK) == [
        ("ssh", "yes", "yes")
    ]


def test_systemd_starts_what_is_wanted() -> None:
    unit = "usr/lib/systemd/system/{}.service"
    tree: Tree = {
        unit.format("telnet"): b"[Service]\nExecStart=-/usr/sbin/telnetd -F\n",
        unit.format("ftp"): b"[Service]\nExecStart=/usr/sbin/vsftpd\n",
        unit.format("serial-getty@"): b"[Service]\nExecStart=-/sbin/agetty --autologin root %I\n",
        "etc/systemd/system/multi-user.target.wants/telnet.service": "/usr/lib/systemd/system/telnet.service",
        "etc/systemd/system/getty.target.wants/serial-getty@ttyS0.service": "/x",
        "etc/vsftpd.conf": b"anonymous_enable=YES\n",
    }
    assert says(tree) == [
        ("serial console", "yes", "yes"),
        ("telnet", "yes", "no"),
        ("ftp", "no", "yes"),
    ]


def test_super_servers() -> None:
    inetd = (
        b"#ftp stream tcp nowait root /usr/sbin/ftpd ftpd\n"
        b"telnet stream tcp nowait root /usr/sbin/telnetd telnetd -l /bin/sh\n"
    )
    assert says({"etc/inetd.conf": inetd}) == [("telnet", "yes", "yes")]
    tcpd = b"tftp dgram udp wait root /usr/sbin/tcpd in.tftpd /boot\n"
    assert says({"etc/inetd.conf": tcpd}) == [("tftp", "yes", "yes")]
    xinetd = b"service telnet\n{\n server = /usr/sbin/in.telnetd\n disable = %s\n}\n"
    assert says({"etc/xinetd.d/telnet": xinetd % b"no"}) == [("telnet", "yes", "no")]
    assert says({"etc/xinetd.d/telnet": xinetd % b"yes"}) == [("telnet", "no", "no")]


def test_a_program_that_nothing_starts_is_told_as_there() -> None:
    tree: Tree = {"usr/sbin/telnetd": "../../bin/busybox", "bin/busybox": b"\x7fELF"}
    assert says(tree) == [("telnet", "unknown", "no")]  # nothing says what is started at all
    (one,) = of({**tree, "etc/inittab": b"::respawn:/bin/true\n"})
    assert (one.boot, one.program, one.place.file) == ("no", "usr/sbin/telnetd", "usr/sbin/telnetd")


def test_adb_by_its_properties() -> None:
    for value, expected in ((b"0", "yes"), (b"1", "no")):
        tree: Tree = {"init": b"#!/bin/sh\nadbd &\n", "default.prop": b"ro.adb.secure=" + value + b"\n"}
        assert says(tree) == [("adb", "yes", expected)]


def test_secrets_in_a_line_are_masked() -> None:
    line = b"#!/bin/sh\nhttpd --password=Tr0ub4dor -u admin:Tr0ub4dor http://a:Tr0ub4dor@b/ &\n"
    (one,) = of({"etc/rc.local": line})
    assert "Tr0ub4dor" not in repr(one)
    assert "httpd" in one.says


def test_parts_that_are_no_root_have_none() -> None:
    assert list(services(Files({"etc/rc.local": SCRIPT}, root=False), Bounds("services"))) == []
