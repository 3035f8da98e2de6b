"""Read a registry's WHOIS answer (RFC 3912), which has no form: only lines that are surely meant so count."""

import re

from shelfworthy.model import Cause
from shelfworthy.probes.domain.rdap import moment
from shelfworthy.reach import NotSeen
from shelfworthy.seen.domain import Registration

# What registries write where they do not know a domain; at the beginning of a line.
FREE = re.compile(
    r"^[%#> \t]{0,20}(no match\b|not found\b|no data found\b|no entries found\b|domain not found\b"
    r"|object does not exist\b|no object found\b|(domain )?status:[ \t]*(free|available)[ \t\r]*$"
    r"|domain .{1,80} (is free|not found)\b|the queried object does not exist\b)",
    re.IGNORECASE | re.MULTILINE,
)
LINE = re.compile(
    r"^[ \t]{0,40}(?P<key>[A-Za-z][A-Za-z /-]{1,40}?)\.{0,40}:[ \t]{0,40}(?P<value>\S.{0,200})", re.MULTILINE
)
NAMES = {"domain name", "domain"}
EXPIRES = {
    "registry expiry date",
    "registrar registration expiration date",
    "expiry date",
    "expiration date",
    "expires",
    "expire date",
    "paid-till",
    "renewal date",
}
REGISTERED = {"creation date", "created", "registered", "registered on", "registration date"}
SERVERS = {"name server", "nserver", "nameserver", "name servers"}
STATUSES = {"domain status", "status"}
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def registration(domain: str, asked: str, content: bytes, delegated: str) -> Registration:
    """What the answer says. Raises NotSeen where it surely says neither that the domain is there nor not."""
    text = content.decode("utf-8", errors="replace")
    lines = [(one["key"].lower(), one["value"].strip()) for one in LINE.finditer(text)]
    named = any(key in NAMES and value.lower().rstrip(".") == domain for key, value in lines)
    free = FREE.search(text) is not None
    if named == free and not (named and _empty(lines)):
        what = "both that it has the domain and that it has not" if named else "nothing that is understood"
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"The registry {asked} (WHOIS) says {what}.")
    dates = {"expires": EXPIRES, "registered": REGISTERED}
    found = {
        what: next((at for key, value in lines if key in keys and (at := moment(value))), None)
        for what, keys in dates.items()
    }
    return Registration(
        domain=domain,
        protocol="whois",
        asked=asked,
        found=not free,
        statuses=() if free else tuple(sorted({_status(v) for key, v in lines if key in STATUSES})),
        registered=None if free else found["registered"],
        expires=None if free else found["expires"],
        registrar="" if free else next((value for key, value in lines if key == "registrar"), ""),
        name_servers=()
        if free
        else tuple(sorted({value.split()[0].lower().rstrip(".") for key, value in lines if key in SERVERS})),
        signed=None,
        redacted=False,
        delegated=delegated,
    )


def _empty(lines: list[tuple[str, str]]) -> bool:
    """Whether an answer that names the domain says nothing of it but that it is free (`Domain`, `Status`)."""
    return not any(key in EXPIRES | REGISTERED | SERVERS for key, _ in lines)


def _status(value: str) -> str:
    """An EPP status in RFC 8056's words: `redemptionPeriod https://icann.org/…` is `redemption period`."""
    return CAMEL.sub(" ", value.split()[0] if " http" in value else value).lower()
