"""What a changed sentence changes. Precision first: what is not certain is left to a person. Pure.

Kept here:
- `meaning` is said only of what is certain of the words themselves (a period, an age, a denial, a recipient's
  name) or of the whole policy: it said something before and says it nowhere now, or the reverse.
- What the checks would leave to a person is left to a person here.
- What was not read whole lacks nothing, and has nothing new.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from shelfworthy.checks.policy._reading import AGREED, FULL, Reading
from shelfworthy.checks.policy._rules import BESIDE
from shelfworthy.report.policies import saying
from shelfworthy.report.policies.aligning import Pair, alike, candidates, folded, undated
from shelfworthy.report.policies.shape import How
from shelfworthy.report.policies.subjects import CERTAIN, INSTEAD, MATTER, SUBJECTS
from shelfworthy.report.sentences import filled
from shelfworthy.report.words import words
from shelfworthy.webtext.sentences import Sentence

COMPANY = re.compile(
    r"\b([A-Z][\w&.-]*(?: (?:[A-Z&][\w&.-]*|of|and)){0,4}),? "
    r"(Inc|Ltd|Limited|LLC|LLP|GmbH|AG|AS|A/S|AB|SA|S\.A|S\.L|B\.?V|N\.?V|plc|PLC|Corp|Corporation|Oy|ApS|KG|SE|Pty|SAS|SARL|Srl|SpA)\b"
)
OURSELVES = re.compile(r"\b(?:operated|owned|provided|published|made|sold) by\b|\bwe are\b", re.IGNORECASE)
# Topics that stand beside a policy's own date.
DATED = frozenset({"date", "change-notice", "change-near", "change-posted", "change-silent"})
DENIED = {  # what is denied with conditions, which the rules let pass, is denied already
    "share-none": re.compile(r"\b(?:shar|disclos|giv|pass|transfer|hand)\w*", re.IGNORECASE),
    "sold-not": re.compile(r"\b(?:sell|sold|rent|trad)\w*", re.IGNORECASE),
}
REWORDED = 0.4  # share of words that carry meaning; so alike, a sentence may be the other in new words
SAME = 0.8  # share of words beside what changed: it is the same statement

Said = tuple[How, str]


class Side:
    """One policy: what its sentences are about."""

    def __init__(self, read: Reading) -> None:
        self.read = read
        self.sentences = [one for one in read.sentences if not one.aside]
        self.whole = read.whole and read.language in FULL

    @cached_property
    def topics(self) -> dict[Sentence, set[str]]:
        """By sentence, its topics, undenied, but for those that say nothing of their own."""
        found: dict[Sentence, set[str]] = {}
        for topic in self.read.topics.keys() - BESIDE:
            for one in self.read.said(topic):
                found.setdefault(one, set()).add(topic)
        return found

    @cached_property
    def text(self) -> str:
        """All its words, folded."""
        return " ".join(folded(one.text) for one in self.sentences)

    def of(self, several: tuple[Sentence, ...]) -> set[str]:
        """The topics of some sentences."""
        return {topic for one in several for topic in self.topics.get(one, ())}

    def says(self, topics: tuple[str, ...]) -> bool:
        """Whether it says this anywhere."""
        return bool(self.read.said(*topics))

    def agreed(self, one: Sentence, topics: tuple[str, ...]) -> bool:
        """Whether the classifier sees one of these topics in it, too."""
        by_topic = self.read.margins.get(one, {})
        return any(by_topic.get(topic, AGREED - 1) >= AGREED for topic in topics)

    def silent(self, topics: tuple[str, ...]) -> bool:
        """Whether it surely says it nowhere."""
        verb = next((verb for topic, verb in DENIED.items() if topic in topics), None)
        denied = verb is not None and any(
            verb.search(one.text) and saying.denials(one.text) for one in self.sentences
        )
        return self.whole and not self.says(topics) and self.read.felt(*topics) is None and not denied


class Comparison:
    """Two readings of a policy."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.gone = {id for id, topics in SUBJECTS.items() if old.says(topics) and new.silent(topics)}
        self.came = {id for id, topics in SUBJECTS.items() if new.says(topics) and old.silent(topics)}
        self.text = words().policies

    def said(self, pair: Pair) -> list[Said]:
        """What is to be said of a change, the gravest first; empty where it is of no kind we know."""
        found = list(dict.fromkeys(self._all(pair)))
        return sorted(found, key=lambda one: list(How).index(one[0]))

    def _all(self, pair: Pair) -> Iterator[Said]:
        old, new = text_of(pair.old), text_of(pair.new)
        before, after = self.old.of(pair.old), self.new.of(pair.new)
        yield from self._recipients(pair, before, after)
        if not pair.old or not pair.new:
            yield from self._alone(pair, before or after)
            return
        yield from self._instead(before, after)
        yield from self._lengths(old, new)
        yield from self._denial(old, new)
        changed = {topic for topic in before ^ after if topic in MATTER}
        for id, topics in SUBJECTS.items():
            if changed.intersection(topics) and before.isdisjoint(topics) != after.isdisjoint(topics):
                yield How.TO_READ, self._words("turned", id)
        yield from self._words_alone(old, new, before & after)

    def _alone(self, pair: Pair, topics: set[str]) -> Iterator[Said]:
        """Of a sentence that is gone, or new."""
        gone = bool(pair.old)
        [one] = pair.old or pair.new
        other = self.new if gone else self.old
        for id, its in SUBJECTS.items():
            if topics.isdisjoint(its):
                continue
            mine = self.old if gone else self.new
            surely = (
                id in (self.gone if gone else self.came)
                and mine.agreed(one, CERTAIN.get(id, ()))
                and not self._reworded(one, other)
            )
            told = ("gone" if gone else "came") if surely else ("less" if gone else "more")
            yield (How.MEANING if surely else How.TO_READ), self._words(told, id)

    def _reworded(self, one: Sentence, other: Side) -> bool:
        """Whether the other text may say the same in other words."""
        near = candidates([one], other.sentences)[0]
        mine = saying.content(one.text)
        return any(alike(mine, saying.content(other.sentences[at].text)) >= REWORDED for at in near)

    def _instead(self, before: set[str], after: set[str]) -> Iterator[Said]:
        for id, others in INSTEAD.items():
            own = SUBJECTS[id]
            for told, one, other in (("instead", before, after), ("instead_new", after, before)):
                only = one.intersection(own) and other.isdisjoint(own)
                if only and other.intersection(others) and one.isdisjoint(others):
                    yield How.MEANING, self._words(told, id)

    def _lengths(self, old: str, new: str) -> Iterator[Said]:
        """Periods and ages, where everything else is the same."""
        same = alike(saying.timeless(old), saying.timeless(new)) >= SAME
        lost, found = saying.periods(old) - saying.periods(new), saying.periods(new) - saying.periods(old)
        if lost and found:
            facts = {"old": tuple(saying.period_words(old)), "new": tuple(saying.period_words(new))}
            yield (How.MEANING if same else How.TO_READ), filled(self.text["period"], facts)
        elif lost or found:
            facts = {"periods": tuple(saying.period_words(old if lost else new))}
            yield How.TO_READ, filled(self.text["period_gone" if lost else "period_came"], facts)
        younger, older = saying.ages(old) - saying.ages(new), saying.ages(new) - saying.ages(old)
        if younger and older:
            facts = {"old": tuple(sorted(younger)), "new": tuple(sorted(older))}
            yield (How.MEANING if same else How.TO_READ), filled(self.text["age"], facts)

    def _denial(self, old: str, new: str) -> Iterator[Said]:
        before, after = saying.denials(old), saying.denials(new)
        if before == after:
            return
        if saying.affirmed(old) == saying.affirmed(new) and abs(before - after) == 1:
            yield How.MEANING, self.text["affirmed" if before > after else "denied"]
        else:
            yield How.TO_READ, self.text["denials"]

    def _recipients(self, pair: Pair, before: set[str], after: set[str]) -> Iterator[Said]:
        """Companies that receive data and that the other text does not know."""
        sides = (
            (pair.new, after, self.new, self.old, "recipient"),
            (pair.old, before, self.old, self.new, "no_recipient"),
        )
        for mine, topics, side, other, told in sides:
            if "share-named" not in topics or not other.whole:
                continue
            named = [" ".join(found.groups()) for found in COMPANY.finditer(text_of(mine))]
            unknown = [one for one in named if folded(one.rsplit(" ", 1)[0]) not in other.text]
            if unknown:
                sure = any(side.agreed(one, ("share-named",)) for one in mine) and not OURSELVES.search(
                    text_of(mine)
                )
                facts = {"names": tuple(dict.fromkeys(unknown))}
                how, words_of = (How.MEANING, told) if sure else (How.TO_READ, f"{told}_unsure")
                yield how, filled(self.text[words_of], facts)

    def _words_alone(self, old: str, new: str, topics: set[str]) -> Iterator[Said]:
        """Of a sentence that says the same otherwise."""
        if undated(old)[0] == undated(new)[0] and undated(new)[1]:
            # A day until which something holds is a matter of meaning.
            alone = topics <= DATED and ("date" in topics or saying.is_dated(new))
            yield (How.DATE, self.text["dated"]) if alone else (How.TO_READ, self.text["day"])
        elif saying.content(old) == saying.content(new):
            same = saying.firmness(old) == saying.firmness(new)
            yield (How.WORDING, self.text["worded"]) if same else (How.TO_READ, self.text["firmness"])

    def _words(self, told: str, subject: str) -> str:
        return filled(self.text[told], {"what": words().policy_subjects[subject]})


def text_of(several: tuple[Sentence, ...]) -> str:
    """Some sentences as one text."""
    return " ".join(one.text for one in several)
