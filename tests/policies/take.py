"""Take the specimens of the policy checks: cases, at the lab's real web server.

python -m tests.policies.take

Of each check one specimen for each of its sentences, from the first case in which it is spoken, and some
beside them that no case has.
"""

import tempfile
from datetime import date
from pathlib import Path

from msgspec import structs

from shelfworthy.model import About, Cause, Outcome, PrivacyPolicy, Told
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.documents import Source, of_html
from tests.harvest import write_specimen
from tests.policies.judging import POLICY_CHECKS, about, answer
from tests.policies.reading import Case, cases
from tests.policies.serving import look, served
from tests.specimen import FOLDER

Taken = tuple[str, PolicySeen, About, str]


def main() -> None:
    for check in POLICY_CHECKS:
        for old in (FOLDER / check.id).glob("*/*.json"):
            old.unlink()
    several = cases()
    with tempfile.TemporaryDirectory() as folder, served(several, Path(folder)) as ports:
        seen = [(case, look(case, ports[case.name])) for case in several]
    source = f"the lab's web server (http.server, OpenSSL), {date.today().isoformat()}"
    real = [(f"case-{case.name}", one, about(case), f"{source}, case {case.name}") for case, one in seen]
    for check in POLICY_CHECKS:
        missing = set(check.says)
        for name, one, of, said in [*real, *made(seen)]:
            says = answer(check, one, of).says
            if says in missing:
                missing.discard(says)
                print(write_specimen(check.id, one, of, said, name).relative_to(Path.cwd()))
        if missing:
            print(f"{check.id}: nobody said {missing}")


def made(seen: list[tuple[Case, PolicySeen]]) -> list[Taken]:
    """What no case shows: a page that was cut, one of which nobody said what it is for, and the like."""
    found: list[Taken] = []
    for case, one in seen:
        if one.documents and one.documents[0].text:
            cut = structs.replace(one.documents[0], whole=False)
            short = structs.replace(cut, text=cut.text[: cut.blocks[1].start], blocks=cut.blocks[:1])
            for name, document in (("cut", cut), ("short", short)):
                changed = structs.replace(one, documents=(document, *one.documents[1:]))
                found.append(
                    (f"fixture-{name}-{case.name}", changed, about(case), f"fixture: {case.name}, cut")
                )
            none = structs.replace(one, documents=())
            found.append(
                (f"fixture-none-{case.name}", none, about(case), f"fixture: {case.name}, no document")
            )
            as_file = structs.replace(one, at=None)
            found.append((f"fixture-file-{case.name}", as_file, about(case), f"fixture: {case.name}, a file"))
            found += of_others(case, one)
    return found + ways(seen) + written(seen)


def of_others(case: Case, one: PolicySeen) -> list[Taken]:
    """The same text of a product of which less, or something else, is known."""
    of = about(case)
    assert of.product is not None
    assert isinstance(of.surface, PrivacyPolicy)
    unsaid = structs.replace(
        of,
        surface=structs.replace(of.surface, sensors=None),
        product=structs.replace(of.product, for_children=None),
    )
    dutch = structs.replace(of, surface=structs.replace(of.surface, languages=("nl",)))
    failed = Told(check="database-open", surface="records", outcome=Outcome.FAIL, says="open")
    held = Told(check="tls-versions", surface="api", outcome=Outcome.PASS, says="modern")
    return [
        (f"fixture-dutch-{case.name}", one, dutch, f"fixture: {case.name}, for buyers in the Netherlands"),
        (f"fixture-unsaid-{case.name}", one, unsaid, f"fixture: {case.name}, of an unknown product"),
        (
            f"fixture-open-{case.name}",
            one,
            structs.replace(of, answers=(failed,)),
            f"fixture: {case.name}, with an open database",
        ),
        (
            f"fixture-held-{case.name}",
            one,
            structs.replace(of, answers=(held,)),
            f"fixture: {case.name}, with good TLS",
        ),
    ]


def ways(seen: list[tuple[Case, PolicySeen]]) -> list[Taken]:
    """Ways to a policy that no case has."""
    case, one = next((case, one) for case, one in seen if case.name == "two-clicks")
    document = next(one for one in one.documents if one.role == "policy")
    other = structs.replace(document, text="Our bears are soft.", blocks=document.blocks[:1], title="")
    nothing = structs.replace(one, documents=())
    changed = {
        "no-link": nothing,
        "left": structs.replace(nothing, unvisited=document.links[:1]),
        "far": structs.replace(one, documents=(structs.replace(document, clicks=-1),)),
        "no-policy": structs.replace(one, documents=(other,)),
        "silent": structs.replace(
            one,
            documents=(
                structs.replace(
                    other, text="", blocks=(), cause=Cause.SILENT, words="It said nothing for 5 s."
                ),
            ),
        ),
    }
    return [
        (f"fixture-{name}", seen, about(case), f"fixture: two-clicks, {name}")
        for name, seen in changed.items()
    ]


def written(seen: list[tuple[Case, PolicySeen]]) -> list[Taken]:
    """Short texts that say what no case says alone."""
    case, one = next((case, one) for case, one in seen if case.name == "good-toy")
    texts = {
        "one-kind": "Our bear takes your voice so that it can answer you. That is all of it.",
        "voice": "Your voice and your name are used so that the bear can answer you. That is all of it.",
        "active": "While your account is active we hold your recordings. That is what we have to say of it.",
    }
    longer = (
        "Your voice. We use what you say so that the bear can answer you when you talk to it, and we throw "
        "it away on the same day, and nobody else hears it, not even the people who made the bear. "
    )
    texts["near"] = longer * 5
    found = []
    for name, text in texts.items():
        source = Source("policy", one.documents[0].url, one.documents[0].final, -1, 200)
        document = of_html(source, f"<html lang=en><h1>Privacy</h1><p>{text}</p></html>", whole=True)
        changed = structs.replace(one, documents=(document,))
        found.append((f"fixture-{name}", changed, about(case), "fixture: a text of one sentence or two"))
    return found


if __name__ == "__main__":
    main()
