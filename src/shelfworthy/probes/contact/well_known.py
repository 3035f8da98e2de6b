"""Fetch security.txt from its two usual places, and the keys its signature needs (RFC 9116, section 3)."""

import hashlib
from urllib.parse import quote

import msgspec

from shelfworthy.model import Cause, Level
from shelfworthy.probes.contact import signature
from shelfworthy.probes.contact.security_txt import LARGEST, Parsed, parse, same_place
from shelfworthy.probes.web import media_type, url_of
from shelfworthy.reach import Address, Missing, NotSeen, Reach, Reply, Visit, destination, visit
from shelfworthy.seen.contact import SECURITY_TXT_PLACES, Place, Problem, SecurityTxt, Signature

MOST_KEYS = 2  # Encryption fields that are fetched
# Causes that concern the whole site: nothing else of it is worth asking for.
SITE_IS_AWAY = frozenset({Cause.UNREACHABLE, Cause.REFUSED, Cause.NOT_PERMITTED})
ZBASE32 = "ybndrfg8ejkmcpqxot1uwisza345h769"


class Found(msgspec.Struct, frozen=True):
    """The places asked, and the first file found in them."""

    places: tuple[Place, ...]
    file: SecurityTxt | None


async def security_txt(reach: Reach) -> Found:
    """The maker's security.txt, wherever it is. Raises NotSeen if the site as a whole is away."""
    places: list[Place] = []
    for path in SECURITY_TXT_PLACES:
        at = msgspec.structs.replace(reach.address, path=path)
        came = await visit(reach, at, level=Level.LOOK)
        missing = came.came if isinstance(came.came, Missing) and came.final == at else None
        if missing and not places and missing.cause in SITE_IS_AWAY:
            raise NotSeen(missing.cause, missing.words)
        places.append(place(at, came))
        if places[-1].text and isinstance(came.came, Reply):
            return Found(tuple(places), await read(reach, at, came.final, came.came))
    return Found(tuple(places), None)


def place(at: Address, visit: Visit) -> Place:
    """What one place answered."""
    missing = visit.came if isinstance(visit.came, Missing) else None
    reply = visit.came if isinstance(visit.came, Reply) else None
    return Place(
        url=url_of(at),
        final=url_of(visit.final),
        status=reply.status if reply else 0,
        whole=reply is not None and reply.whole,
        text=reply is not None and is_text(reply),
        cause=missing.cause if missing else None,
        words=missing.words if missing else "",
    )


def is_text(reply: Reply) -> bool:
    """Whether it could be meant as security.txt; many sites answer everything with their home page."""
    begins = reply.body[:LARGEST].lstrip()
    return reply.status == 200 and bool(begins) and not begins.startswith((b"<!", b"<html", b"<HTML", b"{"))


async def read(reach: Reach, at: Address, final: Address, reply: Reply) -> SecurityTxt:
    """The file with what is wrong with it, and its signature verified."""
    parsed = parse(reply.body[:LARGEST])
    return SecurityTxt(
        url=url_of(at),
        final=url_of(final),
        whole=reply.whole and len(reply.body) <= LARGEST,
        fields=parsed.fields,
        problems=(*parsed.problems, *transport_problems(parsed, at, final, reply)),
        expires=parsed.expires,
        signature=await signed(reach, final, parsed, reply.body) if parsed.signed else None,
    )


def transport_problems(parsed: Parsed, at: Address, final: Address, reply: Reply) -> list[Problem]:
    """What section 3 and 2.5.2 ask of how the file is served."""
    media, charset = media_type(reply)
    canonical = [field for field in parsed.fields if field.name == "canonical"]
    here = (url_of(at), url_of(final))
    wrong = {
        "no-https": "http" in {at.scheme, final.scheme},
        "no-text-plain": media != "text/plain",
        "no-charset": media == "text/plain" and charset == "",
        "other-charset": charset not in {"", "utf-8"},
    }
    found = [Problem(name, 0) for name, holds in wrong.items() if holds]
    if canonical and not any(same_place(field.value, url) for field in canonical for url in here):
        found.append(Problem("canonical-elsewhere", canonical[0].line))
    return found


async def signed(reach: Reach, final: Address, parsed: Parsed, content: bytes) -> Signature:
    """The signature, verified with the keys the file links to, or those of its contact's domain."""
    if not signature.TOOLS:
        return signature.verified(content, (), Cause.TOOL_MISSING)
    keys, cause = [], Cause.NOT_SUPPLIED
    for url in key_places(parsed, final):
        at = destination(final, url)
        if at is None:
            continue
        came = (await visit(reach, at, level=Level.LOOK)).came
        if isinstance(came, Missing):
            cause = came.cause
        elif came.status == 200 and came.whole and len(came.body) <= signature.LARGEST_KEY:
            keys.append(came.body)
    return signature.verified(content, keys, cause)


def key_places(parsed: Parsed, final: Address) -> list[str]:
    """Where keys may be: Encryption fields, then the Web Key Directory of the contact's own domain."""
    named = [(one.name, one.value) for one in parsed.fields]
    linked = [url for name, url in named if name == "encryption" and url.startswith("https:")]
    mails = [url for name, url in named if name == "contact" and url.startswith("mailto:")]
    parts = (mail.removeprefix("mailto:").partition("?")[0].rpartition("@") for mail in mails)
    own = [local for local, _, domain in parts if local and domain.lower() == final.host]
    return linked[:MOST_KEYS] or [directory_path(local) for local in own[:1]]


def directory_path(local: str) -> str:
    """The direct method of draft-koch-openpgp-webkey-service, section 3.1."""
    bits = int.from_bytes(hashlib.sha1(local.lower().encode(), usedforsecurity=False).digest(), "big")
    hashed = "".join(ZBASE32[bits >> shift & 31] for shift in range(155, -1, -5))
    return f"/.well-known/openpgpkey/hu/{hashed}?l={quote(local)}"
