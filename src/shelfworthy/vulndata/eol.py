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
            cycle(one),
            ends(one),
        )
        for one in several
    )
    kept = tuple(one for one in cycles if component and one.cycle)
    return Rows("eol", day(generated) or newest, cycles=kept)


def all_rows(products: Iterable[Any], generated: object = None) -> Rows:
    """What is said of many products in one document. Raises NotUnderstood."""
    several = [
        rows(str(one.get("name")), one["releases"], generated)
        for one in products
        if isinstance(one, dict) and isinstance(one.get("releases"), list) and one["releases"]
    ]
    if not several:
        raise NotUnderstood("ends of support without a line of releases")
    cycles = tuple(cycle for one in several for cycle in one.cycles)
    return Rows("eol", max(one.date for one in several), cycles=cycles)


def cycle(release: Mapping[str, Any]) -> str:
    """The name of a line of releases; "" where YAML has made a number of it, which 1.1 and 1.10 share."""
    said = next((release[key] for key in ("cycle", "releaseCycle", "name") if release.get(key)), "")
    return "" if isinstance(said, float) else str(said)[:40]


def ends(release: Mapping[str, Any]) -> str:
    """When it ends: a day, "ended", "goes on"; "" where nobody says."""
    said = release.get("eol", release.get("eolFrom", release.get("isEol")))
    if said is None:
        said = release.get("isEol")
    if isinstance(said, bool):
        return "ended" if said else "goes on"
    return day(said)
