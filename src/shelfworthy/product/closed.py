"""Which addresses stay closed until the operator's policy opens them.

Written out instead of asking `ipaddress.is_global`, whose answers differ between Python's versions and
which calls multicast and NAT64 global. A test holds that we are never more open than Python is.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from shelfworthy.product.address import IP, Net, plain

# IANA IPv4 and IPv6 Special-Purpose Address Registries, and what clouds add. First match names it.
CLOSED_4 = {
    IPv4Network("169.254.169.254/32"): "a cloud's metadata service",
    IPv4Network("168.63.129.16/32"): "a cloud's metadata service",  # Azure
    IPv4Network("100.100.100.200/32"): "a cloud's metadata service",  # Alibaba
    IPv4Network("0.0.0.0/8"): "this machine",
    IPv4Network("10.0.0.0/8"): "a private network",
    IPv4Network("100.64.0.0/10"): "a provider's shared network",
    IPv4Network("127.0.0.0/8"): "this machine",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("172.16.0.0/12"): "a private network",
    IPv4Network("192.0.0.0/24"): "reserved",
    IPv4Network("192.0.2.0/24"): "reserved for documentation",
    IPv4Network("192.88.99.0/24"): "reserved",  # 6to4 relays, RFC 7526
    IPv4Network("192.168.0.0/16"): "a private network",
    IPv4Network("198.18.0.0/15"): "reserved for benchmarks",
    IPv4Network("198.51.100.0/24"): "reserved for documentation",
    IPv4Network("203.0.113.0/24"): "reserved for documentation",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
}
GLOBAL_6 = IPv6Network("2000::/3")  # RFC 4291, section 2.4: nothing else is handed out
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: global, as far as the IPv4 address inside is
CLOSED_6 = {
    IPv6Network("fd00:ec2::254/128"): "a cloud's metadata service",  # Amazon
    IPv6Network("fd20:ce::254/128"): "a cloud's metadata service",  # Google
    IPv6Network("::/128"): "this machine",
    IPv6Network("::1/128"): "this machine",
    IPv6Network("2001::/32"): "a Teredo tunnel",
    IPv6Network("2001::/23"): "reserved",
    IPv6Network("2001:db8::/32"): "reserved for documentation",
    IPv6Network("2002::/16"): "a 6to4 tunnel",
    IPv6Network("3fff::/20"): "reserved for documentation",
    IPv6Network("fc00::/7"): "a private network",
    IPv6Network("fe80::/10"): "link-local",
    IPv6Network("ff00::/8"): "multicast",
}


def closed(address: IP) -> str:
    """Why an address is closed by itself, in words; "" if it is open. Not of those inside: see `faces`."""
    if isinstance(address, IPv4Address):
        return next((why for network, why in CLOSED_4.items() if address in network), "")
    if address in NAT64:
        return ""
    named = next((why for network, why in CLOSED_6.items() if address in network), "")
    return named or ("" if address in GLOBAL_6 else "reserved")


def faces(address: IP) -> tuple[IP, ...]:
    """The address and every IPv4 address a tunnel or translator would take out of it."""
    address = plain(address)
    if isinstance(address, IPv4Address):
        return (address,)
    return (address, *_inside(address))


def _inside(address: IPv6Address) -> tuple[IPv4Address, ...]:
    last = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in NAT64 or address in IPv6Network("64:ff9b:1::/48"):  # RFC 8215
        return (last,)
    if int(address) >> 32 & 0xFDFF_FFFF == 0x5EFE:  # ISATAP, RFC 5214, section 6.1
        return (last,)
    return ()


def closed_network(network: Net) -> bool:
    """Whether all of a network lies in one range that is closed by default."""
    if isinstance(network, IPv4Network):
        return any(network.subnet_of(one) for one in CLOSED_4)
    inside = any(network.subnet_of(one) for one in CLOSED_6)
    return inside or not (network.overlaps(GLOBAL_6) or network.overlaps(NAT64))
