"""Claims by lease, by many processes at once, on both databases: nothing lost, nothing done twice at once."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import HostLease, Product, Recheck
from shelfworthy.shelf.watching import hosts, queue
from tests.shelf.watching.beside import begun, environment, ran

LASTS = timedelta(minutes=5)


def rows(number: int) -> None:
    at = now()
    made = Product.objects.bulk_create(
        Product(key=f"{n:016x}", name=f"Toy {n}", changed_at=at) for n in range(number)
    )
    Recheck.objects.bulk_create(
        Recheck(product=one, due_at=at - timedelta(seconds=n)) for n, one in enumerate(made)
    )


@pytest.mark.django_db
def test_what_has_been_due_longest_comes_first_and_each_is_claimed_once() -> None:
    rows(3)
    Recheck.objects.filter(product__key=f"{1:016x}").update(due_at=None)
    claimed = [queue.claim(Recheck, "a", LASTS) for _ in range(3)]
    assert [one.product.name for one in claimed if one] == ["Toy 2", "Toy 0"]
    assert claimed[2] is None


@pytest.mark.django_db
def test_who_has_lost_the_lease_writes_nothing() -> None:
    rows(1)
    first = queue.claim(Recheck, "a", LASTS)
    assert first is not None
    assert queue.prolong(first, LASTS)
    Recheck.objects.update(leased_until=now() - timedelta(seconds=1))
    second = queue.claim(Recheck, "b", LASTS)
    assert second is not None
    assert not queue.prolong(first, LASTS)
    assert not queue.finish(first, trouble="from a")
    assert Recheck.objects.get().leased_by == "b"
    assert queue.finish(second, trouble="from b", due_at=None)
    assert not queue.finish(second, trouble="again")
    row = Recheck.objects.get()
    assert (row.trouble, row.leased_until, row.lease, row.leased_by) == ("from b", None, "", "")


@pytest.mark.django_db
def test_hosts_are_taken_all_or_none() -> None:
    hosts.take(["b.test", "a.test"], "one", LASTS)
    with pytest.raises(hosts.Busy, match=r"b\.test"):
        hosts.take(["b.test", "c.test"], "two", LASTS)
    hosts.take(["c.test"], "three", LASTS)
    hosts.take(["a.test"], "one", LASTS)
    hosts.give_back("one")
    hosts.take(["a.test", "b.test"], "two", LASTS)


@pytest.mark.django_db
def test_a_host_of_somebody_who_died_is_free_when_the_lease_ends() -> None:
    hosts.take(["a.test"], "one", LASTS)
    HostLease.objects.update(leased_until=now())
    hosts.take(["a.test"], "two", LASTS)
    assert HostLease.objects.get().leased_by == "two"
    HostLease.objects.update(leased_until=now() - timedelta(days=2))
    hosts.forget()
    assert not HostLease.objects.exists()


@pytest.mark.parametrize("base", [pytest.param("sqlite", marks=pytest.mark.slow), "postgresql"])
def test_several_processes_do_each_piece_once(
    base: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("fresh") if base == "postgresql" else ""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    of = environment(shelf, url)
    ran(of, "prepare", "120")
    log = tmp_path / "log"
    workers = [begun(of, "claims", f"worker-{number}", str(log)) for number in range(4)]
    said = [worker.communicate(timeout=90) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, said
    found = ran(of, "left")
    assert len(found) == 120
    assert {tuple(one[1:]) for one in found} == {(1, True, "")}
    lines = sorted(line.split(" ") for line in log.read_text().splitlines())
    began = Counter(line[2] for line in lines if line[1] == "begin")
    assert set(began.values()) == {1}, "each once"
    assert len({line[3] for line in lines if line[1] == "begin"}) > 1, "by several"
    inside: dict[str, str] = {}
    for _, what, host, who in lines:
        if what == "in":
            assert host not in inside, f"{who} and {inside[host]} at {host}"
            inside[host] = who
        elif what == "out":
            assert inside.pop(host) == who
