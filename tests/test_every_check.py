"""Every check: its page, its sentences, its place in the list, and what it must say of every specimen."""

import ast
import inspect
import json
import pkgutil
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import shelfworthy.checks
from shelfworthy.checks import CHECKS
from shelfworthy.model import Check, Outcome
from shelfworthy.seen import AnySeen
from tests.check_versions import module_of, stamp, stamps
from tests.forms import newest
from tests.specimen import DECODER, FOLDER, Specimen, outcome, written

SPECIMENS = sorted(FOLDER.glob("*/*/*.json"))
NEEDED = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE)
# No list shows that nothing was ever published: what it asks a person may declare, and nothing passes.
# And a promise is broken or not yet, but nothing that is seen proves it kept.
NEVER_PASS = frozenset({"incident-on-record", "policy-security-claims"})
# What could not be looked into is no fault of a product: it stays open, and nothing fails for it.
NEVER_FAIL = frozenset({"firmware-encrypted-unknown"})
ANSWERS = ("fails", "passes", "moot", "inconclusive")
# Arguments of an answer that are no facts.
OWN_WORDS = frozenset({"at", "severity", "confidence", "cause", "subject", "until"})
SECTIONS = ("Why it matters:", "How we look", "What it does not show:", "If it fails:")
EVERY = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
STAMP = (
    "Raise the check's version, or before the first release: python -m tests.check_versions --before-release"
)


def read(path: Path) -> Specimen:
    return DECODER.decode(path.read_bytes())


# -- what checks say ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_check_says_of_its_specimen_what_it_must(path: Path) -> None:
    specimen = read(path)
    check = next(check for check in CHECKS if check.id == path.parts[-3])
    seen = specimen.seen.newest()
    assert isinstance(seen, check.reads), f"{check.id} does not read {specimen.seen.tag()}"
    says = tuple(check.judge(seen, specimen.about))
    assert msgspec.to_builtins(says) == msgspec.to_builtins(specimen.says)
    assert outcome(says) == path.parent.name
    for answer in says:
        assert spoken(check.says[answer.says], dict(answer.facts))


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_specimen_says_where_it_comes_from_and_has_one_form(path: Path) -> None:
    specimen = read(path)
    assert len(specimen.source) > 10, "name the server, version, edition and date, or “fixture: …”"
    assert path.read_bytes() == written(specimen), "write it with tests/harvest.py"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)


@EVERY
def test_it_has_specimens_of_pass_fail_and_inconclusive(check: Check) -> None:
    has = {path.parent.name for path in SPECIMENS if path.parts[-3] == check.id}
    if check.id in NEVER_PASS:
        assert "passes" not in {node.id for node in ast.walk(tree(check)) if isinstance(node, ast.Name)}
        assert Outcome.PASS not in has
        has.add(Outcome.PASS)
    if check.id in NEVER_FAIL:
        assert "fails" not in {node.id for node in ast.walk(tree(check)) if isinstance(node, ast.Name)}
        assert Outcome.FAIL not in has
        has.add(Outcome.FAIL)
    assert not set(NEEDED) - has


@EVERY
def test_it_has_specimens_of_each_form_of_what_it_reads(check: Check) -> None:
    """An older form shows that what was kept in it is judged as ever, the newest what is kept now."""
    has = {type(read(path).seen) for path in SPECIMENS if path.parts[-3] == check.id}
    forms = {kind for kind in AnySeen.__args__ if newest(kind) in check.reads}
    assert has == forms


@EVERY
def test_each_of_its_sentences_was_spoken_over_a_specimen(check: Check) -> None:
    paths = [path for path in SPECIMENS if path.parts[-3] == check.id]
    heard = {answer.says for path in paths for answer in read(path).says}
    assert not check.says.keys() - heard


def test_there_are_no_specimens_of_what_does_not_exist() -> None:
    ids = {check.id for check in CHECKS}
    assert {path.name for path in FOLDER.iterdir()} <= ids
    assert {path.name for path in FOLDER.glob("*/*")} <= set(Outcome)
    assert set(FOLDER.glob("*/*/*")) == set(SPECIMENS)


# -- its sentences -----------------------------------------------------------------------------------------


