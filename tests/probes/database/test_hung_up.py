"""A server that also speaks cleartext, behind something that once hung up: that is not TLS only."""

import asyncio
import sys
from pathlib import Path

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Outcome
from shelfworthy.probes.database import HELLO
from shelfworthy.reach import Limits
from shelfworthy.record import load_evidence
from shelfworthy_lab import mongod
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.processes import free_port
from tests.builders import database, door, product
from tests.looking import looked
from tests.probes.endpoint.real import HOST, running

CHECK = BY_ID["database-cleartext"]


@pytest.mark.lab
@pytest.mark.parametrize("first", [0, 1])
def test_one_who_was_cut_off_once_asks_again(tmp_path: Path, first: int) -> None:
    identity = Authority(tmp_path).issue("localhost")
    port, root = free_port(), Path(__file__).parents[3]
    with mongod.start(tmp_path, tls=identity, also_cleartext=True) as server:
        command = [sys.executable, "-m", "tests.probes.endpoint.relay", HOST, port, server.port, 9, first + 1]
        with running(
            [str(word) for word in command], port, tmp_path, cwd=root
        ):  # whose own look is the first
            it = product(database(port))
            asyncio.run(looked(it, door(it, Limits(silence=1.0)), tmp_path / "a.audit", (HELLO,)))
    (observation,) = load_evidence(tmp_path / "a.audit").observations
    answers = CHECK.judge(observation.seen, About(surface=it.surface[0]))
    assert [answer.outcome for answer in answers] == [Outcome.FAIL]
