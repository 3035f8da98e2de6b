"""What the published types name: their data is fixed, what they mention is read from it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shelfworthy.discovery.naming import named
from shelfworthy.model import Cause, NotLooked, Seen
from shelfworthy.seen import bucket
from shelfworthy.seen.contact import (
    AdvisoryList,
    ContactHistory,
    ContactMail,
    ContactSeen,
    Link,
    MailDomain,
    Page,
    Place,
    SecurityField,
    SecurityTxt,
)
from shelfworthy.seen.domain import DomainNames, DomainRegistration, Lookup, Registration, Target
from shelfworthy.seen.endpoint import (
    MOST_NAMES,
    Elsewhere,
    EndpointCertificate,
    EndpointHttps,
    EndpointPlain,
    Named,
    Origin,
)
from shelfworthy.seen.update import (
    Asked,
    Manifest,
    Shown,
    Signature,
    SupportPage,
    SupportSeen,
    Tuf,
    Unsaid,
    UpdateSeen,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SITE = "https://www.bear.test"


def certificate(*names: str, twice: bool = False) -> bytes:
    """A certificate for these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "common.test")])
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 7, NOW, NOW + timedelta(days=9))
    if names:
        alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        alternatives.append(x509.RFC822Name("keeper@bear.test"))
        made = made.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def shown(*chain: bytes) -> EndpointCertificate:
    return EndpointCertificate(
        name="API.bear.test",
        at=NOW,
        chain=chain,
        shown=len(chain),
        completed=True,
        version="TLS 1.3",
        suite="TLS_AES_128_GCM_SHA256",
    )


def test_a_certificate_names_its_other_names() -> None:
    mentions = shown(
        certificate("api.bear.test", "*.bear.test", "wolf.test"), certificate("ca.test")
    ).mentions()
    assert [(one.what, one.role, one.field) for one in mentions] == [
        ("*.bear.test", "certificate name", "chain.0"),
        ("wolf.test", "certificate name", "chain.0"),
    ]


def test_of_a_certificate_for_a_thousand_names_some() -> None:
    names = tuple(f"h{number}.test" for number in range(1000))
    assert len(shown(certificate(*names)).mentions()) == MOST_NAMES


@pytest.mark.parametrize(
    "chain",
    [
        (),
        (b"",),
        (b"\x30\x03\x02\x01\x01",),
        (b"noise" * 99,),
        (certificate(),),
        (certificate("a.test")[:-9],),
    ],
)
def test_what_cannot_be_read_names_nothing(chain: tuple[bytes, ...]) -> None:
    assert shown(*chain).mentions() == ()


def page(url: str, final: str, cause: Cause | None = None, *links: str) -> Page:
    return Page(
        role="place",
        url=url,
        final=final,
        status=200,
        cause=cause,
        words="",
        whole=True,
        readable=True,
        language="en",
        form=False,
        passages=(),
        links=tuple(Link(text="Security", url=link) for link in links),
    )


def place(url: str, final: str) -> Place:
    return Place(url=url, final=final, status=404, whole=True, text=False, cause=None, words="")


SEEN = ContactSeen(
    at=NOW,
    site=SITE,
    places=(place(f"{SITE}/security.txt", "https://txt.test/security.txt"),),
    security_txt=SecurityTxt(
        url=f"{SITE}/.well-known/security.txt",
        final=f"{SITE}/.well-known/security.txt",
        whole=True,
        fields=tuple(
            SecurityField(name=name, value=value, line=line)
            for line, (name, value) in enumerate(
                [
                    ("contact", "mailto:security@bear.test"),
                    ("expires", "2027-01-01T00:00:00Z"),
                    ("csaf", "https://csaf.test/provider-metadata.json"),
                    ("preferred-languages", "en"),
                    ("acknowledgments", "https://thanks.test/"),
                ],
                start=1,
            )
        ),
        problems=(),
        expires=None,
        signature=None,
    ),
    pages=(
        page(f"{SITE}/", f"{SITE}/"),
        page(f"{SITE}/security", "https://help.test/", None, "https://hackerone.com/bears"),
        page(f"{SITE}/contact", "https://no.test/", Cause.NOT_PERMITTED),
    ),
    unvisited=(Link(text="More", url="https://more.test/security"),),
)


def test_a_site_names_what_its_fields_links_and_redirects_say() -> None:
    assert [(one.what, one.role, one.field) for one in SEEN.mentions()] == [
        ("mailto:security@bear.test", "security.txt contact", "security_txt.fields.0"),
        ("https://csaf.test/provider-metadata.json", "security.txt csaf", "security_txt.fields.2"),
        ("https://thanks.test/", "security.txt acknowledgments", "security_txt.fields.4"),
        ("https://hackerone.com/bears", "security link", "pages.1.links.0"),
        ("https://more.test/security", "security link", "unvisited.0"),
        ("https://txt.test/security.txt", "redirect", "places.0.final"),
        ("https://help.test/", "redirect", "pages.1.final"),
        ("https://no.test/", "redirect not followed", "pages.2.final"),
    ]


