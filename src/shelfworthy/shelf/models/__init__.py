"""The rows of the shelf."""

from shelfworthy.shelf.models.catalogue import Import, Listing, Market, Product
from shelfworthy.shelf.models.decisions import Decision, Feed, Letter, Notice, Policy, Proposal, Rules
from shelfworthy.shelf.models.evidence import Audit, Change, Judged, Marking, Observer, Trait, Verdict
from shelfworthy.shelf.models.people import Answered, Attempt, Entry, Membership, Person, RecoveryCode, Token
from shelfworthy.shelf.models.watch import Delivery, Event, HostLease, Recheck, Subscription
from shelfworthy.shelf.words import Action, Channel, Origin, Outcome, Role, Standing, State

__all__ = [
    "Action", "Answered", "Attempt", "Audit", "Change", "Channel", "Decision", "Delivery", "Entry",
    "Event", "Feed", "HostLease", "Import", "Judged", "Letter", "Listing", "Market", "Marking",
    "Membership", "Notice", "Observer", "Origin", "Outcome", "Person", "Policy", "Product", "Proposal",
    "Recheck", "RecoveryCode", "Role", "Rules", "Standing", "State", "Subscription", "Token", "Trait",
    "Verdict",
]  # fmt: skip
