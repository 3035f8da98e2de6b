"""Reading what registries say: RDAP and WHOIS that hold anything at all."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.checks.domain._held import lapsing
from shelfworthy.model import canonical
from shelfworthy.probes.domain import rdap, whois
from shelfworthy.probes.domain.names import issuers
from shelfworthy.probes.domain.rdap import moment
from shelfworthy.probes.domain.suffixes import registrable
from shelfworthy.reach import NotSeen
from shelfworthy.seen.domain import RECORDS, Registration
from shelfworthy_lab import rdap as lab

TOY = lab.answer("toy.test", lab.Registration(days=400))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def read(said: dict[str, Any]) -> Registration:
    return rdap.registration("toy.test", "127.0.0.1:80", json.dumps(said).encode(), RECORDS)


@given(st.dictionaries(st.sampled_from(sorted(TOY)), JSON, max_size=6))
def test_any_part_may_be_anything(parts: dict[str, Any]) -> None:
    whole = TOY | {key: part for key, part in parts.items() if key not in ("objectClassName", "ldhName")}
    found = read(whole)
    assert found.domain == "toy.test"
    assert len(canonical(found)) < 50_000


def test_lists_without_end_are_cut() -> None:
    found = read(
        TOY
        | {
            "status": [f"status {n}" for n in range(10_000)],
            "nameservers": [{"ldhName": f"ns{n}.test"} for n in range(10_000)],
            "entities": [
                {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "x" * 10_000]]]}
            ],
        }
    )
    assert len(found.statuses) == len(found.name_servers) == 50
    assert len(found.registrar) == 200


def test_a_registrant_is_not_read() -> None:
    card = ["vcard", [["fn", {}, "text", "Wren Ashdown"], ["email", {}, "text", "wren@plumpost.test"]]]
    found = read(TOY | {"entities": [{"roles": ["registrant"], "vcardArray": card}]})
    assert b"Wren" not in canonical(found)
    assert found.registrar == ""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2027-01-02T03:04:05Z", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2027-01-02T03:04:05.678+02:00", datetime(2027, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2027-01-02", datetime(2027, 1, 2, tzinfo=UTC)),
        ("2027-01-02 03:04:05", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("9999-12-31T23:00:00-10:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, at: datetime | None) -> None:
    assert moment(text) == at


HELD = {
    "ICANN": (
        "   Domain Name: TOY.TEST\r\n Registry Expiry Date: 2027-01-02\r\n Domain Status: redemptionPeriod http://x",
        datetime(2027, 1, 2, tzinfo=UTC),
        ("redemption period",),
    ),
    "no date": ("Domain: toy.test\nNserver: ns1.toy.test 192.0.2.1\nStatus: connect\n", None, ("connect",)),
    "paid till": (
        "domain:        TOY.TEST\nstate: REGISTERED\npaid-till:     2027-01-02T21:00:00Z\n",
        datetime(2027, 1, 2, 21, tzinfo=UTC),
        (),
    ),
    "dots": (
        "domain.............: toy.test\nexpires............: 2027-01-02\n",
        datetime(2027, 1, 2, tzinfo=UTC),
        (),
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_whois_of_a_domain_somebody_holds(name: str) -> None:
    text, expires, statuses = HELD[name]
    found = whois.registration("toy.test", "127.0.0.1:43", text.encode(), RECORDS)
    assert (found.found, found.expires, found.statuses) == (True, expires, statuses)


@pytest.mark.parametrize(
    "text",
    [
        'No match for "TOY.TEST".\r\n>>> Last update of whois database: 2026-11-22T00:00:00Z <<<\r\n',
        "Domain: toy.test\nStatus: free\n",
        "%% No entries found in the database.\n",
        "NOT FOUND\n",
        "Domain toy.test is free.\n",
        "The queried object does not exist: no matching objects found\n",
    ],
)
def test_whois_of_a_domain_nobody_holds(text: str) -> None:
    assert not whois.registration("toy.test", "127.0.0.1:43", text.encode(), RECORDS).found


@pytest.mark.parametrize(
    "text", ["", "%\n%\n", "Domain Name: other.test\n", "Service unavailable", "Status: free of charge"]
)
def test_whois_that_says_neither(text: str) -> None:
    with pytest.raises(NotSeen):
        whois.registration("toy.test", "127.0.0.1:43", text.encode(), RECORDS)


@given(st.binary(max_size=500))
def test_noise_says_neither(noise: bytes) -> None:
    with pytest.raises(NotSeen):
        whois.registration("toy.test", "127.0.0.1:43", b"\x00" + noise.replace(b"\n", b" "), RECORDS)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("www.toy.example.co.uk", "example.co.uk"),
        ("bear.azurewebsites.net", "azurewebsites.net"),
        ("toy.test", "toy.test"),
    ],
)
def test_which_part_of_a_name_is_registered(name: str, domain: str) -> None:
    assert registrable(name) == domain


def test_a_suffix_is_nobody_s_to_register() -> None:
    with pytest.raises(NotSeen, match="suffix that domains end in"):
        registrable("co.uk")


def test_of_caa_records_who_may_issue_is_kept_and_no_mailbox() -> None:
    records = (
        '0 issue "ca.example; account=4711"',
        '0 iodef "mailto:wren@toy.test"',
        '0 issuewild ";"',
        "0 issue",
    )
    assert issuers(records) == ("issue ca.example", "issuewild nobody")


@pytest.mark.parametrize("content", [b"\n" * 60_000, b"%\n" * 30_000, b"a:" + b" " * 60_000, b"ab." * 20_000])
def test_whois_of_nothing_is_read_in_no_time(content: bytes) -> None:
    began = time.process_time()
    with pytest.raises(NotSeen):
        whois.registration("toy.example", "127.0.0.1:43", content, RECORDS)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "status", ["pendingDelete / redemptionPeriod", "pendingDelete (https://icann.org/epp#pendingDelete)"]
)
def test_a_status_that_says_more_than_one_word_still_says_it(status: str) -> None:
    text = f"Domain: toy.example\nStatus: {status}\nCreated: 2015-01-01\n"
    found = whois.registration("toy.example", "127.0.0.1:43", text.encode(), RECORDS)
    assert lapsing(found) == "pending delete"
