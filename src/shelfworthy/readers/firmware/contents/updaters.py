"""What fetches or installs updates: scripts, configuration of known agents, and programs by their strings.

A script is one if it writes to flash or calls an installer; a program if it holds both an address of updates
and the name of what writes them. What it says of signatures is what stands in the same file: who verifies
elsewhere is told as `unknown` where the tool may, as `no` where it only writes bytes.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import yara_x

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.hosts import counts, host_of
from shelfworthy.readers.firmware.contents.shell import Command, commands, is_script
from shelfworthy.readers.firmware.contents.text import Line, is_comment, place, shown
from shelfworthy.readers.firmware.contents.tree import Tree
from shelfworthy.readers.firmware.contents.words import words
from shelfworthy.seen.firmware_contents import Answer, Place, Updater

MOST = 100  # of a part

FETCHES = frozenset({"wget", "curl", "uclient-fetch", "tftp", "ftpget", "aria2c"})
URL = re.compile(r"\b(?:https?|ftp|tftp)://[^\s\"'<>`\\|;]{3,300}")
# Tools that write what they are given, whoever made it.
WRITES = frozenset(
    {"mtd", "flashcp", "flash_eraseall", "nandwrite", "ubiupdatevol", "mtd_write", "updater", "flashw"}
)
# Tools that may verify it: told by their arguments or configuration.
INSTALLS = frozenset(
    {"sysupgrade", "swupdate", "rauc", "mender", "opkg", "apt-get", "fwupdmgr", "update_engine"}
)
TOOLS = re.compile(b"|".join(re.escape(name.encode()) for name in (*WRITES, *INSTALLS, "dd")))
NO_CHECK = frozenset({"-k", "--insecure", "--no-check-certificate"})
VERIFIES = re.compile(
    r"\bopenssl\s+(?:dgst|rsautl|pkeyutl|cms|smime)\b.*-verif|\b(?:usign|signify|minisign|ucert)\b.*\s-V"
    r"|\bgpgv?\b.*(?:--verify|\.sig|\.asc)|\bgpgv\b|\bcosign\s+verify|\bfwtool\b.*-s|\brauc\s+install\b"
)
CONFIGURED = re.compile(
    r"(?:.*/)?(?:mender/mender\.conf|mender\.conf|swupdate\.cfg|swupdate/[^/]+\.cfg|opkg\.conf|opkg/[^/]+\.conf|"
    r"hawkbit/[^/]+\.conf|rauc/system\.conf|(?:ota|fota|update|upgrade|fwup)[^/]*\.(?:conf|cfg|ini|json))"
)
STRINGS = re.compile(rb"https?://[!#-&(-;=?-~]{4,200}")
OF_UPDATES = re.compile(r"(?i)firmware|upgrade|update|\bota\b|fota|/fw|\.(?:bin|img|swu|raucb|trx|ipk)\b")
IN_PROGRAM = (
    "/dev/mtd",
    "sysupgrade",
    "flashcp",
    "mtd write",
    "mtd_write",
    "nandwrite",
    "swupdate",
    "fw_setenv",
)
SKIPS = (b"--no-check-certificate", b"curl -k ", b"--insecure", b" -k http")
SIGNS = (
    b"RSA_verify",
    b"EVP_DigestVerify",
    b"EVP_VerifyFinal",
    b"mbedtls_pk_verify",
    b"mbedtls_rsa_pkcs1_verify",
    b"ed25519_verify",
    b"crypto_sign_verify",
    b"-verify ",
    b"CMS_verify",
    b"PKCS7_verify",
)


def _scanner() -> yara_x.Scanner:
    """Looks for all of `IN_PROGRAM` at once: every byte of every program is gone through."""
    texts = " ".join(f'$n{number} = "{text}"' for number, text in enumerate(IN_PROGRAM))
    scanner = yara_x.Scanner(yara_x.compile(f"rule writes {{ strings: {texts} condition: any of them }}"))
    scanner.max_matches_per_pattern(1)
    scanner.scan(b"")  # takes its memory now, while it may
    return scanner


SCANNER = _scanner()


class Fetch(NamedTuple):
    """Where something is fetched from, and whether the server's certificate is checked."""

    url: str
    verifies: Answer
    line: Line


def updaters(tree: Tree, bounds: Bounds) -> Iterator[Updater]:
    """Every updater, by file; at most `MOST` and one, so that more can be told."""
    told = 0
    for file in tree.files():
        if file.target or file.length < 8:
            continue
        content = tree.content(file)
        if content.startswith(b"\x7fELF"):
            found = in_program(content, tree.part, file.path)
        elif CONFIGURED.fullmatch(file.path):
            found = in_configuration(content, tree.part, file.path, bounds)
        elif is_script(file.path, content):
            found = in_script(content, tree.part, file.path, bounds)
        else:
            continue
        for one in found:
            yield one
            told += 1
            if told > MOST:
                return


