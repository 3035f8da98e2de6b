"""Names: what the maker's files name, and what everybody's do."""

import pytest

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.names import MOST, names
from tests.readers.firmware.contents.trees import Files


def of(path: str, content: bytes) -> list[str]:
    return [one.what for one in names(Files({path: content}), Bounds("names"))]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("etc/cam.conf", b"api = https://api.bear.com/v1?key=1\n", ["https://api.bear.com/v1"]),
        ("etc/cam.conf", b"url=mqtts://a:b@mqtt.bear.com:8883\n", ["mqtts://mqtt.bear.com:8883"]),
        ("etc/config/cam", b"\toption server 'Cloud.Bear.com'\n", ["cloud.bear.com"]),
        ("etc/cam.json", b'  "mqtt_host": "mqtt.bear.co.uk",\n', ["mqtt.bear.co.uk"]),
        ("etc/ntp.conf", b"server 0.bear.pool.ntp.org\n", ["0.bear.pool.ntp.org"]),
        ("etc/cam.conf", b"host = 8.8.8.8\nurl = http://8.8.8.8/x\n", ["http://8.8.8.8/x"]),
        ("usr/bin/camd", b"\x7fELF\0https://api.bear.com/v2/%s?x\0", ["https://api.bear.com/v2/"]),
        ("usr/bin/camd", b"\x7fELF\0curl -s http://ota.bear.com/f -o /tmp/f\0", ["http://ota.bear.com/f"]),
        ("usr/bin/camd", b"\x7fELF\0wss://live.bear.com\0", ["wss://live.bear.com"]),
        ("etc/a.conf", b"x=http://a.bear.com/\nx=http://a.bear.com/\n", ["http://a.bear.com/"]),
    ],
)
def test_what_is_named(path: str, content: bytes, expected: list[str]) -> None:
    assert of(path, content) == expected


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("etc/cam.conf", b"# see https://docs.bear.com\n// https://x.bear.com/\n"),
        ("etc/cam.conf", b"url = http://192.168.1.1/\nurl = http://localhost/\nhost = cam.local\n"),
        ("etc/cam.conf", b"url = http://$HOST/\nurl = http://%s/\nurl = https://${A}.bear.com/\n"),
        ("etc/cam.conf", b"host = file.conf2\nserver = example.com\nserver = api.example.com\n"),
        ("etc/dbus.conf", b'"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n'),
        ("usr/bin/camd", b"\x7fELF\0http://www.w3.org/2001/XMLSchema\0http://schemas.xmlsoap.org/soap/\0"),
        ("usr/bin/camd", b"\x7fELF\0Report bugs to <https://bugs.someproject.com/>.\0"),
        ("usr/bin/camd", b"\x7fELF\0More is told at https://someproject.com/x\0"),
        ("usr/sbin/dropbear", b"\x7fELF\0https://matt.someproject.com/dropbear\0"),
        ("usr/lib/libfoo.so.1", b"\x7fELF\0https://foo.someproject.com/\0"),
        ("www/index.html", b'<a href="https://shop.bear.com/">\n'),
        ("usr/share/doc/x/README", b"https://api.bear.com/\n"),
        ("etc/ssl/certs/ca.pem", b"http://ocsp.somebody.com/\n"),
    ],
)
def test_what_is_not_the_makers(path: str, content: bytes) -> None:
    assert of(path, content) == []


def test_places_and_roles() -> None:
    content = b"a=1\napi = https://api.bear.com/v1\nntp_server = time.bear.com\n"
    url, host = names(Files({"etc/cam.conf": content}), Bounds("names"))
    assert (url.role, host.role) == ("configured", "time server")
    for one in (url, host):
        found = content[one.place.at : one.place.at + one.place.length].decode()
        assert found == one.what


