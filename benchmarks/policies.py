"""Privacy policies: how many answers are right, and how many policies are judged in a second.

    python -m benchmarks.policies [FOLDER]

Without a folder: the labelled cases of `tests/policies` (those the rules were written against, those that
were held back once, and those of later writers), at the lab's real web server; then 1,000 policies judged
offline on all cores. With a folder of real policies (Markdown, text or HTML): whether every quote stands in
its text at its place, and what the answers are; with -v each of them.
"""

import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import structs
from tests.policies.judging import POLICY_CHECKS, about, answer, judged, tally
from tests.policies.reading import Case, cases, document
from tests.policies.serving import look, served

from benchmarks.results import keep
from shelfworthy.model import About, Identity, PrivacyPolicy, Quote
from shelfworthy.sandbox.spread import spread
from shelfworthy.seen.policy import PolicySeen

NUMBER = 1000
# Folders of `tests/policies`, and what was answered about each when it was run for the first time.
FIRST = {
    "cases": "",
    "held": "121 right, 7 wrong, 40 left open",
    "practice": "222 right, 31 wrong, 55 left open",
    "blind": "173 right, 3 wrong, 20 left open",
    "later": "174 right, 6 wrong, 16 left open",
    "latest": "151 right, 4 wrong, 13 left open",
}
SUFFIXES = (".html", ".md", ".txt")


def seen_of(folder: str) -> list[tuple[Case, PolicySeen]]:
    """Every case of a folder, looked at."""
    several = cases(folder)
    with tempfile.TemporaryDirectory() as place, served(several, Path(place)) as ports:
        return [(case, look(case, ports[case.name])) for case in several]


def table(folder: str) -> list[tuple[str, ...]]:
    """Right, wrong and open by check."""
    counts = tally(judged(seen_of(folder)))
    rows = [row(name, count) for name, count in counts.items()]
    return [*rows, row("all", sum(counts.values(), Counter()))]


def row(name: str, count: Counter[str]) -> tuple[str, ...]:
    """One line of the table."""
    share = 1 - count["open"] / count.total()
    return name, str(count["right"]), str(count["wrong"]), str(count["open"]), f"{share:.0%}"


def once(number: int) -> int:
    """Read one policy from its bytes, and ask every check. The number of answers."""
    several = [one for one in cases() if one.documents and one.documents[0]["file"].endswith(".html")]
    case = several[number % len(several)]
    text = structs.replace(document(case, "policy", case.documents[0]["file"]), title=f"{number}")
    seen = PolicySeen(at=None, hops=(), documents=(text,), unvisited=())
    return len([answer(check, seen, about(case)) for check in POLICY_CHECKS])


def rate() -> tuple[str, ...]:
    """How many, in how many seconds, how many a second, and MB of the largest process."""
    once(0)
    began = time.monotonic()
    done = sum(1 for _ in spread(once, range(NUMBER)))
    wall = time.monotonic() - began
    memory = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{done:,}", f"{wall:.1f}", f"{done / wall:.0f}", f"{memory >> 10}"


def real(folder: Path) -> None:
    """Every policy of a folder: its quotes, and its answers."""
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    counts: dict[str, Counter[str]] = {}
    quotes = 0
    for file in files:
        quotes += look_at(file, counts)
    print(f"{len(files)} policies, {quotes} quotes, each at its place.\n")
    for check, count in counts.items():
        print(f"{check:26}", ", ".join(f"{says} {number}" for says, number in count.most_common()))


def look_at(file: Path, counts: dict[str, Counter[str]]) -> int:
    """One of them. The number of quotes."""
    from io import BytesIO

    from shelfworthy.readers.policy.paper import read

    (seen,) = read(BytesIO(file.read_bytes()), file.name)
    assert isinstance(seen, PolicySeen), f"{file.name} was taken for a listing"
    of = About(
        surface=PrivacyPolicy(id="policy", where=file.name, sensors=None),
        product=Identity(name=file.stem.replace("_", " "), vendor=file.stem.replace("_", " ")),
    )
    quotes = 0
    for check in POLICY_CHECKS:
        said = answer(check, seen, of)
        counts.setdefault(check.id, Counter())[f"{said.outcome}/{said.says}"] += 1
        if isinstance(said.place, Quote):
            text = seen.documents[int(said.place.path.split(".")[1])].text
            assert text[said.place.start :].startswith(said.place.text), (file.name, check.id)
            quotes += 1
        if "-v" in sys.argv:
            print(f"{file.stem}: {check.id}: {said.outcome}: {check.says[said.says].format(**said.facts)}")
    return quotes


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and keep the tables."""
    if arguments:
        real(Path(arguments[0]))
        return
    number, seconds, a_second, memory = rate()
    head = ("check", "right", "wrong", "left open", "answered")
    for folder, before in FIRST.items():
        first = f"; the rules had not seen these at first, and then it was {before}" if before else ""
        keep(
            f"policies-{folder}",
            f"Answers about labelled policies ({folder})",
            f"Right answers were written down before the rules{first}.",
            head,
            table(folder),
            f"Aims: none wrong, 85 % answered. {number} policies read and judged offline in {seconds} s on "
            f"all cores: {a_second} a second (aim: over 50), {memory} MB in a process (aim: under 300).",
        )


if __name__ == "__main__":
    main(sys.argv[1:])
