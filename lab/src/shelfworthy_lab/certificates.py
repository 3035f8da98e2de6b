"""A certificate authority for the lab, and certificates with every fault the checks know."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Fault = Literal["none", "expired", "wrong-name", "self-signed", "rsa-1024", "ec"]
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate with its key: apart, and `both` in one file as mongod wants it; and who signed it."""

    certificate: Path
    key: Path
    both: Path
    authority: Path


class Authority:
    """The lab's own authority: `ca.pem` in its folder. Reads it again if it is there already."""

    def __init__(self, folder: Path, name: str = "Shelfworthy lab authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.pem = folder / "ca.pem"
        self._key_file = folder / "ca.key"
        if not self._key_file.exists():
            self._create(name)
        self._certificate = x509.load_pem_x509_certificate(self.pem.read_bytes())
        key = serialization.load_pem_private_key(self._key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key
        # One leaf key for all: making an RSA key costs a tenth of a second, and nothing here is secret.
        self._leaf_key = rsa.generate_private_key(65537, 2048)

    def issue(self, name: str, fault: Fault = "none") -> Identity:
        """A certificate for `name` (host name or address), valid for 90 days unless `fault` says else."""
        now = dt.datetime.now(dt.UTC)
        key: Key = self._leaf_key
        if fault == "rsa-1024":
            key = rsa.generate_private_key(65537, 1024)
        elif fault == "ec":
            key = ec.generate_private_key(ec.SECP256R1())
        start, end = now - dt.timedelta(days=1), now + dt.timedelta(days=90)
        if fault == "expired":
            start, end = now - dt.timedelta(days=400), now - dt.timedelta(days=30)
        shown = "elsewhere.plumwhistle.test" if fault == "wrong-name" else name
        signer: Key = key if fault == "self-signed" else self._key
        signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        issuer = _named(shown) if fault == "self-signed" else self._certificate.subject
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_named(shown))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName([_alternative(shown)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(signed_by, critical=False)
            .sign(signer, hashes.SHA256())
        )
        return self._write(f"{name}-{fault}", certificate, key)

    def _write(self, stem: str, certificate: x509.Certificate, key: Key) -> Identity:
        crt, own, both = (self.folder / f"{stem}.{kind}" for kind in ("crt", "key", "pem"))
        made = Identity(crt, own, both, self.pem)
        public, private = certificate.public_bytes(serialization.Encoding.PEM), _private(key)
        made.certificate.write_bytes(public)
        made.key.write_bytes(private)
        made.both.write_bytes(private + public)
        return made

    def _create(self, name: str) -> None:
        now = dt.datetime.now(dt.UTC)
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1000))  # older than the expired certificate it signs
            .not_valid_after(now + dt.timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        self.pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self._key_file.write_bytes(_private(key))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: Key) -> bytes:
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, traditional, serialization.NoEncryption())
