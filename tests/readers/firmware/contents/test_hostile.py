"""Whatever is in the files: an answer, in bounded time; and all of it works in the reader's child."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.contents import libcrypt
from shelfworthy.readers.firmware.contents.accounts import accounts
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.names import names
from shelfworthy.readers.firmware.contents.programs import programs
from shelfworthy.readers.firmware.contents.published import PASSWORDS
from shelfworthy.readers.firmware.contents.secrets import secrets
from shelfworthy.readers.firmware.contents.services import services
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.readers.firmware.contents.updaters import updaters
from tests.readers.firmware.contents.trees import Files
from tests.readers.firmware.with_tools import identity

EVERY: tuple[Callable[[Tree, Bounds], Iterator[Any]], ...] = (
    accounts,
    secrets,
    services,
    updaters,
    names,
    programs,
)
PATHS = (
    "etc/passwd",
    "etc/shadow",
    "etc/inittab",
    "etc/init.d/rcS",
    "etc/rc.local",
    "etc/httpd.conf",
    "etc/inetd.conf",
    "etc/xinetd.d/x",
    "etc/systemd/system/x.service",
    "etc/systemd/system/a.wants/x.service",
    "etc/mosquitto/passwd",
    "etc/wpa_supplicant.conf",
    "etc/mender/mender.conf",
    "etc/opkg.conf",
    "usr/sbin/update.sh",
    "usr/bin/camd",
    "etc/dropbear/host",
    "nvs.bin",
)
WORDS = st.sampled_from(
    rb""": root x $6$ $1$ rounds=9 telnetd -l /bin/sh if fi then ${ } $ A=$A http:// a.bear.com @ %s AAAA =
    password sta.pswd eyJ AKIA mtd wget ::respawn: #!/bin/sh ExecStart= server KEY----- -----END""".split()
)
BYTES = st.sampled_from(
    [b"\n", b"\0", b"\xff", b"\x30\x82", b" ", b"\\\n", b"\x7fELF", b"-----BEGIN RSA PRIVATE "]
)
CONTENT = st.one_of(st.binary(max_size=400), st.lists(WORDS | BYTES, max_size=60).map(b"".join))


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(PATHS), CONTENT, max_size=5))
def test_anything_is_answered(files: dict[str, bytes]) -> None:
    tree = Files(files)
    began = time.process_time()
    for find in EVERY:
        assert list(find(tree, Bounds("files"))) == list(find(tree, Bounds("files")))
    assert time.process_time() - began < 2


BAD = {
    "begins of keys": b"-----BEGIN RSA PRIVATE KEY-----" * 100_000,
    "a key that never ends": b"-----BEGIN RSA PRIVATE KEY-----\n" + b"QUJD\n" * 400_000,
    "one long line": b"password = " + b"a" * 3_000_000,
    "blanks": b" " * 500_000 + b"=\n" + b"\t" * 500_000,
    "words of a host": b"host = " + b"a." * 400_000 + b"!",
    "lines of hosts": b"".join(b"host%d = %s!\n" % (number, b"a." * 200) for number in range(2000)),
    "variables": b"#!/bin/sh\n"
    + b"".join(b"A%d=$A%d$A%d\n" % (n, n - 1, n - 1) for n in range(1, 5000))
    + b"$A4999\n",
    "one variable": b"#!/bin/sh\nA=$A$A$A\n" * 5000 + b"telnetd $A\n",
    "quotes": b"#!/bin/sh\n" + b"'\"`$(" * 100_000,
    "URLs": b"http://" * 300_000,
    "URLs of many hosts": b"".join(b"http://h%d.a.local/" % number for number in range(100_000)),
    "URL characters": b"http://a.com/" + b"a" * 800_000,
    "access keys": b"AKIAQYLPMN5HFIQR7XYA " * 40_000,
    "web tokens": b"eyJ" + b"a" * 1000 + b".eyJ" * 50_000,
    "colons": b":" * 1_000_000 + b"\n" + b"::::::::\n" * 50_000,
    "comments": b"<!--" * 250_000,
    "ifs": b"#!/bin/sh\n" + b"if a; then\n" * 20_000 + b"fi\n" * 40_000,
    "sh fields": b"\0\0\0\0" * 15_000,
    "telnet servers": b"#!/bin/sh\n" + b"[ -f a ] && telnetd -l /bin/sh\n" * 5000,
    "program": b"\x7fELF" + b"/dev/mtd http://" * 60_000,
}


