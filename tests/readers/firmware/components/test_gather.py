"""The components of whole parts: real programs of this machine, file names, package lists, and hostile
ones."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.debian import upstream

from shelfworthy.readers.firmware.components import components
from shelfworthy.readers.firmware.components import packages as lists
from shelfworthy.readers.firmware.contents.tree import LARGEST, File
from tests.needs import missing
from tests.readers.firmware.components.folder import Folder

ELF = b"\x7fELF" + bytes(100)
# What the base system and `.ci/run` install, and which component it is; mosquitto has another in it.
INSTALLED = {
    "bash": "bash",
    "libc6": "glibc",
    "libcurl4": "curl",
    "libexpat1": "expat",
    "libgcrypt20": "libgcrypt",
    "libgnutls30": "gnutls",
    "libsqlite3-0": "sqlite",
    "libssl3": "openssl",
    "libxml2": "libxml2",
    "mosquitto": "mosquitto",
    "nginx": "nginx",
    "zlib1g": "zlib",
}


class Given:
    """A part whose files are given."""

    part = 3
    root = True

    def __init__(self, **files: bytes) -> None:
        self.held = {path.replace("__", "/"): content for path, content in files.items()}

    def files(self) -> Iterator[File]:
        yield from (File(path, 0o755, len(content), "") for path, content in sorted(self.held.items()))

    def find(self, path: str) -> File | None:
        return next((file for file in self.files() if file.path == path), None)

    def content(self, file: File) -> bytes:
        return self.held[file.path]


@pytest.mark.parametrize("package", INSTALLED)
def test_a_package_of_this_machine_is_recognised_in_its_version(package: str, tmp_path: Path) -> None:
    asked = ["dpkg-query", "-W", "-f", "${Status}\t${Version}", package]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    if not answer.startswith("install ok installed"):
        missing(f"the Debian package {package}")
    named = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=True).stdout
    for path in map(Path, named.splitlines()):
        if path.is_file() and not path.is_symlink() and path.is_absolute():
            copy = tmp_path / path.relative_to("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    found = {one.name: one for one in components([Folder(tmp_path)]).components}
    assert found[INSTALLED[package]].version == upstream(answer.partition("\t")[2])
    beside = {"mosquitto": {"libwebsockets"}}.get(package, set())
    assert found.keys() - {INSTALLED[package]} <= beside


def test_what_is_not_in_it_is_not_told() -> None:
    text = b"We use BusyBox v1.35.0 (2022) and SSH-2.0-dropbear_2022.83\n" * 3
    read = components([Given(usr__share__doc__README=text, etc__logo=b"\x89PNG\r\n" + bytes(9) + text)])
    assert read == ((), True, False)


@pytest.mark.parametrize(
    ("path", "name", "version"),
    [
        ("lib/libuClibc-0.9.33.2.so", "uclibc", "0.9.33.2"),
        ("lib/ld-uClibc-1.0.31.so", "uclibc", "1.0.31"),
        ("usr/lib/libnettle.so.8.6", "nettle", ""),
        ("usr/lib/libsodium.so.23", "libsodium", ""),
        ("system/lib/libtinyalsa.so", "tinyalsa", ""),
        ("usr/lib/libxml2.so.2.9.14", "libxml2", "2.9.14"),
        ("lib/modules/4.9.84-perf/extra/wifi.ko", "linux", "4.9.84"),
    ],
)
def test_a_file_name_shows_what_the_bytes_do_not(path: str, name: str, version: str) -> None:
    (one,) = components([Given(**{path: ELF})]).components
    assert (one.name, one.version, one.source, one.says) == (name, version, "file name", path)
    assert components([Given(**{path: b"only text, under such a name: " * 9})]).components == ()


DPKG = b"""Package: libssl3
Status: install ok installed
Source: openssl
Version: 3.0.20-1~deb12u2
Description: Secure Sockets Layer toolkit
 Version: 9.9.9

Package: dropbear-bin
Status: deinstall ok config-files
Source: dropbear (2022.83-1)
Version: 2022.83-1

Package: unknown
Status: install ok installed
Version: 1.0
"""
APK = b"""C:Q1abc
P:libcrypto1.1
V:1.1.1w-r1
o:openssl

