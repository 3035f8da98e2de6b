"""What the checks of components share: what is known of each that was seen, and what its maker says of that.

A statement of the maker's settles a flaw only where it says that the product is not affected, why, and who
says so; then it is shown as that person's word.
"""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from shelfworthy.checks.firmware._versions import status
from shelfworthy.model import About, Record
from shelfworthy.seen.components import title
from shelfworthy.seen.firmware import FirmwareComponents
from shelfworthy.seen.firmware_contents import Component
from shelfworthy.seen.versions import key
from shelfworthy.seen.vex import NoVex, Statement, statements
from shelfworthy.seen.vulnerabilities import Flaw, Known

MOST = 40  # components that are answered one by one
FEW = 3  # flaws that are named
DATA, VEX = "vulnerabilities", "vex"
NOTHING = Known(files=(), flaws=(), exploited=(), cycles=())
_KNOWN = msgspec.json.Decoder(Known)


class Held(Record, frozen=True):
    """A flaw of a component and what the maker says of it, if anything: "not affected", "fixed", or ""."""

    flaw: Flaw
    said: str
    statement: Statement | None


class Found(Record, frozen=True):
    """A component by its number, the flaws that its version has, and those of which nobody can tell."""

    number: int
    component: Component
    flaws: tuple[Held, ...]
    untold: tuple[Flaw, ...]

    @property
    def called(self) -> str:
        """What people call it, with its version."""
        return f"{title(self.component.name)} {self.component.version}".strip()

    @property
    def place(self) -> str:
        return f"components.{self.number}"

    @property
    def open(self) -> tuple[Flaw, ...]:
        """The flaws that nothing settles."""
        return tuple(one.flaw for one in self.flaws if not one.said)

    @property
    def denied(self) -> tuple[Held, ...]:
        """The flaws that the maker says do not affect it, with a reason and a name."""
        return tuple(one for one in self.flaws if one.said == "not affected")

    @property
    def repaired(self) -> tuple[Held, ...]:
        """The flaws that the maker says it repaired, though the version is one that has them."""
        return tuple(one for one in self.flaws if one.said == "fixed")


@lru_cache(maxsize=4)
def known(content: bytes) -> Known:
    """The imported data about what was seen; nothing where nothing was imported."""
    return _KNOWN.decode(content) if content else NOTHING


def data(about: About) -> Known:
    """What is known about the components that were seen."""
    return known(about.references.get(DATA, b""))


@lru_cache(maxsize=4)
def _said(content: bytes) -> dict[str, Statement]:
    """The maker's last word on each flaw. A file that is no VEX says nothing: product files are checked for
    it."""
    try:
        return {name: one for one in statements(content) for name in one.names}
    except NoVex:
        return {}


def look(seen: FirmwareComponents, about: About) -> list[Found]:
    """Every component that tells its version, with its flaws: those that are exploited first, then the
    worst."""
    of: dict[str, list[Flaw]] = {}
    for flaw in data(about).flaws:
        of.setdefault(flaw.component, []).append(flaw)
    vex = _said(about.references[VEX]) if VEX in about.references else {}
    found = []
    for number, one in enumerate(seen.components):
        if one.version:
            told = [(flaw, status(flaw, one.version)) for flaw in of.get(one.name, ())]
            flaws = sorted((flaw for flaw, word in told if word == "affected"), key=badness)
            untold = tuple(sorted((flaw for flaw, word in told if word == "unknown"), key=badness))
            held = tuple(_held(flaw, vex.get(flaw.cve)) for flaw in flaws)
            found.append(Found(number=number, component=one, flaws=held, untold=untold))
    return found


def _held(flaw: Flaw, statement: Statement | None) -> Held:
    word = ""
    if (
        statement is not None
        and statement.author
        and statement.because
        and statement.status == "not_affected"
    ):
        word = "not affected"
    elif statement is not None and statement.author and statement.status == "fixed":
        word = "fixed"
    return Held(flaw=flaw, said=word, statement=statement)


def badness(flaw: Flaw) -> tuple[bool, int, tuple[int, int]]:
    """Sorts exploited flaws first, then by severity, then the newest."""
    worst = ("critical", "high", "medium", "low", "").index(flaw.severity)
    year, _, number = flaw.cve.removeprefix("CVE-").partition("-")
    newest = (-int(year), -int(number)) if year.isdigit() and number.isdigit() else (0, 0)
    return not flaw.exploited, worst, newest


def named(flaws: Iterable[Flaw]) -> tuple[str, int]:
    """The first few, in words, and how many more there are."""
    names = [flaw.cve for flaw in flaws]
    return ", ".join(names[:FEW]), max(0, len(names) - FEW)


def words(held: Iterable[Held]) -> tuple[str, str]:
    """Who says of some flaws what: the author, and the flaws with the reason for each."""
    several = list(held)
    who = ", ".join(dict.fromkeys(one.statement.author for one in several if one.statement is not None))
    what = "; ".join(
        f"{one.flaw.cve}: {one.statement.because}" for one in several[:FEW] if one.statement is not None
    )
    more = f"; and {len(several) - FEW} more" if len(several) > FEW else ""
    return who, what + more


def untold(seen: FirmwareComponents) -> tuple[str, ...]:
    """Components that do not tell their version, as people call them."""
    return tuple(title(one.name) for one in seen.components if not one.version)


def line(version: str, cycle: str) -> bool:
    """Whether a version belongs to a line of releases ("3.0.13" to "3.0")."""
    of, whole = key(cycle), key(version)
    # A line's trailing zero counts: 3.0 is not all of 3.
    numbers = len([part for part in cycle.split(".") if part])
    padded = (*of, *([(0, 0, "")] * (numbers - len(of))))
    return bool(padded) and (*whole, *([(0, 0, "")] * len(padded)))[: len(padded)] == padded


def unknown_to(known: Known, seen: FirmwareComponents) -> tuple[str, ...]:
    """Components that no record is about, as people call them: nobody can say that they have no flaw."""
    recorded = {flaw.component for flaw in known.flaws}
    names = dict.fromkeys(one.name for one in seen.components)
    return tuple(title(name) for name in names if name not in recorded)
