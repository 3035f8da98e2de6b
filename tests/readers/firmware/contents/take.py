"""Take the specimens of the checks that judge what an image holds.

    python -m tests.readers.firmware.contents.take

A root file system is made of Debian's programs by the field's own tools, in two editions; what else there
may be in one is laid over it. The functions that look for facts read it.
"""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from msgspec import structs

from shelfworthy.model import About, Identity, Outcome, canonical
from shelfworthy.model.shared import SharedSecrets, mark
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.contents.tokens import BASE62
from shelfworthy.reference import PUBLISHED_PASSWORDS, of_ours
from shelfworthy.seen.firmware import FirmwareContents
from tests.harvest import write_specimen
from tests.readers.firmware.contents.root import root
from tests.readers.firmware.contents.seeing import CLOSED, LEFT, SECRET, contents
from tests.readers.firmware.contents.trees import Files, folder
from tests.readers.firmware.with_tools import run

F, P, I, M = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.MOOT  # noqa: E741
CHECKS = (
    "firmware-passwords",
    "firmware-default-passwords",
    "firmware-private-keys",
    "firmware-shared-secrets",
    "firmware-services",
    "firmware-hardening",
    "firmware-update-trust",
)
BEAR = Identity(name="Bear Cam", vendor="Bears & Sons", category="camera")
NOBODYS = b'[[key]]\nwho = "a key of somebody\'s tests"\nsha256 = ["%s"]\n' % (b"0" * 64)
KEY_NAME = "etc/server.key"
Answers = tuple[Outcome | None, ...]


class Case(NamedTuple):
    """What contents must be answered: for the seven checks in order, None where it makes no specimen."""

    name: str
    source: str
    seen: FirmwareContents
    answers: Answers
    keys: bytes = NOBODYS
    table: SharedSecrets | None = None


def cases(place: Path) -> Iterator[Case]:
    """All of them, over the two editions."""
    editions = {name: folder(root(place / name, name)) for name in ("2018", "fixed")}
    made = f"a camera of Debian's busybox, dropbear and mosquitto, edition %s, {date.today()}"
    old, fixed = (contents(editions[name]) for name in ("2018", "fixed"))
    yield Case("camera-2018", made % "2018", old, (F, F, F, I, F, F, F))
    yield Case("camera-fixed", made % "fixed", fixed, (P, P, P, M, P, F, P))
    yield from tables(old, made % "2018")
    few = Files({"etc/hostname": b"camera\n"})
    yield Case("nothing", "fixture: a root with a host name", contents(few), (I, I, P, M, I, I, I))
    one = Files({"usr/sbin/dropbear": (place / "fixed/usr/sbin/dropbear").read_bytes()})
    protected = contents(one)
    yield Case("debian-dropbear", "Debian's dropbear alone", protected, at(5, P))
    (group,) = protected.programs
    stripped = structs.replace(protected, programs=(structs.replace(group, canary="unknown"),))
    yield Case("fixture-stripped", "fixture: its names taken away", stripped, at(5, I))
    for name, part in (("closed", CLOSED), ("encrypted", SECRET)):
        seen = contents(few, part)
        yield Case(f"fixture-{name}", f"fixture: beside a part that is {name}", seen, (I,) * 7)
    left = structs.replace(fixed, left=LEFT, programs=protected.programs)
    yield Case("fixture-left", "fixture: the camera, fixed, not all of it looked at", left, (I,) * 7)
    yield from laid_over(place, fixed_files(editions["fixed"]))


def tables(old: FirmwareContents, source: str) -> Iterator[Case]:
    """What the camera of 2018 shares, by several tables."""
    prints = [one.fingerprint for one in old.accounts + old.secrets if one.fingerprint]
    others = [Identity(name=f"Cat Cam {number}", vendor="Cats").key for number in range(3)]
    both = table(prints, [BEAR.key, *others])
    yield Case("shared", f"{source}; a table of four products", old, at(3, F), table=both)
    alone = table(prints, [BEAR.key])
    yield Case("no-others", f"{source}; a table of itself", old, at(3, I), table=alone)
    strangers = table([], [BEAR.key, *others])
    yield Case("own", f"{source}; a table of others", old, at(3, P), table=strangers)
    key = next(one for one in old.secrets if one.place.file == KEY_NAME)
    published = NOBODYS.replace(b"0" * 64, key.fingerprint.encode())
    yield Case("published", f"{source}; its key published", old, at(2, F), keys=published)


