"""Whose a host is: one rule after the other, each with its reason."""

import itertools

import pytest

from shelfworthy.discovery.known import names, references, registered, storages, table
from shelfworthy.discovery.owner import Owners
from shelfworthy.model import Attribution, Endpoint, Identity, Owner, Product, digest
from shelfworthy.product.address import normal_host
from shelfworthy.seen.contact import PLATFORMS

BEAR = Product(
    product=Identity(name="Bear", vendor="Tests"),
    surface=(
        Endpoint(id="api", where="https://api.bear.co.uk/"),
        Endpoint(id="lab", where="https://192.0.2.7/", name="lab.bear.test"),
        Endpoint(id="ads", where="https://show.adverts.test/", owner=Owner.THIRD_PARTY),
        Endpoint(id="club", where="https://bear.github.io/"),
    ),
    seen=(
        Attribution(what="Cloud.test", owner=Owner.THIRD_PARTY, because="It is everybody's cloud."),
        Attribution(what="bears.cloud.test", owner=Owner.MAKER, because="Their corner of it"),
        Attribution(what="doubleclick.net", owner=Owner.MAKER, because="They bought it."),
        Attribution(what="198.51.100.9", owner=Owner.THIRD_PARTY, because="A clock."),
    ),
)
MAKER, THIRD = Owner.MAKER, Owner.THIRD_PARTY

WHOSE = {
    "api.bear.co.uk": (MAKER, "same host as api"),
    "media.bear.co.uk": (MAKER, "same registered domain as api"),
    "bear.co.uk": (MAKER, "same registered domain as api"),
    "wolf.co.uk": (MAKER, "nobody said"),
    "192.0.2.7": (MAKER, "same host as lab"),
    "www.bear.test": (MAKER, "same registered domain as lab"),
    "192.0.2.8": (MAKER, "nobody said"),
    "adverts.test": (THIRD, "same registered domain as ads, which the product file calls a third party's"),
    "wolf.github.io": (MAKER, "github.io is rented"),
    "bears.github.io": (MAKER, "github.io is rented"),
    "cloud.test": (THIRD, "the product file says so: It is everybody's cloud"),
    "a.cloud.test": (THIRD, "the product file says so: It is everybody's cloud"),
    "a.bears.cloud.test": (MAKER, "the product file says so: Their corner of it"),
    "notcloud.test": (MAKER, "nobody said"),
    "ad.doubleclick.net": (MAKER, "the product file says so: They bought it"),
    "198.51.100.9": (THIRD, "the product file says so: A clock"),
    "www.google-analytics.com": (THIRD, "google-analytics.com is an analytics service"),
    "googleapis.com": (THIRD, "googleapis.com is a platform"),
    "storage.googleapis.com": (MAKER, "storage.googleapis.com is rented"),
    "bears.s3.amazonaws.com": (MAKER, "amazonaws.com is rented"),
    "amazon.com": (THIRD, "amazon.com is a platform"),
    "www.hackerone.com": (THIRD, "hackerone.com is a platform for reports"),
}


@pytest.mark.parametrize("host", WHOSE)
def test_whose_it_is_and_why(host: str) -> None:
    owner, because = Owners(BEAR).of(host)
    wanted, reason = WHOSE[host]
    assert owner is wanted
    assert because.startswith(reason)


def test_a_makers_surface_counts_before_a_third_partys_of_the_same_domain() -> None:
    mixed = Product(
        product=BEAR.product,
        surface=(
            Endpoint(id="a", where="https://ads.mixed.test/", owner=THIRD),
            Endpoint(id="b", where="https://api.mixed.test/"),
        ),
    )
    for order in itertools.permutations(mixed.surface):
        product = Product(product=BEAR.product, surface=order)
        assert Owners(product).of("www.mixed.test") == (MAKER, "same registered domain as b")


def test_the_table_is_in_the_one_form_of_names_and_names_none_twice() -> None:
    listed = [name for known in table().known for name in known.names]
    assert listed == [normal_host(name) for name in listed]
    assert len(listed) == len(set(listed)) == len(names())
    assert all(registered(name) == name or "." in name for name in listed)
    assert set(PLATFORMS) <= {name for name, known in names().items() if known.owner is THIRD}
    assert len(storages()) == len(table().storage)


def test_what_decides_is_named_with_its_digest() -> None:
    known, suffixes = references()
    assert (known.name, suffixes.name) == ("known names", "public suffixes")
    assert known.sha256 != digest(b"")
    assert suffixes.date.count("-") == 2
