"""Does the database speak only over encrypted connections?

Why it matters: what a service asks its database, and what it gets, are customers' records and the service's
own credentials. In cleartext every network between them can read and change both.

How we look (look): one MongoDB greeting in cleartext. If the server hangs up on it, one more over TLS on the
same port, and if that is answered one more in cleartext, which has to be hung up on, too. We ask for nothing
else than the server's version.

What it does not show: how good its TLS is, whether clients check its certificate, and whether another port of
the same server answers in cleartext.

If it fails: set `net.tls.mode` to `requireTLS`, so that the server takes no other connection.
"""

from collections.abc import Iterator

from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.database import DatabaseHello

SAYS = {
    "cleartext": "The database answers in cleartext.",
    "tls-only": "The database hangs up on a greeting in cleartext and answers the same over TLS.",
    "asks-for-more": "The port speaks TLS, and hangs up on a stranger's greeting both ways.",
}


def judge(seen: DatabaseHello, about: About) -> Iterator[Answer]:
    if seen.plain:
        yield fails("cleartext", field("plain"), Severity.HIGH)
    elif seen.tls is True:
        yield passes("tls-only", field("tls"))
    else:
        yield inconclusive("asks-for-more", Cause.REFUSED)


CHECK = Check(
    id="database-cleartext", version=1, level=Level.LOOK, judge=judge, reads=(DatabaseHello,), says=SAYS
)
