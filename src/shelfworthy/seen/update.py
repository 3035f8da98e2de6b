"""What can be seen of an update server, and of the page that says how long there are updates."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from shelfworthy.model import Cause, Mention, NotLooked, Seen
from shelfworthy.seen.contact import redirects
from shelfworthy.seen.endpoint import names_of

# Where a signature of a file may lie: its address with one of these behind.
SIGNATURES = (".sig", ".asc", ".minisig")
# Where we look for a support period on the site of the page named for it, which comes first.
SUPPORT_PLACES = ("/", "/support", "/security", "/security-updates", "/support-period")
# Languages whose words the support checks know; a page in another one proves no absence. "" is not said.
SUPPORT_LANGUAGES = frozenset({"", "en", "de"})


class Asked(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="asked"):
    """One request and what came of it.

    status: 0 without an answer; then cause and words say why. media: type it says it is, in lower case.
    length: bytes of the body that came. sha256: of all of it, "" if it came in part. whole: all of it came.
    location: where a redirect leads, "" if it is none.
    """

    url: str
    status: int = 0
    cause: Cause | None = None
    words: str = ""
    media: str = ""
    length: int = 0
    sha256: str = ""
    whole: bool = False
    location: str = ""


class Shown(Struct, frozen=True, forbid_unknown_fields=True):
    """The certificates that one server of the update showed. name: asked for. chain: DER, leaf first, at most
    16. count: how many it sent.
    """

    url: str
    name: str
    chain: tuple[bytes, ...]
    count: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a manifest says. form: "json", "text" or "" (nothing we read).

    image: address of the image it names, absolute, "" if none. image_sha256: the one SHA-256 it names, in
    lower-case hex, "" if none or several. version: it names one. expires: until when it says it holds.
    signatures: names of keys in it that are called like signatures; "JWS" for a signed token (RFC 7515).
    """

    form: str
    image: str
    image_sha256: str
    version: bool
    expires: datetime | None
    signatures: tuple[str, ...]


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """One metadata file of TUF, as a client finds it (TUF specification 1.0, section 5).

    good: keys that signed it, of those that may. threshold: how many must. unknown: signatures by keys that
    may, of kinds we cannot verify. sha256: of the file.
    """

    role: str
    version: int
    expires: datetime
    good: int
    threshold: int
    unknown: int
    sha256: str


class Tuf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tuf"):
    """TUF metadata, verified from the root that devices trust down to the image.

    trusted: SHA-256 of that root, "" where none was supplied and the server's own first one stood in for it.
    roles: those that were read, in order. refused: why a client goes no further, "" if it does not stop:
    "signatures", "version", "content" (length or hash), "form", "other role", "no image", "delegated" or
    "image" (its length or hash). refused_at: the file. missing: what was not answered as it should.
    """

    trusted: str
    roles: tuple[Role, ...]
    refused: str
    refused_at: str
    missing: Asked | None


class Signature(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="signature"):
    """A signature of the scheme the product file names.

    covers: "image" or "manifest". key: SHA-256 of the public key (DER), "" if none was supplied or it cannot
    be read. file: where the signature lies. state: "good", "bad", "no key", "unknown key", "no signature",
    "not whole" (what it covers did not come whole) or "not answered". image: whether it is what the signed
    manifest says: "right", "wrong", "not said", "not whole"; "covered" where the signature is the image's.
    """

    covers: str
    key: str
    file: Asked
    state: str
    image: str


class Unsaid(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="unsaid"):
    """Nobody said how updates are signed. beside: what lies where a signature of manifest or image could.

    control: an address like these, of a file that cannot be there.
    """

    beside: tuple[Asked, ...]
    control: Asked


class UpdateSeen(Seen, frozen=True, tag="update/1"):
    """An update server, seen as by a client that asks for the newest image.

    at: when (expiry is judged against it). scheme: as the product file names it. manifest, image: every
    request until the answer, redirects first. plain_manifest, plain_image: the same path in cleartext, at the
    port where it could be; only asked beside https. says: of the manifest. container: what the image begins
    like, of those that carry a signature inside, "" if like none. certificates: of each TLS server asked.
    """

    at: datetime
    scheme: str
    manifest: tuple[Asked, ...]
    plain_manifest: Asked | NotLooked
    says: Manifest
    image: tuple[Asked, ...]
    plain_image: Asked | NotLooked
    container: str
    certificates: tuple[Shown, ...]
    signed: Tuf | Signature | Unsaid

    def mentions(self) -> tuple[Mention, ...]:
        """The image, where redirects lead, and the other names of the certificates met on the way."""
        named = [(self.says.image, "update image", "says.image")] if self.says.image else []
        named += [(one.location, "redirect", f"{at}.location") for at, one in self._asked() if one.location]
        named += [
            (name, "certificate name", f"certificates.{number}.chain.0")
            for number, one in enumerate(self.certificates)
            for name in names_of(one.chain[0] if one.chain else b"")
            if name.lower() != one.name.lower()
        ]
        return tuple(Mention(what=what, role=role, field=at) for what, role, at in named)

    def _asked(self) -> Iterator[tuple[str, Asked]]:
        """Every request that is on record, with its field."""
        yield from ((f"manifest.{number}", one) for number, one in enumerate(self.manifest))
        yield from ((f"image.{number}", one) for number, one in enumerate(self.image))
        single = {"plain_manifest": self.plain_manifest, "plain_image": self.plain_image}
        match self.signed:
            case Tuf(missing=Asked() as missing):
                yield "signed.missing", missing
            case Signature(file=file):
                yield "signed.file", file
            case Unsaid(beside=beside, control=control):
                yield from ((f"signed.beside.{number}", one) for number, one in enumerate(beside))
                yield "signed.control", control
        yield from ((at, one) for at, one in single.items() if isinstance(one, Asked))


class SupportPassage(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a page that speaks of support or updates and of time.

    start: its offset in the readable text. before: up to three short lines before it, as in a table or under
    a heading, joined by " | ". text: at most 400 characters.
    """

    start: int
    before: str
    text: str


class SupportPage(Struct, frozen=True, forbid_unknown_fields=True):
    """A page we asked for, and what of it speaks of times of support. Its text is not kept.

    url: asked for. final: after permitted redirects. status: 0 without an answer; then cause and words say
    why. whole: all of it was read, and all that speaks of the matter is kept. readable: it has text without
    scripts. language: as it says itself. begins: its first words, at most 200 characters.
    """

    url: str
    final: str
    status: int
    cause: Cause | None
    words: str
    whole: bool
    readable: bool
    language: str
    begins: str
    passages: tuple[SupportPassage, ...]


class SupportSeen(Seen, frozen=True, tag="update-support/1"):
    """What is published of the time for which a product gets security updates. at: when.

    pages: the one the product file names first, then the usual places of its site.
    """

    at: datetime
    pages: tuple[SupportPage, ...]

    def mentions(self) -> tuple[Mention, ...]:
        """Where redirects lead, followed or not."""
        return tuple(redirects((f"pages.{number}.final", page) for number, page in enumerate(self.pages)))