def in_script(content: bytes, part: int, path: str, bounds: Bounds) -> Iterator[Updater]:
    """The updater a script is: each address it fetches from, or that it installs what lies there."""
    if TOOLS.search(content) is None:
        return
    known = list(commands(bounds.text(part, path, content), part, path, bounds))
    tool = next((one for one in known if writes(one)), None)
    if tool is None:
        return
    fetched = [fetch for one in known if (fetch := fetches(one)) is not None]
    signed = signed_by(tool, known)
    for fetch in fetched:
        yield Updater(
            path,
            bare(fetch.url),
            secure(fetch.url),
            fetch.verifies,
            signed,
            "script",
            shown(fetch.line.text),
            place(part, path, fetch.line),
        )
    if not fetched:
        at = place(part, path, tool.line)
        yield Updater(path, "", "unknown", "unknown", signed, "script", shown(tool.line.text), at)


def writes(one: Command) -> bool:
    """Whether a command writes or installs firmware."""
    name = one.words[0].rpartition("/")[2]
    if name == "dd":
        return any(word.startswith("of=/dev/mtd") for word in one.words)
    if name == "opkg" or name == "apt-get":
        return "upgrade" in one.words or "install" in one.words
    if name == "mtd":
        return "write" in one.words
    return name in WRITES or name in INSTALLS


def fetches(one: Command) -> Fetch | None:
    """What a command fetches."""
    name = one.words[0].rpartition("/")[2]
    if name not in FETCHES:
        return None
    url = URL.search(" ".join(one.words))
    address = url[0] if url else "tftp://" if name == "tftp" else "ftp://" if name == "ftpget" else ""
    if not address.startswith("https"):
        verifies: Answer = "no" if address else "unknown"
    elif any(word in NO_CHECK or (name == "curl" and short_k(word)) for word in one.words):
        verifies = "no"
    else:
        verifies = "yes" if name == "curl" else "unknown"  # BusyBox' wget looks at no certificate
    return Fetch(address, verifies, one.line)


def short_k(word: str) -> bool:
    """Whether it is short options of curl with `k` among them."""
    return re.fullmatch(r"-[a-zA-Z]{1,8}", word) is not None and "k" in word


def signed_by(tool: Command, known: list[Command]) -> Answer:
    """Whether a signature is checked, by the commands of a script and by the tool that installs."""
    if any(VERIFIES.search(text) for text in {one.text for one in known}):
        return "yes"
    name = tool.words[0].rpartition("/")[2]
    if name == "swupdate":
        return "yes" if "-k" in tool.words or "--key" in tool.words else "no"
    if name == "sysupgrade":
        return "no" if "-F" in tool.words else "unknown"
    if name in INSTALLS:
        return "unknown"
    # Who else is called may verify: a program of the maker's, with the file in its arguments.
    return "no" if all(familiar(one) for one in known) else "unknown"


def familiar(one: Command) -> bool:
    """Whether we know that a command verifies no signature."""
    name = one.words[0].rpartition("/")[2]
    return name in FAMILIAR or name in WRITES or name in FETCHES or name == "dd" or not name[:1].isalpha()


FAMILIAR = words("familiar_commands")


def in_configuration(content: bytes, part: int, path: str, bounds: Bounds) -> Iterator[Updater]:
    """The addresses that an agent's configuration names."""
    content = bounds.text(part, path, content)
    text = content.decode("utf-8", "replace")
    name = path.rpartition("/")[2]
    signed: Answer = "unknown"
    if "mender" in name:
        signed = "yes" if '"ArtifactVerifyKey' in text else "no"
    elif "opkg" in path:
        signed = "yes" if re.search(r"(?m)^\s*option\s+check_signature\b", text) else "unknown"
    elif "rauc" in path:
        signed = "yes"
    elif "swupdate" in path:
        signed = "yes" if re.search(r"(?m)^\s*public-key-file", text) else "unknown"
    skips = re.search(
        r'(?i)"SkipVerify"\s*:\s*true|verify[-_]?(?:ssl|tls|cert\w*)["\s:=]*(?:0|false|no)\b', text
    )
    for line in bounds.lines(part, path, content):
        if is_comment(line.text) or line.text.lstrip().startswith("//"):
            continue
        for url in URL.findall(line.text):
            verifies: Answer = "no" if not url.startswith("https") or skips else "unknown"
            at = place(part, path, line)
            yield Updater(
                path, bare(url), secure(url), verifies, signed, "configuration", shown(line.text), at
            )


def in_program(content: bytes, part: int, path: str) -> Iterator[Updater]:
    """A program that names where updates are, and what writes them."""
    if not SCANNER.scan(content).matching_rules:
        return
    skips = any(word in content for word in SKIPS)
    signed: Answer = "unknown" if any(word in content for word in SIGNS) else "no"
    told: set[str] = set()
    for match in STRINGS.finditer(content):
        url = match[0].decode("ascii", "replace")
        if (
            OF_UPDATES.search(url)
            and counts(host_of(url))
            and bare(url) not in told
            and "%s" not in url.partition("?")[0][:12]
        ):
            told.add(bare(url))
            verifies: Answer = "no" if not url.startswith("https") or skips else "unknown"
            at = Place(part, path, match.start(), len(match[0]))
            yield Updater(path, bare(url), secure(url), verifies, signed, "program", shown(url), at)


def bare(url: str) -> str:
    """An address without user, query and fragment."""
    return re.sub(r"://[^/@]*@", "://", re.split(r"[?#]", url)[0])[:200]


def secure(url: str) -> Answer:
    """Whether it is over TLS."""
    return "unknown" if not url else "yes" if url.startswith("https://") else "no"