P:busybox
V:1.36.1-r5
"""


def test_package_lists_add_what_no_file_shows() -> None:
    read = components([Given(var__lib__dpkg__status=DPKG, lib__apk__db__installed=APK)])
    told = {(one.name, one.version): one for one in read.components}
    assert told.keys() == {("openssl", "3.0.20"), ("openssl", "1.1.1w"), ("busybox", "1.36.1")}
    one = told["openssl", "3.0.20"]
    assert (one.source, one.says) == ("package list", "libssl3 3.0.20-1~deb12u2")
    place = one.places[0]
    assert (place.part, place.file) == (3, "var/lib/dpkg/status")
    assert DPKG[place.at : place.at + place.length].startswith(b"Package: libssl3")


def test_what_a_file_shows_decides_over_a_list() -> None:
    busybox = ELF + b"\x00BusyBox v1.30.1 (2020)\x00"
    (one,) = components([Given(bin__busybox=busybox, usr__lib__opkg__status=APK[36:])]).components
    assert (one.version, one.source) == ("1.30.1", "bytes")


def test_two_files_in_two_versions_are_two_components() -> None:
    files = {f"bin/{n}": ELF + f"\x00BusyBox v1.{n}.0 (x)\x00".encode() for n in (30, 31)}
    assert [one.version for one in components([Given(**files)]).components] == ["1.30.0", "1.31.0"]


@pytest.mark.parametrize(
    ("version", "theirs"),
    [
        ("1:1.1.1w-0+deb11u1", "1.1.1w"),
        ("3.0.20-1~deb12u2", "3.0.20"),
        ("1:9.2p1-2+deb12u10", "9.2p1"),
        ("2:1.0.2k-r4", "1.0.2k"),
        ("1.36.1-r5", "1.36.1"),
        ("1:1.2.13.dfsg-1", "1.2.13"),
        ("2.9.14+dfsg-1.3~deb12u1", "2.9.14"),
        ("2022.83-1", "2022.83"),
        ("4.2.8p15", "4.2.8p15"),
        ("git-2020", ""),
        ("-", ""),
        ("1:", ""),
    ],
)
def test_what_packagers_add_is_left_out(version: str, theirs: str) -> None:
    assert lists.upstream(version) == theirs


def test_a_file_that_is_too_long_is_said_to_be_unread() -> None:
    class Long(Given):
        def files(self) -> Iterator[File]:
            yield File("bin/large", 0o755, LARGEST + 1, "")

    assert not components([Long(**{"bin/large": ELF})]).whole


def test_a_list_that_lies_costs_little() -> None:
    lying = b"Package: busybox\nVersion: " + b"9" * 5000 + b"\nStatus: \xff\xfe\n\n" + b"\n\n" * 100_000
    read = components([Given(var__lib__dpkg__status=lying)])
    assert all(len(one.says) <= 120 for one in read.components)


def test_places_are_few() -> None:
    files = {f"bin/{n:03}": ELF + b"\x00BusyBox v1.30.1 (x)\x00" for n in range(40)}
    (one,) = components([Given(**files)]).components
    assert len(one.places) == 8
    assert re.fullmatch(r"bin/\d{3}", one.places[0].file)


def test_a_version_that_the_last_of_many_texts_contradicts_is_not_told() -> None:
    said = ELF + b"\0BusyBox v1.30.1 \0" * 9999
    (one,) = components([Given(bin__busybox=said)]).components
    assert (one.name, one.version) == ("busybox", "1.30.1")
    (one,) = components([Given(bin__busybox=said + b"\0BusyBox v1.36.0 \0")]).components
    assert (one.name, one.version) == ("busybox", "")


def test_the_last_of_very_many_packages_counts() -> None:
    entry = b"Package: a%d\nStatus: install ok installed\nVersion: 1\n\n"
    content = b"".join(entry % number for number in range(20_001))
    content += b"Package: busybox\nStatus: install ok installed\nVersion: 1:1.30.1-6\n"
    (one,) = components([Given(var__lib__dpkg__status=content)]).components
    assert (one.name, one.version) == ("busybox", "1.30.1")
