"""What somebody has read who decides: a verdict, and which part of its listing is where. Pure."""

from django.utils.crypto import salted_hmac

from shelfworthy.model import digest
from shelfworthy.shelf.deciding import parts
from shelfworthy.shelf.deciding.parts import Scope
from shelfworthy.shelf.models import Listing, Verdict

SALT = "shelfworthy.shelf.deciding.reading"


def known(listing: Listing, verdict: Verdict | None, scope: Scope = parts.WHOLE) -> str:
    """Names what a verdict says, and which part of a scope is in which state; not when that came to be."""
    there = parts.seen(parts.of(listing.state, listing.parts), scope)
    if verdict is None:
        return digest((there,))
    said = (verdict.standing, sorted(verdict.answers.items()), sorted(verdict.failing))
    return digest((there, *said))


def as_read(listing: Listing, verdict: Verdict | None) -> str:
    """The same of all of a listing, to be handed out: keyed, so that nobody can try with it which findings
    there are that are not for them."""
    return salted_hmac(SALT, known(listing, verdict), algorithm="sha256").hexdigest()
