"""Does the server refuse every version of TLS that was withdrawn?

Why it matters: SSL 2.0, SSL 3.0, TLS 1.0 and TLS 1.1 were withdrawn (RFC 6176, RFC 7568, RFC 8996) because
what they protect can be read or changed on the way. Whoever stands between toy and server may choose the
oldest version that both still speak.

How we look (look): one hello each for SSL 2.0, SSL 3.0 and TLS 1.0 to 1.3, with the suites that servers are
met with; from `knock` on all suites there are. No handshake is completed with an old version. It passes
only if each old version was answered with a refusal, or hung up on, by a server that accepted TLS 1.2 or
1.3 in the same look.

What it does not show: whether app and device refuse old versions themselves. At `look`, whether an old
version would be accepted with a suite nobody uses. An endpoint that answers in plain HTTP stays open here;
`http-cleartext` says what is wrong with it.

If it fails: switch off everything below TLS 1.2 in the server's configuration, and offer TLS 1.3.
"""

from collections.abc import Iterator

from shelfworthy.checks.endpoint._replies import REFUSED
from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.endpoint import EndpointTls, VersionSeen
from shelfworthy.seen.tls_suites import OLD

SEVERITIES = {
    "SSLv2": Severity.CRITICAL,  # anyone on the way reads all of it, and that of newer versions (DROWN)
    "SSLv3": Severity.HIGH,  # POODLE
    "TLS 1.0": Severity.MEDIUM,  # needs more of an attacker (BEAST, Lucky Thirteen)
    "TLS 1.1": Severity.LOW,
}
OPEN = {
    "silent": ("silent", Cause.SILENT),
    "not understood": ("unclear", Cause.NOT_UNDERSTOOD),
    "http": ("unclear", Cause.NOT_UNDERSTOOD),
    "": ("silent", Cause.NOBODY_LOOKED),  # never offered
}

SAYS = {
    "accepts": "The server accepts {version}, which was withdrawn.",
    "only-new": "The server refuses SSL 2.0, SSL 3.0, TLS 1.0 and TLS 1.1, and accepts {accepted}.",
    "silent": "The server neither accepted nor refused {version}.",
    "unclear": "The server's answer to {version} is none of TLS.",
    "no-tls": "What answers does not speak TLS.",
    "accepts-none": "The server accepted no version of TLS at all.",
}


def judge(seen: EndpointTls, about: About) -> Iterator[Answer]:
    accepted = [version for version in seen.versions if version.reply == "accepted"]
    if not accepted:
        yield nothing_accepted(seen)
        return
    old = [version for version in accepted if version.version in OLD]
    for version in old:
        at = field(f"versions.{seen.versions.index(version)}")
        yield fails(
            "accepts", at, SEVERITIES[version.version], subject=version.version, version=version.version
        )
    replies = {version.version: version.reply for version in seen.versions}
    open_ones = {
        old: replies.get(old, "") for old in OLD if replies.get(old, "") not in REFUSED | {"accepted"}
    }
    for name, reply in open_ones.items():
        says, cause = OPEN[reply]
        yield inconclusive(says, cause, subject=name, version=name)
    if not old and not open_ones:
        yield passes("only-new", field("versions"), accepted=_list(accepted))


def nothing_accepted(seen: EndpointTls) -> Answer:
    """No version was: either it is not TLS at all, or nobody can tell."""
    if any(version.reply in {"not understood", "http"} for version in seen.versions):
        return inconclusive("no-tls", Cause.NOT_UNDERSTOOD)
    silent = any(version.reply == "silent" for version in seen.versions)
    return inconclusive("accepts-none", Cause.SILENT if silent else Cause.REFUSED)


def _list(versions: list[VersionSeen]) -> str:
    return " and ".join(version.version for version in versions)


CHECK = Check(id="tls-versions", version=1, level=Level.LOOK, judge=judge, reads=(EndpointTls,), says=SAYS)
