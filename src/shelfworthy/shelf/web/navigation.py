"""Where one can go from every page."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.models import Person
from shelfworthy.shelf.people.permission import may
from shelfworthy.shelf.people.roles import May

WAYS: tuple[tuple[str, "Promise | str", May], ...] = (
    ("dashboard", _("Today"), May.SEE),
    ("listings", _("Listings"), May.SEE),
    ("audits", _("Evidence"), May.SEE),
    ("decisions", _("Decisions"), May.SEE),
    ("watch", _("Watch"), May.SEE),
    ("policy", _("Policy"), May.SEE),
    ("people", _("People"), May.MANAGE_PEOPLE),
    ("tokens", _("Tokens"), May.MANAGE_TOKENS),
    ("log", _("Log"), May.READ_LOG),
    ("settings", _("Settings"), May.SEE),
)
# Pages that belong to one of these and whose address does not begin as its does.
BELOW: dict[str, tuple[str, ...]] = {
    "listings": ("/imports/",),
    "decisions": ("/proposals/", "/notices/", "/feeds/"),
}


class Place(NamedTuple):
    """A link, and whether one is there or below it."""

    address: str
    words: "Promise | str"
    here: bool


def places(person: Person | None, path: str) -> list[Place]:
    """What a person may see, in the order of the day's work."""
    found = []
    for name, words, needed in WAYS:
        if may(person, needed):
            try:
                address = reverse(name)
            except NoReverseMatch:  # an area that is not installed
                continue
            below = (*BELOW.get(name, ()), *((address,) if address != "/" else ()))
            here = path == address or path.startswith(below)
            found.append(Place(address, words, here))
    return found
