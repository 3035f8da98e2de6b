"""What an answer says of other places, however it says it: the place is plain, or it is only counted."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.model import Endpoint, Kind
from shelfworthy.probes.bucket.client import endpoints, kept
from shelfworthy.probes.elsewhere import MOST, READ, named
from shelfworthy.probes.endpoint.led import asked_at, elsewhere
from shelfworthy.product.address import Address, disguised, parse_where
from shelfworthy.reach import Reply
from shelfworthy.seen.endpoint import Elsewhere
from tests.probes.bucket.peers import ERROR

AT = Address(scheme="https", host="api.bear.test", port=443, path="/v1/")


def reply(*headers: tuple[str, str], status: int = 302, body: bytes = b"") -> Reply:
    return Reply(status=status, headers=headers, body=body, whole=True)


def led(*headers: tuple[str, str], status: int = 302) -> list[str]:
    """The places named, each after how."""
    found = elsewhere(reply(*headers, status=status), AT)
    return [f"{one.by} {one.to.url}" for one in found.places] + ["?"] * found.more


LOCATIONS = {
    "https://www.bear.test/": ["redirect https://www.bear.test:443"],
    "HTTPS://WWW.Bear.test.:443/a?token=secret#b": ["redirect https://www.bear.test:443"],
    "http://api.bear.test/": ["redirect http://api.bear.test:80"],
    "//cdn.bear.test": ["redirect https://cdn.bear.test:443"],
    "https://[2001:DB8::1]/": ["redirect https://[2001:db8::1]:443"],
    "https://b\u00c3\u00a4r.test/": ["redirect https://xn--br-via.test:443"],  # UTF-8, read byte by byte
    "/login?next=/": [],
    "": [],
    "https://api.bear.test/elsewhere": [],
    "https://API.bear.test:443": [],
    "https://wren:secret@api.wolf.test/": ["?"],
    "https://api.bear.test\\@wolf.test/": ["?"],
    "/\\wolf.test/": ["?"],
    "///wolf.test/": ["?"],
    "https:///wolf.test/": ["?"],
    "http://0x7f.1/": ["?"],
    "https://2130706433/": ["?"],
    "https://b\u00e4r.test/": ["?"],
    "https://a.test:99999/": ["?"],
    "https://[::1/": ["?"],
    "bear://open?token=secret": ["?"],
    "javascript:alert(1)": ["?"],
}


@pytest.mark.parametrize("location", LOCATIONS)
def test_a_location_is_another_place_or_none(location: str) -> None:
    assert led(("location", location)) == LOCATIONS[location]


@pytest.mark.parametrize("status", [200, 201, 404])
def test_a_location_that_sends_nobody_away_is_none(status: int) -> None:
    assert led(("location", "https://www.bear.test/"), status=status) == []


REFRESH = {
    "0; url=https://www.bear.test/x": ["refresh https://www.bear.test:443"],
    "5;URL='https://www.bear.test/x'": ["refresh https://www.bear.test:443"],
    '1.5 , "https://www.bear.test/"': ["refresh https://www.bear.test:443"],
    "; https://www.bear.test/": ["refresh https://www.bear.test:443"],
    "30": [],
    "0; url=/home": [],
    "0;": [],
    "soon; url=https://www.bear.test/": [],
}


@pytest.mark.parametrize("value", REFRESH)
def test_a_refresh_sends_people_away_too(value: str) -> None:
    assert led(("refresh", value), status=200) == REFRESH[value]


SERVED_TOO = {
    'h2="alt.bear.test:8443"; ma=60, h3=":443"': ["alternative service https://alt.bear.test:8443"],
    'h2=":8443"': ["alternative service https://api.bear.test:8443"],
    'h3="[2001:db8::1]:443";persist=1': ["alternative service https://[2001:db8::1]:443"],
    'quic=":443"; v="46,43", h2="b.test:1"': ["alternative service https://b.test:1"],
    'h2="bear.test:1",h3="bear.test:1"': ["alternative service https://bear.test:1"],
    'h2="0x7f.1:443"': ["?"],
    'h2="wren@bear.test:443"': ["?"],
    "clear": [],
    "": [],
    "h2=bear.test:1": [],
}


@pytest.mark.parametrize("value", SERVED_TOO)
def test_an_alternative_service_is_another_place(value: str) -> None:
    assert led(("alt-svc", value), status=200) == SERVED_TOO[value]


def test_each_place_is_kept_once_and_so_many_that_the_rest_is_counted() -> None:
    several = [("location", f"https://h{number}.test/{way}") for number in range(20) for way in "ab"]
    several += [("location", "tel:1"), ("location", "tel:1"), ("location", "tel:2")]
    found = elsewhere(reply(*several), AT)
    assert [one.to.host for one in found.places] == [f"h{number}.test" for number in range(MOST)]
    assert found.more == 20 - MOST + 2


def test_an_endpoint_is_no_other_place_by_any_of_its_names() -> None:
    endpoint = Endpoint(id="api", where="https://192.0.2.7:8443/", name="B\u00e4r.test")
    at = parse_where(endpoint.kind, endpoint.where)
    under_its_name = asked_at(endpoint, at)
    assert under_its_name.host == "xn--br-via.test"
    for location in ("/x", "https://192.0.2.7:8443/", "https://xn--br-via.test:8443/y"):
        assert elsewhere(reply(("location", location)), under_its_name, at) == Elsewhere(places=(), more=0)


def test_of_a_thousand_places_some_are_read_and_all_are_counted() -> None:
    value = ",".join(f'h2="h{number}.test:1"' for number in range(1000))
    found = elsewhere(reply(("alt-svc", value)), AT)
    assert (len(found.places), found.more) == (MOST, READ - MOST + 1000 - READ)


@settings(max_examples=500)
@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60))
def test_whatever_it_says_a_place_is_a_plain_one(text: str) -> None:
    for header in ("location", "refresh", "alt-svc"):
        for value in (text, f"https://{text}", f"0;url=//{text}", f'h2="{text}:1"'):
            for one in elsewhere(reply((header, value)), AT).places:
                assert not disguised(one.to.host)
                at = parse_where(Kind.ENDPOINT, one.to.url)
                assert (at.host, at.port, at.scheme) == (one.to.host, one.to.port, one.to.scheme)


@pytest.mark.parametrize(
    "value",
    [",a=" * 20_000, ',a="' * 16_000, "," + " " * 65_000, "0" * 65_000, "0" + " " * 65_000, "a" * 65_000],
)
def test_a_hostile_header_takes_no_time(value: str) -> None:
    began = time.process_time()
    for header in ("location", "refresh", "alt-svc"):
        led((header, value))
    assert time.process_time() - began < 1


MOVED = ERROR.replace("<Message>", "<Endpoint>{}</Endpoint><Message>")


def moved(endpoint: str, status: int = 301) -> list[str]:
    """What a bucket named "tones" is said to be asked for at."""
    body = MOVED.format("PermanentRedirect", endpoint).encode()
    told = named(endpoints(reply(status=status, body=body)), AT)
    return [kept(one.by, one.to, "tones").what if one.to else "?" for one in told]


def test_an_s3_error_says_where_the_bucket_is_to_be_asked_for() -> None:
    assert moved("s3.eu-west-1.amazonaws.com") == ["s3+https://s3.eu-west-1.amazonaws.com:443/tones"]
    assert moved("tones.s3.eu-west-1.amazonaws.com") == ["https://tones.s3.eu-west-1.amazonaws.com:443"]
    assert moved(" media.bear.test:9000 ") == ["s3+https://media.bear.test:9000/tones"]
    assert moved("0x7f.1") == ["?"]
    assert moved("https://media.bear.test/") == ["?"]
    assert moved("media.bear.test", status=200) == []


def test_of_a_buckets_path_its_own_name_is_kept_and_no_key() -> None:
    def at(path: str) -> str:
        return kept("redirect", Address("https", "cdn.test", 443, path), "tones").what

    assert at("/tones/voice/kid-0001.caf") == "s3+https://cdn.test:443/tones"
    assert at("/tones?list-type=2") == "s3+https://cdn.test:443/tones"
    assert at("/voice/kid-0001.caf") == at("/") == at("/tones2/x") == "https://cdn.test:443"
