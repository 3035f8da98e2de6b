"""When support of a line of releases ends, as endoflife.date has it: JSON of its API, or the page itself."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shelfworthy.seen.vulnerabilities import Cycle
from shelfworthy.vulndata.words import BY_EOL_NAME, NotUnderstood, Rows, day

MOST = 1000  # lines of releases
RELEASED = ("latestReleaseDate", "releaseDate")


def rows(product: str, releases: Iterable[Any], generated: object = None) -> Rows:
    """What is said of a product. product: as endoflife.date names it. Raises NotUnderstood.

    Its date, where it names none, is the newest day on which something was released: that much it knew.
    """
    several = [one for one in releases if isinstance(one, dict)][:MOST]
    if not several:
        raise NotUnderstood("ends of support without a line of releases")
    component = BY_EOL_NAME.get(product, "")
    today = date.today().isoformat()
    days = [day(one.get(key)) for one in several for key in RELEASED]
    days += [day(latest.get("date")) for one in several if isinstance(latest := one.get("latest"), dict)]
    newest = max((one for one in days if one <= today), default="")
    cycles = (
        Cycle(
            component,
            str(one.get("cycle") or one.get("releaseCycle") or one.get("name") or "")[:40],
            ends(one),
        )
        for one in several
    )
    kept = tuple(one for one in cycles if component and one.cycle)
    return Rows("eol", day(generated) or newest, cycles=kept)


def ends(release: Mapping[str, Any]) -> str:
    """When it ends: a day, "ended", "goes on"; "" where nobody says."""
    said = release.get("eol", release.get("eolFrom", release.get("isEol")))
    if said is None:
        said = release.get("isEol")
    if isinstance(said, bool):
        return "ended" if said else "goes on"
    return day(said)
