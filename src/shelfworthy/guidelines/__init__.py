"""The five guidelines (`five.toml`), what they are called elsewhere (`crosswalk.toml`), and the roll-up."""

from shelfworthy.guidelines.crosswalk import Crosswalk, Framework, Passage, our_crosswalk
from shelfworthy.guidelines.plan import Plan, plan_of
from shelfworthy.guidelines.roll_up import roll_up, verdict
from shelfworthy.guidelines.rules import (
    CheckFacts,
    Guideline,
    Requirement,
    Rules,
    disagreements,
    five_guidelines,
    read_rules,
    rules_digest,
)
from shelfworthy.guidelines.tables import RulesError
from shelfworthy.guidelines.world import World

__all__ = [
    "CheckFacts",
    "Crosswalk",
    "Framework",
    "Guideline",
    "Passage",
    "Plan",
    "Requirement",
    "Rules",
    "RulesError",
    "World",
    "disagreements",
    "five_guidelines",
    "our_crosswalk",
    "plan_of",
    "read_rules",
    "roll_up",
    "rules_digest",
    "verdict",
]
