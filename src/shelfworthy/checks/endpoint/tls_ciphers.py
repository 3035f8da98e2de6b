"""Does the server refuse every cipher suite that does not protect?

Why it matters: with a suite without encryption (NULL), without proof of who answers (anonymous), or with
ciphers that can be broken (EXPORT, RC4, DES, and 3DES, which leaks after some hours on one connection:
SWEET32), a connection looks protected and is not.

How we look (knock): we offer all suites ever registered, in each version, drop the one the server takes,
and offer the rest again until it refuses. At `look` there is one hello for each version, weak suites first:
a weak suite that the server takes then is a fail, but nothing can pass.

What it does not show: suites with a key agreed on beforehand are offered, but a server may hide that it
takes them from those who do not know the key. Rarer old ciphers (RC2, IDEA, SEED, GOST) are not judged.

If it fails: allow only ECDHE suites with AES-GCM or ChaCha20-Poly1305, and the suites of TLS 1.3.
"""

from collections.abc import Iterator

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.endpoint import EndpointTls
from shelfworthy.seen.tls_suites import WEAKNESSES, name, weaknesses

SEVERITIES = {
    "NULL": Severity.CRITICAL,
    "anonymous": Severity.CRITICAL,
    "EXPORT": Severity.CRITICAL,
    "RC4": Severity.HIGH,
    "DES": Severity.HIGH,
    "3DES": Severity.MEDIUM,
}

SAYS = {
    "weak": "The server accepts {weakness} suites with {versions}: {suites}.",
    "none-weak": "Of all suites there are, the server accepts {count}, and none that is weak.",
    "not-all": "At this level not every suite may be offered; not all were with {versions}.",
    "silent": "The server fell silent before it had refused all suites with {versions}.",
    "unclear": "The server's answer to suites of {versions} is none of TLS.",
    "tired": "The server tired of us and hung up before it had refused all suites with {versions}.",
    "no-tls": "The server accepted no suite at all.",
}

# Why the enumeration stopped short: what weighs most first.
STOPPED = {
    Cause.SILENT: "silent",
    Cause.NOT_UNDERSTOOD: "unclear",
    Cause.REFUSED: "tired",
    Cause.NOT_PERMITTED: "not-all",
}


def judge(seen: EndpointTls, about: About) -> Iterator[Answer]:
    accepted = [(at, version, suite) for at, version in enumerate(seen.versions) for suite in version.suites]
    for weakness in WEAKNESSES:
        found = [(at, version, suite) for at, version, suite in accepted if weakness in weaknesses(suite)]
        if found:
            yield fails(
                "weak",
                field(f"versions.{found[0][0]}.suites"),
                SEVERITIES[weakness],
                subject=weakness,
                weakness=weakness,
                versions=tuple(dict.fromkeys(version.version for _, version, _ in found)),
                suites=tuple(sorted({name(suite) for _, _, suite in found})),
            )
    unknown = {version.version: version.unknown for version in seen.versions if version.unknown}
    if not accepted:
        yield inconclusive("no-tls", Cause.REFUSED)
    elif unknown:
        cause = next(cause for cause in STOPPED if cause in unknown.values())
        versions = tuple(version for version, why in unknown.items() if why is cause)
        yield inconclusive(STOPPED[cause], cause, versions=versions)
    elif not any(weaknesses(suite) for _, _, suite in accepted):
        count = len({suite for _, _, suite in accepted})
        yield passes("none-weak", field("versions"), count=count)


CHECK = Check(id="tls-ciphers", version=1, level=Level.KNOCK, judge=judge, reads=(EndpointTls,), says=SAYS)
