"""A whole catalogue in this process: every product once, none lost, politely, and bad rows spoil nothing."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.audit.catalogue import Catalogue, Hearing, Outcome, audit_catalogue
from shelfworthy.audit.executor import Done, Executor, Here, Job, Stop, every
from shelfworthy.audit.judge import judge_folder
from shelfworthy.audit.ledger import FILE, Ledger, Taken
from shelfworthy.cli.given import what_is_given
from shelfworthy.model import Basis, Level, Policy
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import read_policy
from shelfworthy.reach import Limits, Street
from shelfworthy.record import Unreadable, judgements, load_evidence, verify
from tests.builders import database, product
from tests.many import HOSTS, Site, catalogue, name, said, site, with_papers


class Ran:
    """What a run said and came to."""

    def __init__(self, file: Path, out: Path, by: Executor | None = None) -> None:
        self.wrong: list[str] = []
        self.ended: list[Done] = []
        self.surveyed = 0
        hearing = Hearing(lambda bad: self.wrong.append(str(bad)), self._surveyed, self.ended.append)
        policy = read_policy(file.parent / "bench.toml")
        to_do = Catalogue(file=file, out=out, policy=policy, requirements=(), budget=60)
        self.outcome: Outcome = asyncio.run(audit_catalogue(to_do, by or Here(8), hearing))

    def _surveyed(self, products: int) -> None:
        self.surveyed = products

    @property
    def now(self) -> list[str]:
        """The folders of what this run did."""
        return sorted(done.audit for done in self.ended if not done.before and done.digest)


@pytest.fixture(scope="module")
def toys() -> Iterator[Site]:
    with site() as made:
        yield made


def lines(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / FILE).read_text().splitlines()]


def test_every_product_once_with_evidence_judgement_line_and_result(toys: Site, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = Ran(catalogue(tmp_path, toys, 6), out)
    assert ran.surveyed == ran.outcome.products == 6
    assert ran.now == [name(number) for number in range(6)]
    for number in range(6):
        audit = out / name(number)
        assert verify(audit).problems == ()
        (judgement,) = judgements(audit)
        assert {look.complete for look in load_evidence(audit).looks} <= {True, False}
        line = next(line for line in lines(out) if line["audit"] == name(number))
        assert line["digest"] == verify(audit).digest == judgement.evidence_digest
    head, *rows = (out / "results.csv").read_text().splitlines()
    assert head.startswith("line,product,vendor,model,gtin,audit,evidence_digest,rules_digest,judged_at,")
    assert [row.split(",")[1] for row in rows] == [f"Bear {number}" for number in range(6)]
    assert ran.outcome.results.not_met == 6  # they speak cleartext


def test_begun_again_nothing_is_looked_at_twice_and_results_are_the_same_bytes(
    toys: Site, tmp_path: Path
) -> None:
    file, out = catalogue(tmp_path, toys, 4), tmp_path / "out"
    Ran(file, out)
    before, contacts = (out / "results.csv").read_bytes(), toys.contacts.total()
    again = Ran(file, out)
    assert again.now == []
    assert toys.contacts.total() == contacts
    assert len(lines(out)) == 4
    assert (out / "results.csv").read_bytes() == before


def test_what_is_added_later_is_audited_and_the_rest_is_left_alone(toys: Site, tmp_path: Path) -> None:
    out = tmp_path / "out"
    Ran(catalogue(tmp_path, toys, 2), out)
    assert Ran(catalogue(tmp_path, toys, 5), out).now == [name(number) for number in (2, 3, 4)]


def test_what_was_begun_is_gone_on_with(toys: Site, tmp_path: Path) -> None:
    """As a run leaves it that is killed behind the looks of a product, before its manifest."""
    file, out = catalogue(tmp_path, toys, 1), tmp_path / "out"
    Ran(file, out)
    evidence = out / name(0) / "evidence"
    before = {path.name for path in (evidence / "observations").iterdir()}
    (evidence / "manifest.json").unlink()
    (out / FILE).unlink()
    contacts = toys.contacts.total()
    complete = {(one.surface, one.by) for one in load_evidence(out / name(0)).looks if one.complete}
    assert Ran(file, out).now == [name(0)]
    assert before <= {path.name for path in (evidence / "observations").iterdir()}
    looks = [(one.surface, one.by) for one in load_evidence(out / name(0)).looks]
    assert all(looks.count(one) == 1 for one in complete)
    assert toys.contacts.total() - contacts < contacts


def test_a_line_that_was_cut_off_does_not_count(toys: Site, tmp_path: Path) -> None:
    file, out = catalogue(tmp_path, toys, 3), tmp_path / "out"
    Ran(file, out)
    whole = (out / FILE).read_bytes()
    (out / FILE).write_bytes(whole[:-20])
    assert len(Ran(file, out).now) == 1
    assert len(lines(out)) == 3


def test_a_ledger_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("nonsense\n")
    with pytest.raises(Unreadable, match=r"catalogue\.jsonl:1"):
        Ledger(tmp_path)


def test_evidence_that_is_not_what_the_ledger_says_is_not_finished(toys: Site, tmp_path: Path) -> None:
    file, out = catalogue(tmp_path, toys, 2), tmp_path / "out"
    Ran(file, out)
    (out / name(0) / "evidence/manifest.json").write_bytes(b"{}")
    assert Ran(file, out).now == [name(0)]
    assert verify(out / name(0)).problems == ()


def test_a_judgement_that_was_taken_away_is_made_again(toys: Site, tmp_path: Path) -> None:
    file, out = catalogue(tmp_path, toys, 1), tmp_path / "out"
    Ran(file, out)
    for kept in (out / name(0) / "judgements").iterdir():
        kept.unlink()
    ran = Ran(file, out)
    assert (ran.now, ran.outcome.results.not_met) == ([], 1)
    assert len(judgements(out / name(0))) == 1


def test_two_runs_on_one_folder_are_one_too_many(toys: Site, tmp_path: Path) -> None:
    file, out = catalogue(tmp_path, toys, 1), tmp_path / "out"
    with Ledger(out), pytest.raises(Taken, match="another run is at work"):
        Ran(file, out)
    assert Ran(file, out).now == [name(0)]


def test_bad_rows_and_doubles_are_told_and_the_others_audited(toys: Site, tmp_path: Path) -> None:
    file = catalogue(tmp_path, toys, 2)
    double = file.read_text().splitlines()[1]
    file.write_text(file.read_text() + f"{double}\n,,ftp://x/,\nToy,P,http://127.0.3.1:{toys.port}/,\n")
    ran = Ran(file, tmp_path / "out")
    assert ran.now == ["p-toy.audit", name(0), name(1)]
    assert ran.outcome.bad == 2
    assert f'listings.csv:4: id: "{name(0)}" is the folder of a product before it.' in ran.wrong[0]
    assert "listings.csv:5: endpoint:" in ran.wrong[1]


GOOD_LETTERS = """\
looked_until = 2018-06-05
[[contact]]
id = "mail"
on = 2018-05-01
how = "e-mail"
source = "ticket"
"""
WRONG_LETTERS = GOOD_LETTERS.replace("2018-05-01", "2018-06-06").replace('"ticket"', '""')


def test_a_paper_that_is_wrong_is_told_before_anybody_is_contacted(toys: Site, tmp_path: Path) -> None:
    file = with_papers(tmp_path, toys, bear=GOOD_LETTERS, owl=WRONG_LETTERS, wolf="[product")
    told: list[int] = []
    before = toys.contacts.total()

    def surveyed(self: Ran, products: int) -> None:
        told.extend((products, len(self.wrong), toys.contacts.total()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ran, "_surveyed", surveyed)
        ran = Ran(file, tmp_path / "out")
    assert told == [2, 2, before]
    assert ran.now == ["p-bear.audit", "p-toy.audit"]
    assert (ran.outcome.products, ran.outcome.bad, ran.outcome.failed) == (2, 2, 0)
    assert not (tmp_path / "out" / "p-owl.audit").exists()
    late, empty = ran.wrong[0].replace(f"{tmp_path}/", "").splitlines()
    assert late == (
        "listings.csv:3: product: owl/letters.toml:4: contact.mail.on: 2018-06-06 lies after 2018-06-05, the"
        " day until which the record is kept (looked_until). Expected an earlier date."
    )
    assert empty.startswith("listings.csv:3: product: owl/letters.toml:6: contact.mail.source: it is empty. ")
    assert (
        ran.wrong[1]
        .replace(f"{tmp_path}/", "")
        .startswith("listings.csv:4: product: wolf/letters.toml:1: this is not TOML: ")
    )


def test_a_row_whose_paper_was_mended_is_audited_by_the_next_run(toys: Site, tmp_path: Path) -> None:
    file, out = with_papers(tmp_path, toys, owl=WRONG_LETTERS), tmp_path / "out"
    assert Ran(file, out).now == ["p-toy.audit"]
    (tmp_path / "owl" / "letters.toml").write_text(GOOD_LETTERS)
    again = Ran(file, out)
    assert (again.wrong, again.now, again.outcome.products) == ([], ["p-owl.audit"], 2)


def test_a_paper_is_as_wrong_alone_as_in_a_catalogue(toys: Site, tmp_path: Path) -> None:
    """The same words for one product as for many, behind the row's line."""
    file = with_papers(tmp_path, toys, owl=WRONG_LETTERS)
    with pytest.raises(BadFile) as alone:
        what_is_given([str(tmp_path / "owl" / "product.toml")], None, [], Level.LOOK, Basis.PUBLIC)
    (told,) = Ran(file, tmp_path / "out").wrong
    at = f"{file}:2: product: "
    assert [line.removeprefix(at) for line in told.splitlines()] == str(alone.value).splitlines()


