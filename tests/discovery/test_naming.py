"""A mention names one thing in its one form, or nothing, with the reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.discovery.naming import KINDS, named
from shelfworthy.model import Kind
from shelfworthy.product.address import WrongAddress, disguised, parse_where

NAMES = {
    "https://api.bear.test": "endpoint:https://api.bear.test/",
    "HTTPS://API.Bear.test.:443/v1?key=secret#top": "endpoint:https://api.bear.test/",
    "http://api.bear.test:8080/": "endpoint:http://api.bear.test:8080/",
    "https://bär.test/": "endpoint:https://xn--br-via.test/",
    "https://wren:secret@api.bear.test/": "endpoint:https://api.bear.test/",
    "http://[2001:DB8::1]:80/": "endpoint:http://[2001:db8::1]/",
    "http://[::ffff:192.0.2.7]/": "endpoint:http://192.0.2.7/",
    "wss://live.bear.test/socket": "endpoint:https://live.bear.test/",
    "mongodb://db.bear.test": "database:mongodb://db.bear.test",
    "mongodb://wren:secret@db.bear.test:27018/bears": "database:mongodb://db.bear.test:27018",
    "rediss://cache.bear.test": "database:redis://cache.bear.test",
    "postgres://db.bear.test/bears": "database:postgresql://db.bear.test",
    "https://bears.firebaseio.com/toys.json": "database:firebase+https://bears.firebaseio.com",
    "mqtts://talk.bear.test": "broker:mqtt://talk.bear.test:8883",
    "mqtt://talk.bear.test": "broker:mqtt://talk.bear.test",
    "coaps://talk.bear.test:9999": "broker:coap://talk.bear.test:9999",
    "s3://recordings/2018/": "bucket:s3+https://s3.amazonaws.com/recordings",
    "s3+http://media.bear.test:9000/recordings/key": "bucket:s3+http://media.bear.test:9000/recordings",
    "https://recordings.s3.eu-west-1.amazonaws.com/a.wav": (
        "bucket:s3+https://s3.eu-west-1.amazonaws.com/recordings"
    ),
    "https://s3-eu-west-1.amazonaws.com/recordings/a.wav": (
        "bucket:s3+https://s3-eu-west-1.amazonaws.com/recordings"
    ),
    "https://toys.bear.s3.amazonaws.com/": "bucket:s3+https://s3.amazonaws.com/toys.bear",
    "https://storage.googleapis.com/recordings/a.wav": "bucket:s3+https://storage.googleapis.com/recordings",
    "https://s3.amazonaws.com/": "endpoint:https://s3.amazonaws.com/",
    "https://notas3.amazonaws.com.bear.test/x": "endpoint:https://notas3.amazonaws.com.bear.test/",
    "api.bear.test": "domain:api.bear.test",
    "api.bear.test:8443": "domain:api.bear.test",
    "*.bear.test": "domain:bear.test",
    "mailto:security@bear.test?subject=flaw": "domain:bear.test",
    "security@bear.test": "domain:bear.test",
}

NOTHING = {
    "": "host",
    "   ": "host",
    "http://2130706433/": "disguise",
    "http://0x7f.1/": "disguise",
    "http://0177.0.0.01/": "disguise",
    "http://127.1/": "disguise",
    "http://１２７.０.０.１/": "disguise",
    "http://127。0。0。1/": "disguise",
    "http://127.0.0.1./": "disguise",
    "2130706433": "disguise",
    "http://%31%32%37.0.0.1/": "disguise",
    "http://a.test\\@b.test/": "means the same",
    "http://a.test@b.test@c.test/": "user names",
    "http://127.0.0.\t1/": "space",
    "http://fa\u00dfe.test/": "two spellings",
    "http://[fe80::1%25eth0]/": "network card",
    "http://api.bear.test:99999/": "port",
    "http:///": "no host",
    "//api.bear.test/": "network",
    "192.0.2.7": "without a word",
    "192.0.2.7:443": "without a word",
    "db1": "own network",
    "ftp://files.bear.test/": '"ftp"',
    "file:///etc/passwd": '"file"',
    "gopher://api.bear.test/": '"gopher"',
    "javascript:alert(1)": '"javascript"',
    "openpgp4fpr:0123456789": '"openpgp4fpr"',
    "tel:+49-228-1234": '"tel"',
    "contact:https://www.bear.test/": "no URL",
    "update:https://www.bear.test/manifest": "no URL",
    "account:https://www.bear.test/": "no URL",
    "s3://../x": "bucket",
    "mailto:nobody": "mail",
    "https://" + "a" * 3000 + ".test/": "longer",
    "call us": "host name",
}


@pytest.mark.parametrize("what", NAMES)
def test_it_names_one_thing(what: str) -> None:
    assert [one.id for one in named(what)] == [f"seen:{NAMES[what]}"]


@pytest.mark.parametrize("what", NOTHING)
def test_it_names_nothing(what: str) -> None:
    with pytest.raises(WrongAddress, match=NOTHING[what]):
        named(what)


def test_a_letter_to_two_names_both_domains() -> None:
    found = named("mailto:security@bear.test,cert@cert.test")
    assert [one.where for one in found] == ["domain:bear.test", "domain:cert.test"]


def test_rented_storage_is_shared_and_a_makers_own_is_not() -> None:
    assert named("https://recordings.s3.amazonaws.com/")[0].shared
    assert named("s3+https://s3.amazonaws.com/recordings")[0].shared
    assert not named("s3+http://media.bear.test:9000/recordings")[0].shared


URLS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "mongodb", "mqtt", "s3+http", "wss", "s3"]),
    st.one_of(
        st.sampled_from(["a.test", "127.0.0.1", "0x7f.1", "[::1]", "2130706433", "a@b.test", "①.1", ""]),
        st.text(max_size=12),
    ),
    st.sampled_from(["", "/", ":80/", ":0", "/b/k", "?q", "#f", "\\@b.test/", "//c.test", "/\u202e"]),
)


@settings(max_examples=1500)
@given(st.one_of(URLS, st.text(max_size=30)))
def test_whatever_it_is_the_place_is_one_a_product_file_could_give(what: str) -> None:
    try:
        found = named(what)
    except WrongAddress:
        return
    assert found
    for one in found:
        at = parse_where(one.kind, one.where)
        assert (at.host, at.port) == (one.host, one.port)
        assert not disguised(at.host)
        assert one.kind in KINDS | {Kind.DOMAIN}
        assert one.id.isprintable()
        assert one.id.isascii()
        assert named(one.where.removeprefix("domain:")) == (one,)
