"""What can be seen of a maker's way to receive vulnerability reports."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from shelfworthy.model import Cause, Mention, Seen
from shelfworthy.seen.policy_words import POLICY, names_policy

WEB = ("https://", "http://")

# Where we look, whatever the site links to. The checks' pages name them all; absence needs every one of them.
SECURITY_TXT_PLACES = ("/.well-known/security.txt", "/security.txt")  # RFC 9116, section 3
PAGE_PLACES = (
    "/",
    "/security",
    "/vulnerability-disclosure",
    "/vulnerability-disclosure-policy",
    "/responsible-disclosure",
    "/bug-bounty",
    "/contact",
    "/support",
)
# Where advisories are looked for besides what the site links to (the first: CSAF 2.0, section 7.1.9).
PROVIDER_METADATA = "/.well-known/csaf/provider-metadata.json"
ADVISORY_PLACES = ("/security/advisories", "/security-advisories", "/advisories")
# Languages whose words probe and checks know; a page in another one proves no absence. "" is not said.
LANGUAGES = frozenset({"", "en", "de", "fr", "es", "it", "nl"})
# Where vulnerabilities are reported, and often rewarded, for many makers.
PLATFORMS = (
    "bugbase.ai",
    "bugcrowd.com",
    "hackenproof.com",
    "hackerone.com",
    "immunefi.com",
    "intigriti.com",
    "issuehunt.io",
    "yeswehack.com",
    "yogosha.com",
    "zerocopter.com",
)


class Passage(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence or heading that speaks of vulnerabilities, reports, rewards or answering times.

    start: its offset in characters in the readable text of the page. text: at most 400 characters.
    """

    start: int
    text: str


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """A link that speaks of such things, by its words or its address, which is absolute."""

    text: str
    url: str


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page we asked for, and what of it speaks of vulnerabilities. Its text is not kept.

    role: "place" (asked for by its usual path), "linked", or "policy" (named as such by security.txt or by
    a link). url: asked for. final: after permitted redirects. status: 0 without an answer; then cause and
    words say why. whole: fetched to its end, and all that speaks of the matter is kept. readable: it has
    text without running scripts. language: as it says itself, "" if it does not, "und" if it has hardly a
    Latin letter. form: it has a form one can write into.
    """

    role: str
    url: str
    final: str
    status: int
    cause: Cause | None
    words: str
    whole: bool
    readable: bool
    language: str
    form: bool
    passages: tuple[Passage, ...]
    links: tuple[Link, ...]


class SecurityField(Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a security.txt (RFC 9116, section 2.5), with its line number from 1."""

    name: str
    value: str
    line: int


class Problem(Struct, frozen=True, forbid_unknown_fields=True):
    """Something in a security.txt that RFC 9116 does not allow. line: from 1, 0 for the whole file."""

    id: str
    line: int


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """The OpenPGP cleartext signature of a security.txt.

    state: "good", "bad", "no key" (none was linked that made it, or none could be fetched: cause), "tool
    missing". fingerprint: of the certificate that made it, "" unless good.
    """

    state: str
    fingerprint: str
    cause: Cause | None


class SecurityTxt(Struct, frozen=True, forbid_unknown_fields=True):
    """A parsed security.txt. url: asked for. final: after permitted redirects. whole: all of it was read.

    expires: the one valid Expires.
    """

    url: str
    final: str
    whole: bool
    fields: tuple[SecurityField, ...]
    problems: tuple[Problem, ...]
    expires: datetime | None
    signature: Signature | None


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """What a usual place of security.txt answered. status: 0 without an answer; then cause says why.

    text: a text file was there that is meant as security.txt, or could be.
    """

    url: str
    final: str
    status: int
    whole: bool
    text: bool
    cause: Cause | None
    words: str


class Asked(Protocol):
    """What was asked for, the last place it led to, and what kept us from an answer there."""

    @property
    def url(self) -> str: ...
    @property
    def final(self) -> str: ...
    @property
    def cause(self) -> Cause | None: ...


def redirects(asked: Iterable[tuple[str, Asked]]) -> Iterator[Mention]:
    """Where redirects lead, followed or not. asked: each with the field that names its last place."""
    for at, one in asked:
        if one.final != one.url:
            followed = one.cause is not Cause.NOT_PERMITTED
            role = "redirect" if followed else "redirect not followed"
            yield Mention(what=one.final, role=role, field=at)


