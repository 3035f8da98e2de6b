"""The shop's policy: TOML into frozen rules, every mistake answered; which rules a listing meets. Pure."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Struct

from shelfworthy.model import Record, Severity
from shelfworthy.product.mistakes import BadFile, Mistake, nearest, quoted
from shelfworthy.shelf.deciding.details import GRAVITY, Details
from shelfworthy.shelf.words import Origin, Standing

FILE: Final = "policy"
LONGEST: Final = 100_000  # characters
MOST_RULES: Final = 200
ANY: Final = "any"
CONDITIONS: Final = (
    "exposure", "guideline", "requirement", "severity", "standing", "undetermined_days", "for_children",
    "category", "market",
)  # fmt: skip
OF_A_RULE: Final = ("id", "if", "then", "reason", "people_to_reinstate")


class Then(StrEnum):
    """What a rule does, the gravest first."""

    WITHDRAW = "withdraw"
    HOLD = "hold"
    ASK = gettext_noop("ask")  # the supplier
    NOTE = gettext_noop("note")


class If(Record, frozen=True):
    """When a rule applies: all that is said must hold. None, "" and () say nothing."""

    exposure: str = ""
    guideline: str = ""
    requirement: str = ""
    severity: Severity | None = None
    standing: str = ""
    undetermined_days: int | None = None
    for_children: bool | Literal["possible"] | None = None
    category: tuple[str, ...] = ()
    market: tuple[str, ...] = ()


class Rule(Record, frozen=True):
    """One rule. people_to_reinstate: how many deciders must agree to undo what it did."""

    id: str
    when: If
    then: Then
    reason: str
    people_to_reinstate: int = 1


class Trust(Record, frozen=True):
    """Whose evidence may clear what was not clear before."""

    clears: frozenset[str] = frozenset({Origin.LAB, Origin.SHOP})


class Rulebook(Record, frozen=True):
    """A whole policy, read."""

    rules: tuple[Rule, ...]
    trust: Trust = Trust()


class Known(Record, frozen=True):
    """The names a policy may use: of guidelines, and of requirements with those of the exposures."""

    guidelines: frozenset[str]
    requirements: frozenset[str]

    @property
    def exposures(self) -> frozenset[str]:
        return frozenset(one.partition(".")[2] for one in self.requirements if one.startswith("exposure."))


class Facts(Struct, frozen=True):
    """What a policy looks at of one listing.

    details: of the judgement; asked for only where all else holds.
    """

    standing: str
    answers: Mapping[str, str]
    undetermined_since: datetime | None
    for_children: bool | None
    category: str
    markets: frozenset[str]
    details: Callable[[], Details]


def shipped() -> str:
    """The text of the policy that we ship."""
    return (files(__package__) / "policy.toml").read_text(encoding="utf-8")


def known_names() -> Known:
    """The names of the rules of this installation."""
    from shelfworthy.guidelines import five_guidelines

    rules = five_guidelines()
    ids = frozenset(id for id, _ in rules.requirements())
    return Known(guidelines=frozenset(rules.guideline), requirements=ids)


def read(text: str, known: Known | None = None) -> Rulebook:
    """The policy a text says. Raises BadFile with every mistake: where, what was found, what was expected.

    known: which names there are; None for a policy of earlier, whose names may since have gone.
    """
    if len(text) > LONGEST:
        raise BadFile(
            [Mistake(file=FILE, found=_("it is longer than %(most)s characters") % {"most": f"{LONGEST:,}"})]
        )
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise BadFile(
            [Mistake(file=FILE, found=_("it is no TOML: %(why)s") % {"why": str(wrong)[:200]})]
        ) from None
    reading = _Reading(known)
    book = reading.book(raw)
    if reading.mistakes:
        raise BadFile(reading.mistakes)
    return book


def met_by(book: Rulebook, facts: Facts, at: datetime) -> tuple[Rule, ...]:
    """The rules that apply, the gravest first; of those as grave in the order of the policy."""
    return in_order(rule for rule in book.rules if applies(rule.when, facts, at))


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules, the gravest first."""
    gravity = tuple(Then)
    return tuple(sorted(rules, key=lambda rule: gravity.index(rule.then)))


