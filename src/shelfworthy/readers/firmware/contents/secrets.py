"""Secrets in the files of a part: keys, certificates, tokens, passwords.

Every file is gone through once, by one automaton for all rules (`secrets.yar`, by YARA-X); what it finds is
read, and only what can be read as a secret is one.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

import yara_x

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.keys import Key, key_at, whole_file
from shelfworthy.readers.firmware.contents.settings import settings
from shelfworthy.readers.firmware.contents.text import PAPERS
from shelfworthy.readers.firmware.contents.tokens import Found, by_place, found_by
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.readers.firmware.contents.words import words
from shelfworthy.seen.firmware_contents import Place, Secret

MOST = 1000  # secrets of a part
MOST_CERTIFICATES = 8  # of a file that is no store of authorities
MOST_MATCHES = 5000  # of one rule in one file that are read
TOO_MANY = f"only {MOST_MATCHES:,} places that look like secrets of one sort were read"
TRUST = re.compile(r"(?:^|.*/)(?:ca-certificates|ssl/certs|cacert|security/cacerts|ca-bundle)(?:/.*|[^/]*)$")

PROGRAM = b"\x7fELF", b"!<arch>"
SELF_TESTS = words("self_test_keys")
PEM = "pem"  # the rule for keys and certificates
BLOCKS = "keys and certificates"


class Match(NamedTuple):
    """Where a rule matched, in bytes."""

    rule: str
    at: int
    length: int


SCANNER = yara_x.Scanner(
    yara_x.compile(files(__package__).joinpath("secrets.yar").read_text(encoding="utf-8"))
)
SCANNER.max_matches_per_pattern(MOST_MATCHES)
SCANNER.scan(b"")  # takes its memory now, while it may


def secrets(tree: Tree, bounds: Bounds) -> Iterator[Secret]:
    """Every secret, file by file; at most `MOST` and one: whoever asks for more than `MOST` sees that."""
    told = 0
    for file in tree.files():
        if file.target or not file.length or PAPERS.match(file.path):
            continue
        for one in secrets_in(tree.content(file), tree.part, file.path, bounds):
            yield one
            told += 1
            if told > MOST:
                return


def secrets_in(content: bytes, part: int, path: str, bounds: Bounds) -> Iterator[Secret]:
    """The secrets in the content of one file: keys, then the others, by their place."""
    program = content.startswith(PROGRAM)
    matched = list(matches(content, part, path, bounds))
    found = keys(content, matched, part, path, bounds)
    # Of authorities there are hundreds, and none is a secret.
    trusted = TRUST.match(path) is not None or len(found) > MOST_CERTIFICATES
    for one in found:
        nobodys = program and one.fingerprint in SELF_TESTS
        if not nobodys and not (trusted and one.sort == "certificate"):
            at = Place(part, path, one.at, one.length)
            yield Secret(one.sort, one.scheme, one.fingerprint, "", one.locked, "", at)
    others = [*tokens(content, matched), *islice(settings(path, content, part, bounds), MOST + 1)]
    for other in by_place(others):
        place = Place(part, path, other.at, other.length)
        yield Secret(other.sort, other.scheme, other.fingerprint, other.masked, "no", other.published, place)


def matches(content: bytes, part: int, path: str, bounds: Bounds) -> Iterator[Match]:
    """Everything that looks like the beginning of a secret."""
    for rule in SCANNER.scan(content).matching_rules:
        for pattern in rule.patterns:
            several = list(pattern.matches)
            if len(several) >= MOST_MATCHES:
                rest = several[-1].offset
                bounds.note(part, path, TOO_MANY, rest, len(content) - rest)
            for match in several:
                yield Match(rule.identifier, match.offset, match.length)


def keys(content: bytes, matched: list[Match], part: int, path: str, bounds: Bounds) -> list[Key]:
    """The keys and certificates."""
    if (whole := whole_file(content)) is not None:
        return [whole]
    blocks = (one.at for one in matched if one.rule == PEM)
    found = (key_at(content, at) for at in blocks if bounds.affords(BLOCKS, part, path, at))
    return [key for key in found if key is not None]


def tokens(content: bytes, matched: list[Match]) -> Iterator[Found]:
    """The tokens, each once."""
    told: set[str] = set()
    for match in matched:
        one = found_by(match.rule, content, match.at, match.length) if match.rule != PEM else None
        if one is not None and (not one.fingerprint or one.fingerprint not in told):
            told.add(one.fingerprint)
            yield one
