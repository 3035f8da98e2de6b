"""The clock of everything that is dated. Judging has none: its day comes in as `at`."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time evidence and judgements carry: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