def laid_over(place: Path, fixed: Mapping[str, bytes | str]) -> Iterator[Case]:
    """The fixed edition, with one file of it another."""
    made = run("openssl", "passwd", "-6", "-salt", "bearsalt", "k8#Lq.unlisted", cwd=place).strip().encode()
    private = ("-aes128", "-pass", "pass:unknown", "-out", "locked.pem")
    run("openssl", "genpkey", "-algorithm", "RSA", *private, cwd=place)
    locked = (place / "locked.pem").read_bytes()
    shadow, rcs, update = "etc/shadow", "etc/init.d/rcS", "usr/sbin/update.sh"
    start, root_is = b"#!/bin/sh\n/usr/sbin/%s\n", b"root:%s:17000:0:99999:7:::\n"
    url = b"https://fw.bearcam-updates.com/fw.bin"
    skips = b"curl -sk %s -o /tmp/f\nopenssl dgst -verify k /tmp/f\nmtd write /tmp/f fw\n" % url
    tells = b"wget %s -O /tmp/f && sysupgrade /tmp/f\n" % url
    over: tuple[tuple[str, str, Answers, str, bytes], ...] = (
        ("built-in", "a password that is on no list", (F, I, None, I), shadow, root_is % made),
        ("blank", "root without a password", (F, F, None, None, F), shadow, root_is % b""),
        ("setting", "a password in a setting", (F, I), "etc/cloud.conf", b"[a]\npassword = Winter2017!\n"),
        ("clear", "BusyBox' httpd.conf", (F,), "etc/httpd.conf", b"/cgi-bin:camera:Herbst2015\n"),
        ("pass-phrase", "an encrypted key", (None, None, F, I), "etc/ssl/server.pem", locked),
        ("token", "a token", at(2, F), "etc/sync.env", b"GITHUB=%s\n" % github()),
        ("telnet", "telnetd", at(4, F), rcs, start % b"telnetd"),
        ("httpd", "httpd", at(4, I), rcs, start % b"httpd -p 80"),
        ("unchecked", "curl -k", at(6, F), update, b"#!/bin/sh\n" + skips),
        ("untold", "wget and sysupgrade", at(6, I), update, b"#!/bin/sh\n" + tells),
    )
    for name, what, answers, path, content in over:
        seen = contents(Files({**fixed, path: content}))
        yield Case(name, f"fixture: the camera, fixed, {what}", seen, answers)


def at(number: int, outcome: Outcome) -> Answers:
    """The answer of one check alone."""
    return (None,) * number + (outcome,)


def fixed_files(tree: Files) -> Mapping[str, bytes | str]:
    """The files of the fixed edition, as bytes and links."""
    return {file.path: file.target or tree.content(file) for file in tree.files()}


def table(fingerprints: list[str], products: list[str]) -> SharedSecrets:
    """A table that has all of these in all of those."""
    return SharedSecrets(
        version="1",
        date="2026-11-29",
        products=tuple(sorted(mark("", one) for one in products)),
        secrets={name: tuple(sorted(mark(name, one) for one in products)) for name in fingerprints},
    )


def github() -> bytes:
    """A token that nobody was given, with a right check sum."""
    body = sha256(b"a test").hexdigest()[:30].encode()
    number, made = crc32(body), ""
    while number:
        number, digit = divmod(number, 62)
        made = BASE62[digit] + made
    return b"ghp_" + body + made.rjust(6, "0").encode()


def main() -> None:
    passwords = of_ours(PUBLISHED_PASSWORDS)[1]
    with tempfile.TemporaryDirectory() as temporary:
        for case in cases(Path(temporary)):
            for check, expected in zip(CHECKS, case.answers, strict=False):
                if expected is None:
                    continue
                references = {
                    "firmware-passwords": {"published-passwords": passwords},
                    "firmware-default-passwords": {"published-passwords": passwords},
                    "firmware-private-keys": {"published-keys": case.keys},
                }.get(check, {})
                if check == "firmware-shared-secrets" and case.table:
                    references = {"shared-secrets": canonical(case.table)}
                product = BEAR if check == "firmware-shared-secrets" else None
                surface = Firmware(id="image", where="firmware.bin")
                about = About(surface=surface, references=references, product=product)
                print(write_specimen(check, case.seen, about, case.source, case.name, expected))


if __name__ == "__main__":
    main()
