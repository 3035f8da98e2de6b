"""The forms of what can be seen: a type that was published, and what its older forms become."""

import inspect
import typing

from shelfworthy.model import Seen
from shelfworthy.seen import AnySeen


def newest(kind: type[Seen]) -> type[Seen]:
    """The form of a type that checks read."""
    becomes: type[Seen] = typing.get_type_hints(kind.newest, vars(inspect.getmodule(kind)))["return"]
    return kind if becomes is Seen else newest(becomes)


EVERY: tuple[type[Seen], ...] = AnySeen.__args__
NEWEST = frozenset(kind for kind in EVERY if newest(kind) is kind)
OLDER = frozenset(EVERY) - NEWEST
