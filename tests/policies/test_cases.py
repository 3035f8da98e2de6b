"""Every answer about a case whose right answers were written down before is right, or left to a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.checks.policy._reading import reading
from shelfworthy.seen.policy import PolicySeen
from tests.policies.judging import POLICY_CHECKS, Judged, judged
from tests.policies.reading import Case, cases
from tests.policies.serving import look, served
from tests.specimen import FOLDER

ANSWERED = 0.85  # of all questions, at least
FOLDERS = ("cases", "held", "practice", "blind", "later", "latest")


@pytest.fixture(scope="module", params=FOLDERS)
def seen(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[tuple[Case, PolicySeen]]]:
    several = cases(request.param)
    with served(several, tmp_path_factory.mktemp("site")) as ports:
        yield [(case, look(case, ports[case.name])) for case in several]


@pytest.fixture(scope="module")
def answers(seen: list[tuple[Case, PolicySeen]]) -> list[Judged]:
    return list(judged(seen))


@pytest.mark.parametrize("check", POLICY_CHECKS, ids=lambda check: check.id)
def test_no_answer_is_wrong(answers: list[Judged], check: object) -> None:
    wrong = [one for one in answers if one.check == getattr(check, "id", "") and one.standing == "wrong"]
    assert not wrong, [(one.case, one.label, one.sentence) for one in wrong]


def test_most_questions_are_answered(answers: list[Judged]) -> None:
    left = [one for one in answers if one.standing == "open"]
    assert len(left) <= (1 - ANSWERED) * len(answers)


def test_every_quote_stands_where_it_says(seen: list[tuple[Case, PolicySeen]]) -> None:
    for _, one in seen:
        read = reading(one)
        for sentence in read.sentences:
            at = read.at(sentence)
            text = one.documents[sentence.document].text
            assert text[at.start :].startswith(at.text)
            assert " ".join(at.text.split()) == sentence.text


def test_every_block_stands_in_its_page(seen: list[tuple[Case, PolicySeen]]) -> None:
    for case, one in seen:
        for document in one.documents:
            source = case.folder / document.final.rpartition("/")[2]
            if document.form != "web page" or document.rendered or not source.is_file():
                continue
            page = source.read_text("utf-8")
            for block in document.blocks:
                first = document.text[block.start : block.start + 1]
                assert page[block.at] in (first, "&"), (case.name, first)


def test_labels_are_of_the_checks_there_are() -> None:
    names = {check.id for check in POLICY_CHECKS}
    for folder in FOLDERS:
        for case in cases(folder):
            assert names <= case.labels.keys()
            assert set(case.labels.values()) <= {"pass", "fail", "moot", "inconclusive"}


def test_held_cases_are_no_specimens() -> None:
    held = {case.name for case in cases("held")}
    files = {path.stem.removeprefix("case-") for path in Path(FOLDER).glob("policy-*/*/*.json")}
    assert not held & files