def test_a_site_without_any_names_nothing() -> None:
    bare = msgspec.structs.replace(SEEN, places=(), security_txt=None, pages=(), unvisited=())
    assert bare.mentions() == ()


def told(seen: Seen) -> list[tuple[str, str, str]]:
    return [(one.what, one.role, one.field) for one in seen.mentions()]


def test_an_answer_over_tls_names_where_it_sends_and_where_it_is_served_too() -> None:
    places = (
        Named(by="redirect", to=Origin("https", "www.bear.test", 443)),
        Named(by="alternative service", to=Origin("https", "2001:db8::1", 8443)),
    )
    seen = EndpointHttps(status=301, hsts="", elsewhere=Elsewhere(places=places, more=2))
    assert told(seen) == [
        ("https://www.bear.test:443", "redirect", "elsewhere.places.0"),
        ("https://[2001:db8::1]:8443", "alternative service", "elsewhere.places.1"),
    ]
    assert ids(seen) == ["endpoint:https://www.bear.test/", "endpoint:https://[2001:db8::1]:8443/"]
    assert told(EndpointHttps(status=0, hsts="", elsewhere=NotLooked(Cause.SILENT))) == []


def ids(seen: Seen) -> list[str]:
    """The surfaces its mentions become."""
    return [one.id.removeprefix("seen:") for mention in seen.mentions() for one in named(mention.what)]


def test_a_redirect_to_an_ipv6_address_names_that() -> None:
    """Its brackets were missing, so it named nothing."""
    seen = EndpointPlain(
        host="bear.test",
        port=80,
        reply="http",
        status=301,
        location=Origin("https", "2001:db8::1", 443),
        cookies=(),
        tls_answered=False,
    )
    assert ids(seen) == ["endpoint:https://[2001:db8::1]/"]


def test_a_bucket_names_where_it_is_to_be_asked_for() -> None:
    denied = bucket.Answered(status=301, code="PermanentRedirect")
    places = (
        bucket.Named("storage endpoint", Origin("https", "tones.s3.eu-west-1.amazonaws.com", 443), ""),
        bucket.Named("storage endpoint", Origin("https", "s3.eu-west-1.amazonaws.com", 443), "tones"),
        bucket.Named("redirect", Origin("http", "::1", 9000), "tones"),
        bucket.Named("redirect", Origin("https", "www.bear.test", 443), ""),
    )
    seen = bucket.BucketSeen(
        listing=denied,
        acl=denied,
        policy=denied,
        known=NotLooked(),
        known_from="",
        known_shape="",
        random=denied,
        write=NotLooked(),
        elsewhere=bucket.Elsewhere(places=places, more=0),
    )
    assert [(role, field) for _, role, field in told(seen)] == [
        ("storage endpoint", "elsewhere.places.0"),
        ("storage endpoint", "elsewhere.places.1"),
        ("redirect", "elsewhere.places.2"),
        ("redirect", "elsewhere.places.3"),
    ]
    assert ids(seen) == [
        "bucket:s3+https://s3.eu-west-1.amazonaws.com/tones",
        "bucket:s3+https://s3.eu-west-1.amazonaws.com/tones",
        "bucket:s3+http://[::1]:9000/tones",
        "endpoint:https://www.bear.test/",
    ]


def test_mail_names_its_servers() -> None:
    domains = (
        MailDomain("bear.test", SITE, "mx", ("mx1.post.test", "mx2.post.test")),
        MailDomain("owl.test", SITE, "null mx"),
    )
    assert told(ContactMail(at=NOW, domains=domains, unasked=0, pages=())) == [
        ("bear.test", "mail domain", "domains.0.domain"),
        ("mx1.post.test", "mail server", "domains.0.hosts.0"),
        ("mx2.post.test", "mail server", "domains.0.hosts.1"),
        ("owl.test", "mail domain", "domains.1.domain"),
    ]


def advisories(how: str, url: str, final: str, cause: Cause | None = None) -> AdvisoryList:
    return AdvisoryList(
        how=how,
        url=url,
        final=final,
        status=200,
        cause=cause,
        words="",
        whole=True,
        readable=True,
        language="",
        advisories=0,
        dated=0,
        first=None,
        last=None,
    )


def test_advisories_name_the_lists_of_their_provider_and_where_redirects_lead() -> None:
    seen = ContactHistory(
        at=NOW,
        site=SITE,
        provider=place(f"{SITE}/x", "https://csaf.test/provider-metadata.json"),
        lists=(
            advisories("csaf", "https://files.test/changes.csv", "https://files.test/changes.csv"),
            advisories("rolie", "https://feed.test/f.json", "https://cdn.test/f", Cause.NOT_PERMITTED),
            advisories("page", f"{SITE}/advisories", "https://help.test/"),
        ),
    )
    assert told(seen) == [
        ("https://files.test/changes.csv", "advisory list", "lists.0.url"),
        ("https://feed.test/f.json", "advisory list", "lists.1.url"),
        ("https://csaf.test/provider-metadata.json", "redirect", "provider.final"),
        ("https://cdn.test/f", "redirect not followed", "lists.1.final"),
        ("https://help.test/", "redirect", "lists.2.final"),
    ]


