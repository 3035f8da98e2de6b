"""What a firmware image holds, as `seen/firmware.py` keeps it: parts, accounts, secrets, components.

Of a secret only its fingerprint, its place and at most 16 masked bytes are kept; of a password nothing,
unless it is one that is published anyway.
"""

from typing import Literal

from msgspec import Struct

Answer = Literal["yes", "no", "unknown"]
# none: none is asked for. locked: nobody gets in with one. hash, text: what is stored.
Password = Literal["none", "locked", "hash", "text"]
SecretSort = Literal["private key", "certificate", "token", "wireless password", "password"]
# Which facts: a field of `FirmwareContents`, or "files" for all of them.
Facts = Literal["files", "accounts", "secrets", "services", "updaters", "names", "programs"]
ServiceSort = Literal["telnet", "ftp", "tftp", "shell", "adb", "serial console", "ssh", "http", "other"]


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where in the image: the part by its number, the file by its path there ("" the part itself), bytes."""

    part: int
    file: str
    at: int
    length: int


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Something in the image that holds others: a file system, an archive, a compressed block.

    format: our word. inside: the number of the part it lies in, -1 for the image; file, at, length: where in
    that. opened: whether all of it was unpacked; else why says why not, as a sentence. root: whether it is a
    root file system. files: how many lie in it. encrypted: whether it looks encrypted.
    """

    format: str
    inside: int
    file: str
    at: int
    length: int
    opened: bool
    why: str
    root: bool
    files: int
    encrypted: Answer


class Left(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was unpacked and that nobody looked at, or not at all of it: a bound was reached.

    facts: which ones may be there and not be listed. why: what was not looked at, as the end of a sentence
    about the file. place: the file, or the part where its path is ""; bytes from `at`, as many as `length`
    says, 0 where nobody can tell.
    """

    facts: Facts
    why: str
    place: Place


class Account(Struct, frozen=True, forbid_unknown_fields=True):
    """An account of a root file system. login: whether its shell lets somebody in. scheme: of the hash
    ("md5-crypt"). fingerprint: SHA-256 of the whole salted-hash string, "" where there is none or it has no
    salt. published: the password, where it is one of the published defaults that were tried. tried: how many
    of these were tried: slow hashes allow fewer, and hashes that we cannot compute none.
    """

    name: str
    uid: int
    login: bool
    password: Password
    scheme: str
    fingerprint: str
    published: str
    tried: int
    place: Place

    @property
    def blank(self) -> bool:
        """Whether it lets somebody in who has no password."""
        return self.login and self.password == "none"  # noqa: S105 - a word, not a password


class Secret(Struct, frozen=True, forbid_unknown_fields=True):
    """A secret, or what looks like one. scheme: as people call it ("RSA 2048"). fingerprint: SHA-256 of the
    public key (SubjectPublicKeyInfo), of the certificate, or of the token; "" for a password. masked: at most
    16 bytes of it with the middle masked. locked: whether a pass phrase protects it. published: of a password
    that is a published default, where it is published; keys are compared when they are judged.
    """

    sort: SecretSort
    scheme: str
    fingerprint: str
    masked: str
    locked: Answer
    published: str
    place: Place


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """A program that waits for others. program: its path. boot: whether it is started by itself. open:
    whether it lets somebody in without a password. says: the line that starts it, with secrets masked.
    """

    sort: ServiceSort
    program: str
    boot: Answer
    open: Answer
    says: str
    place: Place


class Updater(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that fetches or installs updates. url: where from, without query and user. secure: whether
    over TLS. verifies: whether it checks the server's certificate; signed: whether it checks a signature of
    what it fetched. shown_by: what sort of file says so. says: the line that shows it.
    """

    program: str
    url: str
    secure: Answer
    verifies: Answer
    signed: Answer
    shown_by: Literal["script", "configuration", "program"]
    says: str
    place: Place


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """A host or URL that a file names. what: as found, without query and user. role: what it is used for."""

    what: str
    role: str
    place: Place


class Program(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of ELF files that are hardened alike. Each of `files` is a path, at most 20 of `count`."""

    machine: str
    no_execute: Answer
    position_independent: Answer
    relro: Literal["full", "partial", "none", "unknown"]
    canary: Answer
    fortified: Answer
    count: int
    files: tuple[str, ...]


# bytes: of a program, library or kernel itself. file name: of such a file. package list: dpkg's, opkg's,
# apk's.
Source = Literal["bytes", "file name", "package list"]


class Component(Struct, frozen=True, forbid_unknown_fields=True):
    """A program, library or kernel that others made. name: that of `components.toml`. version: as it names
    itself; "" if it does not tell, or one file tells two. says: the text that shows the version, at most 120
    characters. source: what showed it. places: where it was found, at most 8.
    """

    name: str
    version: str
    says: str
    source: Source
    places: tuple[Place, ...]