@EVERY
def test_its_judge_and_its_sentences_agree(check: Check) -> None:
    given = {says for says, _ in answers(check)}
    assert given <= check.says.keys(), "an answer without a sentence"
    assert check.says.keys() <= constants(check), "a sentence no answer uses"


@EVERY
def test_every_fact_a_sentence_names_is_given(check: Check) -> None:
    for says, facts in answers(check):
        missing = wanted(check.says[says]) - (facts or wanted(check.says[says]))
        assert not missing, f"{says}: {missing}"
    for sentence in check.says.values():
        assert not wanted(sentence) & OWN_WORDS, "a fact named like an argument of the answer"
        assert sentence.endswith("."), sentence


def spoken(sentence: str, facts: dict[str, object]) -> str:
    """The sentence with its facts. Raises KeyError for a fact that is missing."""
    return sentence.format(**facts)


def wanted(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def answers(check: Check) -> Iterator[tuple[str, set[str] | None]]:
    """Each answer in the check's source: id of its sentence, its facts by name (None: given as `**`)."""
    for node in ast.walk(tree(check)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ANSWERS:
            names = {word.arg for word in node.keywords if word.arg}
            whole = all(word.arg for word in node.keywords)
            for says in ast.walk(node.args[0]):
                if isinstance(says, ast.Constant) and isinstance(says.value, str):
                    yield says.value, names if whole else None


def constants(check: Check) -> set[str]:
    """Every string in the check's source outside of its sentences."""
    body = [node for node in tree(check).body if not names_says(node)]
    return {
        node.value
        for part in body
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def names_says(node: ast.stmt) -> bool:
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return any(isinstance(target, ast.Name) and target.id == "SAYS" for target in targets)


def tree(check: Check) -> ast.Module:
    return ast.parse(inspect.getsource(module_of(check)))


# -- its page ----------------------------------------------------------------------------------------------


@EVERY
def test_its_page_asks_a_question_and_has_every_section_in_order(check: Check) -> None:
    paragraphs = inspect.cleandoc(module_of(check).__doc__ or "").split("\n\n")
    assert paragraphs[0].endswith("?")
    assert paragraphs[0].count("?") == 1
    found = [label for paragraph in paragraphs[1:] for label in SECTIONS if paragraph.startswith(label)]
    assert found == list(SECTIONS)
    told = [paragraph.partition(":")[2] for paragraph in paragraphs[1:] if paragraph.startswith(SECTIONS)]
    assert all(len(words) > 20 for words in told)
    level = re.search(r"^How we look \((.+?)\):", module_of(check).__doc__ or "", re.MULTILINE)
    assert level is not None
    assert level[1].startswith(check.level)


# -- its place in the list ---------------------------------------------------------------------------------


@EVERY
def test_file_name_folder_id_and_kind_agree(check: Check) -> None:
    *_, folder, name = module_of(check).__name__.split(".")
    assert name == check.id.replace("-", "_")
    assert {seen.surface_kind() for seen in check.reads} == {folder} or len(check.reads) > 1
    assert module_of(check).__dict__["CHECK"] is check
    assert module_of(check).__dict__["SAYS"] is check.says


def test_the_list_holds_every_file_once() -> None:
    """Files whose name begins with "_" hold what checks share."""
    listed = Counter(module_of(check).__name__ for check in CHECKS)
    files = {
        found.name
        for found in pkgutil.walk_packages(shelfworthy.checks.__path__, "shelfworthy.checks.")
        if not found.ispkg and not found.name.rpartition(".")[2].startswith("_")
    }
    assert listed == Counter(files)
    assert len({check.id for check in CHECKS}) == len(CHECKS)


# -- its version -------------------------------------------------------------------------------------------


@EVERY
def test_its_source_did_not_change_without_its_version(check: Check) -> None:
    on_record = stamps().get(check.id)
    assert on_record is not None, STAMP
    assert stamp(check) == on_record, STAMP


def test_no_version_is_on_record_for_a_check_that_is_gone() -> None:
    assert stamps().keys() <= {check.id for check in CHECKS}, STAMP
    assert json.dumps(stamps()) != "{}"