def names(*hosts: str, aliases: tuple[str, ...] = ()) -> Lookup:
    return Lookup(state="records" if hosts else "no such record", records=hosts, aliases=aliases)


def test_a_name_names_all_it_depends_on_once() -> None:
    def target(role: str, host: str) -> Target:
        return Target(role=role, host=host, addresses=names("192.0.2.1"), domain="", holder=None)

    seen = DomainNames(
        at=NOW,
        name="www.bear.test",
        domain="bear.test",
        addresses=names("192.0.2.1", aliases=("a.cdn.test",)),
        addresses6=names("2001:db8::1", aliases=("a.cdn.test", "b.cdn.test")),
        name_servers=names("ns1.dns.test", "ns2.dns.test"),
        own_servers=None,
        mail=names("mx.post.test"),
        authorities=names("issue letsencrypt.org"),
        dnssec="unsigned",
        targets=(target("alias", "a.cdn.test"), target("name server", "ns1.dns.test")),
        more=2,
        front=None,
    )
    assert told(seen) == [
        ("a.cdn.test", "alias", "addresses.aliases.0"),
        ("b.cdn.test", "alias", "addresses6.aliases.1"),
        ("ns1.dns.test", "name server", "targets.1.host"),
        ("ns2.dns.test", "name server", "name_servers.records.1"),
        ("mx.post.test", "mail server", "mail.records.0"),
    ]
    own = msgspec.structs.replace(seen, own_servers=names("ns.own.test"))
    assert ("ns.own.test", "name server", "own_servers.records.0") in told(own)


def test_a_registry_names_the_name_servers_it_has() -> None:
    registration = Registration(
        domain="bear.test",
        protocol="rdap",
        asked="rdap.test:443",
        found=True,
        statuses=(),
        registered=None,
        expires=None,
        registrar="Registrar",
        name_servers=("ns1.dns.test", "NS2.dns.test"),
        signed=None,
        redacted=False,
        delegated="records",
    )
    seen = DomainRegistration(at=NOW, name="www.bear.test", registration=registration)
    assert told(seen) == [
        ("ns1.dns.test", "name server", "registration.name_servers.0"),
        ("NS2.dns.test", "name server", "registration.name_servers.1"),
    ]


def led(to: str) -> Asked:
    return Asked(url="https://up.bear.test/x", status=302, location=f"https://{to}.test/")


@pytest.mark.parametrize(
    ("signed", "at"),
    [
        (Tuf(trusted="", roles=(), refused="", refused_at="", missing=led("s")), "signed.missing"),
        (Signature(covers="image", key="", file=led("s"), state="good", image="covered"), "signed.file"),
        (Unsaid(beside=(led("s"),), control=Asked(url="https://up.bear.test/y")), "signed.beside.0"),
        (Unsaid(beside=(), control=led("s")), "signed.control"),
    ],
    ids=["tuf", "signature", "beside", "control"],
)
def test_an_update_names_its_image_every_redirect_and_the_names_of_its_certificates(
    signed: Tuf | Signature | Unsaid, at: str
) -> None:
    chain = (certificate("up.bear.test", "cdn.bear.test"),)
    seen = UpdateSeen(
        at=NOW,
        scheme="",
        manifest=(led("m"), Asked(url="https://m.test/", status=200)),
        plain_manifest=led("p"),
        says=Manifest("json", "https://image.test/i.bin", "", True, None, ()),
        image=(Asked(url="https://image.test/i.bin", status=200), led("i")),
        plain_image=NotLooked(),
        container="",
        certificates=(Shown("https://up.bear.test:443", "UP.bear.test", chain, 1),),
        signed=signed,
    )
    assert told(seen) == [
        ("https://image.test/i.bin", "update image", "says.image"),
        ("https://m.test/", "redirect", "manifest.0.location"),
        ("https://i.test/", "redirect", "image.1.location"),
        ("https://s.test/", "redirect", f"{at}.location"),
        ("https://p.test/", "redirect", "plain_manifest.location"),
        ("cdn.bear.test", "certificate name", "certificates.0.chain.0"),
    ]


def test_a_support_page_names_where_it_was_moved_to() -> None:
    def page(url: str, final: str, cause: Cause | None = None) -> SupportPage:
        return SupportPage(url, final, 200, cause, "", True, True, "en", "", ())

    pages = (
        page("https://a.test/", "https://a.test/"),
        page("https://b.test/", "https://c.test/"),
        page("https://d.test/", "https://e.test/", Cause.NOT_PERMITTED),
    )
    assert told(SupportSeen(at=NOW, pages=pages)) == [
        ("https://c.test/", "redirect", "pages.1.final"),
        ("https://e.test/", "redirect not followed", "pages.2.final"),
    ]
