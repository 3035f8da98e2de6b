"""What is to be supplied so that an open requirement can be judged, in words that are translated."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shelfworthy.guidelines import Requirement, five_guidelines
from shelfworthy.guidelines.todo import either
from shelfworthy.model import Cause, Change, Kind
from shelfworthy.report.sentences import wanted

SUPPLY: Final[dict[Kind, "Promise | str"]] = {
    Kind.APP: _("the app as it is installed"),
    Kind.FIRMWARE: _("the firmware that units are shipped with"),
    Kind.CAPTURE: _("a recording of the network traffic of a unit"),
    Kind.BLUETOOTH: _("a unit whose Bluetooth can be looked at"),
    Kind.ENDPOINT: _("the addresses of its servers"),
    Kind.UPDATE: _("the address from which it is updated"),
    Kind.TARGET: _("a unit that can be updated under observation"),
    Kind.ACCOUNT: _("accounts for tests, with leave to use them"),
    Kind.LAN: _("a unit that can be looked at in a network of ours"),
    Kind.CONTACT: _("the address for reports of vulnerabilities and what you promise to who reports one"),
    Kind.CORRESPONDENCE: _("the correspondence about reports of vulnerabilities"),
    Kind.POLICY: _("the privacy policy of this product"),
    Kind.DOMAIN: _("the names of the domains it relies on"),
}


def supplies(requirement: Requirement, changes: Sequence[Change]) -> list[str]:
    """What is expected of the product and not there: of each group one is enough."""
    missing = {one.what for one in changes if one.cause is Cause.NOT_SUPPLIED and not one.surface}
    return [
        (gettext("Supply %(what)s.") if len(group) == 1 else gettext("Supply one of these: %(what)s."))
        % {"what": _named(group)}
        for group in dict.fromkeys(_groups(requirement))
        if _asked_for(group) in missing
    ]


def in_words(what: str) -> str:
    """What would change an answer, for the shop: of `Supply policy.` it says what that is."""
    group = _by_sentence().get(what)
    if group is None:
        return what
    said = gettext("Missing: %(what)s.") if len(group) == 1 else gettext("Missing, one is enough: %(what)s.")
    return said % {"what": _named(group)}


def _groups(requirement: Requirement) -> Iterator[tuple[Kind, ...]]:
    yield from requirement.expects
    for several in requirement.expects_for.values():
        yield from several


def _asked_for(group: Sequence[Kind]) -> str:
    """As the guidelines say it."""
    return f"supply {either(group)}"


@cache
def _by_sentence() -> Mapping[str, tuple[Kind, ...]]:
    groups = {group for _id, one in five_guidelines().requirements() for group in _groups(one)}
    return {wanted(_asked_for(group)): group for group in groups}


def _named(group: Sequence[Kind]) -> str:
    return "; ".join(str(SUPPLY[kind]) for kind in group)
