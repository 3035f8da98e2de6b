"""Is the server free of the flaws in TLS that have a name and a tool?

Why it matters: POODLE and DROWN let whoever stands on the way read what is sent; Heartbleed lets anyone
read the server's memory, keys and passwords included. Tools for all three have been public for years.

How we look (use): POODLE is SSL 3.0 with a suite in CBC mode, DROWN is SSL 2.0, both seen in the hellos
that `tls-versions` uses. Heartbleed is asked only where `use` is permitted: one heartbeat that claims one
byte more than it sends, of whose answer we keep the length. Right behind it goes a farewell; a server that
hangs up on that without an echo has read our heartbeat and passed over it. Below `use` the check can fail
and never pass.

What it does not show: flaws that need more than a hello to be found (ROBOT, CCS injection, Raccoon,
renegotiation). Another server with the same key and SSL 2.0 would make this one open to DROWN; we look at
this one only.

If it fails: switch SSL 2.0 and 3.0 off; replace OpenSSL 1.0.1 to 1.0.1f, then the server's key and
certificate.
"""

from collections.abc import Iterator

from shelfworthy.checks.endpoint._replies import REFUSED
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.endpoint import EndpointTls, Heartbeat, VersionSeen
from shelfworthy.seen.tls_suites import cbc, name

READ_ON = frozenset({"alert", "closed"})

SAYS = {
    "poodle": "The server is open to POODLE: SSL 3.0 with {suites}.",
    "drown": "The server is open to DROWN: it accepts SSL 2.0.",
    "heartbleed": "The server is open to Heartbleed: it returned {bytes} byte more than it was sent.",
    "none": "The server refuses what POODLE, DROWN and Heartbleed need.",
    "not-tried": "Whether the server is open to {flaw} was not tried, or not answered.",
    "no-tls": "The server accepted no version of TLS, so there was nothing to try.",
}


def judge(seen: EndpointTls, about: About) -> Iterator[Answer]:
    if not any(version.reply == "accepted" for version in seen.versions):
        yield inconclusive("no-tls", Cause.REFUSED)
        return
    answers = [*_poodle(seen), *_drown(seen), *_heartbleed(seen.heartbeat)]
    yield from answers
    if not answers:
        yield passes("none", field("versions"))


def _poodle(seen: EndpointTls) -> Iterator[Answer]:
    at, ssl3 = _version(seen, "SSLv3")
    chained = tuple(name(suite) for suite in ssl3.suites if cbc(suite)) if ssl3 else ()
    if chained:
        yield fails("poodle", field(f"versions.{at}.suites"), Severity.HIGH, subject="POODLE", suites=chained)
    elif ssl3 is None or not (ssl3.reply in REFUSED or (ssl3.reply == "accepted" and ssl3.unknown is None)):
        yield _open("POODLE", ssl3)


def _drown(seen: EndpointTls) -> Iterator[Answer]:
    at, ssl2 = _version(seen, "SSLv2")
    if ssl2 is not None and ssl2.reply == "accepted":
        yield fails("drown", field(f"versions.{at}"), Severity.CRITICAL, subject="DROWN")
    elif ssl2 is None or ssl2.reply not in REFUSED:
        yield _open("DROWN", ssl2)


def _heartbleed(seen: Heartbeat | NotLooked) -> Iterator[Answer]:
    match seen:
        case NotLooked(cause=cause):
            yield inconclusive("not-tried", cause, subject="Heartbleed", flaw="Heartbleed")
        case Heartbeat(over_read=over_read) if over_read:
            at = field("heartbeat.over_read")
            yield fails("heartbleed", at, Severity.CRITICAL, subject="Heartbleed", bytes=over_read)
        case Heartbeat(offered=True, ended=ended) if ended not in READ_ON:
            yield inconclusive("not-tried", Cause.SILENT, subject="Heartbleed", flaw="Heartbleed")


def _version(seen: EndpointTls, name: str) -> tuple[int, VersionSeen | None]:
    found = ((at, version) for at, version in enumerate(seen.versions) if version.version == name)
    return next(found, (-1, None))


def _open(flaw: str, version: VersionSeen | None) -> Answer:
    if version is None:
        return inconclusive("not-tried", Cause.NOBODY_LOOKED, subject=flaw, flaw=flaw)
    return inconclusive("not-tried", version.unknown or Cause.SILENT, subject=flaw, flaw=flaw)


CHECK = Check(id="tls-known-flaws", version=1, level=Level.USE, judge=judge, reads=(EndpointTls,), says=SAYS)
