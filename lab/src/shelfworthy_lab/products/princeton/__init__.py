"""A drinking bottle and its cloud, in the shape of what was found in 2018, and as it should have been."""

from datetime import date

from shelfworthy_lab import accounts
from shelfworthy_lab.accounts import Switches
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.tls import KINDS, Kind

EDITIONS = ("2018", "fixed")
PARTS = ("api", "accounts")
NETWORK = {"2018": "127.0.63", "fixed": "127.0.64"}
API: dict[str, Kind] = {"2018": KINDS["plain-http"], "fixed": KINDS["good-rsa"]}
PAGES = {"/": Page('{"service": "SipBuddy", "status": "thirsty"}\n', "application/json")}
# A log-out ends what a session may read; what it sends is taken for ever.
ACCOUNTS = {"2018": Switches(replayable=True), "fixed": Switches()}


def build(bench: Bench, edition: str) -> None:
    """Start every part of one edition on `bench`."""
    network = NETWORK[edition]
    bench.endpoint("api", API[edition], "api.sipbuddy.test", f"{network}.1", lambda _: PAGES)
    bench.serve()
    begin = accounts.declare(
        bench,
        ACCOUNTS[edition],
        "accounts.sipbuddy.test",
        f"{network}.2",
        product="SipBuddy",
        part="accounts",
        tls=edition == "fixed",
    )
    bench.run({"accounts": begin})
    bench.write(
        {
            "name": "SipBuddy",
            "vendor": "Plumwhistle Toys",
            "model": {"2018": "SB-1", "fixed": "SB-2"}[edition],
            "gtin": "2000000000046",
            "category": "toy",
            "for_children": True,
            "sold_from": date(2017, 3, 1),
        },
        {
            "id": "bottle-1",
            "bought": "lab",
            "lot": "L1",
            "firmware": {"2018": "0.9.4", "fixed": "1.2.0"}[edition],
        },
    )
