"""Hosts and URLs that the maker's own files name, for discovery: each one of them decides there.

So few words are better than all: what upstream projects write into their programs (name spaces, addresses
for bugs, documentation) is left out by host, programs of others by their name, and pages served to
browsers by where they lie. Of those pages, and of sentences in programs, only privacy policies
are taken, which are there for people to read.
"""

import re
from collections.abc import Iterator

import yara_x

from shelfworthy.discovery.naming import named
from shelfworthy.product.address import WrongAddress
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.hosts import counts, host_of
from shelfworthy.readers.firmware.contents.settings import UPSTREAM
from shelfworthy.readers.firmware.contents.text import is_comment, is_text
from shelfworthy.readers.firmware.contents.tree import File, Tree
from shelfworthy.seen.firmware_contents import Named, Place
from shelfworthy.seen.policy_words import POLICY
from shelfworthy.webtext.addresses import is_policy, policies

MOST = 500  # names of a part
MOST_OF_FILE = 100
MOST_MATCHES = 10_000
LONGEST = 1024  # characters of a line that names a host, which has at most 253

MORE_NAMES = "it names more hosts than are listed"
OF_HOSTS = re.compile(rb"://|server|host|broker|endpoint|address|domain|url")

URL = re.compile(
    rb"(?:https?|mqtts?|wss?|coaps?|ftp|amqps?|rtmps?|mongodb|rediss?)://[0-9A-Za-z\[][!#-&(-;=?-\[\]^_a-z~]{3,200}"
)
HOST = re.compile(
    r"(?i)^\s*(?:option\s+|list\s+|set\s+|export\s+)?[\"']?[\w.-]*(?:server|host|hostname|broker|endpoint|address|domain|url)"
    r"[\w-]*[\"']?\s*[=:\s]\s*[\"']?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24})(?::\d{1,5})?[\"']?[;,]?\s*$"
)
TIME = re.compile(r"(?i)\b(?:ntp|pool|time)\b|ntp[dp.]|timeserver")
TEXTS = re.compile(
    r"(?:(?:rootfs|system|vendor|upper|overlay|usr)/)?(?:etc|configs?|conf|opt|home|root|local|data|mnt)/.*|[^/]*"
    r"|(?:.*/)?s?bin/[^/]+\.sh"
)
LEFT_OUT = re.compile(
    r"(?:.*/)?(?:doc|docs|man|info|locale|i18n|licenses?|include|zoneinfo|terminfo|ca-certificates|ssl/certs|www|htdocs|html|"
    r"perl5?|python[0-9.]*|node_modules|keymaps|misc|pkgconfig|cmake|aclocal|opkg/info|dpkg|modules)/.*|.*\.(?:html?|css|js|svg|xml|po|mo|pem|crt|h|txt|md)"
)
# Of these, what the device shows to people.
SHOWN = re.compile(
    r"(?!(?:.*/)?(?:doc|docs|man|info|licenses?|perl5?|python[0-9.]*|node_modules)/)"
    r"(?:(?:.*/)?(?:www|htdocs|html|i18n|locale)/.*\.(?:html?|js|json|xml|txt)|.*\.html?)"
)
# Programs whose strings are their authors' and not the maker's.
OTHERS = re.compile(
    r"(?:.*/)?(?:lib[\w.+-]*\.so[\w.]*|[\w.+-]+\.(?:ko|so|a|o|pyc)|busybox\w*|dropbear\w*|openssl|curl|wget|dnsmasq|lighttpd|"
    r"mosquitto\w*|nginx|hostapd\w*|wpa_\w+|avahi\w*|ssh\w*|gpg\w*|bash|python[0-9.]*|perl[0-9.]*|lua[0-9.]*|node|php\w*|ip6?tables\w*|"
    r"tcpdump|strace|gdb\w*|git|rsync|vim?|nano|sqlite3|systemd[\w-]*|udev\w*|ntpd?\w*|chrony\w*|samba|smbd|nmbd|miniupnp\w*|"
    r"openvpn|pppd|ffmpeg|gst\w*|mke2fs|e2fsck|parted|swupdate|rauc|opkg\w*|uhttpd|ubus\w*|uci|jq|tc|iw\w*|bluetooth\w*|vmlinux\w*)"
)

ENDS = frozenset({b"", b"\0", b"=", b'"', b"'"})
# Pages for people, and names of documents' types.
DOCUMENTS = re.compile(
    r"(?i)\w+://(?:docs?|bugs?|bugzilla|lists?|wiki|git|svn|blog|forums?)\.|.*\.(?:html?|dtd|xsd|xsl|xml|pdf|md)$"
    r"|\w+://[^/]*/(?:.*/)?(?:docs?|wiki|manual|book|bugs?|issues|ns|schemas?|xmlns|browse|standards)(?:/|$)"
)

