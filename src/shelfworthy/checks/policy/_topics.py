"""Which topic a sentence may have, by a linear classifier (`webtext/topics-en.json` …): a second opinion.

One number for each topic, above 0 where the classifier would say it has that topic (a support vector
machine, one against all others). A feature is a word, the beginning of a word, or the beginnings of two words
in a row; it counts once, by how rare it is, and the length of all is 1.
`scripts/train_policy_topics.py` makes the tables from sentences of our own.
"""

import re
from functools import cache
from itertools import pairwise
from math import sqrt

import msgspec
from msgspec import Struct

from shelfworthy.webtext import tables

MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
WEB = re.compile(
    r"(?:https?://\S{1,300}|\b[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:example|com|org|net)\b(?:/\S{0,200})?)"
)
NUMBER = re.compile(r"\d+")
NAME = re.compile(r"(?<=[a-z,;:] )(?=[A-Z][a-z]+)")
TOKEN = re.compile(r"[a-zäöüßáéíóúñ]+|[%§?]")
LANGUAGES = frozenset({"en", "de", "es"})  # that have a table
LONG, SHORT = 5, 4  # letters of a beginning: of a word alone, of one of two


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """topics: in the order of the weights. bias: of each. features: how rare each is, and its weights in
    thousandths, those of the topics that are not named being 0: topic, weight, topic, weight …"""

    version: str
    date: str
    topics: tuple[str, ...]
    bias: tuple[int, ...]
    features: dict[str, tuple[int, ...]]


@cache
def table(language: str) -> Table:
    """The table of a language that has one."""
    return msgspec.json.decode(tables.weights(language), type=Table)


def features(sentence: str) -> set[str]:
    """The features of a sentence."""
    text = WEB.sub(" webaddress ", MAIL.sub(" mailaddress ", sentence))
    text = NUMBER.sub(" nnum ", NAME.sub("nname ", text))
    words = TOKEN.findall(text.lower().replace("’", "'").replace("n't", " not").replace("'", " "))
    starts = [word[:SHORT] for word in words]
    return {
        *words,
        *(f"<{word[:LONG]}" for word in words if len(word) > LONG),
        *(f"{one}_{two}" for one, two in pairwise(starts)),
    }


def margins(sentence: str, by: Table) -> list[float]:
    """One number a topic, in the order of the table."""
    total = 0.0
    found = [0.0] * len(by.topics)
    for feature in sorted(features(sentence)):
        known = by.features.get(feature)
        if known is None:
            continue
        rare = known[0] / 1000
        total += rare * rare
        for number in range(1, len(known), 2):
            found[known[number]] += rare * known[number + 1] / 1000
    length = sqrt(total) or 1.0
    return [one / length + bias / 1000 for one, bias in zip(found, by.bias, strict=True)]
