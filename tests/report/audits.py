"""Audits built by hand, so that what a report shows does not change with surfaces and checks that grow."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import (
    Bucket,
    Cause,
    Change,
    Confidence,
    Contact,
    Database,
    Declaration,
    Fact,
    Finding,
    Gap,
    GuidelineVerdict,
    Identity,
    Judgement,
    Looked,
    Mention,
    NotLooked,
    Observation,
    Outcome,
    Owner,
    Place,
    Product,
    Reference,
    RequirementVerdict,
    Seen,
    Severity,
    Standing,
    Unit,
    Verdict,
    digest,
    field,
    quote,
)
from shelfworthy.record import Evidence, sealed

Audited = Callable[[], tuple[Evidence, Judgement]]

LOOKED_AT = datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)
JUDGED_AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
OBSERVER = "a bench in Bonn"


class Leaflet(Seen, frozen=True, tag="leaflet/1"):
    """A page of text with bytes and an address in it: a stand-in for what any surface may show."""

    text: str
    scan: bytes
    names: tuple[str, ...]

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(Mention(what=name, role="link", field=f"names.{n}") for n, name in enumerate(self.names))


class Greeting(Seen, frozen=True, tag="greeting/1"):
    """How a server introduced itself."""

    plain: bool
    tls: bool
    version: str
    protocol: str


class Collection(Struct, frozen=True):
    """A name, how many records, and what was not looked at."""

    name: str
    count: int
    fields: tuple[str, ...] | NotLooked


class Shown(Struct, frozen=True, tag_field="kind", tag="shown"):
    """What a stranger was shown."""

    total: int
    databases: tuple[tuple[Collection, ...], ...]


class Cupboard(Seen, frozen=True, tag="cupboard/1"):
    """A long observation: what a server keeps."""

    answer: Shown
    over_tls: bool


def observed(surface: str, seen: Seen) -> Observation[Any]:
    """What was seen at a surface, sealed."""
    return sealed(
        Observation[Any](
            id="",
            surface=surface,
            unit="",
            observer=OBSERVER,
            at=LOOKED_AT,
            by="listing/1",
            tools={"python": "3.11.7", "openssl": "3.0.19"},
            seen=seen,
        )
    )


def gap(surface: str, cause: Cause, words: str) -> Gap:
    """A gap, sealed."""
    return sealed(
        Gap(
            id="",
            surface=surface,
            unit="",
            observer=OBSERVER,
            at=LOOKED_AT,
            by="bucket/1",
            cause=cause,
            words=words,
            lacks=("bucket/1",),
        )
    )


def looked(surface: str, observations: Iterable[Observation[Any]], *, complete: bool = True) -> Looked:
    """The closing record of a look, sealed."""
    return sealed(
        Looked(
            id="",
            surface=surface,
            unit="",
            observer=OBSERVER,
            began=LOOKED_AT,
            ended=LOOKED_AT,
            by="listing/1",
            sees=("database-listing/1",),
            observations=tuple(one.id for one in observations),
            attachments=(digest(surface.encode()),),
            complete=complete,
        )
    )


def found(
    check: str,
    observation: Observation[Any],
    outcome: Outcome,
    says: str,
    *,
    place: Place | None = None,
    severity: Severity | None = None,
    cause: Cause | None = None,
    subject: str = "",
    confidence: Confidence = Confidence.CERTAIN,
    **facts: Fact,
) -> Finding:
    """A finding with its id and key."""
    finding = Finding(
        id="",
        key=digest((check, observation.surface, subject))[:24],
        check=check,
        check_version=1,
        surface=observation.surface,
        unit=observation.unit,
        outcome=outcome,
        says=says,
        facts=facts,
        subject=subject,
        severity=severity,
        confidence=confidence,
        cause=cause,
        place=place,
        evidence=(observation.id,),
        seen_at=observation.at,
        until=None,
    )
    return msgspec.structs.replace(finding, id=digest(finding)[:24])


BEAR = Identity(
    name="MurmurPal Bear",
    vendor="Plumwhistle Toys",
    model="MP-2018",
    gtin="2000000000015",
    category="toy",
    for_children=True,
    sold_from=date(2016, 10, 1),
)
PRODUCT = Product(
    product=BEAR,
    unit=(Unit(id="bear-1", bought="a shop in Bonn", lot="7", firmware="1.0.19", serial="…42"),),
    surface=(
        Database(id="records", where="mongodb://db.murmurpal.test:27017", ca="ca.pem"),
        Bucket(id="recordings", where="s3+https://media.murmurpal.test/recordings"),
        Contact(id="site", where="contact:https://www.murmurpal.test/"),
        Database(id="adverts", where="mongodb://ads.test", owner=Owner.THIRD_PARTY),
    ),
    declaration=(
        Declaration(
            requirement="updates.support",
            answer=Standing.MET,
            because="The box says that updates come until 2030.",
            quote="Updates until 31 December 2030.",
            by="A. Tester",
            on=date(2026, 2, 1),
            until=date(2027, 2, 1),
        ),
        Declaration(
            requirement="encryption.storage",
            answer=Standing.MET,
            because="The maker wrote that its disks are encrypted.",
            by="A. Tester",
            on=date(2026, 2, 1),
            until=date(2027, 2, 1),
        ),
    ),
)
NAMES = ("users", "friends", "messages", "portraits", "toys", "sessions")
HELLO = observed("records", Greeting(plain=True, tls=False, version="3.2.10", protocol="OP_QUERY"))
LISTING = observed(
    "records",
    Cupboard(
        over_tls=False,
        answer=Shown(
            total=3,
            databases=tuple(
                tuple(
                    Collection(name=f"{prefix}{name}", count=900 + n * 71, fields=NotLooked())
                    for n, name in enumerate(NAMES)
                )
                for prefix in ("", "staging-", "test-")
            ),
        ),
    ),
)
TEXT = "Write to us. We are glad of reports and answer within a week. Thank you."
LEAFLET = observed(
    "site",
    Leaflet(
        text=TEXT,
        scan=b"%PDF-1.7",
        names=("https://tour.murmurpal-club.test/", "https://www.murmurpal.test/help"),
    ),
)
BUCKET_GAP = gap(
    "recordings", Cause.NOT_PERMITTED, "Permission for media.murmurpal.test is `look`; this needs `knock`."
)

FOUND = (
    found(
        "database-open",
        LISTING,
        Outcome.FAIL,
        "open",
        place=field("answer.databases"),
        severity=Severity.CRITICAL,
        databases=3,
        records=19395,
    ),
    found(
        "retired-check",
        HELLO,
        Outcome.FAIL,
        "talks-in-clear",
        place=field("plain"),
        severity=Severity.HIGH,
        confidence=Confidence.PROBABLE,
    ),
    found(
        "retired-promise",
        LEAFLET,
        Outcome.PASS,
        "answers-in-time",
        place=quote("text", TEXT, TEXT.index("answer"), TEXT.index(" Thank")),
    ),
    found("retired-guess", LEAFLET, Outcome.INCONCLUSIVE, "no-idea", cause=Cause.NEEDS_A_PERSON),
    found("retired-note", HELLO, Outcome.MOOT, "not-for-toys", place=field("protocol")),
)
OPEN, CLEAR, PROMISE, GUESS, NOTE = (finding.id for finding in FOUND)

NOBODY = Change(
    check="", surface="", cause=Cause.NOBODY_LOOKED, what="no check asks this yet: a person may declare it"
)
PERMIT = Change(
    check="bucket-listing",
    surface="recordings",
    cause=Cause.NOT_PERMITTED,
    what="permit `knock` on recordings",
)
ANSWERS = {
    "encryption.network": RequirementVerdict(answer=Standing.NOT_MET, findings=(CLEAR,), because=(CLEAR,)),
    "encryption.tls": RequirementVerdict(
        answer=Standing.CANNOT_DETERMINE, findings=(GUESS,), because=(GUESS,), would_change=(PERMIT, NOBODY)
    ),
    "encryption.storage": RequirementVerdict(
        answer=Standing.NOT_MET,
        findings=(OPEN, CLEAR),
        because=(OPEN,),
        notes=(NOTE,),
        contradicted=f"A. Tester declared it `met` on 2026-02-01; against it: {OPEN}",
    ),
    "updates.support": RequirementVerdict(answer=Standing.MET, declared_by="A. Tester"),
    "vulnerabilities.contact": RequirementVerdict(
        answer=Standing.MET, findings=(PROMISE,), because=(PROMISE,)
    ),
    "vulnerabilities.policy": RequirementVerdict(
        answer=Standing.MET, findings=(PROMISE,), because=(PROMISE,)
    ),
    "vulnerabilities.response": RequirementVerdict(answer=Standing.MET, declared_by="A. Tester"),
    "privacy.children": RequirementVerdict(answer=Standing.NOT_APPLICABLE),
    "exposure.data": RequirementVerdict(answer=Standing.NOT_MET, findings=(OPEN,), because=(OPEN,)),
    "exposure.breach": RequirementVerdict(answer=Standing.CANNOT_DETERMINE, would_change=(PERMIT,)),
}
FIVE = {
    "encryption": Standing.NOT_MET,
    "updates": Standing.CANNOT_DETERMINE,
    "passwords": Standing.CANNOT_DETERMINE,
    "vulnerabilities": Standing.MET,
    "privacy": Standing.CANNOT_DETERMINE,
}
ROOTS = Reference(name="roots", version="2026.1.4", date="2026-01-04", sha256=digest(b"roots"))
SUPPLIED = Reference(name="ca.pem", version="", date="", sha256=digest(b"ca"), supplied_by="product file")


def verdict() -> Verdict:
    """The verdict of the bear: what is not said above is open because nobody looked."""
    headings: dict[str, dict[str, RequirementVerdict]] = {}
    for id, _ in five_guidelines().requirements():
        unknown = RequirementVerdict(answer=Standing.CANNOT_DETERMINE, would_change=(NOBODY,))
        headings.setdefault(id.partition(".")[0], {})[id] = ANSWERS.get(id, unknown)
    return Verdict(
        guidelines={id: GuidelineVerdict(answer=FIVE[id], requirements=headings[id]) for id in FIVE},
        exposures=headings["exposure"],
    )


def bear() -> tuple[Evidence, Judgement]:
    """The bear with an open database, a bucket nobody was permitted to look at and a page of promises."""
    evidence = Evidence(
        product=PRODUCT,
        observations=(HELLO, LISTING, LEAFLET),
        gaps=(BUCKET_GAP,),
        looks=(
            looked("records", (HELLO, LISTING)),
            looked("recordings", (), complete=False),
            looked("site", (LEAFLET,)),
        ),
        attachments=(digest(b"records"), digest(b"site")),
        supplied={"ca.pem": b"ca"},
        digest=digest(b"the bear's manifest"),
    )
    judgement = Judgement(
        evidence_digest=evidence.digest,
        rules_digest=digest(b"the rules of the day"),
        references=(ROOTS, SUPPLIED),
        judged_at=JUDGED_AT,
        findings=FOUND,
        verdict=verdict(),
    )
    return evidence, judgement


def nothing() -> tuple[Evidence, Judgement]:
    """The bear before anybody looked: no surface, no evidence, no finding."""
    evidence, judgement = bear()
    unknown = RequirementVerdict(answer=Standing.CANNOT_DETERMINE, would_change=(NOBODY,))
    whole = verdict()
    return (
        msgspec.structs.replace(
            evidence,
            product=Product(product=BEAR),
            observations=(),
            gaps=(),
            looks=(),
            attachments=(),
            supplied={},
            digest=digest(b"nothing"),
        ),
        msgspec.structs.replace(
            judgement,
            evidence_digest=digest(b"nothing"),
            references=(),
            findings=(),
            verdict=Verdict(
                guidelines={
                    id: GuidelineVerdict(
                        answer=Standing.CANNOT_DETERMINE,
                        requirements=dict.fromkeys(one.requirements, unknown),
                    )
                    for id, one in whole.guidelines.items()
                },
                exposures=dict.fromkeys(whole.exposures, unknown),
            ),
        ),
    )
