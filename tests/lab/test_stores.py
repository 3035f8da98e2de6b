"""The stores that npm brings are in the states they claim, and end with what they started."""

import socket
from http.client import HTTPConnection
from pathlib import Path

import pytest

from shelfworthy_lab import mysql, parts, pouchdb
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server
from tests.needs import missing

pytestmark = pytest.mark.lab


def status(server: Server, path: str) -> int:
    line = HTTPConnection(server.host, server.port, timeout=10)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def test_pouchdb_closes_its_databases_and_names_them_all_the_same(tmp_path: Path) -> None:
    with pouchdb.start(tmp_path) as opened, pouchdb.start(tmp_path, accounts=True, name="closed") as closed:
        pouchdb.fill(opened, {"bears": [{"n": 1}]})
        pouchdb.fill(closed, {"bears": [{"n": 1}]}, closed=True)
        assert [status(opened, path) for path in ("/_all_dbs", "/bears", "/bears/_all_docs")] == [200] * 3
        assert [status(closed, path) for path in ("/_all_dbs", "/bears", "/bears/_all_docs")] == [
            200,
            401,
            401,
        ]


def test_mysql_starts_from_what_was_made_once_and_is_gone_when_stopped(tmp_path: Path) -> None:
    try:
        with mysql.start(tmp_path, name="one") as one, mysql.start(tmp_path, name="two") as two:
            for server in (one, two):
                with socket.create_connection((server.host, server.port), 10) as line:
                    assert b"5.7.29" in line.recv(64)
    except CantRun as why:
        missing(str(why))
    assert not one.running()
    with socket.socket() as probe:
        assert probe.connect_ex((one.host, one.port)) != 0
    blank = parts.fetch(mysql.PART).with_name(f"{parts.fetch(mysql.PART).name}-blank")
    assert (blank / "mysql").is_dir()
    assert not (blank / "first.sql").exists()
