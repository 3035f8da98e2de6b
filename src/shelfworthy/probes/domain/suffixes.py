"""Which part of a name is registered: by the Public Suffix List (MPL 2.0), its registries' part only.

Nobody registers names below a company's own suffix (`github.io`): there the company's domain is asked
about.
"""

from functools import cache
from typing import TYPE_CHECKING

from shelfworthy.model import Cause
from shelfworthy.reach import NotSeen

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def registrable(name: str) -> str:
    """The domain of a name that somebody registered. Raises NotSeen for a name that is a suffix itself."""
    found = _list().privatesuffix(name)
    if found is None:
        raise NotSeen(
            Cause.NOT_SUPPLIED,
            f"{name[:80]} is a suffix that domains end in; nobody registers it."
            " Declare a name below it, as the product uses it.",
        )
    return str(found)


@cache
def _list() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # reading it takes a tenth of a second

    return PublicSuffixList(only_icann=True)
