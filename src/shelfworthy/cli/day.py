"""The day an audit is judged as of."""

from datetime import UTC, datetime
from pathlib import Path

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.record import first_look

EXPECTED = "Expected for example 2027-12-31 or 2027-12-31T18:00:00Z (UTC)."


def moment(text: str) -> datetime:
    """A time, or the end of a day, so that what was seen on it counts; UTC. Raises ValueError."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.strptime(text, "%Y-%m-%d").replace(hour=23, minute=59, second=59, tzinfo=UTC)


def has_begun(folder: Path, at: datetime) -> None:
    """Raises WrongUsage if an audit had no evidence yet at that time. Raises Unreadable."""
    first = first_look(folder)
    if first is not None and at < first:
        raise WrongUsage(
            f"{folder}: there was no evidence yet at {at:%Y-%m-%dT%H:%M:%SZ}. "
            f"Its first look began at {first:%Y-%m-%dT%H:%M:%SZ}: give --at {first:%Y-%m-%d} or later."
        )
