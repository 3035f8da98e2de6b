"""Train the classifiers of policy sentences, and say how well they do across writers.

    python scripts/train_policy_topics.py

Reads `tests/policies/sentences/*.tsv`, all of our own writing, and writes
`src/shelfworthy/webtext/topics-{en,de,es}.json`. The same sentences give the same bytes. The method is dual
coordinate descent for a linear support vector machine with squared hinge loss (Hsieh et al., ICML 2008), in
an order that is shuffled the same way every time.
"""

import json
from collections import Counter
from math import log, sqrt
from pathlib import Path
from random import Random

from shelfworthy.checks.policy._topics import Table, features, margins

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "tests" / "policies" / "sentences"
TABLES = ROOT / "src" / "shelfworthy" / "webtext"
WRITERS = {"en": ("first", "second", "fourth"), "de": ("de",), "es": ("es",)}  # by language
DATE = "2026-11-29"
LEAST = 2  # sentences a feature is in
COST = 1.0
ROUNDS = 20
SMALL = 30  # thousandths; a weight below is 0

Labelled = list[tuple[str, str]]


def read(name: str) -> Labelled:
    """Topic and sentence of each line."""
    lines = (SENTENCES / f"{name}.tsv").read_text("utf-8").splitlines()
    return [(topic, sentence) for topic, _, sentence in (line.partition("\t") for line in lines)]


def train(labelled: Labelled) -> Table:
    """The table of these sentences."""
    topics = sorted({topic for topic, _ in labelled})
    found = [features(sentence) for _, sentence in labelled]
    count = Counter(feature for some in found for feature in some)
    names = sorted(feature for feature, number in count.items() if number >= LEAST)
    rare = {name: log((1 + len(labelled)) / (1 + count[name])) + 1 for name in names}
    place = {name: number for number, name in enumerate(names)}
    rows = []
    for some in found:
        row = [(place[name], rare[name]) for name in sorted(some) if name in place]
        length = sqrt(sum(value * value for _, value in row)) or 1.0
        rows.append([(number, value / length) for number, value in row] + [(len(names), 1.0)])
    weights = [fit(rows, [topic == one for topic, _ in labelled], len(names) + 1) for one in topics]
    kept = {
        name: (round(rare[name] * 1000), *sparse([one[place[name]] for one in weights])) for name in names
    }
    bias = tuple(round(one[-1] * 1000) for one in weights)
    return Table(version="1", date=DATE, topics=tuple(topics), bias=bias, features=kept)


def fit(rows: list[list[tuple[int, float]]], is_it: list[bool], width: int) -> list[float]:
    """The weights that tell one topic from all others."""
    weights, alphas = [0.0] * width, [0.0] * len(rows)
    soft = 1 / (2 * COST)
    norms = [sum(value * value for _, value in row) + soft for row in rows]
    order, chance = list(range(len(rows))), Random(1)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for number in order:
            row = rows[number]
            sign = 1.0 if is_it[number] else -1.0
            slope = sign * sum(weights[at] * value for at, value in row) - 1 + alphas[number] * soft
            new = max(alphas[number] - slope / norms[number], 0.0)
            if (change := (new - alphas[number]) * sign) != 0.0:
                alphas[number] = new
                for at, value in row:
                    weights[at] += change * value
    return weights


def sparse(weights: list[float]) -> list[int]:
    """Topic and weight in turn, in thousandths, of those that are not 0."""
    whole = [round(one * 1000) for one in weights]
    return [part for number, one in enumerate(whole) if abs(one) >= SMALL for part in (number, one)]


def right(by: Table, labelled: Labelled) -> float:
    """The share of sentences whose topic the table says first."""
    hits = 0
    for topic, sentence in labelled:
        said = margins(sentence, by)
        hits += by.topics[said.index(max(said))] == topic
    return hits / len(labelled)


def across(writers: dict[str, Labelled]) -> None:
    """Say how well each writer's sentences are known without them."""
    for name, new in writers.items():
        known = [one for other, some in writers.items() if other != name for one in some]
        if known:
            print(f"trained without {name}, right on it: {right(train(known), new):.3f}")


def write(language: str, labelled: Labelled) -> None:
    """Train on all of a language, and write."""
    table, path = train(labelled), TABLES / f"topics-{language}.json"
    lines = ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(list(row), separators=(',', ':'))}"
        for name, row in table.features.items()
    )
    head = {"version": table.version, "date": table.date, "topics": table.topics, "bias": table.bias}
    path.write_text(f'{json.dumps(head)[:-1]}, "features": {{\n{lines}\n}}}}\n', "utf-8")
    print(
        f"{language}: {len(labelled)} sentences, {len(table.features)} features, {path.stat().st_size} bytes"
    )


def main() -> None:
    """Print the accuracy across writers, then train on all and write."""
    for language, names in WRITERS.items():
        writers = {name: read(name) for name in names}
        across(writers)
        write(language, [one for some in writers.values() for one in some])


if __name__ == "__main__":
    main()
