"""Does the server show a certificate that proves, today, that it is who it claims to be?

Why it matters: without a right certificate nobody can tell the maker's server from one that somebody put in
between. Apps made to work with a wrong one accept every wrong one.

How we look (look): one completed handshake; or, where the server wants our certificate first or speaks only
what no client speaks any more, the certificates in its first answer, before it proved that it holds the
key; then a pass is only probable. We ask for a path to the roots on the list of this judgement at the time
of the look, for the name, the dates, and on that path for keys (RSA and DSA from 2048 bits, elliptic curves
from 224) and signatures (no MD2, MD5, SHA-1). Each thing wrong is an answer of its own. A pass holds until
the first certificate on the path ends.

What it does not show: whether the certificate was revoked; what other addresses of the same name show;
whether the app accepts wrong ones. Roots named by the product file (`ca`) count, and every report says so.

If it fails: get a certificate for the right name from a public authority, renew it automatically, and send
the intermediate certificates with it.
"""

import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import Certificate, DNSName, IPAddress, SignatureAlgorithmOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

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
    passes,
)
from shelfworthy.seen.endpoint import EndpointCertificate

ROOTS = "roots"
SHORTEST = {"RSA": 2048, "DSA": 2048, "EC": 224}
BROKEN = {
    SignatureAlgorithmOID.RSA_WITH_MD5: "MD5",
    SignatureAlgorithmOID.RSA_WITH_SHA1: "SHA-1",
    SignatureAlgorithmOID.DSA_WITH_SHA1: "SHA-1",
    SignatureAlgorithmOID.ECDSA_WITH_SHA1: "SHA-1",
    x509.ObjectIdentifier("1.2.840.113549.1.1.2"): "MD2",
}
LEAF = field("chain.0")

SAYS = {
    "right": "The certificate for {name} leads to a trusted root and holds until {ends}.",
    "right-unproved": "The certificate for {name} leads to a trusted root and holds until {ends}. The server"
    " completed no handshake with us, in which it would have proved that it is its own.",
    "expired": "The certificate ended on {ended}.",
    "not-yet": "The certificate begins only on {begins}.",
    "wrong-name": "The certificate is not for {name}, but for {names}.",
    "self-signed": "The server signed its certificate itself.",
    "untrusted": "No path leads from the certificate to a trusted root.",
    "short-key": "The chain holds a key of only {bits} bits ({kind}).",
    "broken-signature": "The chain is signed with {hash}, which can be forged.",
    "none-shown": "The server shows no certificate.",
    "unreadable": "The certificate cannot be read.",
    "unclear": "Something in the certificates is of a kind we do not know.",
    "too-many": "The server sent {count} certificates; nobody looks at so many.",
    "no-roots": "There are no roots to judge by.",
}


def judge(seen: EndpointCertificate, about: About) -> Iterator[Answer]:
    roots = _roots(about.references.get(ROOTS, b""))
    if not seen.chain:
        yield inconclusive("none-shown", Cause.REFUSED)
        return
    if roots is None:
        yield inconclusive("no-roots", Cause.DATA_MISSING)
        return
    try:
        chain = [_read(der) for der in seen.chain]
        path = _path(chain, roots, seen.at, seen.name)
        looked_at = path or chain  # what was sent beside a path that holds, nobody needs
        wrong = [*_dates(chain[0], seen.at), *_name(chain[0], seen.name)]
        wrong += [*_keys(chain, looked_at), *_signatures(chain, looked_at)]
        wrong += [] if path else _trust(chain[0], wrong)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        yield inconclusive("unreadable", Cause.NOT_UNDERSTOOD)
        return
    except UnsupportedAlgorithm:
        yield inconclusive("unclear", Cause.NOT_UNDERSTOOD)
        return
    yield from wrong
    if seen.shown > len(seen.chain):
        yield inconclusive("too-many", Cause.NOT_UNDERSTOOD, count=seen.shown)
    elif path and not wrong:
        until = min(certificate.not_valid_after_utc for certificate in path)
        says, sure = (
            ("right", Confidence.CERTAIN) if seen.completed else ("right-unproved", Confidence.PROBABLE)
        )
        ends = until.date().isoformat()
        yield passes(says, LEAF, confidence=sure, until=until, name=seen.name, ends=ends)


def _dates(leaf: Certificate, at: datetime) -> Iterator[Answer]:
    if leaf.not_valid_after_utc < at:
        ended = leaf.not_valid_after_utc.date().isoformat()
        yield fails("expired", LEAF, Severity.HIGH, subject="dates", ended=ended)
    if leaf.not_valid_before_utc > at:
        begins = leaf.not_valid_before_utc.date().isoformat()
        yield fails("not-yet", LEAF, Severity.MEDIUM, subject="dates", begins=begins)


def _name(leaf: Certificate, name: str) -> Iterator[Answer]:
    if not _is_for(leaf, name):
        names = _names(leaf) or ("nobody",)
        yield fails("wrong-name", LEAF, Severity.HIGH, subject="name", name=name, names=names)


def _sent(chain: list[Certificate], looked_at: list[Certificate]) -> Iterator[tuple[int, Certificate]]:
    """Those of them that the server sent, with their places. A root of ours is trusted as it is."""
    return ((chain.index(certificate), certificate) for certificate in looked_at if certificate in chain)


