"""Word lists as they are read best: between spaces."""

import re


def any_of(expressions: str) -> re.Pattern[str]:
    """Any of these expressions, letters of either case; "_" is a space in one."""
    return re.compile("|".join(one.replace("_", r"\s") for one in expressions.split()), re.IGNORECASE)


def words(text: str) -> frozenset[str]:
    """These words."""
    return frozenset(text.split())
