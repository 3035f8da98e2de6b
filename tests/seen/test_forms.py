"""An older form of what was seen is kept as it was, and judged as the newest, with nothing made up."""

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.due import due
from shelfworthy.audit.judge import ask, judge, our_court
from shelfworthy.checks.bucket.bucket_listing import CHECK
from shelfworthy.guidelines import World
from shelfworthy.guidelines.cells import OPEN, PASS, cells
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.model import Bucket, Cause, Gap, NotLooked, Observation, Outcome, Seen
from shelfworthy.record import Evidence, load_evidence, redact
from shelfworthy.seen import (
    AnySeen,
    BucketSeen,
    BucketSeen1,
    EndpointHttps,
    EndpointHttps1,
    FirmwareContents,
    FirmwareContents1,
)
from shelfworthy.seen.bucket import Elsewhere
from tests.builders import NOON, looked, observed, product
from tests.forms import NEWEST, OLDER, newest
from tests.golden import JUDGED_AT, audits
from tests.specimen import DECODER, FOLDER

BUCKET = Bucket(id="records", where="s3+https://media.bear.test/tones")
LATER = NOON + timedelta(hours=1)
GOLDEN = [audit for audit in audits() if audit.parent.name == "0.1.0"]


def kept_of(kind: type[Seen]) -> list[AnySeen]:
    """What real looks left in this form: golden evidence and specimens."""
    found = [one.seen for audit in GOLDEN for one in load_evidence(audit).observations]
    found += [DECODER.decode(path.read_bytes()).seen for path in FOLDER.glob("*/*/*-first-form.json")]
    return [one for one in found if type(one) is kind]


def test_there_are_older_forms_and_each_has_a_newest() -> None:
    assert {BucketSeen1, EndpointHttps1, FirmwareContents1} == OLDER
    assert {newest(kind) for kind in OLDER} <= NEWEST
    assert [newest(BucketSeen1), newest(EndpointHttps1)] == [BucketSeen, EndpointHttps]
    assert newest(FirmwareContents1) is FirmwareContents
    names = [kind.tag().partition("/")[0] for kind in NEWEST]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("tag", sorted(kind.tag() for kind in OLDER))
def test_what_was_kept_in_it_is_kept_and_what_is_new_nobody_looked_for(tag: str) -> None:
    (kind,) = (kind for kind in OLDER if kind.tag() == tag)
    several = kept_of(kind)
    assert several
    for one in several:
        upgraded = one.newest()
        assert type(upgraded) is newest(kind)
        before, after = msgspec.structs.asdict(one), msgspec.structs.asdict(upgraded)
        assert {name: after[name] for name in before} == before  # so whatever a place names is there, too
        assert {after[name] for name in after.keys() - before.keys()} == {NotLooked()}
        assert upgraded.newest() is upgraded
        assert upgraded.mentions() == one.mentions()  # what is new may mention more, of which nobody looked
        assert one.mentions() == () or kind is FirmwareContents1
        assert msgspec.json.decode(msgspec.json.encode(one), type=AnySeen) == one


def first_form(content: BucketSeen) -> BucketSeen1:
    fields = msgspec.structs.asdict(content)
    del fields["elsewhere"]
    return BucketSeen1(**fields)


def private() -> BucketSeen:
    path = FOLDER / "bucket-listing" / "pass" / "private-knock.json"
    seen = DECODER.decode(path.read_bytes()).seen
    assert isinstance(seen, BucketSeen)
    return seen


def evidence(
    *observations: Observation[Seen], lost: tuple[Observation[Seen], ...] = (), gaps: tuple[Gap, ...] = ()
) -> Evidence:
    """Each seen by a look of its own. lost: those whose looks are all that is left."""
    return Evidence(
        product=product(BUCKET),
        observations=observations,  # type: ignore[arg-type] # of the types there are
        gaps=gaps,
        looks=tuple(looked(one, by=one.seen.tag()) for one in (*observations, *lost)),
        attachments=(),
        supplied={},
        digest="",
    )


def standing(of: Evidence) -> set[Outcome]:
    """Where the check of the listing stands."""
    by = our_court()
    said = ask((CHECK,), of, of.outline())
    outline = of.outline()
    world = World(
        product=of.product,
        surfaces=(BUCKET,),
        looks=of.looks,
        gaps=of.gaps,
        present=outline.present,
        findings=said.findings,
    )
    grounds = Grounds(by.rules, world, LATER)
    return {cell.outcome for cell in cells(by.facts[CHECK.id], BUCKET, list(said.findings), grounds)}


def test_both_forms_are_answered_alike() -> None:
    answers = []
    for seen in (private(), first_form(private())):
        judged = judge(evidence(observed(seen)), NOON)
        answers.append({(one.check, one.outcome, one.says) for one in judged.findings})
    assert answers[0] == answers[1]
    assert ("bucket-listing", Outcome.PASS, "refused") in answers[0]


def test_of_two_forms_of_one_thing_the_newer_is_due() -> None:
    old, new = observed(first_form(private())), observed(private(), at=LATER)
    both = evidence(old, new)
    by = our_court()
    findings = list(ask(by.checks, both, both.outline()).findings)
    (entry,) = due(both, findings, by)
    assert entry.last_seen == LATER


def test_where_an_old_form_is_gone_nothing_passes() -> None:
    """It may have been the newer fail, though no check reads a type of its tag any more."""
    old, new = observed(first_form(private())), observed(private(), at=LATER)
    assert standing(evidence(old, new)) == {PASS}
    assert standing(evidence(old, lost=(new,))) == {OPEN}
    assert standing(evidence(new, lost=(old,))) == {OPEN}


def test_a_gap_of_an_old_form_is_told_until_a_newer_look_closes_it() -> None:
    gap = Gap(
        id="1",
        surface=BUCKET.id,
        unit="",
        observer="",
        at=NOON,
        by="bucket/1",
        cause=Cause.SILENT,
        words="It said nothing.",
        lacks=("bucket/1",),
    )
    facts = our_court().facts[CHECK.id]
    for of, told in (
        (evidence(gaps=(gap,)), gap),
        (evidence(observed(private(), at=LATER), gaps=(gap,)), None),
    ):
        world = World(
            product=of.product,
            surfaces=(BUCKET,),
            looks=of.looks,
            gaps=of.gaps,
            present=frozenset(),
            findings=(),
        )
        assert Grounds(our_court().rules, world, LATER).gap(BUCKET.id, facts.reads) == told


def test_an_old_observation_that_was_redacted_lets_nothing_pass(tmp_path: Path) -> None:
    (golden,) = (audit for audit in GOLDEN if audit.stem == "cloudpets-fixed")
    folder = shutil.copytree(golden, tmp_path / golden.name)
    (old,) = (one for one in load_evidence(folder).observations if isinstance(one.seen, BucketSeen1))
    redact(folder, old.id, "seen.known_from", because="a test", by="R. Ed", at=JUDGED_AT)
    verdict = judge(load_evidence(folder), JUDGED_AT).verdict.guidelines["encryption"]
    changes = verdict.requirements["encryption.storage"].would_change
    words = "R. Ed took seen.known_from out of what was seen (a test)."
    assert words in {one.what for one in changes if one.check == CHECK.id}


def test_nothing_is_made_of_what_nobody_looked_for() -> None:
    seen = private()
    assert seen.elsewhere == Elsewhere(places=(), more=0)
    assert first_form(seen).newest() != seen
