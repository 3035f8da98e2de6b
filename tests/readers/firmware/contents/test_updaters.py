"""Updaters: where from, over what, and what is verified."""

import pytest

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.updaters import updaters
from shelfworthy.seen.firmware_contents import Updater
from tests.readers.firmware.contents.trees import Files

UPDATES = "fw.bearcam-updates.com"


def of(content: bytes, path: str = "usr/sbin/update.sh") -> list[Updater]:
    return list(updaters(Files({path: content}), Bounds("updaters")))


def script(*lines: str) -> bytes:
    return "\n".join(("#!/bin/sh", *lines, "")).encode()


HTTP, HTTPS = f"http://{UPDATES}/fw.bin", f"https://{UPDATES}/fw.bin"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [  # secure, verifies, signed
        ((f"wget {HTTP} -O /tmp/f", "mtd write /tmp/f fw"), ("no", "no", "no")),
        ((f"wget {HTTP} -O /tmp/f && md5sum -c /tmp/m && flashcp /tmp/f /dev/mtd1",), ("no", "no", "no")),
        ((f"curl -sk {HTTPS} -o /tmp/f", "dd if=/tmp/f of=/dev/mtdblock3"), ("yes", "no", "no")),
        ((f"wget --no-check-certificate {HTTPS}", "nandwrite /dev/mtd2 f"), ("yes", "no", "no")),
        ((f"wget {HTTPS}", "sysupgrade /tmp/f"), ("yes", "unknown", "unknown")),
        ((f"wget {HTTPS}", "sysupgrade -F /tmp/f"), ("yes", "unknown", "no")),
        ((f"curl -f {HTTPS} -o /tmp/f", "swupdate -i /tmp/f"), ("yes", "yes", "no")),
        ((f"curl -f {HTTPS} -o /tmp/f", "swupdate -k /etc/key -i /tmp/f"), ("yes", "yes", "yes")),
        ((f"curl -f {HTTPS} -o /tmp/f", "rauc install /tmp/f"), ("yes", "yes", "yes")),
        (
            (f"curl -f {HTTPS} -o /tmp/f", "usign -q -V -m /tmp/f -p /etc/k", "mtd write f fw"),
            ("yes", "yes", "yes"),
        ),
        ((f"curl -f {HTTPS} -o /tmp/f", "bear-verify /tmp/f", "mtd write f fw"), ("yes", "yes", "unknown")),
        (("tftp -g -r fw.bin 10.0.0.1", "mtd write fw.bin fw"), ("no", "no", "no")),
        (("mtd write /tmp/upload fw",), ("unknown", "unknown", "no")),
    ],
)
def test_scripts(lines: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    (one,) = of(script(*lines))
    assert (one.secure, one.verifies, one.signed) == expected
    assert one.shown_by == "script"


def test_variables_are_put_in_and_what_may_be_secret_is_left_out() -> None:
    lines = (
        "HOST=" + UPDATES,
        'URL="http://cam:Tr0ub4dor@$HOST/a/${FILE:-b.bin}?key=Tr0ub4dor"',
        "wget $URL",
        "mtd write b f",
    )
    (one,) = of(script(*lines))
    assert one.url == f"http://{UPDATES}/a/b.bin"
    assert "Tr0ub4dor" not in repr(one)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("usr/sbin/weather.sh", script(f"wget {HTTP}")),  # it installs nothing
        ("usr/sbin/help.sh", script('echo "sysupgrade file"', f"# wget {HTTP}; mtd write a b")),
        ("usr/bin/tool", b"#!/usr/bin/perl\nsystem('mtd write a b');\n"),
        ("usr/bin/curl", b"\x7fELF\0http://fw.bearcam-updates.com/firmware.bin\0"),  # it writes to no flash
        (
            "usr/bin/mtd",
            b"\x7fELF\0/dev/mtd\0http://www.infradead.org/firmware\0",
        ),  # upstream's documentation
        ("etc/motd", b"see http://fw.bearcam-updates.com/firmware"),
    ],
)
def test_what_updates_nothing(path: str, content: bytes) -> None:
    assert of(content, path) == []


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("etc/mender/mender.conf", b'{"ServerURL": "https://m.bear.com"}', ("yes", "unknown", "no")),
        (
            "etc/mender/mender.conf",
            b'{"ServerURL": "https://m.bear.com", "ArtifactVerifyKey": "/k", "C": {"SkipVerify": true}}',
            ("yes", "no", "yes"),
        ),
        ("etc/opkg/distfeeds.conf", b"src/gz base http://dl.bear.com/base\n", ("no", "no", "unknown")),
        ("etc/opkg.conf", b"src/gz a http://dl.bear.com/a\noption check_signature\n", ("no", "no", "yes")),
        (
            "etc/swupdate.cfg",
            b'public-key-file = "/k";\nurl = "https://u.bear.com";\n',
            ("yes", "unknown", "yes"),
        ),
        ("etc/fota.ini", b"server=http://fota.bear.com/q?id=1\n", ("no", "no", "unknown")),
    ],
)
def test_configuration_of_agents(path: str, content: bytes, expected: tuple[str, str, str]) -> None:
    (one,) = of(content, path)
    assert (one.secure, one.verifies, one.signed) == expected
    assert one.shown_by == "configuration"
    assert "?" not in one.url


@pytest.mark.parametrize(
    ("strings", "expected"),
    [
        (b"http://fw.bear.com/firmware/latest.bin\0/dev/mtd3\0", ("no", "no", "no")),
        (
            b"https://fw.bear.com/ota?id=%s\0sysupgrade %s\0EVP_DigestVerifyFinal\0",
            ("yes", "unknown", "unknown"),
        ),
        (b"https://fw.bear.com/ota\0wget --no-check-certificate\0/dev/mtd\0", ("yes", "no", "no")),
    ],
)
def test_programs_by_their_strings(strings: bytes, expected: tuple[str, str, str]) -> None:
    (one,) = of(b"\x7fELF\0" + strings, "usr/bin/updated")
    assert (one.secure, one.verifies, one.signed) == expected
    assert one.shown_by == "program"