def _keys(chain: list[Certificate], looked_at: list[Certificate]) -> Iterator[Answer]:
    for at, certificate in _sent(chain, looked_at):
        kind, bits = _key(certificate)
        if bits < SHORTEST.get(kind, 0):
            place = field(f"chain.{at}")
            subject = "key" if at == 0 else "issuer's key"
            yield fails("short-key", place, Severity.HIGH, subject=subject, bits=bits, kind=kind)


def _signatures(chain: list[Certificate], looked_at: list[Certificate]) -> Iterator[Answer]:
    """A root is trusted for itself: how it signed itself does not matter."""
    for at, certificate in _sent(chain, looked_at):
        broken = BROKEN.get(certificate.signature_algorithm_oid)
        if broken and (at == 0 or certificate.issuer != certificate.subject):
            subject = "signature" if at == 0 else "issuer's signature"
            severity = Severity.MEDIUM if broken == "SHA-1" else Severity.HIGH
            yield fails("broken-signature", field(f"chain.{at}"), severity, subject=subject, hash=broken)


def _trust(leaf: Certificate, wrong: list[Answer]) -> list[Answer]:
    """Why there is no path. Weak keys and signatures end one by themselves, and were named already."""
    if leaf.issuer == leaf.subject:
        return [fails("self-signed", LEAF, Severity.HIGH, subject="trust")]
    if any(answer.says in {"short-key", "broken-signature"} for answer in wrong) or not _names(leaf):
        return []
    return [fails("untrusted", LEAF, Severity.HIGH, subject="trust")]


def _path(chain: list[Certificate], roots: "Roots", at: datetime, name: str) -> list[Certificate] | None:
    """A path to a root at the time of the look. Dates and name of the leaf are questions of their own: an
    expired leaf is followed as of its last moment, and one for other names is asked for a name it has.

    Certificates need not name the key of their issuer (RFC 5280, section 4.2.1.1 asks for it): own
    authorities leave that out, and clients follow them all the same.
    """
    leaf, *rest = chain
    if leaf in roots.certificates:
        return [leaf]
    moment = min(max(at, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    subject = next(_subjects((name,) if _is_for(leaf, name) else _names(leaf)), None)
    if subject is None:
        return None
    policy = PolicyBuilder().store(roots.store).time(moment.replace(tzinfo=None))
    ca, ee = ExtensionPolicy.webpki_defaults_ca(), ExtensionPolicy.webpki_defaults_ee()
    policy = policy.extension_policies(
        ca_policy=ca.may_be_present(x509.AuthorityKeyIdentifier, Criticality.AGNOSTIC, None),
        ee_policy=ee.may_be_present(x509.AuthorityKeyIdentifier, Criticality.AGNOSTIC, None),
    )
    try:
        return policy.build_server_verifier(subject).verify(leaf, rest)
    except VerificationError:
        return None


def _subjects(names: tuple[str, ...]) -> Iterator[DNSName | IPAddress]:
    for known in names:
        try:
            yield IPAddress(ip_address(known))
        except ValueError:
            yield DNSName(known.replace("*.", "any.", 1))


def _names(leaf: Certificate) -> tuple[str, ...]:
    """Host names and addresses a certificate is for (RFC 9525: only its subjectAltName counts)."""
    return (*_named(leaf, DNSName), *_named(leaf, IPAddress))


def _named(leaf: Certificate, kind: type[DNSName] | type[IPAddress]) -> tuple[str, ...]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(known).lower() for known in names.get_values_for_type(kind))


def _is_for(leaf: Certificate, name: str) -> bool:
    """Whether it is for this name; for an address if it says so as an address (RFC 9525, section 6.5)."""
    try:
        return str(ip_address(name)) in _named(leaf, IPAddress)
    except ValueError:
        return any(_covers(known, name.lower()) for known in _named(leaf, DNSName))


def _covers(known: str, name: str) -> bool:
    """A star stands for one whole label, the first (RFC 9525, section 6.3)."""
    first, _, rest = name.partition(".")
    return known == name or (bool(first and rest) and known == f"*.{rest}")


def _key(certificate: Certificate) -> tuple[str, int]:
    key = certificate.public_key()
    match key:
        case rsa.RSAPublicKey():
            return "RSA", key.key_size
        case dsa.DSAPublicKey():
            return "DSA", key.key_size
        case ec.EllipticCurvePublicKey():
            return "EC", key.key_size
    return type(key).__name__, 0


def _read(der: bytes) -> Certificate:
    """Raises ValueError. Certificates that break a rule nobody enforces are read all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(der)


class Roots:
    """The trusted roots of one judgement."""

    def __init__(self, certificates: list[Certificate]) -> None:
        self.certificates = frozenset(certificates)
        self.store = Store(certificates)


@lru_cache(maxsize=16)
def _roots(pem: bytes) -> Roots | None:
    """Roots from PEM; None if there are none. Read once for all the endpoints that share them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return Roots(x509.load_pem_x509_certificates(pem))
    except ValueError:
        return None


CHECK = Check(
    id="tls-certificate",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(EndpointCertificate,),
    says=SAYS,
    needs=(ROOTS,),
)
