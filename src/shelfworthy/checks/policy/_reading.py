"""What the checks of a policy have in common: its sentences and their topics, read once, and what stops them."""

from collections.abc import Iterable

from msgspec import Struct

from shelfworthy.checks.policy._language import language, name
from shelfworthy.checks.policy._rules import rules, topics
from shelfworthy.model import About, Answer, Cause, Quote, inconclusive, quote
from shelfworthy.seen.policy import PolicyDocument, PolicySeen
from shelfworthy.webtext.sentences import Sentence, sentences

WORDS = "policy-words"
FULL = frozenset({"en", "de", "es"})  # languages with rules for every question; others have some
LONGEST = 300  # characters of a sentence in a finding

# Sentences of every check here, for what keeps it from reading.
UNREAD = {
    "nothing": "There is no text to read: {why}",
    "language": "The policy is in {language}, which these rules do not read.",
    "cut": "Nothing about it was found, but not all of the policy could be read.",
    "doubt": 'A person must read this: "{sentence}"',
}


class Reading(Struct, frozen=True):
    """A policy and the texts that belong to it. language: of the policy, "" unknown. whole: all was read.

    said: sentences by topic.
    """

    documents: tuple[PolicyDocument, ...]
    language: str
    whole: bool
    sentences: tuple[Sentence, ...]
    topics: dict[str, list[Sentence]]

    def said(self, *names: str) -> list[Sentence]:
        """The sentences of these topics, in their order."""
        found = {id(one): one for topic in names for one in self.topics.get(topic, ())}
        return sorted(found.values(), key=lambda one: (one.document, one.start))

    def felt(self, *names: str) -> Sentence | None:
        """A sentence that may have one of these topics although no rule says so."""
        return None

    def at(self, one: Sentence) -> Quote:
        """Where a sentence stands."""
        path = f"documents.{one.document}.text"
        return quote(path, self.documents[one.document].text, one.start, one.end)


_latest: list[tuple[PolicySeen, bytes, Reading]] = []  # every check of a look asks for the same one


def reading(seen: PolicySeen, about: About) -> Reading:
    """Read all documents. Pure: what is remembered follows from its arguments."""
    table = about.references[WORDS]
    if _latest and _latest[0][0] is seen and _latest[0][1] is table:
        return _latest[0][2]
    policies = [one for one in seen.documents if one.role == "policy" and one.text]
    code = language("\n".join(one.text for one in policies), policies[0].language if policies else "")
    found = tuple(
        one for number, document in enumerate(seen.documents) for one in sentences(document, number)
    )
    read = Reading(
        documents=seen.documents,
        language=code,
        whole=bool(policies) and all(one.whole and one.readable for one in policies),
        sentences=found,
        topics=topics(found, rules(table).get(code, ())),
    )
    _latest[:] = [(seen, table, read)]
    return read


def unread(read: Reading, *, everywhere: bool = False) -> Answer | None:
    """Why a policy cannot be answered for, or None. everywhere: the question is asked in every language."""
    policies = [one for one in read.documents if one.role == "policy"]
    if not any(one.text for one in policies):
        first = next((one for one in policies if one.cause is not None), None)
        why = first.words if first else "no privacy policy was found."
        return inconclusive("nothing", (first.cause if first else None) or Cause.NOT_SUPPLIED, why=why)
    if read.language not in FULL and not everywhere:
        return inconclusive("language", Cause.NOT_UNDERSTOOD, language=name(read.language))
    return None


def doubt(one: Sentence) -> Answer:
    """A person must read this sentence."""
    return inconclusive("doubt", Cause.NEEDS_A_PERSON, sentence=short(one))


def short(one: Sentence) -> str:
    """A sentence, for a finding."""
    return one.text if len(one.text) <= LONGEST else one.text[: LONGEST - 1] + "…"


def first(several: Iterable[Sentence]) -> Sentence | None:
    """The first of them outside of headings and the page's frame, else the first."""
    found = list(several)
    return next((one for one in found if not one.aside), found[0] if found else None)