SCANNER = yara_x.Scanner(yara_x.compile('rule url { strings: $a = "://" condition: $a }'))
SCANNER.max_matches_per_pattern(MOST_MATCHES)
SCANNER.scan(b"")
named("https://example.com/")  # it reads its data at its first use: later is too late


def names(tree: Tree, bounds: Bounds) -> Iterator[Named]:
    """Every name once, where it stands first; at most `MOST` and one, so that more can be told."""
    told: set[str] = set()
    for file in tree.files():
        if file.target or file.length < 8:
            continue
        if LEFT_OUT.fullmatch(file.path) and not SHOWN.fullmatch(file.path):
            continue
        here = 0
        for one in in_file(file, tree.content(file), tree.part, bounds):
            if one.what not in told:
                here += 1
                if here > MOST_OF_FILE:
                    bounds.note(tree.part, file.path, MORE_NAMES, one.place.at)
                    break
                told.add(one.what)
                yield one
                if len(told) > MOST:
                    return


def in_file(file: File, content: bytes, part: int, bounds: Bounds) -> Iterator[Named]:
    """What one file names."""
    shown = SHOWN.fullmatch(file.path) is not None
    if is_text(content) and not shown:
        if not TEXTS.fullmatch(file.path) or UPSTREAM.fullmatch(f"/{file.path}"):
            return
        yield from in_text(file.path, content, part, bounds)
    elif not shown:
        if OTHERS.fullmatch(file.path):
            return
        if content[:4] == b"\x7fELF":
            yield from in_program(file.path, content, part, bounds)

    def affords(at: int) -> bool:
        return bounds.affords("web addresses", part, file.path, at, len(content) - at)

    for one in policies(content, affords):
        if counts(host_of(one.url)) and leads(one.url):
            yield Named(one.url, POLICY, Place(part, file.path, one.at, one.length))


def in_text(path: str, content: bytes, part: int, bounds: Bounds) -> Iterator[Named]:
    """URLs and hosts of a configuration or script, outside of its comments."""
    for line in bounds.lines(part, path, content, OF_HOSTS):
        if is_comment(line.text) or line.text.lstrip().startswith(("//", "*", "--")):
            continue
        raw = content[line.at : line.at + line.length]
        for match in URL.finditer(raw):
            what = tidy(match[0])
            if what:
                role = POLICY if is_policy(what) else "configured"
                yield Named(what, role, Place(part, path, line.at + match.start(), len(match[0])))
        host = HOST.match(line.text[:LONGEST])
        if host and counts(host[1]):
            role = "time server" if TIME.search(line.text) else "configured"
            at = line.at + len(line.text[: host.start(1)].encode())
            yield Named(host[1].lower(), role, Place(part, path, at, len(host[1])))


def in_program(path: str, content: bytes, part: int, bounds: Bounds) -> Iterator[Named]:
    """URLs among the strings of a program."""
    for rule in SCANNER.scan(content).matching_rules:
        for pattern in rule.patterns:
            if len(pattern.matches) >= MOST_MATCHES:
                rest = pattern.matches[-1].offset
                bounds.note(part, path, MORE_NAMES, rest, len(content) - rest)
            for mark in pattern.matches:
                start = mark.offset
                while start > max(0, mark.offset - 8) and content[start - 1 : start].isalpha():
                    start -= 1
                # A string of its own: in the midst of a sentence stands what people are to read.
                alone = content[start - 1 : start] in ENDS or of_a_command(content, start)
                match = URL.match(content, start) if alone else None
                if match and (what := tidy(match[0])):
                    role = POLICY if is_policy(what) else "in a program"
                    yield Named(what, role, Place(part, path, start, len(match[0])))


def of_a_command(content: bytes, at: int) -> bool:
    """Whether what stands before it, in the same string, fetches."""
    before = content[max(0, at - 120) : at].rpartition(b"\0")[2]
    return b"curl " in before or b"wget " in before


def tidy(raw: bytes) -> str:
    """A URL without user, query and fragment; "" where it names nothing that counts."""
    text = re.split(r"[?#]", raw.decode("ascii", "replace"))[0].rstrip(".,;:)]}'\"")
    text = re.sub(r"://[^/@]*@", "://", text)
    # The cheapest first: a file may hold a million of them.
    if not counts(host_of(text)) or re.search(r"://[^/]*[%${]", text):
        return ""
    if is_policy(text):
        return text if leads(text) else ""
    path = re.split(r"[%$]", text)[0]
    return path[:200] if not DOCUMENTS.match(text) and leads(path) else ""


def leads(url: str) -> bool:
    """Whether discovery makes something of it."""
    try:
        named(url)
    except WrongAddress:
        return False
    return True
