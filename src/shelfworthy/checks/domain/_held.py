"""What a registration says, in the words the checks share."""

from shelfworthy.seen.domain import NO_NAME, RECORDS, Registration

# RFC 8056: its holder let it lapse and may still get it back; nobody can, and it is deleted within days.
REDEMPTION, PENDING_DELETE = "redemption period", "pending delete"


def contradicts(registration: Registration) -> bool:
    """Whether the registry does not know a domain that the DNS knows."""
    return not registration.found and registration.delegated == RECORDS


def certainly_free(registration: Registration) -> bool:
    """Whether neither registry nor DNS know the domain."""
    return not registration.found and registration.delegated == NO_NAME


def lapsing(registration: Registration) -> str:
    """The status that says that its holder let it lapse, or ""; some registries name two in one."""
    return next(
        (
            one
            for one in (PENDING_DELETE, REDEMPTION)
            if any(one in status for status in registration.statuses)
        ),
        "",
    )
