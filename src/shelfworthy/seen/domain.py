"""What can be seen of a name the product relies on, by asking resolvers and registries about it."""

from datetime import datetime

from msgspec import Struct

from shelfworthy.model import Cause, Mention, Seen

# What a resolver can say of a name and a type of record: `Lookup.state`.
RECORDS = "records"
NONE = "no such record"
NO_NAME = "no such name"
FAILED = "server failure"
REFUSED = "refused"
LOOP = "alias loop"
ENDLESS = "too many aliases"
UNSEEN = "unseen"


class Lookup(Struct, frozen=True, forbid_unknown_fields=True):
    """What the resolver said about one type of record.

    state: one of the words above, of the last alias where there are any; `unseen`: nothing, then cause and
    words say why. aliases: CNAMEs in the order they were followed. records: addresses, or names of hosts; at
    most 20.
    """

    state: str
    aliases: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    cause: Cause | None = None
    words: str = ""


class Registration(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="registration"):
    """What a registry says of a domain.

    protocol: "rdap" or "whois". asked: `host:port` of who answered. found: False where the registry says
    that it does not know the domain. statuses: in RFC 8056's words (`redemption period`), lower case.
    registrar: the company's name, "" where it was not told; never the holder's. signed: the delegation is
    (DNSSEC); None: not told. redacted: it says that it keeps something back (RFC 9537).
    delegated: what the resolver says about the domain's name servers: `Lookup.state`.
    """

    domain: str
    protocol: str
    asked: str
    found: bool
    statuses: tuple[str, ...]
    registered: datetime | None
    expires: datetime | None
    registrar: str
    name_servers: tuple[str, ...]
    signed: bool | None
    redacted: bool
    delegated: str


class Unknown(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="unknown"):
    """Who holds a domain could not be found out, and why."""

    cause: Cause
    words: str


class Front(Struct, frozen=True, forbid_unknown_fields=True):
    """The front page of the name, asked for where its alias leads to a service that may have forgotten it.

    status: 0 without an answer; then cause and words say why. phrase: the sentence found in it by which that
    service tells a name nobody has claimed, "" if it is not there. whole: all of the page was read.
    """

    status: int
    phrase: str
    whole: bool
    cause: Cause | None
    words: str


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """A host the name depends on.

    role: "alias" (where its last CNAME leads), "name server" or "mail server". addresses: what the resolver
    says of it. domain: the one somebody would have to register. holder: who has that, asked only where the
    host does not exist and the domain is not the product's own; else None.
    """

    role: str
    host: str
    addresses: Lookup
    domain: str
    holder: Registration | Unknown | None


class DomainNames(Seen, frozen=True, tag="domain-names/1"):
    """What the resolvers say. at: when. name: as the product uses it. domain: the one that is registered.

    addresses, addresses6: A and AAAA of the name. name_servers: NS of the domain. own_servers: NS of the name
    itself, where it is not the domain. mail: MX of the domain, hosts, best first. authorities: CAA of the
    domain, `issue name`. dnssec: "validated" (by the resolver), "signed", "unsigned" or "unknown".
    targets: at most 24; more: how many hosts were not asked about.
    """

    at: datetime
    name: str
    domain: str
    addresses: Lookup
    addresses6: Lookup
    name_servers: Lookup
    own_servers: Lookup | None
    mail: Lookup
    authorities: Lookup
    dnssec: str
    targets: tuple[Target, ...]
    more: int
    front: Front | None

    def mentions(self) -> tuple[Mention, ...]:
        """Aliases, and the servers of names and mail, those beyond the targets too; each once."""
        of = (
            ("alias", "addresses.aliases", self.addresses.aliases),
            ("alias", "addresses6.aliases", self.addresses6.aliases),
            *((one.role, f"targets.{n}.host", (one.host,)) for n, one in enumerate(self.targets)),
            ("name server", "name_servers.records", self.name_servers.records),
            ("name server", "own_servers.records", self.own_servers.records if self.own_servers else ()),
            ("mail server", "mail.records", self.mail.records),
        )
        found: dict[tuple[str, str], str] = {}
        for role, at, hosts in of:
            for place, host in enumerate(hosts):
                found.setdefault((host, role), at if at.endswith(".host") else f"{at}.{place}")
        return tuple(Mention(what=host, role=role, field=at) for (host, role), at in found.items())


class DomainRegistration(Seen, frozen=True, tag="domain-registration/1"):
    """What the registry says of the domain. at: when; what expires is judged against it. name: as used."""

    at: datetime
    name: str
    registration: Registration

    def mentions(self) -> tuple[Mention, ...]:
        """The name servers that the registry has for it."""
        return tuple(
            Mention(what=host, role="name server", field=f"registration.name_servers.{place}")
            for place, host in enumerate(self.registration.name_servers)
        )
