"""A look at a name tells the states of names apart."""

import asyncio

import pytest

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Domain, Observation, Outcome
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from shelfworthy.reference import shipped
from shelfworthy.seen import AnySeen
from shelfworthy.seen.domain import DomainNames, DomainRegistration
from shelfworthy_lab.home import CantRun
from tests.looking import Left, door, looked, product
from tests.needs import missing
from tests.probes.domain.states import CHECKS, STATES, name_server, policy, registries
from tests.specimen import outcome

pytestmark = pytest.mark.lab
LIMITS = Limits(silence=1.0, look=30.0)  # all are looked at at once, which a busy machine takes long for


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """One audit of all of them."""
    folder = tmp_path_factory.mktemp("domains")

    async def run() -> Left:
        with name_server(folder / "knot") as server:
            async with registries() as ports:
                surfaces = [Domain(id=name, where=f"domain:{one.host}") for name, one in STATES.items()]
                it = product(surfaces, [])
                return await looked(it, door(it, policy(server, ports), LIMITS), folder)

    try:
        return asyncio.run(run())
    except CantRun as why:
        missing(str(why))


def observations(left: Left) -> list[Observation[AnySeen]]:
    files = sorted((left.folder / "evidence" / "observations").glob("*.json"))
    return [OBSERVATION.decode(path.read_bytes()) for path in files]


def of(left: Left, state: str, kind: type[AnySeen]) -> AnySeen:
    return next(one.seen for one in observations(left) if one.surface == state and isinstance(one.seen, kind))


def test_states(left: Left) -> None:
    seen = observations(left)
    rows = []
    for state, about in STATES.items():
        for check, wanted in zip(CHECKS, about.truth, strict=True):
            said = answer(check, [one for one in seen if one.surface == state])
            verdict = "right" if said is wanted else "left open" if said is Outcome.INCONCLUSIVE else "wrong"
            rows.append((state, check, wanted, said, verdict))
            print(f"{state:45} {check:20} {wanted:13} {said:13} {verdict}")
    assert [row for row in rows if row[-1] != "right"] == []


def answer(check: str, observations: list[Observation[AnySeen]]) -> Outcome:
    known = BY_ID[check]
    of = [one for one in observations if isinstance(one.seen, known.reads)]
    if not of:
        return Outcome.INCONCLUSIVE
    references = {name: shipped()[name][1] for name in known.needs}
    about = About(surface=Domain(id=of[0].surface, where="domain:toy.test"), references=references)
    return outcome([said for one in of for said in answers(known, one, about)])


def test_what_was_not_seen_has_a_gap_that_says_why(left: Left) -> None:
    gaps = {gap.surface: (gap.cause, gap.words) for gap in left.gaps}
    assert set(gaps) == {
        "of a registry we do not know",
        "unknown to the registry, a name server that fails",
        "asked too often, always",
        "no RDAP, WHOIS says nothing of use",
    }
    cause, words = gaps["of a registry we do not know"]
    assert cause is Cause.DATA_MISSING
    assert "under .nowhere" in words
    assert 'bootstrap = "dns.json"' in words
    cause, words = gaps["asked too often, always"]
    assert cause is Cause.REFUSED
    assert "429" in words
    cause, words = gaps["no RDAP, WHOIS says nothing of use"]
    assert cause is Cause.NOT_UNDERSTOOD
    assert "nothing that is understood" in words


def test_signatures_are_seen(left: Left) -> None:
    for state, dnssec in (
        ("signed", "signed"),
        ("registered", "unsigned"),
        ("a name server that fails", "unknown"),
    ):
        seen = of(left, state, DomainNames)
        assert isinstance(seen, DomainNames)
        assert seen.dnssec == dnssec


def test_people_s_names_are_not_kept(left: Left) -> None:
    """WHOIS names the registrant; the registrar is a company."""
    seen = of(left, "no RDAP, WHOIS knows it", DomainRegistration)
    assert isinstance(seen, DomainRegistration)
    assert seen.registration.registrar == "Plumregistrar Ltd."
    assert seen.registration.statuses == ("client transfer prohibited",)
    assert b"Ashdown" not in left.bytes


def test_nobody_was_contacted_who_was_not_asked_about_names(left: Left) -> None:
    assert {place.rpartition(":")[0] for place in left.dialled} <= {"127.0.0.5"}  # the registries


def test_names_it_depends_on_are_mentioned(left: Left) -> None:
    seen = of(left, "mail to a domain that is nobody's", DomainNames)
    assert {(one.what, one.role) for one in seen.mentions()} == {
        ("ns1.mail.test", "name server"),
        ("mx.gone.test", "mail server"),
    }
    seen = of(left, "alias of a domain that is nobody's", DomainNames)
    assert ("a.gone.test", "alias") in {(one.what, one.role) for one in seen.mentions()}