class ContactSeen(Seen, frozen=True, tag="contact/1"):
    """Where a finder of a flaw could turn to. at: when (expiry is judged against it). site: the origin.

    places: the usual places of security.txt, as far as we had to ask. pages: in the order asked.
    unvisited: pages that were linked and not asked for, because there were too many.
    """

    at: datetime
    site: str
    places: tuple[Place, ...]
    security_txt: SecurityTxt | None
    pages: tuple[Page, ...]
    unvisited: tuple[Link, ...]

    def mentions(self) -> tuple[Mention, ...]:
        """What it names: fields of security.txt, links, and where redirects lead, followed or not."""
        named = {"acknowledgments", "canonical", "contact", "csaf", "encryption", "policy"}
        fields = self.security_txt.fields if self.security_txt else ()
        led: list[tuple[str, Asked]] = [
            (f"{part}.{number}.final", one)
            for part in ("places", "pages")
            for number, one in enumerate(getattr(self, part))
        ]
        return (
            *(
                self._of_txt(field, f"security_txt.fields.{index}")
                for index, field in enumerate(fields)
                if field.name in named
            ),
            *(
                of_link(link, f"pages.{number}.links.{index}", page.final)
                for number, page in enumerate(self.pages)
                for index, link in enumerate(page.links)
            ),
            *(of_link(link, f"unvisited.{index}", self.site) for index, link in enumerate(self.unvisited)),
            *redirects(led),
        )

    def _of_txt(self, field: SecurityField, at: str) -> Mention:
        """A field whose value is an address. Its name says nothing of privacy: RFC 9116 means by a policy how
        flaws are to be reported."""
        file = self.security_txt.final if self.security_txt else self.site
        policy = field.value.lower().startswith(WEB) and names_policy("", field.value)
        return Mention(
            what=field.value,
            role=POLICY if policy else f"security.txt {field.name}",
            field=at,
            place=f"line {field.line} of {file}",
        )


def of_link(link: Link, at: str, page: str) -> Mention:
    """What a link that speaks of security leads to. page: where it is."""
    policy = link.url.lower().startswith(WEB) and names_policy(link.text, link.url)
    role, place = POLICY if policy else "security link", f'the link "{link.text}" at {page}'
    return Mention(what=link.url, role=role, field=at, place=place)


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """How a page came that could name a mailbox. The fields are those of `Page`."""

    url: str
    status: int
    cause: Cause | None
    whole: bool
    readable: bool
    language: str


class MailDomain(Struct, frozen=True, forbid_unknown_fields=True):
    """What resolvers say of the domain of a mailbox.

    named: the page or file that names the mailbox. state: "mx", "null mx" (RFC 7505), "address" (no MX, and
    the domain has an address of its own; RFC 5321, section 5.1), "nothing", "no such name", "mx without
    address", "unseen" (cause and words say why), or what the resolver said in place of an answer. hosts: that
    take its mail, best first, at most 4; with "mx" one that has an address comes first.
    """

    domain: str
    named: str
    state: str
    hosts: tuple[str, ...] = ()
    cause: Cause | None = None
    words: str = ""


class ContactMail(Seen, frozen=True, tag="contact-mail/1"):
    """Whether mail can reach the mailboxes named in security.txt and on the pages of `contact/1`.

    pages: how those pages came, the usual places of security.txt first. unasked: domains beyond the first 5.
    """

    at: datetime
    domains: tuple[MailDomain, ...]
    unasked: int
    pages: tuple[Reading, ...]

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(
            Mention(what=what, role=role, field=at)
            for number, one in enumerate(self.domains)
            for what, role, at in (
                (one.domain, "mail domain", f"domains.{number}.domain"),
                *(
                    (host, "mail server", f"domains.{number}.hosts.{place}")
                    for place, host in enumerate(one.hosts)
                ),
            )
        )


class AdvisoryList(Struct, frozen=True, forbid_unknown_fields=True):
    """A list of security advisories, and what it lists.

    how: "csaf" (changes.csv of a directory), "rolie" (a feed) or "page". status: 0 without an answer; then
    cause and words say why. whole, readable, language: as of `Page`; a list for machines is readable where
    it has its form. advisories: how many it lists. dated: how many with a day; first, last: of these.
    """

    how: str
    url: str
    final: str
    status: int
    cause: Cause | None
    words: str
    whole: bool
    readable: bool
    language: str
    advisories: int
    dated: int
    first: date | None
    last: date | None


class ContactHistory(Seen, frozen=True, tag="contact-history/1"):
    """What the maker published of flaws it knew. provider: the usual place of CSAF provider metadata, or the
    one that security.txt names; `text` says that it is such metadata.
    """

    at: datetime
    site: str
    provider: Place
    lists: tuple[AdvisoryList, ...]

    def mentions(self) -> tuple[Mention, ...]:
        """Lists that provider metadata names, and where redirects lead, followed or not."""
        led: list[tuple[str, Asked]] = [("provider.final", self.provider)]
        led += [(f"lists.{number}.final", one) for number, one in enumerate(self.lists)]
        return (
            *(
                Mention(what=one.url, role="advisory list", field=f"lists.{number}.url")
                for number, one in enumerate(self.lists)
                if one.how != "page"
            ),
            *redirects(led),
        )