def test_what_is_named_is_bounded() -> None:
    files = {
        f"etc/a{number}.conf": b"".join(
            b"x=http://h%d-%d.bear.com/\n" % (number, other) for other in range(200)
        )
        for number in range(10)
    }
    assert len(list(names(Files(files), Bounds("names")))) == MOST + 1


POLICY = "privacy policy"


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("etc/cam.conf", b"policy = https://bear.com/privacy?x=1\n", "https://bear.com/privacy"),
        (
            "etc/cam.conf",
            b"legal = https://bear.com/legal/privacy.html\n",
            "https://bear.com/legal/privacy.html",
        ),
        ("usr/bin/camd", b"\x7fELF\0https://u:p@bear.com/datenschutz\0", "https://bear.com/datenschutz"),
        # People are to read it: that is what a policy is for.
        (
            "usr/bin/camd",
            b"\x7fELF\0Read https://bear.com/privacy-policy.\0",
            "https://bear.com/privacy-policy",
        ),
        ("www/about.html", b'<a href="https://bear.com/privacidad">\n', "https://bear.com/privacidad"),
        (
            "www/about.html",
            "<a href='https://bear.com/l/7'>Datenschutzerklärung</a>".encode(),
            "https://bear.com/l/7",
        ),
        ("www/app.js", b'const p="https://bear.com/confidentialite";', "https://bear.com/confidentialite"),
        (
            "www/i18n/ja.json",
            b'{"p":"https://bear.com/%E3%83%97%E3%83%A9%E3%82%A4%E3%83%90%E3%82%B7%E3%83%BC"}',
            "https://bear.com/%E3%83%97%E3%83%A9%E3%82%A4%E3%83%90%E3%82%B7%E3%83%BC",
        ),
        (
            "usr/bin/camd",
            b"\x7fELF\0" + "https://bear.com/privacy".encode("utf-16-le") + b"\0\0",
            "https://bear.com/privacy",
        ),
    ],
)
def test_a_policy_is_named_with_its_path(path: str, content: bytes, expected: str) -> None:
    (one,) = names(Files({path: content}), Bounds("names"))
    assert (one.what, one.role) == (expected, POLICY)
    assert b"http" in content[one.place.at : one.place.at + one.place.length].replace(b"\0", b"")[:5]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (
            "www/about.html",
            b'<a href="javascript:privacy()">Privacy policy</a> <a href="/privacy">Privacy policy</a>',
        ),
        ("www/about.html", b'<a href="https://openwrt.org/privacy">Privacy</a>'),
        ("usr/share/doc/x/README", b"https://bear.com/privacy\n"),
        ("usr/lib/libfoo.so.1", b"\x7fELF\0https://foo.someproject.com/privacy\0"),
        ("usr/bin/camd", b"\x7fELF\0https://bear.com/%s/privacy\0http://192.168.1.1/privacy\0"),
        ("www/a.html", b"<!-- https://bear.com/privacy\x1b[2J -->".replace(b"privacy", b"")),
    ],
)
def test_what_is_no_policy_of_the_makers(path: str, content: bytes) -> None:
    assert POLICY not in [one.role for one in names(Files({path: content}), Bounds("names"))]


def test_addresses_without_end_are_not_all_read_and_that_is_said() -> None:
    bounds = Bounds("names")
    content = b"\x7fELF\0" + b"https://bear.com/x\0" * 300_000 + b"https://bear.com/privacy\0"
    found = list(names(Files({"usr/bin/camd": content}), bounds))
    assert [one.what for one in found] == ["https://bear.com/x"]
    assert "not more than 200,000 web addresses are read" in [one.why for one in bounds.left]


def test_thousands_of_policies_in_one_file_are_bounded_and_that_is_said() -> None:
    bounds = Bounds("names")
    content = b"\n".join(b"https://bear.com/privacy/%d" % number for number in range(50_000))
    assert len(list(names(Files({"www/a.js": content}), bounds))) == 100
    assert [one.why for one in bounds.left] == ["it names more hosts than are listed"]
