"""The words that rows hold: each once, here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Of a listing: whether the shop sells it."""

    LISTED = "listed", _("on sale")
    HELD = "held", _("on hold")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Action(TextChoices):
    """What a decision does."""

    LIST = "list", _("list")
    HOLD = "hold", _("hold")
    WITHDRAW = "withdraw", _("withdraw")
    REINSTATE = "reinstate", _("reinstate")


class Outcome(TextChoices):
    """Of a proposal. Overtaken: the listing or its verdict had changed before a second person came."""

    OPEN = "open", _("waits for another person")
    SECONDED = "seconded", _("seconded")
    TAKEN_UP = "taken up", _("taken up by a decider")
    REFUSED = "refused", _("refused")
    OVERTAKEN = "overtaken", _("overtaken")


class Standing(TextChoices):
    """Of a verdict as a whole, worst first: a guideline or an exposure is not met; one cannot be determined;
    all are met; nobody has looked."""

    NOT_MET = "not met", _("not met")
    UNDETERMINED = "cannot determine", _("cannot determine")
    MET = "met", _("met")
    NONE = "nobody looked", _("nobody looked")


class Origin(TextChoices):
    """Of evidence: who pushed it. What it may clear is the shop's policy."""

    LAB = "lab", _("test lab")
    SHOP = "shop", _("the shop itself")
    SUPPLIER = "supplier", _("supplier or maker")
    OTHER = "other", _("somebody else")


class Role(TextChoices):
    """Of a person, each with all that those before it may."""

    VIEWER = "viewer", _("viewer")
    ANALYST = "analyst", _("analyst")
    DECIDER = "decider", _("decider")
    ADMINISTRATOR = "administrator", _("administrator")


class Channel(TextChoices):
    """How somebody is told of changes."""

    MAIL = "mail", _("mail")
    WEBHOOK = "webhook", _("webhook")
    FEED = "feed", _("feed")
