"""Does everything the name depends on (alias, name servers, mail servers) still belong to somebody?

Why it matters: a name may be the maker's and lead to a host that nobody has any more. Whoever takes that
host speaks under the maker's name, with a valid certificate, and receives what toys and parents send.

How we look (look): the resolver is asked where the name leads and what its name servers and mail servers
are, and whether each of these hosts exists. Of one that does not, the registry is asked who holds its
domain: nobody means that anyone may take it, for certain. Services that give a name to whoever asks first
are known by a list (`claimable`, listed in the judgement); some tell only by a page, which is asked for
where the product file permits to contact the name.

What it does not show: an address that was given back to a cloud provider; a name server that does not
serve the domain; whether a service that is not on the list gives away names.

If it fails: take the record out of the DNS, or take the host back, before somebody else does.
"""

from collections.abc import Iterator

from shelfworthy.checks.domain._held import certainly_free, contradicts, lapsing
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Outcome,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.domain import (
    NO_NAME,
    NONE,
    RECORDS,
    DomainNames,
    Lookup,
    Registration,
    Target,
    Unknown,
)
from shelfworthy.seen.domain_data import Service, service_of, services, told_by_page

ALIAS, NAME_SERVERS, MAIL = "alias", "name servers", "mail"
ROLES = {"alias": ALIAS, "name server": NAME_SERVERS, "mail server": MAIL}
WORST_FIRST = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS)

SAYS = {
    "there": "The {role} {host} is there.",
    "own": "The {role} {host} is not there; only who holds {domain} could take it.",
    "none": "There is nothing of this sort to depend on.",
    "free-domain": "The {role} {host} is not there, and nobody holds {domain}: anyone may register it.",
    "lapsing-domain": "The {role} {host} is not there, and {domain} was let lapse ({status}).",
    "free-name": "The {role} {host} is not there, and {who} gives it to whoever asks first.",
    "free-page": "The {role} {host} leads to {who}, which says that nobody has this name there.",
    "page-unseen": "The {role} {host} leads to {who}; whether the name is still in use there was not seen.",
    "not-there": "The {role} {host} is not there; a person has to find out whether it could be taken.",
    "holder-unseen": "The {role} {host} is not there; who holds {domain} could not be found out.",
    "host-unseen": "Whether the {role} {host} is there was not answered ({state}).",
    "not-told": "What the name depends on was not answered ({state}).",
    "more": "There are {number} more hosts it depends on, which were not asked about.",
}


def judge(seen: DomainNames, about: About) -> Iterator[Answer]:
    known = services(about.references["claimable"])
    lookups = {ALIAS: (seen.addresses,), NAME_SERVERS: servers_of(seen), MAIL: (seen.mail,)}
    for role, asked in lookups.items():
        answers = [
            answer
            for place, target in enumerate(seen.targets)
            if ROLES[target.role] == role
            for answer in of_target(seen, target, f"targets.{place}", role, known)
        ]
        answers += [answer for lookup in asked for answer in of_lookup(lookup, role)]
        if not answers:
            yield moot("none", field("targets"), subject=role)
        else:
            yield min(answers, key=lambda answer: WORST_FIRST.index(answer.outcome))
    if seen.more:
        yield inconclusive("more", Cause.NOBODY_LOOKED, subject="more", number=seen.more)


def servers_of(seen: DomainNames) -> tuple[Lookup, ...]:
    return (seen.name_servers, *([seen.own_servers] if seen.own_servers else []))


def of_lookup(lookup: Lookup, role: str) -> Iterator[Answer]:
    """What stays open because the resolver did not say it."""
    if lookup.state not in (RECORDS, NONE, NO_NAME):
        cause = lookup.cause or Cause.NOT_UNDERSTOOD
        yield inconclusive("not-told", cause, subject=role, state=lookup.state)


def of_target(
    seen: DomainNames, target: Target, place: str, role: str, known: tuple[Service, ...]
) -> Iterator[Answer]:
    at = field(f"{place}.addresses.state")
    service = service_of(target.host, known) if target.role == "alias" else None
    paged = told_by_page(seen.addresses.aliases, known) if target.role == "alias" else None
    state = target.addresses.state
    if state in (RECORDS, NONE) and paged is not None:
        yield of_page(seen, target, paged, role)
    elif state in (RECORDS, NONE):
        yield passes("there", at, subject=role, role=target.role, host=target.host)
    elif state != NO_NAME:
        cause = target.addresses.cause or Cause.NOT_UNDERSTOOD
        yield inconclusive(
            "host-unseen", cause, subject=role, state=state, role=target.role, host=target.host
        )
    elif target.domain == seen.domain:
        yield passes("own", at, subject=role, domain=seen.domain, role=target.role, host=target.host)
    elif service is not None and service.empty == NO_NAME:
        yield fails(
            "free-name",
            at,
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            subject=role,
            who=service.who,
            role=target.role,
            host=target.host,
        )
    else:
        yield of_holder(target, place, role)


def of_holder(target: Target, place: str, role: str) -> Answer:
    """What follows from who holds the domain of a host that is not there."""
    at = field(f"{place}.holder")
    match target.holder:
        case Unknown(cause=cause):
            return inconclusive(
                "holder-unseen", cause, subject=role, domain=target.domain, role=target.role, host=target.host
            )
        case Registration(found=False) as held if not contradicts(held):
            sure = Confidence.CERTAIN if certainly_free(held) else Confidence.PROBABLE
            return fails(
                "free-domain",
                at,
                Severity.CRITICAL,
                confidence=sure,
                subject=role,
                domain=held.domain,
                role=target.role,
                host=target.host,
            )
        case Registration() as held if status := lapsing(held):
            return fails(
                "lapsing-domain",
                at,
                Severity.HIGH,
                subject=role,
                domain=held.domain,
                status=status,
                role=target.role,
                host=target.host,
            )
    return inconclusive("not-there", Cause.NEEDS_A_PERSON, subject=role, role=target.role, host=target.host)


def of_page(seen: DomainNames, target: Target, service: Service, role: str) -> Answer:
    """What follows from the page that answers under the name, at a service that tells by it."""
    front = seen.front
    if front is not None and front.phrase == service.empty:
        return fails(
            "free-page",
            field("front.phrase"),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            subject=role,
            who=service.who,
            role=target.role,
            host=target.host,
        )
    if front is not None and front.status and front.whole:
        return passes("there", field("front.status"), subject=role, role=target.role, host=target.host)
    cause = (front.cause if front else None) or Cause.NOBODY_LOOKED
    return inconclusive(
        "page-unseen", cause, subject=role, who=service.who, role=target.role, host=target.host
    )


CHECK = Check(
    id="domain-dangling",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(DomainNames,),
    needs=("claimable",),
    says=SAYS,
)
