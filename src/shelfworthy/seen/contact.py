"""What can be seen of a maker's way to receive vulnerability reports."""

from datetime import datetime

from msgspec import Struct

from shelfworthy.model import Mention, Seen


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page fetched: url asked, url answered after permitted redirects, status, media type.

    whole: fetched to its end. text: readable text of it, "" unless it is what we looked for (at most 64 KiB).
    """

    url: str
    final: str
    status: int
    media: str
    whole: bool
    text: str


class SecurityField(Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a security.txt (RFC 9116, section 2.5), with its line number from 1."""

    name: str
    value: str
    line: int


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """The OpenPGP signature of a security.txt. state: "good", "bad", "no key" or "tool missing"."""

    state: str
    fingerprint: str


class SecurityTxt(Struct, frozen=True, forbid_unknown_fields=True):
    """A parsed security.txt. problems: what breaks RFC 9116, as ids with the line."""

    url: str
    fields: tuple[SecurityField, ...]
    problems: tuple[str, ...]
    signature: Signature | None


class ContactSeen(Seen, frozen=True, tag="contact/1"):
    """Where a finder of a flaw could turn to. at: when (expiry is judged against it)."""

    at: datetime
    site: str
    security_txt: SecurityTxt | None
    pages: tuple[Page, ...]
    policy: Page | None

    def mentions(self) -> tuple[Mention, ...]:
        if self.security_txt is None:
            return ()
        return tuple(
            Mention(what=field.value, role=f"security.txt {field.name}", field=f"security_txt.fields.{place}")
            for place, field in enumerate(self.security_txt.fields)
            if field.name.lower() in {"contact", "policy", "encryption", "canonical"}
        )