LONGER = ("URLs", "URLs of many hosts", "a key that never ends", "one long line", "begins of keys")


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.slow) if one in LONGER else one for one in BAD]
)
def test_nothing_takes_long(name: str) -> None:
    tree = Files(dict.fromkeys(PATHS, BAD[name]) | {"etc/a.xml": BAD[name]})
    began = time.process_time()
    for find in EVERY:
        list(find(tree, Bounds("files")))
    assert time.process_time() - began < 8, "a second or two for twenty files is what it takes"


def test_bytes_of_a_program_that_were_changed_do_not_end_the_child() -> None:
    whole = Path("/bin/true").read_bytes()
    chance = Random(7)
    tree: dict[str, bytes | str] = {}
    for number in range(300):
        changed = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            changed[chance.randrange(4, 4000)] = chance.randrange(256)
        tree[f"usr/bin/{number:03}"] = bytes(changed[: chance.choice((len(whole), 3000, 20_000))])
    assert 0 < sum(group.count for group in programs(Files(tree), Bounds("programs"))) <= 300


# What only libcrypt computes.
SLOW = (
    "$2b$04$KBCwKxOzLha2MUDgW0PjXe" + "a" * 31,
    f"$y$j75$k2XAnEHBqQ1Ct2aMXFKNa/${'a' * 43}",
    f"$7$8U..../....k2XAnEHBqQ1Ct2aMXFKNa/${'a' * 43}",
)
CHILD = """
import sys
from tests.readers.firmware.contents.test_hostile import EVERY, SLOW
from tests.readers.firmware.contents.trees import Files
from shelfworthy.readers.firmware.contents import late
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.hashes import Trying
from shelfworthy.sandbox.confine import confine, hook
from shelfworthy.sandbox.limits import Limits
key = sys.stdin.buffer.read()
program = open("/bin/true", "rb").read()
tree = Files({
    "etc/passwd": b"root:abJnggxhB/yWI:0:0::/:/bin/sh\\na:$1$b3arcam0$x.:1:1::/:/bin/sh\\n",
    "etc/shadow": b"a:$6$saltsalt$" + b"a" * 86 + b":::::::\\nb:$5$saltsalt$" + b"a" * 43 + b":::::::\\n"
    b"c:$apr1$saltsalt$" + b"a" * 22 + b":::::::\\n",
    "etc/mosquitto/passwd": b"a:$7$101$bGFzYWx0$" + b"A" * 86 + b"==\\n",
    "etc/key": key, "bin/true": program, "etc/init.d/rcS": b"#!/bin/sh\\ntelnetd -l /bin/sh\\n",
    "usr/sbin/update.sh": b"#!/bin/sh\\nwget http://fw.bear.com/a\\nmtd write a b\\n",
    "etc/cam.conf": b"url = mqtts://a.bear.com\\nurl = https://b.s3.amazonaws.com/x\\nserver = x.bear.de\\n",
})
late.lief()  # the one import that waits, where a work folder leaves what is installed readable
confine(Limits())
stopped = []
hook(stopped)
tried = Trying()
many = [len(list(find(tree, Bounds("files")))) for find in EVERY]
print([tried.at(one).tried for one in SLOW], many, stopped)
"""


def test_all_of_it_works_in_a_child_that_can_open_nothing_any_more() -> None:
    tried = len(PASSWORDS) if all(libcrypt.rounds(one) for one in SLOW) else 0
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=identity("camera")[0],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() == f"{[tried] * len(SLOW)} [5, 1, 1, 1, 4, 1] []"
