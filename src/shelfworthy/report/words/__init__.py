"""The words of reports that are not a check's own, one file per language."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from shelfworthy.model import Cause, Outcome, Record
from shelfworthy.report.shape import State


class Words(Record, frozen=True):
    """A word file. Each table by id or enum value; `{name}` is a blank.

    shopper: by check, then by the id of what it says; under "any" what several of them say.
    """

    unknown: str
    joined: str
    rest: str
    outcome: dict[Outcome, str]
    says: dict[str, str]
    cause: dict[Cause, str]
    reason: dict[str, str]
    declared: dict[State, str]
    seen: dict[str, str]
    due: dict[str, str]
    radio: dict[str, str]
    shopper: dict[str, dict[str, str]]
    policies: dict[str, str]
    policy_subjects: dict[str, str]


@cache
def words(language: str = "en") -> Words:
    """The words of a language. Raises FileNotFoundError for one we do not speak."""
    text = (files(__package__) / f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)
