"""A drinking bottle and its cloud, in the shape of what was found in 2018, and as it should have been."""

from datetime import date

from shelfworthy_lab import accounts, policies
from shelfworthy_lab.accounts import Switches
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.tls import KINDS, Kind

EDITIONS = ("2018", "fixed")
PARTS = ("api", "www", "accounts")
NETWORK = {"2018": "127.0.63", "fixed": "127.0.64"}
API: dict[str, Kind] = {"2018": KINDS["plain-http"], "fixed": KINDS["good-rsa"]}
PAGES = {"/": Page('{"service": "SipBuddy", "status": "thirsty"}\n', "application/json")}
# A log-out ends what a session may read; what it sends is taken for ever.
ACCOUNTS = {
    "2018": Switches(lifetime=accounts.SHORT, replayable=True),
    "fixed": Switches(lifetime=accounts.SHORT),
}


def build(bench: Bench, edition: str) -> None:
    """Start every part of one edition on `bench`."""
    network = NETWORK[edition]
    bench.endpoint("api", API[edition], "api.sipbuddy.test", f"{network}.1", lambda _: PAGES)
    _site(bench, edition, "www.sipbuddy.test", f"{network}.3")
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


def _site(bench: Bench, edition: str, host: str, address: str) -> None:
    """The maker's site; in 2018 the policy is declared by its address alone, and nobody walks to it."""
    says = "The bottle that blinks when it is time to drink."
    origin = policies.site(bench, "princeton", edition, host, address, name="SipBuddy", says=says)
    where = f"{origin}/{'privacy' if edition == '2018' else ''}"
    bench.declare(policies.surface(where, []), policies.SITE, host, address)
