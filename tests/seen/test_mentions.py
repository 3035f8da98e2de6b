"""What the published types name: their data is fixed, what they mention is read from it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shelfworthy.model import Cause
from shelfworthy.seen.contact import ContactSeen, Link, Page, Place, SecurityField, SecurityTxt
from shelfworthy.seen.endpoint import MOST_NAMES, EndpointCertificate

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
