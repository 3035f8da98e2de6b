"""What can be seen of a firmware image: what it is wrapped in, what protects that, and what it holds."""

from typing import Literal

from msgspec import Struct, structs

from shelfworthy.model import Mention, NotLooked, Seen
from shelfworthy.seen.firmware_contents import (
    Account,
    Component,
    Left,
    Named,
    Part,
    Program,
    Secret,
    Service,
    Updater,
)
from shelfworthy.seen.firmware_contents import (
    Answer as Answer,  # the word of containers too
)

# verified: it fits its key and what it is over. wrong: it does not. no key: nobody named one. not understood:
# a scheme that we cannot compute.
Proof = Literal["verified", "wrong", "no key", "not understood"]
# right, wrong: computed and compared. none: the format has none here. not computed: of a kind we do not know.
Sum = Literal["right", "wrong", "none", "not computed"]
Source = Literal["", "image", "product file"]  # of a key


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """A signature over a container or a part of it.

    scheme: as people call it. covers: what it is over. at, length: where it lies in the container's content.
    key: SHA-256 of the public key it was verified with, or that the image names, in the form the format gives
    it ("" if it gives none); key_from: where that key, or what names it, came from.
    """

    scheme: str
    covers: str
    proof: Proof
    at: int
    length: int
    key: str
    key_from: Source


class Container(Struct, frozen=True, forbid_unknown_fields=True):
    """A wrapping that was recognised.

    format: our word for it. part: what the container around it calls it. inside: the number of that one, -1
    for none. at, length: bytes, in the file or, where `decoded` is set, in what the outer one unpacks to;
    the length is what the container says, and whole whether all of that is there. sum, sum_by: its check sum.
    signs: whether its format has a place for a signature. opaque: what it holds may have a wrapping, and so a
    signature, that we do not know. rollback: what keeps an older image out, in the format's words; "" where
    the format has nothing for it or it is not used. rest: bytes of what it holds that lie in no container
    that was recognised, and are no padding.
    """

    format: str
    part: str
    inside: int
    at: int
    length: int
    whole: bool
    decoded: bool
    sum: Sum
    sum_by: str
    signs: bool
    signatures: tuple[Signature, ...]
    encrypted: Answer
    opaque: bool
    version: str
    rollback: str
    rest: int


class FirmwareImage(Seen, frozen=True, tag="firmware-image/1"):
    """A file that is to be firmware: every wrapping in it that was recognised, outermost first.

    length, sha256: of the file. covered: bytes of the file that lie in recognised containers. truncated:
    there were more containers than are listed, or more to unpack than is unpacked.
    """

    length: int
    sha256: str
    containers: tuple[Container, ...]
    covered: int
    truncated: bool


class FirmwareContents1(Seen, frozen=True, tag="firmware-contents/1"):
    """What an image holds, in its first form: see `FirmwareContents`."""

    length: int
    sha256: str
    parts: tuple[Part, ...]
    accounts: tuple[Account, ...]
    secrets: tuple[Secret, ...]
    services: tuple[Service, ...]
    updaters: tuple[Updater, ...]
    names: tuple[Named, ...]
    programs: tuple[Program, ...]
    tried: int
    truncated: bool

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(_named(one, number) for number, one in enumerate(self.names))

    def newest(self) -> "FirmwareContents":
        return FirmwareContents(**structs.asdict(self), left=NotLooked())


class FirmwareContents(Seen, frozen=True, tag="firmware-contents/2"):
    """What an image holds. The parts are numbered as they are listed.

    tried: how many published passwords there were to try at each account. truncated: there is more than
    is listed. left: what was unpacked and not looked at, at most 100 for each sort of facts.
    """

    length: int
    sha256: str
    parts: tuple[Part, ...]
    accounts: tuple[Account, ...]
    secrets: tuple[Secret, ...]
    services: tuple[Service, ...]
    updaters: tuple[Updater, ...]
    names: tuple[Named, ...]
    programs: tuple[Program, ...]
    tried: int
    truncated: bool
    left: tuple[Left, ...] | NotLooked

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(_named(one, number) for number, one in enumerate(self.names))

    @property
    def unopened(self) -> tuple[Part, ...]:
        """What nobody saw into: nothing is said about it."""
        return tuple(part for part in self.parts if not part.opened)


class FirmwareComponents(Seen, frozen=True, tag="firmware-components/1"):
    """What software of others an image is made of. The parts that places name are those of
    `firmware-contents` of the same file. whole: whether every part was opened and every file of it read.
    rules: how many components there are rules for.
    """

    sha256: str
    components: tuple[Component, ...]
    whole: bool
    rules: int
    truncated: bool

    def looks_up(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.name for one in self.components))


def _named(one: Named, number: int) -> Mention:
    at = one.place
    place = f"byte {at.at} of {at.file or 'its own content'} in part {at.part}"
    return Mention(what=one.what, role=one.role, field=f"names.{number}", place=place)
