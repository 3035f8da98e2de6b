"""What all evidence together names: pure, bounded, and in any order the same."""

import itertools
import random

from shelfworthy.discovery import Trail, discover
from shelfworthy.discovery.trail import FAR, MENTIONS, MOST, PLACES, REFUSED
from shelfworthy.model import (
    Bucket,
    Contact,
    Database,
    Domain,
    Endpoint,
    Kind,
    NotLooked,
    Owner,
    canonical,
)
from shelfworthy.seen import bucket
from shelfworthy.seen.bucket import Answered, BucketSeen
from shelfworthy.seen.contact import ContactMail, MailDomain
from shelfworthy.seen.endpoint import Elsewhere, EndpointHttps, Named, Origin
from tests.builders import NOON, observed
from tests.discovery.content import API, APP, product, saying

SITE = Contact(id="site", where="contact:https://www.bear.test/")


def ids(*found: str) -> list[str]:
    return [f"seen:{one}" for one in found]


def test_where_it_was_seen_and_as_what() -> None:
    page = saying("site", "tel:1234", "https://help.bear.test/x", "https://help.bear.test/y")
    found = discover(product(SITE), [page])
    (one,) = found.found
    assert one.surface == Endpoint(
        id="seen:endpoint:https://help.bear.test/", where="https://help.bear.test/"
    )
    assert [(at.what, at.field, at.role) for at in one.at] == [
        ("https://help.bear.test/x", "names.1", "link"),
        ("https://help.bear.test/y", "names.2", "link"),
    ]
    assert {(at.surface, at.observation) for at in one.at} == {("site", page.id)}
    assert (one.times, one.steps, one.decides) == (2, 1, False)
    assert [nothing.at.what for nothing in found.nothing] == ["tel:1234"]
    assert not found.left_out


def test_a_third_partys_is_marked_as_one() -> None:
    (one,) = discover(product(SITE), [saying("site", "https://hackerone.com/bears")]).found
    assert one.surface.owner is Owner.THIRD_PARTY


def test_what_is_declared_is_not_seen_again() -> None:
    declared = product(
        API,
        Endpoint(id="lab", where="https://192.0.2.7:8443/", name="lab.bear.test", plain_port=8080),
        Database(id="db", where="mongodb://db.bear.test"),
        Bucket(id="media", where="s3+https://media.bear.test/recordings"),
        Domain(id="name", where="domain:bear.test"),
        SITE,
    )
    ours = (
        "https://api.bear.test/v1",
        "http://api.bear.test/",
        "https://lab.bear.test:8443",
        "http://lab.bear.test:8080",
        "http://192.0.2.7:8080",
        "mongodb://db.bear.test:27017",
        "https://media.bear.test/recordings/1.wav",
        "https://www.bear.test/security",
        "security@bear.test",
    )
    assert discover(declared, [saying("site", *ours)]).found == ()
    others = (
        "https://api.bear.test:8443",
        "http://lab.bear.test",
        "mongodb://db.bear.test:1",
        "x@www.bear.test",
    )
    assert len(discover(declared, [saying("site", *others)]).found) == 4


def test_another_bucket_of_the_same_host_is_another_thing() -> None:
    here = "https://s3.amazonaws.com"
    declared = product(APP, SITE, Bucket(id="media", where=f"s3+{here}/recordings"))
    for surface in ("app", "site"):
        names = (
            f"{here}/recordings/1.wav",
            "https://recordings.s3.amazonaws.com/",
            f"{here}/portraits/1.png",
        )
        found = discover(declared, [saying(surface, *names)]).found
        buckets = [one.surface.id for one in found if one.surface.kind is Kind.BUCKET]
        assert buckets == ids("bucket:s3+https://s3.amazonaws.com/portraits")


def test_whose_one_bucket_is_says_nothing_of_another_at_shared_storage() -> None:
    """Else the maker's own would be hidden behind a third party's that was declared."""
    here = "https://s3.amazonaws.com"
    theirs = Bucket(id="ads", where=f"s3+{here}/ads", owner=Owner.THIRD_PARTY)
    (found,) = [
        one
        for one in discover(product(APP, theirs), [saying("app", f"{here}/recordings/1.wav")]).found
        if one.surface.kind is Kind.BUCKET
    ]
    assert found.surface.owner is Owner.MAKER


def test_what_an_app_names_decides_as_itself_and_as_a_name_relied_on() -> None:
    found = discover(
        product(API, APP, SITE), [saying("app", "https://www.bear.test/", "mongodb://192.0.2.9")]
    )
    assert [one.surface.id for one in found.found] == ids(
        "database:mongodb://192.0.2.9", "domain:www.bear.test", "endpoint:https://www.bear.test/"
    )
    assert all(one.decides for one in found.found)
    # The same in a page is the contact that is declared there.
    assert discover(product(API, APP, SITE), [saying("site", "https://www.bear.test/")]).found == ()


def test_seen_in_a_page_and_in_an_app_it_decides() -> None:
    page, app = saying("site", "https://a.test/"), saying("app", "https://a.test/")
    for several in itertools.permutations([page, app]):
        found = {one.surface.id: one for one in discover(product(APP, SITE), several).found}
        assert found["seen:endpoint:https://a.test/"].decides
        assert found["seen:endpoint:https://a.test/"].times == 2


def test_what_was_found_leads_further_and_the_shortest_way_counts() -> None:
    chain = [
        saying("api", "https://one.test/"),
        saying("seen:endpoint:https://one.test/", "https://two.test/", "https://one.test/"),
        saying("seen:endpoint:https://two.test/", "https://three.test/", "https://one.test/"),
    ]
    steps = {one.host: one.steps for one in discover(product(API), chain).found}
    assert steps == {"one.test": 1, "two.test": 2, "three.test": 3}
    shorter = [*chain, saying("api", "https://two.test/")]
    steps = {one.host: one.steps for one in discover(product(API), shorter).found}
    assert steps == {"one.test": 1, "two.test": 1, "three.test": 2}


