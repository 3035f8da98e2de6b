"""Secrets: what is one and what only looks like one."""

from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

import pytest
from cryptography.hazmat.primitives import serialization

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.secrets import secrets
from shelfworthy.seen.firmware_contents import Secret
from tests.needs import missing
from tests.readers.firmware.contents.take import github
from tests.readers.firmware.contents.trees import Files
from tests.readers.firmware.with_tools import has, identity, run

AWS = b"AKIAQYLPMN5HFIQR7XYA"
HALF = b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYzQ8dPLEKEY"


def of(files: Mapping[str, bytes | str]) -> list[Secret]:
    return list(secrets(Files(files), Bounds("secrets")))


def schemes(path: str, content: bytes) -> list[tuple[str, str]]:
    return [(one.sort, one.scheme) for one in of({path: content})]


def public_of(pem: str) -> str:
    from hashlib import sha256

    key = serialization.load_pem_public_key(pem.encode())
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()


# -- keys ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("rsa:2048", "RSA 2048"), ("ec:prime256v1", "ECDSA secp256r1"), ("ed25519", "Ed25519")],
)
def test_a_key_has_the_same_fingerprint_in_every_form(kind: str, scheme: str, tmp_path: Path) -> None:
    key, certificate, public = identity("camera", kind)
    (tmp_path / "key.pem").write_bytes(key)
    forms = {"etc/pem.key": key, "usr/bin/cam": b"\x7fELF\0strings\0" + key + b"\0more"}
    run("openssl", "pkey", "-in", "key.pem", "-outform", "DER", "-out", "key.der", cwd=tmp_path)
    forms["etc/key.der"] = (tmp_path / "key.der").read_bytes()
    if kind != "ed25519":
        run("openssl", "pkey", "-in", "key.pem", "-traditional", "-out", "old.pem", cwd=tmp_path)
        forms["etc/old.key"] = (tmp_path / "old.pem").read_bytes()
    found = of(forms)
    assert {(one.sort, one.scheme, one.locked) for one in found} == {("private key", scheme, "no")}
    assert {one.fingerprint for one in found} == {public_of(public)}
    assert [one.place.file for one in found] == sorted(forms)
    assert schemes("etc/cert.pem", certificate) == [("certificate", scheme)]


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
def test_a_host_key_of_dropbear_is_the_key_that_ssh_says_it_is(kind: str, tmp_path: Path) -> None:
    has("dropbearkey", "dropbear-bin")
    said = run("dropbearkey", "-t", kind, "-f", "host", cwd=tmp_path)
    line = next(line for line in said.splitlines() if line.startswith(("ssh-", "ecdsa-")))
    public = serialization.load_ssh_public_key(" ".join(line.split()[:2]).encode())
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
    (one,) = of({"etc/dropbear/host": (tmp_path / "host").read_bytes()})
    assert (one.sort, one.fingerprint) == ("private key", public_of(pem))


def test_a_pass_phrase_is_seen(tmp_path: Path) -> None:
    run("openssl", "genrsa", "-aes128", "-passout", "pass:x1y2z3", "-out", "a.pem", "2048", cwd=tmp_path)
    old = ("-traditional", "-aes128", "-passin", "pass:x1y2z3", "-passout", "pass:x1y2z3")
    run("openssl", "rsa", "-in", "a.pem", *old, "-out", "b.pem", cwd=tmp_path)
    has("ssh-keygen", "openssh-client")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "x1y2z3", "-f", "c.pem", cwd=tmp_path)
    found = of({f"etc/{name}": (tmp_path / name).read_bytes() for name in ("a.pem", "b.pem", "c.pem")})
    assert [one.locked for one in found] == ["yes", "yes", "yes"]