def applies(when: If, facts: Facts, at: datetime) -> bool:
    """Whether all conditions hold. What is cheap is asked first."""
    return (
        (not when.standing or when.standing == facts.standing)
        and (not when.category or facts.category in when.category)
        and (not when.market or not facts.markets.isdisjoint(when.market))
        and _children(when.for_children, facts.for_children)
        and _open_for(when.undetermined_days, facts, at)
        and (not when.exposure or _not_met(facts.answers, when.exposure, of_exposures=True))
        and (not when.guideline or _not_met(facts.answers, when.guideline, of_exposures=False))
        and (not when.requirement or facts.details().answers.get(when.requirement) == Standing.NOT_MET)
        and (when.severity is None or _as_bad(when, when.severity, facts.details()))
    )


def people_to_reinstate(rules: Iterable[Rule]) -> int:
    """How many deciders the strictest of these rules wants."""
    return max((rule.people_to_reinstate for rule in rules), default=1)


def _children(asked: bool | str | None, said: bool | None) -> bool:
    if asked is None:
        return True
    return said is not False if asked == "possible" else said is asked


def _open_for(days: int | None, facts: Facts, at: datetime) -> bool:
    if days is None:
        return True
    since = facts.undetermined_since
    open_now = facts.standing in (Standing.UNDETERMINED, Standing.NONE)
    return open_now and since is not None and at - since >= timedelta(days=days)


def _not_met(answers: Mapping[str, str], name: str, *, of_exposures: bool) -> bool:
    wanted = f"exposure.{name}" if of_exposures else name
    return any(
        answer == Standing.NOT_MET
        and (id.startswith("exposure.") == of_exposures if name == ANY else id == wanted)
        for id, answer in answers.items()
    )


def _as_bad(when: If, severity: Severity, details: Details) -> bool:
    """Whether something that decides is at least so bad: under each heading the rule names, or anywhere."""
    headings = [one for one in details.gravest if "." not in one]
    asked: list[list[str]] = []
    if when.exposure:
        asked.append(["exposure"] if when.exposure == ANY else [f"exposure.{when.exposure}"])
    if when.guideline:
        asked.append([h for h in headings if h != "exposure"] if when.guideline == ANY else [when.guideline])
    if when.requirement:
        asked.append([when.requirement])
    bad = frozenset(GRAVITY[: GRAVITY.index(severity) + 1])
    return all(any(details.gravest.get(name) in bad for name in names) for names in asked or [headings])


