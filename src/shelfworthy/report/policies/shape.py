"""The records of what changed in a policy."""

from enum import StrEnum

from shelfworthy.model import Record


class How(StrEnum):
    """What a change of a sentence is, the gravest first."""

    MEANING = "meaning"
    TO_READ = "to be read"  # it may change the meaning: a person must read it
    OTHER = "other"  # our rules know nothing of what it says
    WORDING = "wording"  # the same words that matter, in the same order
    DATE = "date"


class PolicyChange(Record, frozen=True):
    """A sentence that changed. old, new: the words, "" where it is new or gone.

    says: what changed, a sentence each. requirements: those it concerns.
    """

    how: How
    says: tuple[str, ...]
    old: str
    new: str
    requirements: tuple[str, ...]


class PolicyDiff(Record, frozen=True):
    """A policy in two audits. says: the whole in a sentence. cut: why some could not be compared, or "".

    changes: the gravest first. left_out: how many more there are. reopened: requirements that a change in
    meaning concerns: what was declared about them is to be read again.
    """

    surface: str
    unit: str
    says: str
    cut: str
    changes: tuple[PolicyChange, ...]
    left_out: int
    reopened: tuple[str, ...]
