"""What a registry says by RDAP (RFC 9083) about domains of the lab, as pages of a plain web server.

A fixture: Debian has no RDAP server. The shape of the answers is that of the large registries, redacted as
theirs are since 2018.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from shelfworthy_lab.listeners import Page

TYPE = "application/rdap+json"
ACTIVE = ("client transfer prohibited",)


@dataclass(frozen=True)
class Registration:
    """One domain. days: until it expires, from today; None: not told. servers: its name servers."""

    days: int | None
    statuses: tuple[str, ...] = ACTIVE
    servers: tuple[str, ...] = ()
    signed: bool = False


def pages(domains: Mapping[str, Registration]) -> dict[str, Page]:
    """What is answered to `/domain/NAME`; every other name is answered with 404, as registries do."""
    return {f"/domain/{name}": Page(json.dumps(answer(name, about)), TYPE) for name, about in domains.items()}


def bootstrap(suffixes: list[str], url: str) -> str:
    """A list of RDAP services, as IANA publishes it (RFC 9224)."""
    said = {
        "description": "RDAP services of the lab",
        "publication": _moment(0),
        "services": [[suffixes, [url]]],
        "version": "1.0",
    }
    return json.dumps(said, indent=2) + "\n"


def answer(name: str, about: Registration) -> dict[str, object]:
    """The JSON of one domain."""
    events = [{"eventAction": "registration", "eventDate": _moment(-1500)}]
    if about.days is not None:
        events.append({"eventAction": "expiration", "eventDate": _moment(about.days)})
    events.append({"eventAction": "last update of RDAP database", "eventDate": _moment(0)})
    card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Plumregistrar Ltd."]]]
    hidden = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", ""]]]
    return {
        "rdapConformance": ["rdap_level_0", "redacted"],
        "objectClassName": "domain",
        "handle": f"{name.upper()}-LAB",
        "ldhName": name.upper(),
        "status": list(about.statuses),
        "events": events,
        "entities": [
            {
                "objectClassName": "entity",
                "handle": "9999",
                "roles": ["registrar"],
                "publicIds": [{"type": "IANA Registrar ID", "identifier": "9999"}],
                "vcardArray": card,
            },
            {"objectClassName": "entity", "roles": ["registrant"], "vcardArray": hidden},
        ],
        "nameservers": [
            {"objectClassName": "nameserver", "ldhName": server.upper()} for server in about.servers
        ],
        "secureDNS": {"delegationSigned": about.signed},
        "redacted": [{"name": {"type": "Registrant Name"}, "method": "emptyValue"}],
    }


def _moment(days: int) -> str:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=days)
    return at.isoformat().replace("+00:00", "Z")
