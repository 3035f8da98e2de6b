"""Which addresses are closed by default, and which addresses hide inside others."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.product.closed import CLOSED_4, CLOSED_6, closed, closed_network, faces


@pytest.mark.parametrize("network", [*CLOSED_4, *CLOSED_6], ids=str)
def test_every_range_is_closed_from_end_to_end(network: object) -> None:
    whole = ip_network(str(network))
    assert closed(whole.network_address)
    assert closed(whole.broadcast_address)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("10.255.255.255", "11.0.0.0"),
        ("100.64.0.0", "100.63.255.255"),
        ("127.255.255.255", "128.0.0.0"),
        ("169.254.169.254", "169.253.255.255"),
        ("172.31.255.255", "172.32.0.0"),
        ("192.168.0.0", "192.167.255.255"),
        ("168.63.129.16", "168.63.129.17"),
        ("198.19.255.255", "198.20.0.0"),
        ("0.0.0.0", "1.0.0.0"),
        ("224.0.0.0", "223.255.255.255"),
        ("255.255.255.255", "8.8.8.8"),
        ("::", "2600::"),
        ("::1", "2600::1"),
        ("fd00:ec2::254", "2600::254"),
        ("fe80::1", "2400::1"),
        ("ff02::1", "2a00::1"),
        ("2001:db8::1", "2001:db9::1"),
        ("2001:0:1::1", "2001:200::1"),
        ("2002:808:808::1", "2003::1"),
        ("3fff:fff:ffff::1", "3ffe::1"),
        ("5f00::1", "3000::1"),
        ("::8.8.8.8", "64:ff9b::8.8.8.8"),
        ("64:ff9b:1::8.8.8.8", "2a00::8.8.8.8"),
    ],
)
def test_just_inside_is_closed_and_just_outside_is_open(inside: str, outside: str) -> None:
    assert closed(ip_address(inside))
    assert not closed(ip_address(outside))


@given(st.ip_addresses())
def test_never_more_open_than_python(address: IPv4Address | IPv6Address) -> None:
    if address.is_multicast or address.is_reserved or not address.is_global:
        nat64 = isinstance(address, IPv6Address) and address in ip_network("64:ff9b::/96")
        assert closed(address) or nat64


@pytest.mark.parametrize("bits", range(1, 65))
@pytest.mark.parametrize("last", [0, 1])
def test_never_more_open_than_python_at_the_edges(bits: int, last: int) -> None:
    """Random addresses seldom meet a small range: here is one address of each size of prefix."""
    for start in (0x2001, 0x2002, 0x3FFF, 0x5F00, 0xFC00, 0xFE80, 0xFEC0, 0xFF00, 0x0100, 0x0064):
        address = IPv6Address((start << 112) ^ (1 << (128 - bits)) ^ last)
        if not address.is_global and address not in ip_network("64:ff9b::/96"):
            assert closed(address), address


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("2002:7f00:1::1", "127.0.0.1"),
        ("64:ff9b::127.0.0.1", "127.0.0.1"),
        ("64:ff9b::0.0.0.0", "0.0.0.0"),
        ("64:ff9b:1::10.0.0.1", "10.0.0.1"),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", "127.0.0.1"),
        ("2a00:1:2:3:0:5efe:10.0.0.1", "10.0.0.1"),
        ("2a00:1:2:3:200:5efe:10.0.0.1", "10.0.0.1"),
    ],
)
def test_addresses_inside_addresses_are_seen(outer: str, inner: str) -> None:
    assert ip_address(inner) in faces(ip_address(outer))
    assert faces(ip_address("2a00::7f00:1")) == (ip_address("2a00::7f00:1"),)


@pytest.mark.parametrize(
    ("network", "is_closed"),
    [
        ("127.0.0.1/32", True),
        ("10.1.0.0/16", True),
        ("10.0.0.0/7", False),
        ("0.0.0.0/0", False),
        ("8.8.8.0/24", False),
        ("fd00::/8", True),
        ("::1/128", True),
        ("5f00::/16", True),
        ("::/0", False),
        ("2600::/16", False),
        ("64:ff9b::7f00:1/128", False),
    ],
)
def test_a_network_is_closed_when_all_of_it_is(network: str, is_closed: bool) -> None:
    assert closed_network(ip_network(network)) is is_closed
