"""The day an audit is judged as of."""

from datetime import UTC, datetime

EXPECTED = "Expected for example 2027-12-31 or 2027-12-31T18:00:00Z (UTC)."


def moment(text: str) -> datetime:
    """A time, or the end of a day, so that what was seen on it counts; UTC. Raises ValueError."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.strptime(text, "%Y-%m-%d").replace(hour=23, minute=59, second=59, tzinfo=UTC)
