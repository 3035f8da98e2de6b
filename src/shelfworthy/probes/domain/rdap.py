"""Read a registry's RDAP answer about a domain (RFC 9083), which may hold anything."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from shelfworthy.model import Cause
from shelfworthy.reach import NotSeen
from shelfworthy.seen.domain import Registration

MOST = 50  # items of any list that are read
LONGEST = 200  # characters of a name


def registration(domain: str, asked: str, content: bytes, delegated: str) -> Registration:
    """What the answer says. Raises NotSeen if it is none about this domain."""
    try:
        said = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"The registry {asked} did not answer in JSON.") from error
    if not isinstance(said, dict) or said.get("objectClassName") != "domain":
        words = f"The registry {asked} answered with something that is no RDAP domain (RFC 9083)."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    name = _text(said.get("ldhName")).lower().removesuffix(".")
    if name != domain:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"The registry {asked} answered about another domain.")
    events = _events(said)
    secure = said.get("secureDNS")
    signed = secure.get("delegationSigned") if isinstance(secure, dict) else None
    servers = (_text(one.get("ldhName")).lower().removesuffix(".") for one in _dicts(said.get("nameservers")))
    return Registration(
        domain=domain,
        protocol="rdap",
        asked=asked,
        found=True,
        statuses=tuple(
            sorted({status.lower() for status in map(_text, _list(said.get("status"))) if status})
        ),
        registered=events.get("registration"),
        expires=events.get("expiration"),
        registrar=_registrar(said),
        name_servers=tuple(sorted({one for one in servers if one})),
        signed=signed if isinstance(signed, bool) else None,
        redacted=bool(_list(said.get("redacted"))),
        delegated=delegated,
    )


def moment(text: str) -> datetime | None:
    """A date and time in UTC (RFC 3339; some registries leave out zone or time); None if it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return zoned.astimezone(UTC).replace(microsecond=0)
    except OverflowError:  # in the first hours of year 1, or the last of 9999
        return None


def _events(said: dict[str, Any]) -> dict[str, datetime]:
    """The first date of each event; an unreadable one is none."""
    found: dict[str, datetime] = {}
    for event in _dicts(said.get("events")):
        at = moment(_text(event.get("eventDate")))
        if at is not None:
            found.setdefault(_text(event.get("eventAction")).lower(), at)
    return found


def _registrar(said: dict[str, Any]) -> str:
    """The registrar's name in its card (jCard, RFC 7095). Cards of other roles are people's: not read."""
    for entity in _dicts(said.get("entities")):
        if "registrar" not in [_text(role).lower() for role in _list(entity.get("roles"))]:
            continue
        card = _list(entity.get("vcardArray"))
        for line in _list(card[1] if len(card) > 1 else None):
            if isinstance(line, list) and len(line) > 3 and line[0] == "fn":
                return _text(line[3])
        return _text(entity.get("handle"))
    return ""


def _list(value: object) -> list[Any]:
    return value[:MOST] if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _text(value: object) -> str:
    """A string of ours to keep: printable, of bounded length; "" for anything else."""
    return value.strip()[:LONGEST] if isinstance(value, str) and value.isprintable() else ""
