"""What a suite's name says, against what OpenSSL says of the suites it knows."""

import ssl

import pytest

from shelfworthy.seen import tls_suites
from shelfworthy.seen.tls_suites import (
    WEAKNESSES,
    aead,
    cbc,
    forward_secret,
    name,
    names,
    of_tls13,
    weaknesses,
)

OURS = {found: number for number, found in names().items()}


def openssl() -> list[dict[str, object]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return [dict(suite) for suite in context.get_ciphers()]


def test_every_number_has_one_name() -> None:
    assert len(OURS) == len(names())
    assert len(names()) > 360
    assert names()[0x1301] == "TLS_AES_128_GCM_SHA256"
    assert names()[0x0700C0] == "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"
    assert not {0x0000, 0x00FF, 0x5600} & names().keys()


def test_we_know_every_suite_of_openssl() -> None:
    assert len(openssl()) > 100
    assert not [suite for suite in openssl() if int(str(suite["id"])) & 0xFFFF not in names()]


@pytest.mark.parametrize("suite", openssl(), ids=lambda suite: str(suite["name"]))
def test_facts_are_those_of_openssl(suite: dict[str, object]) -> None:
    number = int(str(suite["id"])) & 0xFFFF
    exchange, kind = str(suite["kea"]), str(suite["symmetric"])
    assert aead(number) == bool(suite["aead"])
    assert forward_secret(number) == exchange.startswith(("kx-any", "kx-ecdhe", "kx-dhe", "kx-srp"))
    assert ("anonymous" in weaknesses(number)) == (suite["auth"] == "auth-null" and "srp" not in exchange)
    assert ("NULL" in weaknesses(number)) == (kind in {"None", "null", "undef"})
    assert cbc(number) == kind.endswith("-cbc")


@pytest.mark.parametrize(
    ("called", "has"),
    [
        ("TLS_RSA_WITH_AES_128_CBC_SHA", ()),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", ("3DES",)),
        ("TLS_RSA_WITH_DES_CBC_SHA", ("DES",)),
        ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", ("EXPORT", "DES")),
        ("TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", ("anonymous", "EXPORT", "RC4")),
        ("TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", ("EXPORT",)),
        ("TLS_KRB5_EXPORT_WITH_DES_CBC_40_SHA", ("EXPORT", "DES")),
        ("TLS_ECDH_anon_WITH_NULL_SHA", ("NULL", "anonymous")),
        ("TLS_SHA256_SHA256", ("NULL",)),
        ("SSL_CK_DES_64_CBC_WITH_MD5", ("DES",)),
        ("SSL_CK_DES_192_EDE3_CBC_WITH_MD5", ("3DES",)),
        ("SSL_CK_RC4_128_EXPORT40_WITH_MD5", ("EXPORT", "RC4")),
    ],
)
def test_weaknesses(called: str, has: tuple[str, ...]) -> None:
    assert weaknesses(OURS[called]) == has
    assert set(has) <= set(WEAKNESSES)


def test_nothing_of_tls13_is_taken_for_older() -> None:
    assert [suite for suite in names() if 0x1300 <= suite < 0x1400 and not of_tls13(suite)] == []
    assert of_tls13(0xC103)  # GOST of RFC 9367 has "WITH" in its name, and is one of TLS 1.3
    assert not of_tls13(0x010080)


def test_a_number_nobody_registered_has_no_facts() -> None:
    assert name(0xFAFA) == "0xFAFA"
    assert weaknesses(0xFAFA) == ()
    assert not forward_secret(0xFAFA)
    assert not of_tls13(0xFAFA)
    assert tls_suites.VERSIONS[-1] == "TLS 1.3"