class _Reading:
    """Reads one policy and gathers its mistakes, so that all are told at once."""

    def __init__(self, known: Known | None) -> None:
        self.known = known
        self.mistakes: list[Mistake] = []

    def book(self, raw: dict[str, Any]) -> Rulebook:
        self._only(raw, ("rule", "trust"), "")
        rules = raw.get("rule", [])
        if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
            self._wrong("rule", _("it is no list of tables"), _("Expected [[rule]] tables."))
            rules = []
        if len(rules) > MOST_RULES:
            found = _("there are %(count)s") % {"count": f"{len(rules):,}"}
            self._wrong("rule", found, _("Expected at most %(most)s.") % {"most": MOST_RULES})
        read = tuple(self._rule(one, number) for number, one in enumerate(rules[:MOST_RULES], 1))
        ids = [rule.id for rule in read if rule.id]
        for id in sorted({one for one in ids if ids.count(one) > 1}):
            self._wrong(f"rule {id}.id", _("two rules have it"), _("Expected another name for each rule."))
        return Rulebook(rules=read, trust=self._trust(raw.get("trust", {})))

    def _trust(self, raw: object) -> Trust:
        if not isinstance(raw, dict):
            self._wrong("trust", _("it is no table"), _("Expected [trust]."))
            return Trust()
        self._only(raw, ("clears",), "trust.")
        if "clears" not in raw:
            return Trust()
        names = self._words(raw["clears"], "trust.clears", tuple(Origin.values))
        return Trust(clears=frozenset(names))

    def _rule(self, raw: dict[str, Any], number: int) -> Rule:
        id = raw.get("id")
        place = f"rule {id if isinstance(id, str) and id else number}"
        if not isinstance(id, str) or not 0 < len(id) <= 60 or not id.isprintable():
            self._wrong(
                f"rule {number}.id", _found(id), _('Expected a name of at most 60 letters: "open-data".')
            )
            id, place = "", f"rule {number}"
        place = place[:80]
        self._only(raw, OF_A_RULE, f"{place}.")
        then = self._word(raw.get("then"), f"{place}.then", tuple(Then))
        reason = raw.get("reason")
        if not isinstance(reason, str) or not 0 < len(reason.strip()) <= 60:
            self._wrong(f"{place}.reason", _found(reason), _("Expected a reason of at most 60 letters."))
            reason = ""
        people = raw.get("people_to_reinstate", 1)
        if isinstance(people, bool) or people not in (1, 2):
            self._wrong(f"{place}.people_to_reinstate", _found(people), _("Expected 1 or 2."))
            people = 1
        when = self._if(raw.get("if"), f"{place}.if")
        return Rule(
            id=id,
            when=when,
            then=Then(then) if then else Then.NOTE,
            reason=reason.strip(),
            people_to_reinstate=int(people),
        )

    def _if(self, raw: object, place: str) -> If:
        if not isinstance(raw, dict) or not raw:
            self._wrong(place, _found(raw), _('Expected at least one condition: { standing = "not met" }.'))
            return If()
        self._only(raw, CONDITIONS, f"{place}.")
        known = self.known
        days = raw.get("undetermined_days")
        if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 0 < days < 3651):
            self._wrong(
                f"{place}.undetermined_days", _found(days), _("Expected a number of days, 1 to 3650.")
            )
            days = None
        children = raw.get("for_children")
        if children is not None and not isinstance(children, bool) and children != "possible":
            self._wrong(f"{place}.for_children", _found(children), _('Expected true, false or "possible".'))
            children = None
        severity = self._if_said(raw, "severity", place, tuple(Severity))
        return If(
            exposure=self._if_said(
                raw, "exposure", place, (ANY, *sorted(known.exposures)) if known else None
            ),
            guideline=self._if_said(
                raw, "guideline", place, (ANY, *sorted(known.guidelines)) if known else None
            ),
            requirement=self._if_said(
                raw, "requirement", place, tuple(sorted(known.requirements)) if known else None
            ),
            severity=Severity(severity) if severity else None,
            standing=self._if_said(raw, "standing", place, tuple(Standing.values)),
            undetermined_days=days,
            for_children=children,
            category=self._words(raw.get("category", ()), f"{place}.category", None),
            market=self._words(raw.get("market", ()), f"{place}.market", None),
        )

    def _if_said(self, raw: dict[str, Any], key: str, place: str, words: tuple[str, ...] | None) -> str:
        return self._word(raw[key], f"{place}.{key}", words) if key in raw else ""

    def _word(self, found: object, place: str, words: tuple[str, ...] | None) -> str:
        if isinstance(found, str) and found and (words is None or found in words):
            return found
        expected = _("Expected a word.") if words is None else _expected(words)
        near = nearest(found, words or ()) if isinstance(found, str) else ""
        self._wrong(place, _found(found), expected, near)
        return ""

    def _words(self, found: object, place: str, words: tuple[str, ...] | None) -> tuple[str, ...]:
        several = [found] if isinstance(found, str) else found
        if not isinstance(several, list | tuple) or len(several) > 300:
            self._wrong(place, _found(found), _("Expected a word, or a list of words."))
            return ()
        return tuple(word for word in (self._word(one, place, words) for one in several) if word)

    def _only(self, raw: dict[str, Any], keys: tuple[str, ...], place: str) -> None:
        for key in raw:
            if key not in keys:
                self._wrong(
                    f"{place}{key}"[:120],
                    _("there is no such key"),
                    _expected(keys),
                    nearest(key, keys),
                )

    def _wrong(self, key: str, found: str, expected: str, near: str = "") -> None:
        self.mistakes.append(Mistake(file=FILE, key=key, found=found, expected=expected, nearest=near))


def _found(found: object) -> str:
    if found is None:
        return _("it is not said")
    return quoted(found) if isinstance(found, str) else quoted(str(found))


def _expected(words: Iterable[str]) -> str:
    *others, last = [f'"{word}"' for word in words]
    if not others:
        return _("Expected %(word)s.") % {"word": last}
    return _("Expected %(words)s or %(last)s.") % {"words": ", ".join(others), "last": last}


def lines(wrong: BadFile) -> Iterator[str]:
    """The mistakes, one each, as a page or an answer shows them."""
    return (_line(one) for one in wrong.mistakes)


def _line(one: Mistake) -> str:
    """As `str` says it, in the reader's language."""
    says = f"{one.key}: {one.found}" if one.key else one.found
    meant = _('Did you mean "%(word)s"?') % {"word": one.nearest} if one.nearest else ""
    return " ".join(part for part in (f"{one.file}: {says}.", meant, one.expected) if part)
