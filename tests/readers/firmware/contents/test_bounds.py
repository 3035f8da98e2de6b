"""Every bound of those who look for facts: what lies beyond it is found, or it is said that it was not."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, NotLooked, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.contents import (
    bounds,
    folder_tree,
    names,
    programs,
    secrets,
    settings,
    shell,
)
from shelfworthy.reference import PUBLISHED_KEYS, PUBLISHED_PASSWORDS, of_ours
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Left, Place
from tests.readers.firmware.contents.root import UPDATE_FIXED
from tests.readers.firmware.contents.seeing import contents
from tests.readers.firmware.contents.take import github
from tests.readers.firmware.contents.trees import Files
from tests.readers.firmware.with_tools import has, identity, run
from tests.specimen import outcome

ABOUT = About(
    surface=Firmware(id="image", where="firmware.bin"),
    references={
        "published-passwords": of_ours(PUBLISHED_PASSWORDS)[1],
        "published-keys": of_ours(PUBLISHED_KEYS)[1],
    },
)
PASSWD, SHADOW = b"root:x:0:0:root:/root:/bin/sh\n", b"root:!:17000:0:99999:7:::\n"
# A camera in which nothing is wrong that these checks ask about.
FINE: Mapping[str, bytes | str] = {
    "etc/passwd": PASSWD,
    "etc/shadow": SHADOW,
    "etc/inittab": b"ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100\n",
    "etc/init.d/rcS": b"#!/bin/sh\nmount -a\n",
    "usr/sbin/update.sh": UPDATE_FIXED.encode(),
}
SETTING, TELNET = b"password = Winter2017!\n", b"telnetd -l /bin/sh\n"
FLASHES = b"wget -O /tmp/f http://fw.bearcam-updates.com/f\nmtd -r write /tmp/f firmware\n"
KEY, TOKEN = identity("camera")[0], b"GITHUB=%s\n" % github()


def answer(check: str, *more: tuple[str, bytes | str]) -> tuple[Outcome, FirmwareContents]:
    """What the check says of the camera with these files besides."""
    seen = contents(Files({**FINE, **dict(more)}))
    return outcome(tuple(BY_ID[f"firmware-{check}"].judge(seen, ABOUT))), seen


CHECKS = ("passwords", "default-passwords", "private-keys", "services", "update-trust")


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_wrong_with_it(check: str) -> None:
    found, seen = answer(check)
    assert found is Outcome.PASS
    assert seen.left == ()


class Beyond(NamedTuple):
    """A bound that there was, and said nothing: what lies behind it."""

    check: str
    path: str
    content: bytes


SH = b"#!/bin/sh\n"
LONG = b"# a comment that goes on and on\n" * 40_000  # more than a MiB, and than 20,000 lines
FOUND = {
    "a text of more than a MiB": Beyond("passwords", "etc/a.conf", LONG + SETTING),
    "20,000 lines of short text": Beyond("passwords", "etc/a.conf", b"a\n" * 20_001 + SETTING),
    "a line of 4 KiB": Beyond("passwords", "etc/a.xml", b"<psk>Winter2017!</psk>" + b"<a></a>" * 600 + b"\n"),
    "a line of 4 KiB of blanks": Beyond("passwords", "etc/a.conf", b" " * 5000 + SETTING),
    "40 settings": Beyond("passwords", "etc/a.conf", b"password = files_1\n" * 3 + SETTING * 41),
    "accounts behind a MiB": Beyond("passwords", "etc/passwd", PASSWD + LONG + b"a::1:1::/:/bin/sh\n"),
    "accounts in 4 KiB": Beyond("passwords", "etc/passwd", b"a::1:1:%s:/:/bin/sh\n" % (b"a" * 5000)),
    "an account behind zeros": Beyond("passwords", "etc/passwd", bytes(99) + b"\na::1:1::/:/bin/sh\n"),
    "a script of more than a MiB": Beyond("services", "etc/init.d/rcS", SH + LONG + TELNET),
    "a script of more than 20,000 lines": Beyond("services", "etc/init.d/rcS", SH + b"a\n" * 20_001 + TELNET),
    "an inittab of more than a MiB": Beyond("services", "etc/inittab", LONG + b"ttyS0::askfirst:-/bin/sh\n"),
    "more than 500 variables": Beyond(
        "services",
        "etc/init.d/rcS",
        SH + b"".join(b"A%d=b\n" % n for n in range(600)) + b"T=telnetd\n$T -l /bin/sh\n",
    ),
    "an updater behind a MiB": Beyond("update-trust", "usr/sbin/u.sh", SH + LONG + FLASHES),
    "a program of more than 8 MiB": Beyond(
        "update-trust",
        "usr/bin/camd",
        b"\x7fELF" + bytes(9 << 20) + b"/dev/mtd0\0http://fw.bearcam-updates.com/firmware.bin\0",
    ),
    "an agent with 10 addresses in a line": Beyond(
        "update-trust",
        "etc/ota.conf",
        b"urls = %s http://fw.bearcam-updates.com/a.bin\n" % (b"https://fw.bearcam-updates.com/a " * 10),
    ),
    "a token behind 1000 that are none": Beyond(
        "private-keys", "etc/a.bin", b"ghp_%s\n" % (b"A" * 36) * 1001 + TOKEN
    ),
    "a key behind 100 certificates": Beyond("private-keys", "etc/a.pem", identity("camera")[1] * 101 + KEY),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_lies_beyond_a_bound_that_there_was_is_found(name: str) -> None:
    one = FOUND[name]
    found, seen = answer(one.check, (one.path, one.content))
    assert found is Outcome.FAIL
    assert seen.left == ()


def test_more_than_three_hundred_scripts_are_read() -> None:
    many = [(f"etc/init.d/S{number // 10:02}a{number}", SH + TELNET[:8]) for number in range(400)]
    last = ("etc/init.d/S99z", SH + b"nc -l -p 99 -e /bin/sh\n")
    _, seen = answer("services", *((path, SH + b"a\n") for path, _ in many), last)
    assert {one.place.file for one in seen.services if one.sort == "shell"} == {"etc/init.d/S99z"}


class Bound(NamedTuple):
    """A bound that there is. small: what it is made here. Beyond it in the content lies what is wrong."""

    check: str
    path: str
    content: bytes
    module: object = bounds
    name: str = "MOST"
    small: object = None


RCS, PEM = "etc/init.d/rcS", b"-----BEGIN PRIVATE KEY-----"
BLANK = b" " * 5000
BOUNDS = {
    "lines of settings": Bound("passwords", "etc/a.conf", b"key=no\n" * 30 + SETTING),
    "lines of accounts": Bound("passwords", "etc/passwd", b"#\n" * 30 + b"a::1:1::/:/bin/sh\n"),
    "lines of scripts": Bound("services", RCS, SH + b"a\n" * 30 + TELNET),
    "lines of updaters": Bound("update-trust", "usr/sbin/z.sh", SH + b"a\n" * 30 + FLASHES),
    "commands": Bound("services", RCS, SH + b"a; " * 12 + b"\n" + TELNET),
    "keys": Bound("private-keys", "etc/a.pem", identity("camera")[1] + KEY),
    "places of keys": Bound("private-keys", "etc/a", PEM * 5000 + KEY, secrets, "MOST_MATCHES", 5000),
    "comments of XML": Bound(
        "passwords", "etc/a.xml", b"<!---->" * 4 + b"\n<psk>Winter2017!</psk>\n", settings, "MOST_COMMENTS", 3
    ),
    "a line of blanks": Bound("passwords", "etc/a.conf", b"password = %s Winter17!\n" % BLANK),
    "variables": Bound(
        "services", RCS, SH + b"A=1\nB=2\nC=3\nD=telnetd\n$D -l /bin/sh\n", shell, "MOST_VARIABLES", 3
    ),
    "a variable": Bound("services", RCS, SH + b'A="telnetd %s"\n$A\n' % (b"a" * 3000)),
    "a command": Bound("services", RCS, SH + b"a %s; %s" % (b"b" * 5000, TELNET)),
    "a command that variables make long": Bound(
        "services", RCS, SH + b"A=%s\n$A $A $A telnetd\n" % (b"a" * 2000)
    ),
    "a script with bytes behind it": Bound("services", RCS, SH + b"exit\n\0\n" + TELNET),
    "an updater with bytes behind it": Bound(
        "update-trust", "usr/sbin/z.sh", UPDATE_FIXED.encode() + b"\0\n" + FLASHES
    ),
}
SMALL = {"lines of text": 20, "commands of scripts": 12, "keys and certificates": 1, "web addresses": 20}


@pytest.mark.parametrize("name", BOUNDS)
def test_nothing_passes_beside_a_bound_that_was_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = BOUNDS[name]
    monkeypatch.setattr(one.module, one.name, one.small or SMALL)
    found, seen = answer(one.check, (one.path, one.content))
    assert found is Outcome.INCONCLUSIVE
    assert not isinstance(seen.left, NotLooked)
    assert one.path in {left.place.file for left in seen.left}


def test_a_program_that_is_too_large_to_take_apart_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "LARGEST", 1 << 20)
    has("/usr/sbin/dropbear", "dropbear-bin")
    fine = ("usr/sbin/dropbear", Path("/usr/sbin/dropbear").read_bytes())
    assert answer("hardening", fine)[0] is Outcome.PASS
    found, seen = answer("hardening", fine, ("usr/bin/camd", b"\x7fELF" + bytes(2 << 20)))
    assert found is Outcome.INCONCLUSIVE
    assert not isinstance(seen.left, NotLooked)
    assert [(one.facts, one.place.file) for one in seen.left] == [("programs", "usr/bin/camd")]


def test_names_that_are_not_listed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MOST_OF_FILE", 3)
    several = b"".join(b"a%d = https://a%d.bearcam-cloud.com/\n" % (n, n) for n in range(9))
    _, seen = answer("services", ("etc/a.conf", several))
    assert not isinstance(seen.left, NotLooked)
    assert [(one.facts, one.place.file) for one in seen.left] == [("names", "etc/a.conf")]
    assert len(seen.names) >= 3


def test_a_hash_that_may_be_that_of_nothing_lets_no_console_pass() -> None:
    """It was not tried: with so many rounds, or of a kind that nobody can compute here."""
    stored = b"root:$6$rounds=999999999$saltsalt$%s:17000::::::\n" % (b"a" * 86)
    found, _ = answer("services", ("etc/shadow", stored))
    assert found is Outcome.INCONCLUSIVE
    tried = run("openssl", "passwd", "-6", "-salt", "bearsalt", "k8#Lq.unlisted", cwd=Path("/")).strip()
    found, _ = answer("services", ("etc/shadow", f"root:{tried}:17000::::::\n".encode()))
    assert found is Outcome.PASS


def test_what_is_left_is_bounded_too_and_said() -> None:
    several = bounds.Bounds("secrets")
    for number in range(2 * bounds.MOST_LEFT):
        several.note(0, f"etc/{number}", "why")
        several.note(0, f"etc/{number}", "why")
    assert len(several.left) == bounds.MOST_LEFT
    assert several.more
    assert several.left[0] == Left("secrets", "why", Place(0, "etc/0", 0, 0))


def test_a_folder_names_what_of_it_was_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long").write_bytes(b"a" * 100)
    (tmp_path / "short").write_bytes(b"a" * 10)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file").write_bytes(b"a")
    monkeypatch.setattr(folder_tree, "LARGEST", 50)
    monkeypatch.setattr(folder_tree, "DEEPEST", 1)
    tree = folder_tree.FolderTree(str(tmp_path), 0)
    for file in tree.files():
        tree.content(file)
    assert set(tree.unread) == {"deep/er", "long"}
    assert tree.truncated
