"""Chains that are right and unusual, and chains that only look right."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shelfworthy.checks.endpoint.tls_certificate import judge
from shelfworthy.model import About, Endpoint, Outcome
from shelfworthy.seen.endpoint import EndpointCertificate

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
NAME = "api.bears.test"
DAY = timedelta(days=1)
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE


def p256() -> Any:
    return ec.generate_private_key(ec.SECP256R1())


class Made:
    """A certificate with its key."""

    def __init__(
        self,
        name: str,
        by: "Made | None" = None,
        *,
        key: Any = None,
        sans: Sequence[x509.GeneralName] = (),
        ca: bool = False,
        constraints: x509.NameConstraints | None = None,
        authority: bool = True,
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
        since: datetime = NOW - DAY,
        until: datetime = NOW + 90 * DAY,
    ) -> None:
        self.key = key or p256()
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = by or self
        builder = (
            x509.CertificateBuilder(signer.name, self.name, self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        if ca:
            usages = dict.fromkeys(
                ("key_encipherment", "data_encipherment", "key_agreement", "content_commitment"), False
            )
            both = x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
                **usages,
            )
            builder = builder.add_extension(both, critical=True)
            own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
            builder = builder.add_extension(own, critical=False)
        else:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if authority and by is not None:
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
            builder = builder.add_extension(issuer, critical=False)
        if sans:
            builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
        if constraints:
            builder = builder.add_extension(constraints, critical=True)
        hashed = None if isinstance(signer.key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
        self.certificate = builder.sign(signer.key, hashed)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


ROOT = Made("Root", ca=True, until=NOW + 900 * DAY)
MIDDLE = Made("Middle", ROOT, ca=True)
DNS = (x509.DNSName(NAME),)


def outcome(
    *chain: Made, name: str = NAME, roots: Made = ROOT, completed: bool = True
) -> tuple[Outcome, set[str]]:
    seen = EndpointCertificate(
        name=name,
        at=NOW,
        chain=tuple(one.der for one in chain),
        shown=len(chain),
        completed=completed,
        version="TLS 1.3",
        suite="",
    )
    about = About(surface=Endpoint(id="api", where="https://x/"), references={"roots": roots.pem})
    said = list(judge(seen, about))
    outcomes = {one.outcome for one in said}
    worst = next(one for one in (FAIL, OPEN, PASS) if one in outcomes)
    return worst, {one.says for one in said}


def test_a_plain_chain_passes() -> None:
    assert outcome(Made("leaf", MIDDLE, sans=DNS), MIDDLE)[0] is PASS


def test_the_root_may_be_sent_along_and_others_that_nobody_needs() -> None:
    """What is not on the path decides nothing, however weak: no client looks at it."""
    stray = Made("Stray", ca=True, key=rsa.generate_private_key(65537, 1024))
    leaf = Made("leaf", MIDDLE, sans=DNS)
    assert outcome(leaf, MIDDLE, ROOT, stray)[0] is PASS


def test_a_weak_key_on_the_path_fails() -> None:
    weak = Made("Weak", ROOT, ca=True, key=rsa.generate_private_key(65537, 1024))
    assert outcome(Made("leaf", weak, sans=DNS), weak) == (FAIL, {"short-key"})


def test_a_missing_intermediate_fails() -> None:
    assert outcome(Made("leaf", MIDDLE, sans=DNS)) == (FAIL, {"untrusted"})


def test_a_leaf_that_signs_another_fails() -> None:
    """Whoever has a right certificate for his own name could otherwise make one for every name."""
    other = Made("other", ROOT, sans=(x509.DNSName("other.test"),))
    assert outcome(Made("leaf", other, sans=DNS), other)[0] is FAIL


def test_a_name_the_authority_may_not_vouch_for_does_not_pass() -> None:
    only = x509.NameConstraints(permitted_subtrees=[x509.DNSName("dolls.test")], excluded_subtrees=None)
    bound = Made("Bound", ROOT, ca=True, constraints=only)
    assert outcome(Made("leaf", bound, sans=DNS), bound)[0] is not PASS
    both = (x509.DNSName("www.dolls.test"), *DNS)
    assert outcome(Made("leaf", bound, sans=both), bound)[0] is not PASS


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP224R1()), ed25519.Ed25519PrivateKey.generate()],
    ids=["P-224", "Ed25519"],
)
def test_a_key_of_a_kind_our_verifier_does_not_follow_is_not_called_untrusted(key: Any) -> None:
    """A path of signatures leads to the root; what no rule of ours calls broken is not failed."""
    assert outcome(Made("leaf", ROOT, key=key, sans=DNS))[0] is not FAIL


def test_a_certificate_without_the_name_of_its_issuers_key_is_not_called_untrusted() -> None:
    """Own authorities leave that out, and every client follows them."""
    assert outcome(Made("leaf", ROOT, sans=DNS, authority=False))[0] is not FAIL


def test_a_certificate_for_clients_does_not_pass() -> None:
    assert outcome(Made("leaf", ROOT, sans=DNS, usage=ExtendedKeyUsageOID.CLIENT_AUTH))[0] is not PASS


def test_an_expired_intermediate_fails() -> None:
    old = Made("Old", ROOT, ca=True, since=NOW - 9 * DAY, until=NOW - DAY)
    assert outcome(Made("leaf", old, sans=DNS), old)[0] is FAIL


@pytest.mark.parametrize(
    ("sans", "name", "expected"),
    [
        ([x509.DNSName("*.bears.test")], NAME, PASS),
        ([x509.DNSName("*.test")], NAME, FAIL),
        ([x509.DNSName("*.bears.test")], "bears.test", FAIL),
        ([x509.DNSName("*.bears.test")], "a.b.bears.test", FAIL),
        ([x509.DNSName("API.Bears.TEST")], NAME, PASS),
        ([x509.IPAddress(ip_address("192.0.2.7"))], "192.0.2.7", PASS),
        ([x509.IPAddress(ip_address("2001:db8::7"))], "2001:db8::7", PASS),
        ([x509.DNSName("192.0.2.7")], "192.0.2.7", FAIL),
        ([x509.DNSName("*.0.2.7")], "192.0.2.7", FAIL),
        ([x509.DNSName("a_b.bears.test"), x509.DNSName(NAME)], NAME, PASS),
        ([x509.RFC822Name("a@bears.test"), x509.DNSName(NAME)], NAME, PASS),
        ([x509.DNSName("*.*.test"), x509.DNSName(NAME)], NAME, PASS),
    ],
)
def test_names(sans: list[x509.GeneralName], name: str, expected: Outcome) -> None:
    assert outcome(Made("leaf", ROOT, sans=sans), name=name)[0] is expected


def test_one_second_too_late() -> None:
    assert outcome(Made("leaf", ROOT, sans=DNS, until=NOW - timedelta(seconds=1)))[0] is FAIL
    assert outcome(Made("leaf", ROOT, sans=DNS, until=NOW + timedelta(seconds=1)))[0] is PASS


def test_what_was_never_proved_is_told_less_surely() -> None:
    assert outcome(Made("leaf", ROOT, sans=DNS), completed=False) == (PASS, {"right-unproved"})
