"""Does the database speak only over encrypted connections?

Why it matters: what a service asks its database, and what it gets, are customers' records and the service's
own credentials. In cleartext every network between them can read and change both.

How we look (look): one greeting in cleartext. If the server hangs up on it, one more over TLS on the same
port, and if that is answered one more in cleartext, which has to be hung up on, too. We ask for nothing else
than the server's version. PostgreSQL and MySQL say themselves whether they know TLS; whether they insist on
it shows when someone names an account in cleartext, which we do from knock on (`postgres` or `root`, without
a password).

What it does not show: how good its TLS is, whether clients check its certificate, and whether another port of
the same server answers in cleartext, or this one to another account. MySQL and MariaDB use the same words for
a wrong password whether or not they insist on TLS: that stays open.

If it fails: let the server take no other connection than TLS: `net.tls.mode: requireTLS` (MongoDB), `port 0`
and `tls-port` (Redis), `hostssl` lines only (PostgreSQL), `require_secure_transport` (MySQL), HTTPS only.
"""

from collections.abc import Iterator

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
from shelfworthy.seen.database import DatabaseHello, StoreHello

SAYS = {
    "cleartext": "The database answers in cleartext.",
    "tls-only": "The database hangs up on a greeting in cleartext and answers the same over TLS.",
    "tls-demanded": "The database does not serve clients in cleartext, and does over TLS.",
    "asks-for-more": "The port speaks TLS, and hangs up on a stranger's greeting both ways.",
    "turns-away": "The database turns strangers away with TLS and without: whom it serves how was not seen.",
    "offers-tls": "The database offers TLS; whether it insists on it was not seen.",
}


def judge(seen: DatabaseHello | StoreHello, about: About) -> Iterator[Answer]:
    if isinstance(seen, StoreHello):
        yield of_store(seen)
    elif seen.plain:
        yield fails("cleartext", field("plain"), Severity.HIGH)
    elif seen.tls is True:
        yield passes("tls-only", field("tls"))
    else:
        yield inconclusive("asks-for-more", Cause.REFUSED)


def of_store(seen: StoreHello) -> Answer:
    """The same of another store than MongoDB."""
    if isinstance(seen.plain, NotLooked):
        return inconclusive("offers-tls", seen.plain.cause)
    if seen.plain:
        return fails("cleartext", field("plain"), Severity.HIGH)
    if seen.tls is True:
        return passes("tls-demanded", field("plain"))
    return inconclusive("turns-away" if seen.product else "asks-for-more", Cause.REFUSED)


CHECK = Check(
    id="database-cleartext",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(DatabaseHello, StoreHello),
    says=SAYS,
)
