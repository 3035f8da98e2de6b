"""Which suites to offer in which hello. Pure."""

from collections.abc import Sequence
from functools import cache

from shelfworthy.probes.endpoint.hello import MOST_SUITES, SSL2, SSL3, TLS10, TLS11, TLS12, TLS13
from shelfworthy.seen.tls_suites import SSL2_FROM, VERSIONS, aead, name, names, of_tls13, weaknesses

NUMBERS = dict(zip(VERSIONS, (SSL2, SSL3, TLS10, TLS11, TLS12, TLS13), strict=True))
# The suites of one version are dealt among this many hellos at once: a far server is asked in time.
SIDE_BY_SIDE, WORTH_A_LOT = 4, 32

# Choosing one of these, a server may end the handshake for want of something else we would have to know
# first, and hide what it would have chosen without it: they are offered by themselves.
APART = ("_KRB5_", "_SRP_")
# Never met with a public web server's certificate; offered from `knock` on.
RARE = (*APART, "_PSK", "DH_DSS", "DHE_DSS", "DH_RSA", "_ARIA", "GOST", "ECCPWD", "FORTEZZA", "DRAFT", "SM4")
RARE_STARTS = ("SSL_RSA_FIPS", "TLS_RSA_EXPORT1024", "TLS_ECDH_RSA", "TLS_ECDH_ECDSA")


@cache
def possible(version: int) -> tuple[int, ...]:
    """All suites that can be negotiated in a version, ascending."""
    if version == SSL2:
        return tuple(suite for suite in names() if suite >= SSL2_FROM)
    if version == TLS13:
        return tuple(suite for suite in names() if of_tls13(suite))
    older = (suite for suite in names() if suite < SSL2_FROM and not of_tls13(suite))
    return tuple(suite for suite in older if version == TLS12 or not aead(suite))


@cache
def first(version: int) -> tuple[int, ...]:
    """The suites of the one hello that `look` allows for a version: what servers are met with, weak ones
    first.

    A server that leaves the choice to its client shows a weak suite, if it has one.
    """
    usual = (
        (suite for suite in possible(version) if not _rare(suite)) if version != SSL2 else possible(version)
    )
    return tuple(sorted(usual, key=lambda suite: (not weaknesses(suite), suite)))[:MOST_SUITES]


def dealt(suites: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The suites in lots that together are all of them, each small enough for one hello."""
    apart = {kind: tuple(suite for suite in suites if kind in name(suite)) for kind in APART}
    rest = [suite for suite in suites if not any(suite in lot for lot in apart.values())]
    lots = max(min(SIDE_BY_SIDE, -(-len(rest) // WORTH_A_LOT)), -(-len(rest) // MOST_SUITES))
    return tuple(
        lot for lot in (*(tuple(rest[start::lots]) for start in range(lots)), *apart.values()) if lot
    )


def _rare(suite: int) -> bool:
    called = name(suite)
    return called.startswith(RARE_STARTS) or any(word in called for word in RARE)
