"""Ask the resolver about a name and all the hosts it depends on: where it leads, name and mail servers.

A host that does not exist is what matters: then the registry is asked who holds its domain.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime

from shelfworthy import reference
from shelfworthy.model import Domain, Level
from shelfworthy.probes.domain.registration import holder
from shelfworthy.probes.domain.suffixes import registrable
from shelfworthy.reach import Address, Missing, NotSeen, Reach, Told, attempt, together, try_look_up
from shelfworthy.reach.dns_messages import mail_exchanges
from shelfworthy.seen.domain import NO_NAME, NONE, RECORDS, UNSEEN, DomainNames, Front, Lookup, Target
from shelfworthy.seen.domain_data import services, told_by_page

MOST_RECORDS = 20
MOST_TARGETS = 24
ALIAS, NAME_SERVER, MAIL_SERVER = "alias", "name server", "mail server"
# Letters, digits and hyphens (RFC 952); the DNS itself allows anything, `/` and `?` among it.
REGISTRABLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}")
HTTP = 80  # where the front page of a name is asked for


async def observe(domain: Domain, reach: Reach) -> AsyncIterator[DomainNames]:
    at = datetime.now(UTC).replace(microsecond=0)
    name = reach.address.host
    own = registrable(name)
    addresses = await try_look_up(reach, name, "A")
    if isinstance(addresses, Missing):
        raise NotSeen(addresses.cause, addresses.words)
    addresses6, servers, mail, authorities, keys = await together(
        try_look_up(reach, asked, kind)
        for asked, kind in ((name, "AAAA"), (own, "NS"), (own, "MX"), (own, "CAA"), (own, "DNSKEY"))
    )
    own_servers = await try_look_up(reach, name, "NS") if name != own and not addresses.aliases else None
    hosts = list(named_hosts(addresses, (servers, own_servers), mail))
    targets = await Targets(reach, own).all(hosts[:MOST_TARGETS])
    yield DomainNames(
        at=at,
        name=name,
        domain=own,
        addresses=lookup(addresses),
        addresses6=lookup(addresses6),
        name_servers=lookup(servers),
        own_servers=None if own_servers is None else lookup(own_servers),
        mail=lookup(mail, mail_exchanges),
        authorities=lookup(authorities, issuers),
        dnssec=dnssec(keys),
        targets=targets,
        more=max(0, len(hosts) - MOST_TARGETS),
        front=await front(reach, addresses),
    )


def named_hosts(
    addresses: Told, servers: Iterable[Told | Missing | None], mail: Told | Missing
) -> list[tuple[str, str]]:
    """(role, host) of everything the name depends on, each once."""
    found = [(ALIAS, addresses.aliases[-1])] if addresses.aliases and addresses.state != "alias loop" else []
    for one in servers:
        if isinstance(one, Told):
            found += [(NAME_SERVER, host) for host in sorted(one.records)]
    if isinstance(mail, Told):
        found += [(MAIL_SERVER, host) for host in mail_exchanges(mail.records)]
    return list(dict.fromkeys(found))


class Targets:
    """The hosts a name depends on. Each domain's registry is asked once."""

    def __init__(self, reach: Reach, own: str) -> None:
        self._reach = reach
        self._own = own

    async def all(self, hosts: list[tuple[str, str]]) -> tuple[Target, ...]:
        found = await together(self._addresses(host) for _, host in hosts)
        domains = [_registrable(host) for _, host in hosts]
        gone = {
            domain
            for domain, told in zip(domains, found, strict=True)
            if told.state == NO_NAME and domain and domain != self._own
        }
        asked = sorted(gone)
        holders = dict(zip(asked, await together(holder(self._reach, one) for one in asked), strict=True))
        return tuple(
            Target(
                role=role,
                host=host,
                addresses=told,
                domain=domain,
                holder=holders.get(domain) if told.state == NO_NAME else None,
            )
            for (role, host), domain, told in zip(hosts, domains, found, strict=True)
        )

    async def _addresses(self, host: str) -> Lookup:
        told = lookup(await try_look_up(self._reach, host, "A"))
        return lookup(await try_look_up(self._reach, host, "AAAA")) if told.state == NONE else told


def _registrable(host: str) -> str:
    """The domain somebody would have to register; "" for a suffix, and for what no registry gives out."""
    try:
        domain = registrable(host)
    except NotSeen:
        return ""
    return domain if REGISTRABLE.fullmatch(domain) else ""


def lookup(told: Told | Missing, read: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None) -> Lookup:
    """What was told, as it is kept. read: what to keep of its records."""
    if isinstance(told, Missing):
        return Lookup(state=UNSEEN, cause=told.cause, words=told.words)
    records = read(told.records) if read else tuple(sorted(told.records))
    state = NONE if told.state == RECORDS and not records else told.state
    return Lookup(state=state, aliases=told.aliases, records=records[:MOST_RECORDS])


def issuers(records: tuple[str, ...]) -> tuple[str, ...]:
    """Of CAA records (RFC 8659) who may issue certificates; mailboxes and account numbers are not kept."""
    parts = (record.split(" ", 2) for record in records)
    found = {
        f"{tag} {value.strip(chr(34)).partition(';')[0].strip() or 'nobody'}"[:100]
        for _, tag, value in (part for part in parts if len(part) == 3)
        if tag in ("issue", "issuewild")
    }
    return tuple(sorted(found))


def dnssec(keys: Told | Missing) -> str:
    """Whether the domain has keys, and the resolver verified them."""
    if isinstance(keys, Missing) or keys.state not in (RECORDS, NONE):
        return "unknown"
    if keys.state == NONE:
        return "unsigned"
    return "validated" if keys.validated else "signed"


async def front(reach: Reach, addresses: Told) -> Front | None:
    """The front page, where an alias leads to a service that tells by a page which names nobody has."""
    if not addresses.aliases:
        return None
    _, known = reference.shipped()[reference.CLAIMABLE]
    service = told_by_page(addresses.aliases, services(known))
    if service is None:
        return None
    at = Address(scheme="http", host=reach.address.host, port=HTTP, path="/")
    came = await attempt(reach, at, level=Level.LOOK)
    if isinstance(came, Missing):
        return Front(status=0, phrase="", whole=False, cause=came.cause, words=came.words)
    found = service.empty.encode() in came.body
    phrase = service.empty if found else ""
    return Front(status=came.status, phrase=phrase, whole=came.whole, cause=None, words="")
