"""Passwords that stand in configuration and scripts: of wireless networks, brokers, and whatever else.

A line counts where its key names a password and its value can be one. What programs come with is left out:
`nsswitch.conf` says `passwd: files`, `openssl.cnf` asks for a `challengePassword`.
"""

import re
from collections.abc import Iterator

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.text import LONGEST_LINE, Line, is_comment, is_text
from shelfworthy.readers.firmware.contents.tokens import Found, is_password, password
from shelfworthy.readers.firmware.contents.words import words

MOST_COMMENTS = 100_000  # of an XML file
KEYS = re.compile(rb"pass|psk|key|pwd")  # what every key of a password has, in small letters
BLANKS = re.compile(r"\s{1000}")
PLACES = re.compile(
    r"(?:.*/)?(?:etc|config|configs|cfg|conf|nvram|data|home|root|opt|usr/local|mnt|overlay|upper|www)/.*|[^/]*"
)
KINDS = re.compile(
    r".*(?:\.(?:conf|cfg|cnf|ini|config|json|xml|properties|sh|env|nvram|defaults?|ya?ml|toml)|/[^./]*)$"
)
UPSTREAM = re.compile(
    r".*(?:/(?:pam\.d|doc|man|locale|terminfo|zoneinfo|licenses?|bash-completion|completions|security)/.*"
    r"|/(?:nsswitch\.conf|login\.defs|openssl\.cnf|services|protocols|adduser\.conf|deluser\.conf|gai\.conf))"
)
SETTING = re.compile(
    r"""^\s*(?:option\s+|set\s+|export\s+|<)?["']?
        (?P<key>[A-Za-z0-9_.-]{0,60}?(?:passwd|password|passphrase|psk|wep_key[0-3]|key|pwd|pass))["']?
        (?:\s*[=:]\s*|\s+|>)
        (?P<quote>["']?)(?P<value>[^"'<\s]{2,128})(?P=quote)[;,]?\s*(?:</.*)?$""",
    re.VERBOSE | re.IGNORECASE,
)
WORDS = words("no_passwords")
REFERENCE = re.compile(r"[/~.$@`(].*|\d{1,3}|\w+\(.*|.*\.(?:pem|key|crt|conf|txt|db|so)")
NOT_END = re.compile(rb"[^\n]")
HEX_KEY = re.compile(r"[0-9A-Fa-f]{64}")
WIRELESS_KEYS = frozenset(
    {"psk", "wpa_passphrase", "wpa_psk", "wpa-psk", "wifi_password", "wifi_psk", "wlan_psk"}
)


def settings(path: str, content: bytes, part: int, bounds: Bounds) -> Iterator[Found]:
    """What the lines of a file set, where it is a configuration or a script."""
    if not is_text(content) or not (PLACES.fullmatch(path) and KINDS.fullmatch("/" + path)):
        return
    if UPSTREAM.fullmatch("/" + path):
        return
    wireless = (
        b"network={" in content or b"wifi-iface" in content or b"[wifi" in content or b"ssid=" in content
    )
    if path.endswith(".xml"):
        if content.count(b"<!--") > MOST_COMMENTS:
            bounds.note(part, path, f"it has more than {MOST_COMMENTS:,} comments and was not read")
            return
        content = without_comments(content)
    for line in bounds.lines(part, path, content, KEYS):
        if len(line.text) > LONGEST_LINE and BLANKS.search(line.text.strip()):
            bounds.note(part, path, "a line of little but blanks was not read", line.at, line.length)
        elif (one := setting(shorter(line), wireless)) is not None:
            yield one


def shorter(line: Line) -> Line:
    """A line without blanks around it, cut where no setting reaches: behind its value only XML goes on."""
    if len(line.text) <= LONGEST_LINE:
        return line
    text = line.text.lstrip()
    before = len(line.text[: len(line.text) - len(text)].encode())
    return Line(line.at + before, line.length - before, text.rstrip()[:LONGEST_LINE])


def without_comments(content: bytes) -> bytes:
    """XML with blanks in the place of its comments, so that everything stays where it was."""
    kept = []
    for number, piece in enumerate(content.split(b"<!--")):
        inside, end, after = piece.partition(b"-->") if number else (b"", b"", piece)
        hidden = b"    " + inside + end if number else b""
        kept.append(NOT_END.sub(b" ", hidden) + after)
    return b"".join(kept)


def setting(line: Line, wireless: bool) -> Found | None:
    """The password that a line sets."""
    if is_comment(line.text) or line.text.lstrip().startswith(("//", "*", "--", "echo", "printf")):
        return None
    said = SETTING.match(line.text)
    if said is None:
        return None
    key, value = said["key"].lower(), said["value"]
    if value.lower() in WORDS or REFERENCE.fullmatch(value) or not is_password(value):
        return None
    at, length = line.at + len(line.text[: said.start("value")].encode()), len(value.encode())
    if key in WIRELESS_KEYS or key.startswith("wep_key") or (wireless and key in ("key", "password")):
        if not (8 <= len(value) <= 63 or HEX_KEY.fullmatch(value) or key.startswith("wep_key")):
            return None
        return password("wireless password", "WEP" if key.startswith("wep") else "WPA", value, at, length)
    if key.endswith("key") or (key == "pass" and "=" not in line.text and ":" not in line.text):
        return None  # keys of other kinds have other rules; `pass` is also an action
    return password("password", f"setting {said['key']}"[:60], value, at, length)
