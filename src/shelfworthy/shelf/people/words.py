"""What somebody may, in words that are translated."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    May.MANAGE_PEOPLE: _("manage people"),
    May.MANAGE_TOKENS: _("manage tokens"),
    May.READ_LOG: _("read the log"),
    May.EXPORT: _("export everything"),
}
