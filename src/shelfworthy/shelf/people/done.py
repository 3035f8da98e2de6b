"""What the log says that somebody did, in the reader's language. The log itself keeps it in English: it is a
record, and what it says must not depend on who wrote it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DONE: Final[dict[str, "Promise | str"]] = {
    "asked for a look": _("asked for a look"),
    "came in": _("came in"),
    "came in by a recovery code": _("came in by a recovery code"),
    "changed somebody's role": _("changed somebody's role"),
    "chose a password": _("chose a password"),
    "decision: hold": _("decision: hold"),
    "decision: list": _("decision: list"),
    "decision: reinstate": _("decision: reinstate"),
    "decision: withdraw": _("decision: withdraw"),
    "decisions: exported": _("decisions: exported"),
    "ended a subscription": _("ended a subscription"),
    "erased somebody": _("erased somebody"),
    "feed: closed": _("feed: closed"),
    "feed: opened": _("feed: opened"),
    "feed: read": _("feed: read"),
    "gave the password": _("gave the password"),
    "import began": _("import began"),
    "import ended": _("import ended"),
    "let an administrator in again": _("let an administrator in again"),
    "let somebody go": _("let somebody go"),
    "let somebody in": _("let somebody in"),
    "let somebody in again": _("let somebody in again"),
    "letter: finding let out": _("letter: finding let out"),
    "letter: made": _("letter: made"),
    "letter: read as PDF": _("letter: read as PDF"),
    "listing changed": _("listing changed"),
    "listing inserted": _("listing inserted"),
    "listing vanished": _("listing vanished"),
    "listings exported": _("listings exported"),
    "logged out": _("logged out"),
    "made a token": _("made a token"),
    "made new recovery codes": _("made new recovery codes"),
    "made the first administrator": _("made the first administrator"),
    "policy: gone over the catalogue": _("policy: gone over the catalogue"),
    "policy: kept": _("policy: kept"),
    "policy: switched on": _("policy: switched on"),
    "proposal: hold": _("proposal: hold"),
    "proposal: list": _("proposal: list"),
    "proposal: refused": _("proposal: refused"),
    "proposal: reinstate": _("proposal: reinstate"),
    "proposal: seconded": _("proposal: seconded"),
    "proposal: withdraw": _("proposal: withdraw"),
    "redacted evidence": _("redacted evidence"),
    "revoked a token": _("revoked a token"),
    "set up the second factor": _("set up the second factor"),
    "subscribed": _("subscribed"),
    "took in evidence": _("took in evidence"),
    "took the log": _("took the log"),
    "was refused at the log-in": _("was refused at the log-in"),
    "was refused at the second factor": _("was refused at the second factor"),
}


def done(action: str) -> str:
    """An action of the log in words for people; one of another version as it stands there."""
    return str(DONE.get(action, action))


def named(words: str) -> list[str]:
    """The actions that people call by these words."""
    return [action for action, label in DONE.items() if words.casefold() in str(label).casefold()]