def test_the_words_of_a_header_are_no_key() -> None:
    head, end = b"-----BEGIN RSA PRIVATE KEY-----", b"-----END RSA PRIVATE KEY-----"
    assert of({"usr/bin/dropbearconvert": b"\x7fELF\0" + head + b"\0" + end + b"\0%s\n"}) == []
    assert of({"etc/a.key": head + b"\n" + b"QUJD" * 40 + b"\n" + end}) == []
    assert of({"etc/b.key": head + b"\n" + b"QUJD" * 40}) == []
    assert of({"etc/pub.pem": identity("camera")[2].encode()}) == []


def test_authorities_and_trust_stores_are_no_secret() -> None:
    key, certificate, _ = identity("camera")
    assert schemes("etc/ssl/certs/ca-certificates.crt", certificate * 3) == []
    assert schemes("etc/ssl/certs/server.pem", key) == [("private key", "RSA 2048")]


def test_what_gnutls_tests_itself_with_is_nobodys_key() -> None:
    library = next(Path("/usr/lib").glob("*-linux-gnu*/libgnutls.so.30"), None)
    if library is None:
        missing("the Debian package libgnutls30")
    assert [
        one for one in of({"usr/lib/libgnutls.so.30": library.read_bytes()}) if one.sort == "private key"
    ] == []


# -- tokens --------------------------------------------------------------------------------------------------


TOKENS = {
    "AWS access key": b'id = "%s"\nsecret = "%s"\n' % (AWS, HALF),
    "GitHub token": github(),
    "Slack token": b"xoxb-123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx",
    "Slack web hook": b"https://hooks.slack.com/services/T0A1B2C3D/B0A1B2C3D/aBcDeFgHiJkLmNoPqRsTuVwX",
    "Google API key": b"AIza" + b"SyD9tSrke72PouQMnMX-a7eZSW0jkFMBWYz",
    "Stripe key": b"sk_" + b"live_4eC39HqLyjWDarjtT1zdp7dc",
    "JSON web token": b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW1lcmEifQ.Jk3p0dVn7aQy5v1zR8uXcW2mTbL9sHg",
    "Azure IoT Hub key": b"HostName=cam.azure-devices.net;DeviceId=c1;SharedAccessKey="
    b"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bD0fG3iL6oR9uX2A"
    b"=",
}


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("around", [(b"", b""), (b"\x7fELF\0", b"\0"), (b'key="', b'";\n')])
def test_a_token_is_found_wherever_it_stands(name: str, around: tuple[bytes, bytes]) -> None:
    (one,) = of({"usr/bin/cam": around[0] + TOKENS[name] + around[1]})
    assert (one.sort, one.scheme, len(one.fingerprint)) == ("token", name, 64)
    assert len(one.masked) <= 16
    assert TOKENS[name].decode() not in repr(one)


@pytest.mark.parametrize(
    "content",
    [
        AWS,  # the name alone opens nothing
        b"AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",  # documentation
        github()[:-1] + b"0",  # its check sum is wrong
        b"x" + TOKENS["Google API key"],  # within a longer word
        b"AIza" + b"a" * 35,
        b"sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        b"eyJhbGciOiJIUzI1NiJ9.",
        b"http://user:password@host/ http://%s:%s@%s/ http://$USER:$PASS@server1/",
    ],
)
def test_what_only_looks_like_a_token(content: bytes) -> None:
    assert of({"usr/bin/cam": content}) == []


