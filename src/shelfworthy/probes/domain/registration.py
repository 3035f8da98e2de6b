"""Ask the registry who holds a domain, and the resolver whether it is there: two witnesses."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from shelfworthy.model import Domain
from shelfworthy.probes.domain import rdap, whois
from shelfworthy.probes.domain.suffixes import registrable
from shelfworthy.reach import Missing, NotSeen, Reach, Registered, ask_registry, try_look_up
from shelfworthy.seen.domain import UNSEEN, DomainRegistration, Registration, Unknown


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
        return unheld(domain, told, delegated)
    read = whois.registration if told.protocol == "whois" else rdap.registration
    return read(domain, told.at, told.content, delegated)


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