def test_a_folder_of_another_product_is_not_touched(toys: Site, tmp_path: Path) -> None:
    file, out = catalogue(tmp_path, toys, 2), tmp_path / "out"
    Ran(file, out)
    digest = verify(out / name(0)).digest
    file.write_text(file.read_text().replace("Bear 0,Plumwhistle,", "Bear 0,Plumwhistle,https://new.test/ "))
    ran = Ran(file, out)
    assert "holds an audit of another product, or of this one before its row was changed" in ran.wrong[0]
    assert verify(out / name(0)).digest == digest


def test_without_a_catalogue_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "bench.toml").write_text("")
    with pytest.raises(BadFile, match="cannot be read"):
        Ran(tmp_path / "none.csv", tmp_path / "out")


def test_a_product_over_which_we_crash_is_told_and_tried_again(
    toys: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = catalogue(tmp_path, toys, 3), tmp_path / "out"
    judged = judge_folder

    def crash(folder: Path, at: object) -> object:
        return judged(folder, 1 / 0 if folder.name == name(1) else at)  # type: ignore[arg-type]

    monkeypatch.setattr("shelfworthy.audit.executor.judge_folder", crash)
    ran = Ran(file, out)
    assert (ran.now, ran.outcome.failed) == ([name(0), name(2)], 1)
    assert "a fault of ours: ZeroDivisionError" in next(done.trouble for done in ran.ended if done.trouble)
    monkeypatch.undo()
    assert Ran(file, out).now == [name(1)]


def test_nobody_is_contacted_that_a_row_and_the_policy_do_not_both_permit(toys: Site, tmp_path: Path) -> None:
    file, out = catalogue(tmp_path, toys, 1), tmp_path / "out"
    (tmp_path / "bench.toml").write_text('observer = "a test"\n')  # opens no loopback
    before = toys.contacts.total()
    Ran(file, out)
    assert toys.contacts.total() == before
    assert {gap.cause for gap in load_evidence(out / name(0)).gaps} == {"not permitted"}
    (tmp_path / "bench.toml").write_text('open = ["127.0.0.0/8"]\n')
    Ran(file, tmp_path / "other")
    assert toys.contacts.total() > before  # it would have answered


def test_politeness_holds_for_an_address_whoever_names_it(tmp_path: Path) -> None:
    """Twelve products name the same two addresses; the server counts."""
    with site(delay=0.02) as busy:
        file = catalogue(tmp_path, busy, 12, hosts=HOSTS[:2])
        Ran(file, tmp_path / "out", Here(12, Street(Limits(together=3))))
        assert max(busy.most.values()) == 3
    with site(delay=0.02) as busy:
        file = catalogue(tmp_path, busy, 12, hosts=HOSTS[:2])
        Ran(file, tmp_path / "out2", Here(12, Street(Limits(together=30))))
        assert max(busy.most.values()) > 3  # so it was the street that held them back


def test_the_pace_holds_across_products_too(tmp_path: Path) -> None:
    with site() as busy:
        file = catalogue(tmp_path, busy, 4, hosts=HOSTS[:1])
        loop = asyncio.new_event_loop()
        began = loop.time()
        Ran(file, tmp_path / "out", Here(4, Street(Limits(rate=40, burst=10))))
        took, contacts = loop.time() - began, busy.contacts[HOSTS[0]]
        loop.close()
        assert contacts > 40
        assert took >= (contacts - 10) / 40 - 0.05


def test_so_many_at_once_and_no_more_are_taken_than_can_be_begun(tmp_path: Path) -> None:
    taken: list[int] = []

    class Slow:
        at_once = 3
        under_way = most = 0

        async def audit(self, job: Job) -> Done:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            assert len(taken) <= self.at_once + job.line + 1
            await asyncio.sleep(0.01)
            self.under_way -= 1
            return Done(line=job.line, audit="", digest="1")

    slow = Slow()
    ended = asyncio.run(ends(numbered(10, taken), slow))
    assert (slow.most, sorted(ended)) == (3, list(range(10)))


def test_what_stops_everything_comes_out_as_it_is() -> None:
    class Broken:
        at_once = 2

        async def audit(self, job: Job) -> Done:
            if job.line == 3:
                raise Stop("the cluster is gone")
            return Done(line=job.line, audit="", digest="1")

    with pytest.raises(Stop, match="the cluster is gone"):
        asyncio.run(ends(numbered(9, []), Broken()))


async def ends(jobs: Iterator[Job], executor: Executor) -> list[int]:
    return [done.line async for several in every(jobs, executor) for done in several]


def numbered(number: int, taken: list[int]) -> Iterator[Job]:
    """So many jobs, and on record when each was taken."""
    of = product(database())
    for line in range(number):
        taken.append(line)
        yield Job(line=line, folder=Path(), product=of, text=b"", supplied={}, policy=Policy(), budget=1)


def test_the_same_product_alone_says_the_same(toys: Site, tmp_path: Path) -> None:
    file = catalogue(tmp_path, toys, 8)
    Ran(file, tmp_path / "many", Here(8))
    Ran(file, tmp_path / "one", Here(1))
    for number in range(8):
        assert said(tmp_path / "many" / name(number)) == said(tmp_path / "one" / name(number))
