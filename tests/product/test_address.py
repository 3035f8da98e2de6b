"""What people write becomes one address or one sentence; a number in disguise never becomes an address."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.model import Kind
from shelfworthy.product.address import (
    FORMS,
    Address,
    HostTarget,
    NetworkTarget,
    RadioTarget,
    Target,
    WrongAddress,
    disguised,
    literal,
    normal_host,
    parse_target,
    parse_where,
)

DISGUISES = [
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.01",
    "127.0.0.0x1",
    "127.0.0.1.",
    "127.0.0.256",
    "1.2.3.4.5",
    "0x",
    "0",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "127.0.0.\u00ad1",
    "127.0.0.1\u200b",
    "²130706433",
    "::ffff：127.0.0.1",
    "host.1",
    "host.0x7f",
]
PLAIN = [
    "127.0.0.1",
    "example.com",
    "1.example.com",
    "127.0.0.1.example.com",
    "0x7f.example.com",
    "0xg",
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
    "2001:DB8::1",
    "localhost",
    "münchen.example",
]


@pytest.mark.parametrize("host", DISGUISES)
def test_a_number_in_disguise_is_told_and_refused(host: str) -> None:
    assert disguised(host)
    with pytest.raises(WrongAddress, match="in disguise"):
        normal_host(host)


@pytest.mark.parametrize("host", PLAIN)
def test_what_reads_the_same_everywhere_is_no_disguise(host: str) -> None:
    assert not disguised(host)
    normal_host(host)


@given(st.ip_addresses(v=4))
def test_every_other_spelling_of_an_address_is_a_disguise(address: object) -> None:
    number = int(ip_address(str(address)))
    parts = str(address).split(".")
    assert not disguised(str(address))
    for spelling in (
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"0{int(part):o}" for part in parts),
        ".".join(hex(int(part)) for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        str(address).translate({ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}),
    ):
        assert disguised(spelling), spelling


@given(st.text(max_size=300))
def test_any_text_is_one_host_or_refused(text: str) -> None:
    try:
        host = normal_host(text)
    except WrongAddress:
        return
    assert normal_host(host) == host
    assert host.isascii()
    assert host == host.lower()
    assert literal(host) is None or str(literal(host)) == host


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("API.Example.COM", "api.example.com"),
        ("api.example.com.", "api.example.com"),
        ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("[2001:DB8:0:0::1]", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:c000:0201]", "192.0.2.1"),
        ("my_bucket.example", "my_bucket.example"),
    ],
)
def test_a_host_has_one_form(written: str, host: str) -> None:
    assert normal_host(written) == host


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "a..b",
        "-a.example",
        "a-.example",
        "a b",
        "a%41.example",
        "a" * 64,
        "a." * 130 + "com",
        "*.a",
        "[127.0.0.1]",
        "[example.com]",
        "[::1",
        "fe80::1%eth0",
        "1::2::3",
        "straße.example",
        "a\u200db.example",
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(WrongAddress):
        normal_host(host)


@pytest.mark.parametrize(
    ("kind", "where", "address"),
    [
        ("endpoint", "https://API.example.com", ("https", "api.example.com", 443, "/")),
        ("endpoint", "http://[::1]:8080/a?b=c", ("http", "::1", 8080, "/a?b=c")),
        ("endpoint", "HTTPS://a.example?b", ("https", "a.example", 443, "/?b")),
        ("database", "mongodb://db.example", ("mongodb", "db.example", 27017, "/")),
        ("database", "mongodb://127.0.0.2:1/", ("mongodb", "127.0.0.2", 1, "/")),
        ("broker", "mqtt://mq.example", ("mqtt", "mq.example", 1883, "/")),
        ("broker", "amqp://mq.example:5671", ("amqp", "mq.example", 5671, "/")),
        ("broker", "coap://[2001:db8::1]", ("coap", "2001:db8::1", 5683, "/")),
        ("database", "redis://cache.example", ("redis", "cache.example", 6379, "/")),
        ("database", "postgresql://db.example", ("postgresql", "db.example", 5432, "/")),
        ("database", "mysql://db.example:3307", ("mysql", "db.example", 3307, "/")),
        ("database", "elasticsearch+https://s.example", ("elasticsearch+https", "s.example", 9200, "/")),
        ("database", "couchdb+http://c.example", ("couchdb+http", "c.example", 5984, "/")),
        ("database", "couchdb+https://c.example", ("couchdb+https", "c.example", 6984, "/")),
        ("database", "firebase+https://plum.example", ("firebase+https", "plum.example", 443, "/")),
        ("bucket", "s3+https://s.example/tones/", ("https", "s.example", 443, "/tones")),
        ("bucket", "s3+http://s.example:8333/tones", ("http", "s.example", 8333, "/tones")),
        ("contact", "contact:https://www.example/help", ("https", "www.example", 443, "/help")),
        ("firmware", "images/toy 1.bin", ("", "", 0, "images/toy 1.bin")),
    ],
)
def test_where_of_each_kind(kind: str, where: str, address: tuple[str, str, int, str]) -> None:
    scheme, host, port, path = address
    assert parse_where(Kind(kind), where) == Address(scheme=scheme, host=host, port=port, path=path)


@pytest.mark.parametrize(
    ("kind", "where", "says"),
    [
        ("endpoint", "", "it is empty"),
        ("endpoint", "api.example.com", "it does not begin with"),
        ("endpoint", "ftp://api.example.com/", "it does not begin with"),
        ("endpoint", "https:///path", "there is no host"),
        ("endpoint", "https://user:word@a.example/", "user names and passwords"),
        ("endpoint", "https://a.example/#x", "do not belong"),
        ("endpoint", "https://a.example\\@b.example/", "do not belong"),
        ("endpoint", "https://a.example/\n", "a control character"),
        ("endpoint", "https://a.example/ü", "holds letters a URL cannot"),
        ("endpoint", "https://a.example:0/", "is no port"),
        ("endpoint", "https://a.example:65536/", "is no port"),
        ("endpoint", "https://a.example:/", "is no port"),
        ("endpoint", "https://a.example:٤٤٣/", "is no port"),
        ("endpoint", "https://2130706433/", "in disguise"),
        ("endpoint", "https://::1/", "is no host and port"),
        ("database", "mongodb://db.example/admin", "no path"),
        ("database", "mongodb+srv://db.example", "it does not begin with"),
        ("broker", "mqtts://mq.example", "it does not begin with"),
        ("broker", "amqp://guest:guest@mq.example", "user names and passwords"),
        ("broker", "mqtt://mq.example/toys", "no path"),
        ("database", "redis://:secret@cache.example", "user names and passwords"),
        ("database", "postgresql://db.example/bears", "no path"),
        ("database", "elasticsearch://s.example", "it does not begin with"),
        ("bucket", "https://s.example/tones", "it does not begin with"),
        ("bucket", "s3+https://s.example", "the bucket's name"),
        ("bucket", "s3+https://s.example/a/b", "the bucket's name"),
        ("contact", "https://www.example/", "it does not begin with"),
        ("firmware", " ", "it is empty"),
    ],
)
def test_a_wrong_where_is_told_in_two_sentences(kind: str, where: str, says: str) -> None:
    with pytest.raises(WrongAddress) as wrong:
        parse_where(Kind(kind), where)
    assert says in wrong.value.found
    assert not wrong.value.found.endswith(".")
    assert wrong.value.expected.endswith(".")


@pytest.mark.parametrize("kind", FORMS)
def test_the_example_given_to_people_is_right(kind: Kind) -> None:
    at = parse_where(kind, FORMS[kind].example)
    assert at.path if kind is Kind.BLUETOOTH else at.host


@pytest.mark.parametrize(
    ("to", "target"),
    [
        ("API.example.com", HostTarget(host="api.example.com")),
        ("api.example.com:8443", HostTarget(host="api.example.com", port=8443)),
        ("192.0.2.1", NetworkTarget(ip_network("192.0.2.1"))),
        ("192.0.2.1:80", NetworkTarget(ip_network("192.0.2.1"), 80)),
        ("192.0.2.0/24", NetworkTarget(ip_network("192.0.2.0/24"))),
        ("2001:db8::1", NetworkTarget(ip_network("2001:db8::1"))),
        ("[2001:db8::1]:443", NetworkTarget(ip_network("2001:db8::1"), 443)),
        ("::ffff:192.0.2.1", NetworkTarget(ip_network("192.0.2.1"))),
        ("::ffff:10.0.0.0/104", NetworkTarget(ip_network("10.0.0.0/8"))),
        ("aa:bb:cc:dd:ee:0f", RadioTarget(radio="AA:BB:CC:DD:EE:0F")),
    ],
)
def test_what_a_permission_is_for(to: str, target: Target) -> None:
    assert parse_target(to) == target


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("https://a.example/", "it is a URL"),
        ("*.example.com", "is no host"),
        ("*", "is no host"),
        ("2130706433", "in disguise"),
        ("0x7f.1:80", "in disguise"),
        ("10.0.0.1/8", "no network"),
        ("10.0.0.0/33", "no network"),
        ("127.1/8", "no network"),
        ("a.example:https", "is no port"),
        ("", "there is no host"),
    ],
)
def test_a_wrong_permission_target_is_told(to: str, says: str) -> None:
    with pytest.raises(WrongAddress) as wrong:
        parse_target(to)
    assert says in wrong.value.found


def test_host_bits_in_a_network_are_answered_with_the_network() -> None:
    with pytest.raises(WrongAddress) as wrong:
        parse_target("10.1.2.3/8")
    assert '"10.0.0.0/8"' in wrong.value.expected
