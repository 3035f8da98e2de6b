"""Is the domain in use, and not parked with a company that shows advertisements at unused names?

Why it matters: a parked name is the maker's no longer, or nobody looks after it any more. What children
open there is whatever pays for the click.

How we look (look): the domain's name servers and the name's aliases, as the resolver tells them, against
a list of companies that park names (`parking`, listed in the judgement).

What it does not show: a company that is not on the list; a name parked by a web page on an ordinary
server.

If it fails: restore the name and its own servers, or take every mention of it out of the product.
"""

from collections.abc import Iterator

from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.domain import LOOP, NO_NAME, NONE, RECORDS, DomainNames
from shelfworthy.seen.domain_data import companies, company_of

FOLLOWED = frozenset({RECORDS, NONE, NO_NAME, LOOP})  # then all aliases are known

SAYS = {
    "parked": "{domain} is parked: its name server {host} is one of {who}.",
    "parked-alias": "{domain} is parked: {name} is an alias of {host}, one of {who}.",
    "own": "{domain} has name servers of no company known to park names.",
    "no-name": "{domain} is not in the DNS: it leads nowhere.",
    "not-told": "The resolver did not say what the name servers and the aliases of {domain} are ({state}).",
}


def judge(seen: DomainNames, about: About) -> Iterator[Answer]:
    known = companies(about.references["parking"])
    servers = seen.name_servers
    for place, host in enumerate(servers.records):
        if company := company_of(host, known):
            at = field(f"name_servers.records.{place}")
            yield fails("parked", at, Severity.MEDIUM, domain=seen.domain, host=host, who=company.who)
            return
    for place, host in enumerate(seen.addresses.aliases):
        if company := company_of(host, known):
            yield fails(
                "parked-alias",
                field(f"addresses.aliases.{place}"),
                Severity.MEDIUM,
                domain=seen.domain,
                name=seen.name,
                host=host,
                who=company.who,
            )
            return
    if servers.state == NO_NAME:
        yield moot("no-name", field("name_servers.state"), domain=seen.domain)
    elif servers.state == RECORDS and seen.addresses.state in FOLLOWED:
        yield passes("own", field("name_servers"), confidence=Confidence.PROBABLE, domain=seen.domain)
    else:
        untold = seen.addresses if servers.state == RECORDS else servers
        cause = untold.cause or Cause.NOT_UNDERSTOOD
        yield inconclusive("not-told", cause, domain=seen.domain, state=untold.state)


CHECK = Check(
    id="domain-parked",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(DomainNames,),
    needs=("parking",),
    says=SAYS,
)
