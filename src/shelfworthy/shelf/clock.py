"""The time, in one place: tests move it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present, in whole seconds of UTC."""
    return datetime.now(UTC).replace(microsecond=0)
