"""The words of reports that are not a check's own, one file per language."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from shelfworthy.model import Cause, Outcome, Record


class Words(Record, frozen=True):
    """A word file. more: how to say that there are more reasons. Keys of the tables: ids and enum values."""

    unknown: str
    and_: str = msgspec.field(name="and")
    more: str
    outcome: dict[Outcome, str]
    says: dict[str, str]
    cause: dict[Cause, str]
    reason: dict[str, str]
    declared: dict[str, str]


@cache
def words(language: str = "en") -> Words:
    """The words of a language. Raises FileNotFoundError for one we do not speak."""
    text = (files(__package__) / f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)
