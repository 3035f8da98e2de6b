"""The fixed edition's security.txt is really signed, by the key published with it."""

import pytest

from shelfworthy_lab import openpgp

pysequoia = pytest.importorskip("pysequoia")


def test_the_signature_verifies_with_the_published_key_only() -> None:
    signed = openpgp.sign("Contact: mailto:a@example.test\n", "A <a@example.test>")
    other = openpgp.sign("x\n", "B <b@example.test>")
    assert signed
    assert other
    text, key = signed
    assert "PUBLIC KEY" in key
    assert "PRIVATE" not in key
    certificate = pysequoia.Cert.from_bytes(key.encode())
    assert pysequoia.verify(text.encode(), store=lambda _: [certificate]).valid_sigs
    with pytest.raises(Exception, match=r"(?i)signature"):
        pysequoia.verify(text.replace("mailto:a", "mailto:b").encode(), store=lambda _: [certificate])
    with pytest.raises(Exception, match=r"(?i)signature"):
        pysequoia.verify(other[0].encode(), store=lambda _: [certificate])
