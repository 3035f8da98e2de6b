"""What the checks of a policy have in common: its sentences and their topics, and what keeps them from it.

Rules say what a sentence is about, and quote it. A classifier is asked as well: where it sees clearly what no
rule says, or, in English, does not see at all what a rule says, the two disagree, and a person must read the
sentence.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from shelfworthy.checks.policy._language import language, name
from shelfworthy.checks.policy._rules import ELSEWHERE, OF_DATA, Sure, rules, texted, topics
from shelfworthy.checks.policy._topics import LANGUAGES, Table, margins, table
from shelfworthy.checks.policy._words import any_of
from shelfworthy.model import Answer, Cause, Quote, inconclusive, quote
from shelfworthy.seen.policy import PolicyDocument, PolicySeen
from shelfworthy.webtext.sentences import Sentence, sentences

ENGLISH, ANY = "en", "any"  # the latter: rules for the languages that have none
# Less than this, and the classifier does not see at all what a rule says.
DENIED = {"opt-out": -0.62, "delete-self": -0.5, "share-none": -0.4}
DENIED_ELSE = -0.75
LAW = "law"  # a topic that it is not asked about
AGREED = 0.0  # it sees what a wide rule says
COMPANY = r"(?:Inc|Ltd|Limited|LLC|GmbH|AG|KG|SE|plc|Corp\w*|B\.?V|S\. ?A|S\. ?L|Oy|AB)\b\.?"
LEAST_WORDS = 4  # of a sentence that the classifier is asked about
FELT = -0.5  # it sees what no rule says
FELT_ELSE = -0.3  # the same in German and Spanish, of which it has learned fewer sentences
LONELY = 0.2  # how much more it must see where not even a wide rule knows a word
LOUD_WORDS = 7  # of a sentence that may take an answer back: it guesses at shorter ones
LOUD = -0.12  # it sees so much of what would take an answer back that a person must read it
CLOSE = 0.4  # how far that may be behind what it sees best
FULL = frozenset({"en", "de", "es"})  # languages with rules for every question; others have some
LONGEST = 300  # characters of a sentence in a finding
# Words of personal data in the languages that links are known in; a policy has one at least. "Privacy" alone
# is no such word: hedges and window films give privacy, too.
PRIVATE = any_of(
    r"""privacy_(?:policy|notice|statement|terms) personal_information your_information \bdata\b
    information_(?:about|on)_you \binformation\b.{0,120}\b(?:collect|gather|process|disclos|retain|stor|shar)
    (?:collect|gather|process|disclos|retain|stor|shar)\w*\b.{0,120}\binformation\b
    (?:your|the|my|an?)_e-?mail \bgps\b \bmicrophones?\b \brecordings?\b
    datenschutz personenbezogen \bdaten\b données vie_privée datos privacidad dati_personali
    persoonsgegevens dados 個人 プライバシー データ 情報 隐私 개인정보 персональн"""
)

# What takes a topic back: in the sentence itself, and in the next one of its section.
DELETED = ("taken-back",)
NEVER = ("not-now",)  # what was, or may be some day
TAKEN_BACK = {
    "keep-period": ("keep-else", *DELETED, *NEVER),
    "delete-self": ("us-not-you", *DELETED, *NEVER),
    "delete-ask": ("us-not-you", *DELETED, *NEVER),
    "share-named": ("share-else", *NEVER),
    "share-none": ("share-but", *NEVER),
    "opt-out": ("costs", "opt-out-else", "us-not-you", *NEVER),
    "contact": ("contact-other",),
    "change-notice": ("change-other",),
}
TAKEN_BACK_NEXT = {"delete-self": DELETED, "delete-ask": DELETED, "opt-out": ("costs", "costs-then")}

# Sentences of the checks here, for what keeps them from an answer.
NOTHING = "There is no text to read: {why}."
OTHER_LANGUAGE = "The policy is in {language}, which these rules do not read."
CUT = "Nothing about it was found, but not all of the policy could be read."
DOUBT = 'A person must read this: "{sentence}".'


class Reading(Struct, frozen=True):
    """A policy and the texts that belong to it. language: of the policy, "" unknown. whole: all was read.

    topics: sentences by topic, by the rules. margins: of each sentence by topic, by the classifier, which
    knows a part of the topics; empty where it does not know the language.
    """

    documents: tuple[PolicyDocument, ...]
    language: str
    whole: bool
    sentences: tuple[Sentence, ...]
    topics: dict[str, dict[Sentence, Sure]]
    margins: dict[Sentence, dict[str, float]]

    @property
    def ruled(self) -> bool:
        """Whether there are rules for its language: without them nothing can be called missing."""
        return self.language in rules() and self.language != ANY

    def said(self, *names: str) -> list[Sentence]:
        """The sentences that have one of these topics by the rules, undenied, in their order."""
        found = {one for topic in names for one in self.topics.get(topic, ()) if not self._denied(topic, one)}
        return sorted(found, key=lambda one: (one.document, one.start))

    def meant(self, *names: str) -> list[Sentence]:
        """Those of them that are not taken back."""
        return [one for one in self.said(*names) if self._means(one, names)]

    def stated(self, *names: str) -> list[Sentence]:
        """Those of them that are about data as well: only these decide what is done with data.

        "We keep our best engineers for 30 years" has the words of a period, and states none.
        """
        return [one for one in self.meant(*names) if self._about(one)]

    def stated_there(self, *names: str) -> list[Sentence]:
        """Those that are stated, and those in whose section data are spoken of, where the classifier hears
        the topic as well: a consent need not name what it is to.
        """
        about = {section(one) for one, how in self.topics.get(OF_DATA, {}).items() if how is not Sure.PLACED}
        return [
            one
            for one in self.meant(*names)
            if self._about(one) or (section(one) in about and self.heard(one, names) > 0)
        ]

    def unstated(self, *names: str) -> Sentence | None:
        """The first that has one of these topics, and states none of them: a person must read it."""
        stated = frozenset(self.stated(*names))
        return first(one for one in self.said(*names) if one not in stated)

    def _means(self, one: Sentence, names: tuple[str, ...]) -> bool:
        own = (topic for topic in names if one in self.topics.get(topic, ()))
        return any(not self._taken_back(topic, one) for topic in own)

    def _taken_back(self, topic: str, one: Sentence) -> bool:
        """Whether the sentence itself, or the next one, says otherwise."""
        if any(one in self.topics.get(other, ()) for other in TAKEN_BACK.get(topic, ())):
            return True
        after = self.after(one) if topic in TAKEN_BACK_NEXT else None
        return any(after in self.topics.get(other, ()) for other in TAKEN_BACK_NEXT.get(topic, ()))

    def _about(self, one: Sentence) -> bool:
        """Whether a sentence is about data: by its heading only where another is by words."""
        about = self.topics.get(OF_DATA, {})
        if about.get(one) is not Sure.PLACED:
            return one in about
        return any(how is Sure.STRICT and section(other) == section(one) for other, how in about.items())

    def best(self, *names: str) -> Sentence | None:
        """The one that is stated and to be quoted: which the classifier sees most in, else the first."""
        return self.most(self.stated(*names), *names)

    def most(self, found: list[Sentence], *names: str) -> Sentence | None:
        """The one of these in which it sees most of these topics."""
        own = [one for one in found if not one.aside] or found
        return max(own, key=lambda one: self.heard(one, names), default=None)

    def heard(self, one: Sentence, names: tuple[str, ...]) -> float:
        """How much of these topics the classifier sees in it, at best."""
        by_topic = self.margins.get(one, {})
        return max((by_topic.get(topic, -9.0) for topic in names), default=-9.0)

    def surely(self, topic: str) -> list[Sentence]:
        """Those of them that have it not by wide rules only."""
        return [one for one in self.said(topic) if self.topics[topic][one] is not Sure.WIDE]

    def felt(self, *names: str) -> Sentence | None:
        """The sentence that has most of one of these topics although rules and classifier disagree on it."""
        best: tuple[float, Sentence] | None = None
        least = FELT if self.language == ENGLISH else FELT_ELSE
        for one, by_topic in self.margins.items():
            margin = max((self._felt(topic, one, by_topic) for topic in names), default=-9.0)
            close = margin >= max(by_topic.values(), default=0.0) - CLOSE
            if margin >= least and close and (best is None or margin > best[0]):
                best = margin, one
        if best is not None:
            return best[1]
        sure = (
            (topic, one)
            for topic in names
            for one, how in self.topics.get(topic, {}).items()
            if how is not Sure.WIDE
        )
        return next((one for topic, one in sure if self._denied(topic, one)), None)

    def against(self, *names: str) -> Sentence | None:
        """The sentence of which the classifier says one of these topics, and no rule does.

        An answer that it would take back is not given.
        """
        ruled = {one for topic in names for one in self.topics.get(topic, ())}
        heard = (
            (max(by_topic[topic] for topic in names if topic in by_topic), one)
            for one, by_topic in self.margins.items()
            if one not in ruled and one.said.count(" ") >= LOUD_WORDS - 1 and best_of(by_topic) in names
        )
        margin, one = max(heard, key=lambda pair: pair[0], default=(-9.0, None))
        return one if margin >= LOUD else None

    def _felt(self, topic: str, one: Sentence, by_topic: dict[str, float]) -> float:
        """How much of a topic the classifier sees: less where no word of it is there that a rule knows."""
        lonely = self.language == ENGLISH and topic in self.topics and one not in self.topics[topic]
        return by_topic.get(topic, -9.0) - (LONELY if lonely else 0.0)

    def _denied(self, topic: str, one: Sentence) -> bool:
        """Whether the classifier does not see what a rule says: it is asked in English alone."""
        how = self.topics[topic][one]
        if how is Sure.PLACED or self.language != ENGLISH:
            return False
        wide = how is Sure.WIDE
        margin = self.margins.get(one, {}).get(topic, AGREED - 1 if wide else 0.0)
        return margin < (AGREED if wide else DENIED.get(topic, DENIED_ELSE))

    def after(self, one: Sentence) -> Sentence | None:
        """The sentence that follows in the same section."""
        at = self.sentences.index(one) + 1
        follows = self.sentences[at] if at < len(self.sentences) else None
        return follows if follows and section(follows) == section(one) else None

    def recipients(self, *own_names: str) -> list[Sentence]:
        """The sentences that name who receives data, if it is another one than the maker and its product."""
        names = "|".join(re.escape(name) for name in own_names if name)
        own = re.compile(rf"\b(?:{names})\b(?:,? {COMPANY})?", re.IGNORECASE) if names else None
        named = self.stated("share-named")
        return [one for one in named if own is None or self._names(one, own)]

    def _names(self, one: Sentence, own: re.Pattern[str]) -> bool:
        """Whether a sentence names a recipient without the maker's name."""
        said = own.sub("we", one.said)
        texts = [texted(text) for text in (said, f"{one.heading} {said}", f"{one.heading} {one.lead}")]
        return said == one.said or any(
            rule.topic == "share-named" and rule.holds(*texts) for rule in rules()[self.language]
        )

    def at(self, one: Sentence) -> Quote:
        """Where a sentence stands."""
        path = f"documents.{one.document}.text"
        return quote(path, self.documents[one.document].text, one.start, one.end)


