"""What the operator types is product file and policy for that run: exactly that, and no more."""

from datetime import date
from ipaddress import ip_address
from pathlib import Path

import pytest

from shelfworthy.model import Basis, Kind, Level
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import read_product
from shelfworthy.product.scope import Scope
from shelfworthy.product.typed import from_things
from shelfworthy.product.write import product_toml

TODAY = date(2026, 11, 21)
MONGO = "mongodb://127.0.0.1:27017"


def scope(*permits: str, things: tuple[str, ...] = (MONGO,), level: Level = Level.LOOK) -> Scope:
    basis = None if level is Level.LOOK else Basis.OWN
    product, policy = from_things(things, permits, today=TODAY, level=level, basis=basis)
    return Scope(product, policy, TODAY)


def mistakes(
    *things: str,
    permits: tuple[str, ...] = (),
    level: Level = Level.LOOK,
    basis: Basis | None = None,
) -> list[str]:
    with pytest.raises(BadFile) as bad:
        from_things(things, permits, today=TODAY, level=level, basis=basis)
    return [str(mistake) for mistake in bad.value.mistakes]


def test_each_thing_becomes_its_surface(tmp_path: Path) -> None:
    capture = tmp_path / "home.pcapng"
    capture.write_bytes(b"\x0a\x0d\x0d\x0a")
    things = [
        "https://a.example:8443/",
        MONGO,
        "s3+http://a.example:8333/tones",
        "contact:https://a.example/",
        str(capture),
        "http://a.example/",
    ]
    product, _ = from_things(things, ["a.example", "127.0.0.1"], today=TODAY)
    assert [one.kind for one in product.surface] == [
        Kind.ENDPOINT,
        Kind.DATABASE,
        Kind.BUCKET,
        Kind.CONTACT,
        Kind.CAPTURE,
        Kind.ENDPOINT,
    ]
    assert [one.where for one in product.surface] == [
        thing if "://" in thing else "home.pcapng" for thing in things
    ]
    assert len({one.id for one in product.surface}) == len(things)


def test_a_permit_alone_is_to_look_as_the_public_may() -> None:
    product, policy = from_things([MONGO], ["127.0.0.1:27017"], today=TODAY)
    permission = product.permission[0]
    assert (permission.level, permission.basis, permission.until) == (Level.LOOK, Basis.PUBLIC, TODAY)
    assert scope("127.0.0.1:27017").level_at("127.0.0.1", ip_address("127.0.0.1"), 27017) is Level.LOOK
    assert policy.open == ("127.0.0.1/32",)


def test_more_needs_a_level_and_a_basis() -> None:
    at = ip_address("127.0.0.1")
    assert scope("127.0.0.1", level=Level.KNOCK).level_at("127.0.0.1", at, 27017) is Level.KNOCK
    for basis in (None, Basis.PUBLIC):
        said = mistakes(MONGO, permits=("127.0.0.1",), level=Level.KNOCK, basis=basis)
        words = "it is more than any visitor does. Add --basis own, --basis contract or --basis written."
        assert said == [f"the command line: --level knock: {words}"]


def test_only_what_was_typed_is_open() -> None:
    it = scope("127.0.0.1:27017", level=Level.USE)
    assert it.level_at("127.0.0.1", ip_address("127.0.0.1"), 27017) is Level.USE
    assert it.level_at("127.0.0.1", ip_address("127.0.0.1"), 27018) is None
    assert it.level_at("127.0.0.2", ip_address("127.0.0.2"), 27017) is None
    assert it.level_at("db.example", ip_address("127.0.0.1"), 27017) is Level.USE
    assert it.level_at("2130706433", ip_address("127.0.0.1"), 27017) is None


def test_a_name_opens_no_closed_address() -> None:
    it = scope("db.example", things=("mongodb://db.example",))
    assert it.level_at("db.example", ip_address("8.8.8.8"), 27017) is Level.LOOK
    assert it.level_at("db.example", ip_address("127.0.0.1"), 27017) is None
    assert it.level_at("db.example", ip_address("169.254.169.254"), 27017) is None


def test_everything_permitted_opens_nothing_closed() -> None:
    it = scope("0.0.0.0/0")
    assert it.level_at("8.8.8.8", ip_address("8.8.8.8"), 27017) is Level.LOOK
    assert it.level_at("127.0.0.1", ip_address("127.0.0.1"), 27017) is None


def test_a_network_that_was_typed_is_open_and_its_neighbour_is_not() -> None:
    it = scope("10.1.0.0/16", things=("mongodb://10.1.2.3",))
    assert it.level_at("10.1.2.3", ip_address("10.1.2.3"), 27017) is Level.LOOK
    assert it.level_at("10.2.2.3", ip_address("10.2.2.3"), 27017) is None


def test_localhost_is_127_0_0_1_whatever_a_resolver_says() -> None:
    it = scope("localhost:27017", things=("mongodb://localhost",))
    assert it.pinned("localhost") == ip_address("127.0.0.1")
    assert it.level_at("localhost", ip_address("127.0.0.1"), 27017) is Level.LOOK
    assert it.level_at("localhost", ip_address("::1"), 27017) is None


def test_ipv6_loopback_can_be_typed() -> None:
    it = scope("[::1]:8080", things=("http://[::1]:8080/",))
    assert it.level_at("::1", ip_address("::1"), 8080) is Level.LOOK


def test_all_mistakes_at_once_and_each_teaches(tmp_path: Path) -> None:
    said = mistakes(
        "https://a.example/",
        "mongo://a.example",
        "https://2130706433/",
        "nowhere.apk",
        str(tmp_path),
        permits=("https://a.example", "a.example:80"),
        level=Level.USE,
    )
    assert len(said) == 7
    assert "the command line: --permit https://a.example: it is a URL. Expected only host and port" in said[0]
    assert 'Did you mean "mongodb://…"?' in said[1]
    assert "in disguise" in said[2]
    assert "it is no URL, and no file either (No such file or directory)" in said[3]
    assert "Is a directory" in said[4]
    assert "nothing permits to contact it" in said[5]
    assert "add --permit a.example:443" in said[5]
    assert "--level use" in said[6]


def test_nothing_is_no_audit() -> None:
    assert "there is nothing to look at" in mistakes()[0]


def test_a_file_nobody_recognises_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    assert "it is nothing we recognise" in mistakes(str(tmp_path / "notes.txt"))[0]


def test_what_was_typed_can_be_kept_as_a_product_file(tmp_path: Path) -> None:
    product, _ = from_things(
        [MONGO, "https://localhost:8443/"],
        ["127.0.0.1", "localhost"],
        today=TODAY,
        level=Level.USE,
        basis=Basis.CONTRACT,
    )
    path = tmp_path / "product.toml"
    path.write_text(product_toml(product))
    assert read_product(path) == product


def test_a_permit_that_cannot_be_read_is_the_only_mistake() -> None:
    said = mistakes(MONGO, "https://a.example/", permits=("*",))
    assert said == [
        'the command line: --permit *: "*" is no host. Name each host, or a network: "203.0.113.0/24".'
    ]


def test_two_files_of_the_same_name_cannot_lie_side_by_side(tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "toy.bin").write_bytes(b"image")
    files = [str(tmp_path / "old" / "toy.bin"), str(tmp_path / "new" / "toy.bin")]
    with pytest.raises(BadFile, match="there is another toy"):
        from_things(files, [], today=TODAY)
