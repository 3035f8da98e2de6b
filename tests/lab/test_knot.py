"""The lab's name server and registry answer as they were told, and know nothing else."""

import datetime as dt
import json
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from shelfworthy_lab import knot, rdap
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server
from tests.needs import missing

pytestmark = pytest.mark.lab


def asked(server: Server, name: str, kind: str, tcp: bool = False) -> dns.message.Message:
    by = dns.query.tcp if tcp else dns.query.udp
    return by(dns.message.make_query(name, kind, want_dnssec=True), server.host, port=server.port, timeout=5)


def test_it_serves_its_zones_by_udp_and_tcp_and_signs_those_it_should(tmp_path: Path) -> None:
    zones = {
        knot.ROOT: "@ NS ns.invalid.",
        "toy.test": "@ NS ns1\nns1 A 127.0.0.9",
        "own.test": "@ NS ns1.toy.test.",
    }
    try:
        server = knot.start(tmp_path, zones, ("toy.test",))
    except CantRun as why:
        missing(str(why))
    with server:
        for tcp in (False, True):
            reply = asked(server, "ns1.toy.test", "A", tcp)
            assert "127.0.0.9" in reply.answer[0].to_text()
            assert any("RRSIG" in group.to_text() for group in reply.answer)
        assert not any("RRSIG" in group.to_text() for group in asked(server, "own.test", "NS").answer)
        assert asked(server, "toy.example", "A").rcode() == dns.rcode.NXDOMAIN
    assert not server.running()


def test_a_registration_says_what_rfc_9083_has_it_say() -> None:
    pages = rdap.pages({"toy.test": rdap.Registration(days=12, servers=("ns1.toy.test",))})
    page = pages["/domain/toy.test"]
    said = json.loads(page.body)
    assert page.type == "application/rdap+json"
    assert (said["objectClassName"], said["ldhName"]) == ("domain", "TOY.TEST")
    ends = next(one["eventDate"] for one in said["events"] if one["eventAction"] == "expiration")
    left = dt.datetime.fromisoformat(ends) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=11) < left <= dt.timedelta(days=12)
    assert json.loads(rdap.bootstrap(["test"], "http://127.0.0.1/"))["services"] == [
        [["test"], ["http://127.0.0.1/"]]
    ]
