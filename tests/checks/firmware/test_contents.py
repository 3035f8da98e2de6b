"""The laws, over everything that the checks of contents were shown: what is not seen never clears."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Confidence, NotLooked, Outcome
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Facts, Left, Part, Place
from tests.readers.firmware.contents.seeing import CLOSED, FACTS, SECRET
from tests.specimen import DECODER, FOLDER, Specimen, outcome

CHECKS = sorted(id for id, check in BY_ID.items() if check.reads == (FirmwareContents,))
LISTS = ("accounts", "secrets", "services", "updaters", "programs")
GOOD = {Outcome.PASS, Outcome.MOOT}


def specimens(check: str) -> list[Specimen]:
    return [DECODER.decode(path.read_bytes()) for path in sorted((FOLDER / check).glob("*/*.json"))]


EVERY = {check: specimens(check) for check in CHECKS}
SEEN = [(check, specimen) for check in CHECKS for specimen in EVERY[check]]


def contents(specimen: Specimen) -> FirmwareContents:
    seen = specimen.seen.newest()
    assert isinstance(seen, FirmwareContents)
    return seen


def says(check: str, seen: FirmwareContents, about: About) -> Outcome:
    return outcome(tuple(BY_ID[check].judge(seen, about)))


def less_seen(seen: FirmwareContents) -> Iterator[FirmwareContents]:
    """The same with something about it that was not seen."""
    for first in seen.parts[:1]:
        closed = structs.replace(first, opened=False, why="It ended.")
        yield structs.replace(seen, parts=(closed, *seen.parts[1:]))
    yield structs.replace(seen, parts=())
    for part in (CLOSED, SECRET):
        yield structs.replace(seen, parts=(*seen.parts, part))
    yield structs.replace(seen, truncated=True)
    yield structs.replace(seen, left=NotLooked())
    yield structs.replace(seen, left=(left("files"),))


def left(facts: Facts) -> Left:
    return Left(facts, "not all was read", Place(0, "etc/long", 4096, 0))


def test_there_are_eight() -> None:
    assert len(CHECKS) == 8


@pytest.mark.parametrize("check", sorted(set(CHECKS) - {"firmware-encrypted-unknown"}))
def test_without_a_root_file_system_nothing_clears(check: str) -> None:
    for specimen in EVERY[check]:
        seen = contents(specimen)
        parts = tuple(structs.replace(part, root=False) for part in seen.parts)
        assert says(check, structs.replace(seen, parts=parts), specimen.about) not in GOOD


@pytest.mark.parametrize("check", CHECKS)
def test_what_was_not_seen_never_clears_and_never_hides(check: str) -> None:
    for specimen in EVERY[check]:
        before = says(check, contents(specimen), specimen.about)
        for seen in less_seen(contents(specimen)):
            after = says(check, seen, specimen.about)
            assert after not in GOOD
            assert (after is Outcome.FAIL) == (before is Outcome.FAIL)


# Which facts each check asks for: beside what was left of these it does not clear, of others it does.
ASKS: dict[str, tuple[Facts, ...]] = {
    "firmware-passwords": ("accounts", "secrets"),
    "firmware-default-passwords": ("accounts", "secrets"),
    "firmware-private-keys": ("secrets",),
    "firmware-shared-secrets": ("accounts", "secrets"),
    "firmware-services": ("services",),
    "firmware-hardening": ("programs",),
    "firmware-update-trust": ("updaters",),
    "firmware-encrypted-unknown": FACTS,
}


@pytest.mark.parametrize("facts", FACTS)
@pytest.mark.parametrize("check", CHECKS)
def test_nothing_clears_beside_a_bound_that_was_reached(check: str, facts: Facts) -> None:
    cleared = [one for one in EVERY[check] if outcome(one.says) in GOOD]
    assert cleared
    for specimen in cleared:
        seen = structs.replace(contents(specimen), left=(left(facts),))
        (answer,) = BY_ID[check].judge(seen, specimen.about)
        if facts in ASKS[check]:
            assert answer.outcome is Outcome.INCONCLUSIVE
            assert "/etc/long" in repr(answer.facts)
            assert "not all was read" in repr(answer.facts)
        else:
            assert answer.outcome in GOOD


@given(st.data())
def test_more_that_was_found_never_mends_a_failure_and_order_does_not_matter(data: st.DataObject) -> None:
    check, specimen = data.draw(st.sampled_from(SEEN))
    seen = contents(specimen)
    other = contents(data.draw(st.sampled_from(SEEN))[1])
    field = data.draw(st.sampled_from(LISTS))
    both = list(getattr(seen, field) + getattr(other, field))
    mixed = structs.replace(seen, **{field: tuple(data.draw(st.permutations(both)))})
    before, after = says(check, seen, specimen.about), says(check, mixed, specimen.about)
    assert after is Outcome.FAIL or before is not Outcome.FAIL
    again = structs.replace(mixed, **{field: tuple(data.draw(st.permutations(both)))})
    assert says(check, again, specimen.about) is after


@given(st.data())
def test_taking_away_what_was_found_and_saying_so_never_clears(data: st.DataObject) -> None:
    check, specimen = data.draw(st.sampled_from(SEEN))
    seen = contents(specimen)
    field = data.draw(st.sampled_from(LISTS))
    kept = tuple(one for one in getattr(seen, field) if data.draw(st.booleans()))
    cut = structs.replace(seen, truncated=True, **{field: kept})
    assert says(check, cut, specimen.about) not in GOOD


def test_a_part_that_may_be_encrypted_keeps_it_open() -> None:
    (specimen,) = (one for one in EVERY["firmware-passwords"] if outcome(one.says) is Outcome.PASS)
    part = Part("data", -1, "", 0, 1, True, "", False, 0, "unknown")
    seen = structs.replace(contents(specimen), parts=(*contents(specimen).parts, part))
    assert says("firmware-passwords", seen, specimen.about) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("shown_by", "sure"), [("script", Confidence.PROBABLE), ("program", Confidence.TENTATIVE)]
)
def test_strings_of_a_program_are_a_hint(shown_by: str, sure: Confidence) -> None:
    failing = next(one for one in EVERY["firmware-update-trust"] if outcome(one.says) is Outcome.FAIL)
    seen = contents(failing)
    updaters = tuple(structs.replace(one, shown_by=shown_by) for one in seen.updaters)
    judge = BY_ID["firmware-update-trust"].judge
    found = list(judge(structs.replace(seen, updaters=updaters), failing.about))
    assert {one.confidence for one in found} == {sure}


def test_no_finding_holds_a_password_a_hash_or_a_product() -> None:
    for check, specimen in SEEN:
        for answer in BY_ID[check].judge(contents(specimen), specimen.about):
            said = repr(answer.facts) + answer.subject
            for word in ("xc3511", "$1$", "$7$", "Sommer2016", "correct-horse", "Cat Cam", "Cats"):
                assert word not in said
