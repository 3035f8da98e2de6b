"""Marks of findings as rows: who may see what somebody put under an embargo, or published."""

from collections.abc import Iterable

from shelfworthy.audience import Mark
from shelfworthy.shelf.models import Marking

AT_ONCE = 500  # keys in one question; SQLite takes no more than so many


def marks_of(keys: Iterable[str]) -> dict[str, Mark]:
    """The marks of these keys, for `audience.visible`. A key without one is not in the answer."""
    wanted = sorted(set(keys))
    found: dict[str, Mark] = {}
    for first in range(0, len(wanted), AT_ONCE):
        for row in Marking.objects.filter(key__in=wanted[first : first + AT_ONCE]):
            found[row.key] = Mark(to=frozenset(row.groups), until=row.until)
    return found
