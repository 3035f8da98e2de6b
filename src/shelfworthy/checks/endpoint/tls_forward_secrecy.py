"""Does what was recorded stay secret after the server's key is lost, and is each message protected in one
step?

Why it matters: without forward secrecy whoever copies the server's key once can read everything that was
recorded before. Suites in CBC mode were broken again and again by how long a server takes to refuse (Lucky
Thirteen, POODLE against TLS). This is a note: it decides nothing.

How we look (knock): the suites accepted when all of them are offered. At `look` one suite for each version,
which can fail and never pass.

What it does not show: whether the server changes its session ticket keys, on which forward secrecy also
depends.

If it fails: allow only ECDHE suites with AES-GCM or ChaCha20-Poly1305, and the suites of TLS 1.3.
"""

from collections.abc import Iterator

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.endpoint import EndpointTls
from shelfworthy.seen.tls_suites import cbc, forward_secret, name

SAYS = {
    "not-forward-secret": "The server accepts suites without forward secrecy: {suites}.",
    "cbc": "The server accepts suites in CBC mode: {suites}.",
    "sound": "Every suite the server accepts is forward secret, and none is in CBC mode.",
    "not-all": "Not all suites were offered and answered.",
    "no-tls": "The server accepted no suite at all.",
}


def judge(seen: EndpointTls, about: About) -> Iterator[Answer]:
    accepted = [(at, suite) for at, version in enumerate(seen.versions) for suite in version.suites]
    lasting = [(at, suite) for at, suite in accepted if not forward_secret(suite)]
    chained = [(at, suite) for at, suite in accepted if cbc(suite)]
    unknown = [version.unknown for version in seen.versions if version.unknown]
    if lasting:
        yield _fails("not-forward-secret", lasting, "forward secrecy")
    if chained:
        yield _fails("cbc", chained, "CBC")
    if not accepted:
        yield inconclusive("no-tls", Cause.REFUSED)
    elif unknown:
        yield inconclusive("not-all", unknown[0])
    elif not lasting and not chained:
        yield passes("sound", field("versions"))


def _fails(says: str, found: list[tuple[int, int]], subject: str) -> Answer:
    at = field(f"versions.{found[0][0]}.suites")
    suites = tuple(sorted({name(suite) for _, suite in found}))
    return fails(says, at, Severity.LOW, subject=subject, suites=suites)


CHECK = Check(
    id="tls-forward-secrecy", version=1, level=Level.KNOCK, judge=judge, reads=(EndpointTls,), says=SAYS
)
