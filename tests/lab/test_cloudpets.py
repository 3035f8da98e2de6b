"""The bear's cloud: what is in it, and how it is started, found and ended."""

import errno
import os
import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from shelfworthy_lab import (
    Instance,
    WrongUsage,
    down,
    down_all,
    instance,
    mongod,
    planted,
    processes,
    s3,
    status,
    up,
)
from shelfworthy_lab.products.cloudpets import content
from shelfworthy_lab.radio import sound
from shelfworthy_lab.records import FRIENDS, MESSAGES, USERS

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module", params=["2018", "fixed"])
def bear(request: pytest.FixtureRequest, place: Path) -> Iterator[Instance]:
    started = up("cloudpets", request.param, place)
    yield started
    down("cloudpets", request.param, place)


def _client(bear: Instance) -> "mongod.Client":
    fixed = bear.edition == "fixed"
    host = "127.0.19.2" if fixed else "127.0.18.2"
    server = processes.Server(host, bear.ports["records"], bear.folder)
    return mongod.connect(server, tls=fixed, login=fixed)


def test_everything_runs_and_is_declared(bear: Instance) -> None:
    assert set(bear.parts.values()) == {"running"}
    product = tomllib.loads(bear.product.read_text())
    kinds = {surface["id"]: surface["kind"] for surface in product["surface"]}
    assert kinds == {
        "api": "endpoint",
        "parents": "endpoint",
        "www": "endpoint",
        "www-contact": "contact",
        "privacy": "policy",
        "firmware-updates": "update",
        "messages": "broker",
        "accounts": "account",
        "sessions": "database",
        "reports": "correspondence",
        "press": "incident",
        "site-domain": "domain",
        "tour-domain": "domain",
        "assets-domain": "domain",
        "records": "database",
        "recordings": "bucket",
        "bear": "bluetooth",
        "bear-image": "firmware",
    }
    hosts = {
        match[1] for surface in product["surface"] if (match := re.search(r"//([\w.]+):", surface["where"]))
    }
    radio = {"bluetooth:MurmurPal" if bear.edition == "fixed" else "C4:7C:8D:00:00:01"}
    assert hosts | radio == {permission["to"] for permission in product["permission"]}
    resolved = [permission["resolve"] for permission in product["permission"] if "resolve" in permission]
    assert len(set(resolved)) == len(hosts)
    assert (bear.folder / "ca.pem").exists()
    policy = tomllib.loads(bear.policy.read_text())
    assert policy["open"] == ["127.0.0.0/8"]
    assert policy["adapter"] == f"tcp-client:127.0.0.1:{bear.ports['bear']}"


def test_the_expected_answers_of_an_instance_are_those_written_beforehand(bear: Instance) -> None:
    assert tomllib.loads(bear.expected.read_text())[bear.edition] == instance.expected(
        "cloudpets", bear.edition
    )


def test_the_records_are_in_the_storys_proportions(bear: Instance) -> None:
    with _client(bear) as client:
        counts = {
            name: client["murmurpal"][name].count_documents({}) for name in ("users", "friends", "messages")
        }
        assert counts == {"users": 7 * USERS, "friends": 7 * FRIENDS, "messages": 7 * MESSAGES}
        assert counts["users"] >= 5000
        copied = client["murmurpal-staging"]["users"].count_documents({})
        assert copied == (0 if bear.edition == "fixed" else 2 * USERS)
        assert (content.RANSOM in client.list_database_names()) == (bear.edition == "2018")


def test_what_is_planted_really_lies_there(bear: Instance) -> None:
    values = planted(bear)
    user = content.production().users[0]
    assert {user["email"], user["hash"]} <= set(values)
    with _client(bear) as client:
        assert client["murmurpal"]["users"].find_one({"email": user["email"]})
    data = b"".join(path.read_bytes() for path in (bear.folder / "seaweedfs-data").rglob("*.dat"))
    tones = [value for value in values if isinstance(value, bytes)]
    assert tones
    assert all(tone in data for tone in tones if tone not in sound.planted())


def test_the_object_named_in_the_product_file_lies_in_both_buckets_and_is_no_secret(bear: Instance) -> None:
    product = tomllib.loads(bear.product.read_text())
    bucket = next(surface for surface in product["surface"] if surface["kind"] == "bucket")
    fixed = bear.edition == "fixed"
    assert bucket.get("object") == (content.WELCOME if fixed else None)
    assert not any(isinstance(value, str) and value in content.WELCOME for value in planted(bear))
    address = "127.0.19.3" if fixed else "127.0.18.3"
    authority = bear.folder / bucket["ca"] if fixed else None
    with s3.Client(address, bear.ports["recordings"], authority) as keeper:
        assert keeper.get(f"recordings/{content.WELCOME}") == content.objects()[content.WELCOME]


