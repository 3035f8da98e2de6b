"""What a browser in its room and whoever started it say to each other, one JSON record a line."""

from typing import Literal

import msgspec

from shelfworthy.model import Cause, Record
from shelfworthy.sandbox.limits import MIB
from shelfworthy.sandbox.words import Began, Ended, Frame

# What a browser asks for, in its driver's words; everything else it never gets.
Part = Literal["document", "stylesheet", "script", "image", "xhr", "fetch", "other"]


Method = Literal["GET", "HEAD"]


class Bounds(Record, frozen=True):
    """What showing one page may cost.

    time: seconds for all of it; of these load until the page says that it is loaded, settle until it asks for
    nothing more, read and axe for those. requests: that are answered, pictures at most half of them;
    received: bytes of all answers. page: characters of what the page became. memory: bytes all its processes
    hold; data: of one of them; disk: of its folder.
    """

    time: float = 45.0
    load: float = 10.0
    settle: float = 4.0
    read: float = 10.0
    axe: float = 12.0
    requests: int = 60
    received: int = 16 * MIB
    page: int = 1 * MIB
    memory: int = 2048 * MIB
    data: int = 1536 * MIB
    disk: int = 256 * MIB


class Show(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser does: show the page at url."""

    url: str
    program: str
    bounds: Bounds


class Wants(Frame, frozen=True, tag="wants"):
    """The page asks for something. number: of the request."""

    number: int
    method: Method
    url: str
    part: Part


class Gives(Frame, frozen=True, tag="gives"):
    """What it gets; nothing where status is 0."""

    number: int
    status: int = 0
    headers: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it
    body: bytes = b""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of axe that does not hold, or may not. impact: axe's word. places: elements."""

    rule: str
    impact: str
    places: int


class Axe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What axe says. passes: how many rules hold."""

    version: str
    broken: tuple[Rule, ...]
    undecided: tuple[Rule, ...]
    passes: int


class Became(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page is now. html: what stands in it, size: characters that this would take whole.

    letters: seen outside of navigation and footer. headings, pictures, frames: seen ones; of the two latter
    those big enough to hold text. shadows: parts of it that are not in html.
    """

    html: str
    size: int
    letters: int
    headings: int
    pictures: int
    frames: int
    shadows: int


class Shows(Frame, frozen=True, tag="shows"):
    """The page. url: where it is now. loaded: it said so, and then asked for nothing more in time.

    axe: None where axe did not come to its end.
    """

    url: str
    browser: str
    loaded: bool
    became: Became
    axe: Axe | None


Said = Began | Wants | Shows | Ended


class Asked(Record, frozen=True):
    """A page in the browser asks for this."""

    method: Method
    url: str
    part: Part


class Answered(Record, frozen=True):
    """What it gets. url: where that came from, after redirects. headers: names in lower case."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Lack(Record, frozen=True):
    """Parts of a kind that the page asked for and did not get, and why."""

    part: Part
    cause: Cause
    number: int


class Shown(Record, frozen=True):
    """A page as a browser shows it. held: what confined the browser."""

    page: Shows
    lacks: tuple[Lack, ...]
    held: str