def test_evidence_about_what_nobody_named_leads_nowhere() -> None:
    stray = [saying("seen:endpoint:https://x.test/", "https://y.test/"), saying("gone", "https://z.test/")]
    assert discover(product(API), stray).found == ()


def test_names_in_the_dns_of_another_are_told_apart() -> None:
    name = Domain(id="name", where="domain:bear.test")
    found = discover(product(name, API), [saying("name", "ns.registrar.test", "mx.post.test")]).found
    assert [(one.surface.id, one.only_in_dns) for one in found] == [
        ("seen:domain:mx.post.test", True),
        ("seen:domain:ns.registrar.test", True),
    ]
    both = [saying("name", "ns.registrar.test"), saying("api", "ns.registrar.test")]
    (one,) = discover(product(name, API), both).found
    assert one.steps == 1 < FAR


def test_a_mail_server_was_told_by_dns_at_whatever_surface() -> None:
    mail = ContactMail(
        at=NOON,
        domains=(MailDomain("bear.test", "https://www.bear.test/", "mx", ("mx.post.test",)),),
        unasked=0,
        pages=(),
    )
    found = discover(product(SITE), [observed(mail, "site")]).found
    assert [(one.surface.id, one.only_in_dns) for one in found] == [
        ("seen:domain:bear.test", False),
        ("seen:domain:mx.post.test", True),
    ]


def test_where_an_endpoint_sends_people_is_seen_and_whose_it_is_said() -> None:
    places = tuple(
        Named(by=by, to=Origin("https", host, 443))
        for by, host in (
            ("redirect", "www.bear.test"),
            ("refresh", "www.facebook.com"),
            ("alternative service", "bears.cloudfront.net"),
        )
    )
    seen = EndpointHttps(status=301, hsts="", elsewhere=Elsewhere(places=places, more=0))
    found = discover(product(API), [observed(seen, "api")]).found
    assert {one.host: (one.surface.owner, one.because, one.at[0].role) for one in found} == {
        "www.bear.test": (Owner.MAKER, "same registered domain as api", "redirect"),
        "www.facebook.com": (
            Owner.THIRD_PARTY,
            "facebook.com is a social network or messenger, which has its own users",
            "refresh",
        ),
        "bears.cloudfront.net": (
            Owner.MAKER,
            "cloudfront.net is rented: it works for whoever pays for it, here for this product",
            "alternative service",
        ),
    }
    assert not any(one.decides for one in found)


def test_a_bucket_that_moved_is_a_bucket_elsewhere() -> None:
    denied = Answered(status=301, code="PermanentRedirect")
    here = Bucket(id="media", where="s3+https://s3.amazonaws.com/recordings")
    place = Origin("https", "s3.eu-west-1.amazonaws.com", 443)
    seen = BucketSeen(
        listing=denied,
        acl=denied,
        policy=denied,
        known=NotLooked(),
        known_from="",
        known_shape="",
        random=denied,
        write=NotLooked(),
        elsewhere=bucket.Elsewhere((bucket.Named("storage endpoint", place, "recordings"),), more=0),
    )
    (one,) = discover(product(here), [observed(seen, "media")]).found
    assert one.surface.id == "seen:bucket:s3+https://s3.eu-west-1.amazonaws.com/recordings"
    assert (one.surface.owner, one.shared) == (Owner.MAKER, True)


def test_ten_thousand_names_are_bounded_and_counted() -> None:
    pages = [saying("site", *(f"https://h{n}.test/" for n in range(k, k + 5000))) for k in (0, 5000)]
    pages.append(saying("site", *(f"http://0x{n:x}/" for n in range(1000))))
    found = discover(product(SITE), pages)
    assert len(found.found) == MOST
    assert len(found.nothing) == REFUSED
    assert found.left_out == 10_000 - 2 * MENTIONS + (2 * MENTIONS - MOST) + 1000 - REFUSED


def test_of_what_decides_nothing_is_left_out() -> None:
    many = tuple(f"mongodb://h{n}.test" for n in range(3 * MOST))
    found = discover(product(APP), [saying("app", *many), saying("app", "mongodb://last.test")]).found
    assert sum(one.decides for one in found) == 2 * (3 * MOST + 1)  # each is a database, and a name relied on


def test_one_thing_named_everywhere_is_one_thing() -> None:
    found = discover(product(SITE), [saying("site", *["https://a.test/"] * 500)]).found
    assert [(len(one.at), one.times) for one in found] == [(PLACES, 500)]


def test_no_order_matters() -> None:
    dice = random.Random(7)
    hosts = [f"https://h{n}.test/" for n in range(40)]
    several = [saying("api", *dice.sample(hosts, 6)), saying("app", *dice.sample(hosts, 6))]
    several += [saying(f"seen:endpoint:{host}", *dice.sample(hosts, 3)) for host in hosts]
    expected = canonical(discover(product(API, APP), several))
    for _ in range(10):
        dice.shuffle(several)
        assert canonical(discover(product(APP, API), several)) == expected


def test_a_trail_that_grew_in_any_order_knows_the_same_things() -> None:
    several = [
        saying("api", "https://one.test/", "https://two.test/"),
        saying("seen:endpoint:https://one.test/", "https://three.test/"),
        saying("app", "https://two.test/"),
    ]
    expected = {one.surface.id for one in discover(product(API, APP), several).found}
    for order in itertools.permutations(several):
        trail = Trail(product(API, APP))
        assert {id for one in order for id in trail.add(one)} == expected