def test_up_again_is_the_same_instance(bear: Instance, place: Path) -> None:
    pids = {path.name: path.read_text() for path in (bear.folder / "pids").iterdir()}
    assert up("cloudpets", bear.edition, place) == bear
    assert {path.name: path.read_text() for path in (bear.folder / "pids").iterdir()} == pids
    assert status(place) == [bear]


def test_two_of_the_same_edition_run_side_by_side(bear: Instance, tmp_path: Path) -> None:
    other = up("cloudpets", bear.edition, tmp_path, only=["api", "records"])
    try:
        assert other.parts["records"] == other.parts["api"] == "running"
        assert "left out" in other.parts["recordings"]
        assert bear.running()
    finally:
        assert down("cloudpets", folder=tmp_path) == [other.folder]
    assert bear.running()


def test_without_a_ransom_there_is_no_trace_to_expect(tmp_path: Path) -> None:
    bear = up("cloudpets", "2018", tmp_path, only=["records"], ransom=False)
    try:
        with MongoClient[dict[str, object]](
            "127.0.18.2", bear.ports["records"], directConnection=True
        ) as client:
            assert content.RANSOM not in client.list_database_names()
        expected = tomllib.loads(bear.expected.read_text())["2018"]
        assert expected["knock"]["database-ransom-traces"] == {"records": "pass", "sessions": "inconclusive"}
    finally:
        down("cloudpets", folder=tmp_path)


def test_a_part_that_cannot_run_is_said_so_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_MONGOD", "/bin/false")
    bear = up("cloudpets", "2018", tmp_path, only=["records", "www"])
    try:
        assert bear.parts["records"].startswith("can't run: mongod 6.0.5 does not start here")
        assert bear.parts["www"] == "running"
        assert "db.murmurpal.test" in bear.product.read_text()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.18.2", bear.ports["records"])) == errno.ECONNREFUSED
        use = tomllib.loads(bear.expected.read_text())["2018"]["use"]
        assert use["database-open"] == {"records": "inconclusive", "sessions": "inconclusive"}
        assert use["tls-versions"] == {"api": "inconclusive", "parents": "inconclusive", "www": "fail"}
    finally:
        down("cloudpets", folder=tmp_path)


def test_an_instance_whose_process_died_is_started_anew(tmp_path: Path) -> None:
    bear = up("cloudpets", "fixed", tmp_path, only=["api"])
    try:
        processes.end(bear.folder / "pids" / "web.pid")
        again = up("cloudpets", "fixed", tmp_path, only=["api"])
        assert again.running()
        assert again.ports != bear.ports
    finally:
        down("cloudpets", folder=tmp_path)


@pytest.mark.parametrize("written", ["", "[]", '{"folder": "x"}', '{"processes": [], "unheard_of": 1}'])
def test_what_another_version_started_is_ended_all_the_same(tmp_path: Path, written: str) -> None:
    bear = up("cloudpets", "fixed", tmp_path, only=["api"])
    (bear.folder / "instance.json").write_text(written)
    assert status(tmp_path) == []
    process = int((bear.folder / "pids" / "web.pid").read_text().split()[0])
    assert down_all(tmp_path) == [bear.folder]
    assert not Path(f"/proc/{process}").exists()


def test_a_start_that_breaks_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def broken(client: "mongod.Client", *_: object) -> None:
        started.append(int((tmp_path / "cloudpets-2018" / "pids" / "mongod.pid").read_text().split()[0]))
        raise KeyboardInterrupt

    monkeypatch.setattr(content, "fill", broken)
    with pytest.raises(KeyboardInterrupt):
        up("cloudpets", "2018", tmp_path, only=["records"])
    assert started
    assert not Path(f"/proc/{started[0]}").exists()


@pytest.mark.parametrize(
    ("name", "edition", "only", "words"),
    [
        ("bears", "2018", (), "there is cloudpets, endpoints"),
        ("cloudpets", "2017", (), "there is 2018, fixed"),
        ("cloudpets", "2018", ("db",), "there is records, sessions, recordings, api"),
    ],
)
def test_what_the_lab_does_not_have_is_answered_with_what_it_has(
    name: str, edition: str, only: tuple[str, ...], words: str
) -> None:
    with pytest.raises(WrongUsage, match=words):
        up(name, edition, only=only)


def test_everything_lies_in_the_home_it_was_told(lab_home: Path) -> None:
    bear = up("cloudpets", "fixed", only=["api"])
    try:
        assert bear.folder == lab_home / "cloudpets-fixed"
        assert os.listdir(lab_home / "cloudpets-fixed" / "pids") == ["web.pid"]
    finally:
        assert down("cloudpets") == [bear.folder]
    assert not bear.folder.exists()
