"""Ask the registry who holds a domain, and the resolver whether it is there: two witnesses."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from shelfworthy.model import Cause, Domain
from shelfworthy.probes.domain import rdap, whois
from shelfworthy.probes.domain.suffixes import registrable
from shelfworthy.reach import Missing, NotSeen, Reach, Registered, ask_registry, try_look_up
from shelfworthy.seen.domain import (
    NO_NAME,
    NONE,
    RECORDS,
    UNSEEN,
    DomainRegistration,
    Registration,
    Unknown,
)

TOLD = frozenset({RECORDS, NONE, NO_NAME})  # what a resolver says that knows


async def observe(domain: Domain, reach: Reach) -> AsyncIterator[DomainRegistration]:
    at = datetime.now(UTC).replace(microsecond=0)
    name = reach.address.host
    found = await registration(reach, registrable(name))
    yield DomainRegistration(at=at, name=name, registration=found)


async def registration(reach: Reach, domain: str) -> Registration:
    """What the registry says of a domain. Raises NotSeen."""
    told = await ask_registry(reach, domain)
    servers = await try_look_up(reach, domain, "NS")
    delegated = UNSEEN if isinstance(servers, Missing) else servers.state
    if not told.found:
        found = unheld(domain, told, delegated)
    else:
        read = whois.registration if told.protocol == "whois" else rdap.registration
        found = read(domain, told.at, told.content, delegated)
    if not found.found and delegated not in TOLD:
        # One witness is not enough to say that nobody holds a domain: registries have bad days, too.
        cause = servers.cause if isinstance(servers, Missing) else Cause.NOT_UNDERSTOOD
        words = f"The registry {told.at} does not know {domain}; if the DNS does was not told ({delegated})."
        raise NotSeen(cause, words)
    return found


async def holder(reach: Reach, domain: str) -> Registration | Unknown:
    """The same about somebody else's domain; what could not be found out is told, not raised."""
    try:
        return await registration(reach, domain)
    except NotSeen as trouble:
        return Unknown(cause=trouble.cause, words=trouble.words)


def unheld(domain: str, told: Registered, delegated: str) -> Registration:
    """What a registry says that does not know the domain."""
    return Registration(
        domain=domain,
        protocol=told.protocol,
        asked=told.at,
        found=False,
        statuses=(),
        registered=None,
        expires=None,
        registrar="",
        name_servers=(),
        signed=None,
        redacted=False,
        delegated=delegated,
    )
