"""Who may do what: one table, from which pages, forms and API take their permission. Pure."""

from enum import StrEnum
from typing import Final

from shelfworthy.shelf.words import Role


class May(StrEnum):
    """What somebody may be allowed. Each page, form and call of the API names one of them."""

    SEE = "see"  # catalogue, verdicts, evidence, decisions
    IMPORT = "import the catalogue"
    PUSH = "push evidence"
    RECHECK = "ask for a look"
    PROPOSE = "propose a decision"
    DECIDE = "decide"
    SUBSCRIBE = "be told of changes"
    SET_POLICY = "set the policy"
    MARK = "mark findings"
    SHARE = "share decisions with other shops"
    MANAGE_PEOPLE = "manage people"
    MANAGE_TOKENS = "manage tokens"
    READ_LOG = "read the log"
    EXPORT = "export everything"


_VIEWER: Final = frozenset({May.SEE, May.SUBSCRIBE})
_ANALYST: Final = _VIEWER | {May.IMPORT, May.PUSH, May.RECHECK, May.PROPOSE}
_DECIDER: Final = _ANALYST | {May.DECIDE, May.MARK, May.SHARE}
ALLOWED: Final[dict[Role, frozenset[May]]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.DECIDER: _DECIDER,
    Role.ADMINISTRATOR: frozenset(May),
}
# What is not of one market: only who is for all may do it, for who is for one could open the others.
WHOLE: Final = frozenset(
    {May.SET_POLICY, May.SHARE, May.MANAGE_PEOPLE, May.MANAGE_TOKENS, May.READ_LOG, May.EXPORT}
)
# What a token may be for: never what makes other people, tokens or rules.
SCOPES: Final = frozenset(
    {May.SEE, May.IMPORT, May.PUSH, May.RECHECK, May.PROPOSE, May.DECIDE, May.SUBSCRIBE, May.EXPORT}
)