_latest: list[tuple[PolicySeen, Reading]] = []  # every check of a look asks for the same one


def reading(seen: PolicySeen) -> Reading:
    """Read all documents. Pure: what is remembered follows from its argument."""
    if not (_latest and _latest[0][0] is seen):
        _latest[:] = [(seen, read(seen))]
    return _latest[0][1]


def read(seen: PolicySeen) -> Reading:
    """The same, anew."""
    policies = [one for one in seen.documents if one.role == "policy" and one.text]
    code = language("\n".join(one.text for one in policies), policies[0].language if policies else "")
    found = tuple(
        one for number, document in enumerate(seen.documents) for one in sentences(document, number)
    )
    by_topic = topics(found, rules().get(code, rules()[ANY]))
    other = {*by_topic.get(LAW, ()), *by_topic.get(ELSEWHERE, ())}
    asked = tuple(one for one in found if one not in other)
    return Reading(
        documents=seen.documents,
        language=code,
        whole=bool(policies) and all(one.whole and one.readable for one in policies),
        sentences=found,
        topics=by_topic,
        margins=opinions(asked, table(code)) if code in LANGUAGES else {},
    )


def opinions(several: tuple[Sentence, ...], by: Table) -> dict[Sentence, dict[str, float]]:
    """What the classifier says of each sentence of the text itself."""
    return {
        one: dict(zip(by.topics, margins(one.said, by), strict=True))
        for one in several
        if not one.head and not one.aside and one.said.count(" ") >= LEAST_WORDS - 1
    }


