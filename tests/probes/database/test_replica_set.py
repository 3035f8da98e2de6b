"""An open secondary of a real replica set shows what it holds as well: it is asked as one may ask it."""

import asyncio
import time
from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge
from shelfworthy.audit.look import look
from shelfworthy.model import Outcome
from shelfworthy.product.write import product_toml
from shelfworthy.record import Recorder, load_evidence
from shelfworthy_lab import CantRun, mongod
from shelfworthy_lab.processes import Server
from tests.builders import NOON, database, door, product
from tests.needs import missing

pytestmark = pytest.mark.lab


def test_an_open_secondary_is_open(tmp_path: Path) -> None:
    try:
        first = mongod.start(tmp_path / "1", replica_set="bears")
    except CantRun as why:
        missing(str(why))
    with first, mongod.start(tmp_path / "2", replica_set="bears") as second:
        begin(first, second)
        of = product(database(second.port))
        recorder = Recorder(tmp_path / "a.audit", product_toml(of).encode(), {})
        asyncio.run(look(of, door(of), recorder, "a test", budget=60, tell=lambda step: None))
        recorder.close()
    findings = judge(load_evidence(tmp_path / "a.audit"), NOON.replace(year=2099)).findings
    said = {finding.outcome for finding in findings if finding.check == "database-open"}
    assert said == {Outcome.FAIL}


def begin(first: Server, second: Server, *more: Server) -> None:
    """Make them one set, of which all but the first can only follow."""
    members = [
        {"_id": number, "host": f"{server.host}:{server.port}", "priority": 0 if number else 1}
        for number, server in enumerate((first, second, *more))
    ]
    quick = {"electionTimeoutMillis": 500, "heartbeatIntervalMillis": 200}
    with mongod.connect(first) as keeper:
        keeper.admin.command("replSetInitiate", {"_id": "bears", "members": members, "settings": quick})
    ends = time.monotonic() + 60
    with mongod.connect(second) as follower:
        while not follower.admin.command("hello").get("secondary"):
            assert time.monotonic() < ends
            time.sleep(0.2)
