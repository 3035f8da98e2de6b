"""Accounts of a part: those of the system (`passwd(5)`, `shadow(5)`), of web servers and of brokers.

A password that is stored is compared with the published defaults; the hash itself is not kept. What a
`shadow` file says goes before what `passwd` says. Copies (`passwd-`) count: they are on the device.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.hashes import UNSALTED, Trying, scheme_of
from shelfworthy.readers.firmware.contents.published import SOURCES
from shelfworthy.readers.firmware.contents.text import PAPERS, place
from shelfworthy.readers.firmware.contents.tree import File, Tree
from shelfworthy.seen.firmware_contents import Account, Password, Place

MOST = 500  # accounts of a part
NO_NUMBER = -1
SYSTEM = re.compile(r"(?:^|.*/)etc/(passwd|shadow)-?$")
# Files of other programs, each line `user:stored`.
PAIRS = re.compile(
    r"(?:^|.*/)(?:[^/]*\.?htpasswd[^/]*|lighttpd[^/]*\.users?|mosquitto[^/]*passw[^/]*|mosquitto/"
    r"(?:passwd|password_?file|pwfile|passwords))$"
)
HTTPD = re.compile(r"(?:^|.*/)etc/httpd\.conf$")  # BusyBox: `/path:user:password`
HTTPD_LINE = re.compile(r"/[^:\s]*:([^:\s]+):(\S+)")
SHUT = frozenset({"nologin", "false", "sync", "shutdown", "halt", "null", "true"})  # no shell


class Row(NamedTuple):
    """A line of an account file. stored: what stands in the place of the password, which may be the password
    itself where `clear` says so.
    """

    name: str
    stored: str
    uid: int
    login: bool
    clear: bool
    place: Place


def accounts(tree: Tree, bounds: Bounds) -> Iterator[Account]:
    """Every account, file by file; at most `MOST` and one: whoever asks for more than `MOST` sees that."""
    for number, row in enumerate(rows(tree, bounds)):
        if number > MOST:
            return
        yield account(row, bounds.trying)


def account(row: Row, trying: Trying) -> Account:
    """What there is to say of a line."""
    stored, scheme = row.stored, scheme_of(row.stored)
    kept: Password = "hash"
    published, tried, fingerprint = "", 0, ""
    if not stored:
        kept = "none"
    elif scheme:
        fits, tried = trying.at(stored)
        if fits == "":
            kept = "none"  # the hash of nothing
        published = fits or ""
        fingerprint = "" if scheme == UNSALTED else sha256(stored.encode()).hexdigest()
    elif row.clear and stored[0] not in "*!":
        kept, published = "text", stored if stored in SOURCES else ""
    else:
        kept = "locked"
    return Account(row.name, row.uid, row.login, kept, scheme, fingerprint, published, tried, row.place)


def rows(tree: Tree, bounds: Bounds) -> Iterator[Row]:
    """The lines of all account files."""
    found: dict[str, dict[str, File]] = {}
    others: list[File] = []
    for file in tree.files():
        kind = SYSTEM.match(file.path)
        other = PAIRS.match(file.path) or HTTPD.match(file.path)
        other = None if PAPERS.match(file.path) else other
        there = (tree.find(file.path) if file.target else file) if kind or other else None
        if there is None:
            continue
        if kind:
            folder, _, name = file.path.rpartition("/")
            found.setdefault(folder + ("-" if name.endswith("-") else ""), {})[kind[1]] = there
        else:
            others.append(there)
    for _, files in sorted(found.items()):
        yield from system(tree, files, bounds)
    for file in others:
        yield from of_program(tree, file, bounds)


def system(tree: Tree, files: dict[str, File], bounds: Bounds) -> Iterator[Row]:
    """The accounts of a `passwd` with its `shadow`, or of one of the two alone."""
    shadow = {name: (stored, at) for name, stored, _, at in fields(tree, files.get("shadow"), 2, bounds)}
    for name, stored, rest, at in fields(tree, files.get("passwd"), 7, bounds):
        number = int(rest[0]) if rest[0].isdecimal() and len(rest[0]) < 10 else NO_NUMBER
        login = rest[-1].rpartition("/")[2].strip() not in SHUT
        if name in shadow:
            stored, at = shadow.pop(name)
        yield Row(name, stored, number, login, False, at)
    for name, (stored, at) in shadow.items():  # an overlay may hold it alone
        yield Row(name, stored, NO_NUMBER, True, False, at)


def fields(
    tree: Tree, file: File | None, least: int, bounds: Bounds
) -> Iterator[tuple[str, str, list[str], Place]]:
    """Lines with so many fields: name, what is stored, the rest."""
    for line in bounds.file_lines(tree, file, nulls=True):
        name, *rest = line.text.split(":", 6)  # the last of a `passwd` is the shell
        if len(rest) >= least - 1 and name and not name.startswith(("#", "+", "-")):
            yield name[:64], rest[0], rest[1:], place(tree.part, file.path if file else "", line)


def of_program(tree: Tree, file: File, bounds: Bounds) -> Iterator[Row]:
    """The accounts in a file of a web server or broker."""
    for line in bounds.file_lines(tree, file):
        at = place(tree.part, file.path, line)
        if HTTPD.match(file.path):
            if found := HTTPD_LINE.fullmatch(line.text.strip()):
                yield Row(found[1][:64], found[2], NO_NUMBER, True, True, at)
            continue
        name, colon, stored = line.text.strip().partition(":")
        if colon and name and not name.startswith("#") and " " not in name:
            yield Row(name[:64], stored, NO_NUMBER, True, True, at)
