"""Does the service refuse to speak in cleartext?

Why it matters: what is sent over plain HTTP, passwords and children's voices included, can be read and
changed by everyone on the way: the café, the provider, the neighbour on the same Wi-Fi.

How we look (look): one `GET` in cleartext to `plain_port`, or to port 80 where the endpoint is on 443, or
to the endpoint's own port if it is an `http://` one. It passes if the connection is refused while TLS on
the same address answered in the same look, or if the answer is a redirect to https of the same host that
sets no cookie. Content in cleartext, any other redirect, a cookie, or a question for a password in
cleartext is a fail. An error page is neither, for other paths may be served; silence is not a refusal.

What it does not show: whether an app or device uses the plain port. A redirect protects only after the
first request, which was sent in the clear. Other ports are not looked at.

If it fails: close the plain port, or let it do nothing but redirect to https; send Strict-Transport-
Security.
"""

from collections.abc import Iterator

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.endpoint import EndpointPlain

REDIRECTS = frozenset({301, 302, 303, 307, 308})
EMPTY = frozenset({204, 205})  # success without content
ASKS_FOR_LOGIN = 401

SAYS = {
    "refused": "Port {port} refuses connections, while TLS on the same address answers.",
    "redirects": "Port {port} does nothing but redirect to https on the same host.",
    "serves": "Port {port} serves content in cleartext.",
    "asks-password": "Port {port} asks for a password in cleartext.",
    "redirects-elsewhere": "Port {port} redirects in cleartext, but not to https on the same host: {to}.",
    "cookies": "Port {port} sets cookies in cleartext: {cookies}.",
    "error": "Port {port} speaks HTTP in cleartext and answered with status {status}.",
    "no-control": "Port {port} refuses connections, but TLS on the same address did not answer either.",
    "silent": "Port {port} accepts connections and says nothing.",
    "closed": "Port {port} accepts connections and hangs up.",
    "not-http": "Port {port} answers, but not in HTTP.",
}
OPEN = {
    "silent": ("silent", Cause.SILENT),
    "closed": ("closed", Cause.REFUSED),
    "not http": ("not-http", Cause.NOT_UNDERSTOOD),
}


def judge(seen: EndpointPlain, about: About) -> Iterator[Answer]:
    match seen.reply:
        case "refused" if seen.tls_answered:
            yield passes("refused", field("reply"), port=seen.port)
        case "refused":
            yield inconclusive("no-control", Cause.UNREACHABLE, port=seen.port)
        case "http":
            yield from _answered(seen)
        case other:
            says, cause = OPEN[other]
            yield inconclusive(says, cause, port=seen.port)


def _answered(seen: EndpointPlain) -> Iterator[Answer]:
    if seen.cookies:
        yield fails(
            "cookies",
            field("cookies"),
            Severity.MEDIUM,
            subject="cookies",
            port=seen.port,
            cookies=seen.cookies,
        )
    at = field("status")
    if seen.status < 300 and seen.status not in EMPTY:
        yield fails("serves", at, Severity.HIGH, port=seen.port)
    elif seen.status == ASKS_FOR_LOGIN:
        yield fails("asks-password", at, Severity.HIGH, port=seen.port)
    elif seen.status in REDIRECTS and not _to_same_host(seen):
        to = seen.location
        where = f"{to.scheme}://{to.host}:{to.port}" if to else "nowhere we understand"
        yield fails("redirects-elsewhere", field("location"), Severity.MEDIUM, port=seen.port, to=where)
    elif seen.status not in REDIRECTS:
        yield inconclusive("error", Cause.REFUSED, port=seen.port, status=seen.status)
    elif not seen.cookies:
        yield passes("redirects", field("location"), port=seen.port)


def _to_same_host(seen: EndpointPlain) -> bool:
    to = seen.location
    return to is not None and to.scheme == "https" and to.host.lower() == seen.host.lower()


CHECK = Check(
    id="http-cleartext", version=1, level=Level.LOOK, judge=judge, reads=(EndpointPlain,), says=SAYS
)
