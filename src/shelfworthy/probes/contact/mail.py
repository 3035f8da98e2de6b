"""Ask the operator's resolvers whether mail can reach the mailboxes that a site names."""

import re
from importlib.util import find_spec

from shelfworthy.model import Cause
from shelfworthy.reach import Missing, Reach, Told, try_look_up
from shelfworthy.reach.resolver import NO_NAME, NONE, RECORDS
from shelfworthy.seen.contact import ContactMail, ContactSeen, MailDomain, Reading

TOOLS = ("dnspython",) if find_spec("dns") else ()
MOST = 5  # domains that are asked about
MOST_HOSTS = 4
ASKED_HOSTS = 2  # mail hosts whose addresses are asked for
LONGEST = 253  # characters of a name (RFC 1035, section 2.3.4)
MAILBOX = re.compile(
    r"[\w.+-]{1,64} ?(?:@|[\[(](?:at|ät)[\])]) ?"
    r"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61})",
    re.IGNORECASE,
)


async def mail(reach: Reach, seen: ContactSeen) -> ContactMail:
    """What resolvers say of every mailbox's domain; never raises NotSeen."""
    named = domains(seen)
    asked: list[MailDomain] = []
    for domain, place in list(named.items())[:MOST]:
        last = asked[-1] if asked else None
        if last is not None and last.cause not in {None, Cause.NOT_UNDERSTOOD}:
            # Who did not answer for one domain is not asked, for as long again, for the next.
            asked.append(MailDomain(domain, place, "unseen", (), last.cause, last.words))
        else:
            asked.append(await told_of(reach, domain, place))
    return ContactMail(
        at=seen.at,
        domains=tuple(asked),
        unasked=max(0, len(named) - MOST),
        pages=tuple(readings(seen)),
    )


def domains(seen: ContactSeen) -> dict[str, str]:
    """Domains of mailboxes, each with the first page or file that names one. Pure."""
    found: dict[str, str] = {}
    file = seen.security_txt
    texts = [(one.value, file.final) for one in file.fields if one.name == "contact"] if file else []
    for page in seen.pages:
        texts += [(link.url, page.final) for link in page.links if link.url.startswith("mailto:")]
        texts += [(passage.text, page.final) for passage in page.passages]
    for text, place in texts:
        for match in MAILBOX.finditer(text):
            if len(match[1]) <= LONGEST:
                found.setdefault(match[1].lower(), place)
    return found


def readings(seen: ContactSeen) -> list[Reading]:
    """How every page came, as far as absence depends on it. Pure."""
    places = [
        Reading(one.url, one.status, one.cause, one.whole, readable=True, language="") for one in seen.places
    ]
    pages = [
        Reading(one.url, one.status, one.cause, one.whole, one.readable, one.language) for one in seen.pages
    ]
    left = [Reading(one.url, 0, Cause.NOBODY_LOOKED, False, False, "") for one in seen.unvisited[:1]]
    return places + pages + left


async def told_of(reach: Reach, domain: str, place: str) -> MailDomain:
    """How mail for a domain is delivered (RFC 5321, section 5.1)."""
    if not TOOLS:
        words = "Asking resolvers needs dnspython: pip install 'shelfworthy[cloud]'."
        return MailDomain(domain, place, "unseen", (), Cause.TOOL_MISSING, words)
    told = await try_look_up(reach, domain, "MX")
    if isinstance(told, Missing):
        return MailDomain(domain, place, "unseen", (), told.cause, told.words)
    if told.state == RECORDS:
        hosts = exchanges(told)
        if not hosts:
            return MailDomain(domain, place, "null mx")
        return await by_hosts(reach, domain, place, hosts)
    if told.state == NONE:
        own = await has_address(reach, domain)
        if isinstance(own, Missing):
            return MailDomain(domain, place, "unseen", (), own.cause, own.words)
        return MailDomain(domain, place, "address" if own else "nothing")
    return MailDomain(domain, place, told.state)


async def by_hosts(reach: Reach, domain: str, place: str, hosts: tuple[str, ...]) -> MailDomain:
    """Whether any of its mail hosts has an address; one that does is named first."""
    unseen = Missing(cause=Cause.NOBODY_LOOKED, words="It has more mail hosts than were asked about.")
    open_ = unseen if len(hosts) > ASKED_HOSTS else None
    for host in hosts[:ASKED_HOSTS]:
        reached = await has_address(reach, host)
        if reached is True:
            first = (host, *(one for one in hosts if one != host))
            return MailDomain(domain, place, "mx", first[:MOST_HOSTS])
        open_ = reached if isinstance(reached, Missing) else open_
    if open_ is None:
        return MailDomain(domain, place, "mx without address", hosts)
    return MailDomain(domain, place, "unseen", hosts[:MOST_HOSTS], open_.cause, open_.words)


def exchanges(told: Told) -> tuple[str, ...]:
    """Hosts of MX records by their preference; the null MX names none. Pure."""
    pairs = [one.partition(" ") for one in told.records]
    ranked = sorted((int(rank) if rank.isdigit() else 0, host.rstrip(".")) for rank, _, host in pairs)
    return tuple(host for _, host in ranked if host)


async def has_address(reach: Reach, host: str) -> bool | Missing:
    """Whether a name has an address of either family; Missing where nobody could say."""
    open_: Missing | None = None
    for kind in ("A", "AAAA"):
        told = await try_look_up(reach, host, kind)
        if isinstance(told, Missing):
            return told
        if told.state == RECORDS:
            return True
        if told.state not in {NONE, NO_NAME}:
            open_ = Missing(cause=Cause.NOT_UNDERSTOOD, words=f"The resolver says of {host}: {told.state}.")
    return False if open_ is None else open_
