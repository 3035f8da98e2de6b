"""What somebody may, and why something is not possible, in words that are translated."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.people.making import NotPossible
from shelfworthy.shelf.people.roles import May

MAY: Final[dict[May, "Promise | str"]] = {
    May.SEE: _("see catalogue, verdicts and decisions"),
    May.IMPORT: _("import the catalogue"),
    May.PUSH: _("push evidence"),
    May.RECHECK: _("ask for a look"),
    May.PROPOSE: _("propose a decision"),
    May.DECIDE: _("decide"),
    May.SUBSCRIBE: _("be told of changes"),
    May.SET_POLICY: _("set the policy"),
    May.MARK: _("mark findings"),
    May.SHARE: _("share decisions with other shops"),
    May.MANAGE_PEOPLE: _("manage people"),
    May.MANAGE_TOKENS: _("manage tokens"),
    May.READ_LOG: _("read the log"),
    May.EXPORT: _("export everything"),
}

WHY_NOT: Final[dict[str, "Promise | str"]] = {
    "self": _("Nobody changes their own role or way in: another administrator does."),
    "no longer": _("You are no longer an administrator. Nothing was changed."),
    "erased": _("This person was erased meanwhile. Nothing was changed."),
}


def why_not(no: NotPossible) -> str:
    """Why something could not be done to a person, in the reader's language."""
    return str(WHY_NOT[str(no)])