# -- passwords in settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content", "scheme"),
    [
        ("etc/cloud.conf", b"mqtt_password = Tr0ub4dor\n", "setting mqtt_password"),
        ("etc/config/cloud", b"\toption passwd 'Tr0ub4dor'\n", "setting passwd"),
        ("etc/cam.json", b'  "password": "Tr0ub4dor",\n', "setting password"),
        ("etc/cam.xml", b"<wifi>\n<adminPassword>Tr0ub4dor</adminPassword>\n", "setting adminPassword"),
        ("etc/init.d/S99cloud", b"#!/bin/sh\nexport MQTT_PASS=Tr0ub4dor\n", "setting MQTT_PASS"),
        ("etc/mosquitto/mosquitto.conf", b"remote_password Tr0ub4dor\n", "setting remote_password"),
        ("usr/bin/cam", b"\x7fELF\0mqtts://cam:Tr0ub4dor@mqtt.bear.com:8883\0", "mqtts URL"),
    ],
)
def test_a_password_that_is_set(path: str, content: bytes, scheme: str) -> None:
    (one,) = of({path: content})
    assert (one.sort, one.scheme, one.fingerprint, one.masked) == ("password", scheme, "", "")
    assert b"Tr0ub4dor" in content[one.place.at : one.place.at + one.place.length]
    assert "Tr0ub4dor" not in repr(one)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("etc/ssl/openssl.cnf", b"input_password = secret\nchallengePassword_min = 4\n"),
        ("etc/cam.conf", b"# password = Tr0ub4dor\n; password = Tr0ub4dor\n"),
        (
            "etc/cam.conf",
            b"password = secret\npassword =\npassword = %s\npassword=$PASS\npassword = <yours>\n",
        ),
        ("etc/cam.conf", b"password_file = /etc/pw\npassword = /etc/pw\npassword_min = 12345\n"),
        ("etc/nsswitch.conf", b"passwd:         files systemd\n"),
        ("etc/pam.d/common-password", b"password requisite pam_deny.so\n"),
        ("etc/maven.xml", b"<!-- <server>\n<password>Tr0ub4dor</password>\n-->\n"),
        ("usr/bin/x.sh", b'echo "password: Tr0ub4dor"\nprintf "password=%s" x\n'),
        ("usr/share/doc/x.conf", b"password = Tr0ub4dor\n"),
        ("usr/bin/program", b"\x7fELF\0password=%s\0password = Tr0ub4dor\0"),
    ],
)
def test_what_sets_no_password(path: str, content: bytes) -> None:
    assert of({path: content}) == []


@pytest.mark.parametrize(
    ("path", "content", "scheme"),
    [
        ("etc/wpa_supplicant.conf", b'network={\n ssid="f"\n psk="correct-horse"\n}\n', "WPA"),
        ("etc/wpa_supplicant.conf", b"network={\n psk=" + b"0a" * 32 + b"\n}\n", "WPA"),
        ("etc/hostapd.conf", b"ssid=cam\nwpa_passphrase=correct-horse\n", "WPA"),
        ("etc/config/wireless", b"config wifi-iface\n\toption key 'correct-horse'\n", "WPA"),
        ("etc/NetworkManager/system-connections/a", b"[wifi-security]\npsk=correct-horse\n", "WPA"),
        ("etc/wpa.conf", b'network={\n wep_key0="abcde"\n}\n', "WEP"),
    ],
)
def test_wireless_passwords(path: str, content: bytes, scheme: str) -> None:
    (one,) = of({path: content})
    assert (one.sort, one.scheme, one.masked) == ("wireless password", scheme, "")


def test_the_wireless_password_of_an_esp32() -> None:
    data = b"correct-horse".ljust(65, b"\0")
    head = bytes([2, 0x42, 4, 0]) + b"\xff" * 4 + b"sta.pswd".ljust(16, b"\0")
    entry = head + (65).to_bytes(2, "little") + b"\xff\xff" + crc32(data, 0xFFFFFFFF).to_bytes(4, "little")
    flash = b"\xff" * 4096 + entry + data + b"\xff" * 100
    (one,) = of({"nvs.bin": flash})
    assert (one.sort, one.scheme, one.place.at) == ("wireless password", "ESP32 station", 4096 + 32)
    assert of({"nvs.bin": flash.replace(b"correct", b"korrect")}) == []
    assert of({"esp-idf": b"\x7fELF\0nvs.net80211\0sta.pswd\0ap.passwd\0" + bytes(60)}) == []


def test_a_default_that_is_published_says_where() -> None:
    (one,) = of({"etc/cam.conf": b"password = xc3511\n"})
    assert "Mirai" in one.published
