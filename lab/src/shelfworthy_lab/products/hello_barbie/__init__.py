"""A talking doll's web side, in the shape of what was found in 2015, and as it should have been."""

from datetime import date

from shelfworthy_lab import accounts, policies
from shelfworthy_lab.accounts import Switches
from shelfworthy_lab.bench import Bench
from shelfworthy_lab.listeners import Page
from shelfworthy_lab.tls import KINDS, Kind

EDITIONS = ("2015", "fixed")
PARTS = ("api", "www", "accounts")
NETWORK = {"2015": "127.0.61", "fixed": "127.0.62"}
API: dict[str, Kind] = {"2015": KINDS["sslv3"], "fixed": KINDS["good-rsa"]}
PAGES = {"/": Page('{"service": "ChatterDoll", "status": "listening"}\n', "application/json")}
# Unlimited guesses, and a session that outlives the end it was given.
ACCOUNTS = {
    "2015": Switches(locks_at=0, lifetime=accounts.SHORT, expires=False),
    "fixed": Switches(lifetime=accounts.SHORT),
}


def build(bench: Bench, edition: str) -> None:
    """Start every part of one edition on `bench`."""
    network = NETWORK[edition]
    bench.endpoint("api", API[edition], "api.chatterdoll.test", f"{network}.1", lambda _: PAGES)
    _site(bench, edition, "www.chatterdoll.test", f"{network}.3")
    bench.serve()
    begin = accounts.declare(
        bench,
        ACCOUNTS[edition],
        "accounts.chatterdoll.test",
        f"{network}.2",
        product="ChatterDoll",
        part="accounts",
    )
    bench.run({"accounts": begin})
    bench.write(
        {
            "name": "ChatterDoll",
            "vendor": "Plumwhistle Toys",
            "model": {"2015": "CD-2015", "fixed": "CD-2016"}[edition],
            "gtin": "2000000000039",
            "category": "toy",
            "for_children": True,
            "sold_from": date(2015, 11, 1),
        },
        {
            "id": "doll-1",
            "bought": "lab",
            "lot": "L1",
            "firmware": {"2015": "1.0.1", "fixed": "1.1.0"}[edition],
        },
    )


def _site(bench: Bench, edition: str, host: str, address: str) -> None:
    """The maker's site; in 2015 the policy is looked for from the home page."""
    says = "Hold the button on her belt and tell her about your day."
    origin = policies.site(bench, "hello_barbie", edition, host, address, name="ChatterDoll", says=says)
    home = f"{origin}/"
    where, start = (home, "") if edition == "2015" else (f"{origin}/privacy", home)
    bench.declare(policies.surface(where, ["microphone"], start), policies.SITE, host, address)
