"""The cipher suites of SSL 2.0 to TLS 1.3: their names, and what a name says about a suite. Pure data.

Where the list comes from stands at the head of `tls_suites.txt`. Every fact here is read off the registered
name, so that there is no second list that could contradict the first.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

VERSIONS = ("SSLv2", "SSLv3", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")
OLD = VERSIONS[:4]  # withdrawn by RFC 6176, RFC 7568 and RFC 8996
SSL2_FROM = 0x10000  # SSL 2.0 has numbers of 24 bits, none of which fits into 16

# Weaknesses for which a suite is refused, worst first. Each is a word that checks use as their subject.
WEAKNESSES = ("NULL", "anonymous", "EXPORT", "RC4", "DES", "3DES")
EPHEMERAL = ("DHE_", "ECDHE_", "DH_anon", "ECDH_anon", "PSK_DHE", "SRP_", "ECCPWD")
AEAD = ("_GCM", "_CCM", "_POLY1305", "_MGM", "_AEGIS")
MACS_ONLY = frozenset({"TLS_SHA256_SHA256", "TLS_SHA384_SHA384"})  # RFC 9150: TLS 1.3 without encryption


@cache
def names() -> Mapping[int, str]:
    """All suites: number → name."""
    text = (files(__package__) / "tls_suites.txt").read_text(encoding="ascii")
    lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {int(number, 16): name for number, _, name in lines}


def name(suite: int) -> str:
    """The name of a suite; its number in hex if nobody has registered one."""
    return names().get(suite) or f"0x{suite:04X}"


def weaknesses(suite: int) -> tuple[str, ...]:
    """Which of `WEAKNESSES` a suite has, worst first."""
    called = name(suite)
    has = {
        "NULL": "_NULL" in called or called in MACS_ONLY,
        "anonymous": "_anon" in called,
        "EXPORT": "EXPORT" in called,
        "RC4": "_RC4_" in called,
        "DES": "_DES_CBC" in called or "_DES40_" in called or "_DES_64_" in called,
        "3DES": "_3DES_" in called or "_DES_192_" in called,
    }
    return tuple(weakness for weakness in WEAKNESSES if has[weakness])


def of_tls13(suite: int) -> bool:
    """Whether it is a suite of TLS 1.3, which names no key exchange (RFC 8446, RFC 9150, RFC 9367)."""
    return suite in names() and suite < SSL2_FROM and ("_WITH_" not in name(suite) or "_MGM_" in name(suite))


def forward_secret(suite: int) -> bool:
    """Whether what was recorded stays secret after the server's long-term key is lost."""
    return of_tls13(suite) or name(suite).removeprefix("TLS_").startswith(EPHEMERAL)


def aead(suite: int) -> bool:
    """Whether it encrypts and authenticates in one step."""
    return any(mode in name(suite) for mode in AEAD)


def cbc(suite: int) -> bool:
    """Whether it encrypts in cipher block chaining mode."""
    return "_CBC" in name(suite)
