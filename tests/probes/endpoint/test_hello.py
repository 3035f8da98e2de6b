"""Our hellos, read by somebody else's parser, and what we offer in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlslite.messages import ClientHello
from tlslite.utils.codec import Parser

from shelfworthy.probes.endpoint import hello
from shelfworthy.probes.endpoint.hello import (
    MOST_SUITES,
    RENEGOTIATION_SCSV,
    SSL2,
    SSL3,
    TLS10,
    TLS12,
    TLS13,
    client_hello,
    heartbeat_request,
    ssl2_hello,
)
from shelfworthy.probes.endpoint.plan import NUMBERS, dealt, first, possible
from shelfworthy.seen.tls_suites import aead, names, weaknesses

RANDOM = bytes(range(32))
HEARTBEAT = hello.HEARTBEAT


def parsed(content: bytes, *, ssl2: bool = False) -> ClientHello:
    """A hello as tlslite-ng reads it."""
    assert content[0] == (0x80 if ssl2 else 22)
    assert int.from_bytes(content[1:2] if ssl2 else content[3:5], "big") == len(content) - (2 if ssl2 else 5)
    reader = Parser(bytearray(content[2:] if ssl2 else content[5:]))
    reader.get(1)
    return ClientHello(ssl2=ssl2).parse(reader)


@pytest.mark.parametrize("version", [SSL3, TLS10, 0x0302, TLS12, TLS13])
def test_a_hello_says_what_it_was_told_to(version: int) -> None:
    suites = first(version)
    read = parsed(client_hello(version, suites, "api.example.test", RANDOM, heartbeat=True))
    assert read.client_version == (3, min(version, TLS12) & 0xFF)
    assert read.random == RANDOM
    assert list(read.cipher_suites) == [*suites, *([RENEGOTIATION_SCSV] if version == SSL3 else [])]
    if version == SSL3:
        assert not read.extensions
        return
    numbers = [extension.extType for extension in read.extensions]
    assert len(numbers) == len(set(numbers))
    assert {0, 10, 11, 23, HEARTBEAT, 0xFF01} <= set(numbers)
    assert bytes(read.server_name) == b"api.example.test"
    assert (13 in numbers) == (version >= TLS12)
    assert (43 in numbers) == (51 in numbers) == (version == TLS13)


def test_only_what_is_told_is_offered() -> None:
    plain = parsed(client_hello(TLS12, first(TLS12), "", RANDOM))
    assert not {0, HEARTBEAT, 43} & {extension.extType for extension in plain.extensions}
    both = parsed(client_hello(TLS13, first(TLS13), "", RANDOM, older=(TLS12, TLS10)))
    versions = next(extension for extension in both.extensions if extension.extType == 43).versions
    assert versions == [(3, 4), (3, 3), (3, 1)]


def test_ssl2() -> None:
    read = parsed(ssl2_hello(possible(SSL2), RANDOM), ssl2=True)
    assert read.client_version == (0, 2)
    assert list(read.cipher_suites) == list(possible(SSL2))


def test_a_heartbeat_claims_one_byte_more_and_ends_with_its_payload() -> None:
    record = heartbeat_request(b"abc", 4)
    assert record == bytes.fromhex("18 0303 0006 01 0004") + b"abc"


@given(
    version=st.sampled_from([TLS10, TLS12, TLS13]),
    count=st.integers(1, MOST_SUITES),
    name=st.from_regex(r"[a-z]{1,60}(\.[a-z]{1,60}){0,3}", fullmatch=True),
)
def test_no_hello_has_a_length_that_silences_servers(version: int, count: int, name: str) -> None:
    message = client_hello(version, range(1, count + 1), name, RANDOM)[5:]
    assert not 256 <= len(message) < 512
    assert parsed(client_hello(version, range(1, count + 1), name, RANDOM)).cipher_suites


# -- what is offered ---------------------------------------------------------------------------------------


def test_every_suite_is_offered_in_some_version() -> None:
    assert {suite for version in NUMBERS.values() for suite in possible(version)} == names().keys()


@pytest.mark.parametrize("version", NUMBERS.values())
def test_the_first_hello_fits_and_begins_with_weak_suites(version: int) -> None:
    offered = first(version)
    assert 0 < len(offered) <= MOST_SUITES
    assert set(offered) <= set(possible(version))
    weak = [bool(weaknesses(suite)) for suite in offered]
    assert weak == sorted(weak, reverse=True)
    assert version == TLS13 or weak[0]


@pytest.mark.parametrize("version", [SSL3, TLS12, TLS13])
def test_lots_hold_every_suite_once_and_fit(version: int) -> None:
    lots = dealt(possible(version))
    assert sorted(suite for lot in lots for suite in lot) == sorted(possible(version))
    assert max(map(len, lots)) <= MOST_SUITES
    apart = [lot for lot in lots if any("_SRP_" in names()[suite] for suite in lot)]
    assert all("_SRP_" in names()[suite] for lot in apart for suite in lot)


def test_what_needs_tls12_is_not_offered_before() -> None:
    assert not [suite for suite in possible(TLS10) if aead(suite)]
    assert [suite for suite in possible(TLS12) if aead(suite)]