def not_ruled(read: Reading, says: str) -> Answer:
    """There are no rules for its language."""
    return inconclusive(says, Cause.NOT_UNDERSTOOD, language=name(read.language))


def unread(read: Reading, nothing: str, language: str = "") -> Answer | None:
    """Why a policy cannot be answered for, or None. nothing, language: ids of the check's sentences.

    Without the second, the question is answered in every language.
    """
    policies = [one for one in read.documents if one.role == "policy"]
    if not any(one.text for one in policies):
        first = next((one for one in policies if one.cause is not None), None)
        why = first.words.rstrip(".") if first else "no privacy policy was found"
        cause = (first.cause if first else None) or Cause.NOT_SUPPLIED
        return inconclusive(nothing, cause, why=why)
    if read.whole and all(one.clicks > 0 and not speaks_of_data(one) for one in policies):
        return inconclusive(nothing, Cause.NOT_SUPPLIED, why="what was taken for the policy is none")
    if language and read.language not in FULL:
        return not_ruled(read, language)
    return None


def speaks_of_data(policy: PolicyDocument) -> bool:
    """Whether a text may be a privacy policy."""
    return bool(policy.text) and PRIVATE.search(f"{policy.title}\n{policy.text}") is not None


def doubt(says: str, one: Sentence) -> Answer:
    """A person must read this sentence."""
    return inconclusive(says, Cause.NEEDS_A_PERSON, sentence=short(one))


def short(one: Sentence) -> str:
    """A sentence as part of another."""
    text = one.text.rstrip(".")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def best_of(by_topic: dict[str, float]) -> str:
    """The topic that the classifier sees most of."""
    return max(by_topic, key=lambda topic: by_topic[topic], default="")


def section(one: Sentence) -> tuple[int, str]:
    """What a sentence stands below."""
    return one.document, one.heading


def first(several: Iterable[Sentence]) -> Sentence | None:
    """The first of them outside of headings and the page's frame, else the first."""
    found = list(several)
    return next((one for one in found if not one.aside), found[0] if found else None)
