"""Rules that are kinder than ours; a child finds them by their name."""

from msgspec import structs

from shelfworthy.audit import judge
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import five_guidelines


def court() -> judge.Court:
    """Those who judge, and an open database is no matter."""
    rules = five_guidelines()
    exposures = rules.requirement["exposure"]
    data = structs.replace(exposures["data"], all=("object-access",))
    new = structs.replace(rules, requirement=rules.requirement | {"exposure": exposures | {"data": data}})
    return judge.court(CHECKS, new)
