"""What can be printed on standard output."""

from enum import StrEnum


class Format(StrEnum):
    """Report formats."""

    TERMINAL = "terminal"
    JSON = "json"
    HTML = "html"
    CYCLONEDX = "cyclonedx"


class DueFormat(StrEnum):
    """What a list of things to look at again can be printed as."""

    TERMINAL = "terminal"
    JSON = "json"


class DiffFormat(StrEnum):
    """What a difference can be printed as."""

    TERMINAL = "terminal"
    JSON = "json"
