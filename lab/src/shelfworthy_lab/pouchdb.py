"""A real PouchDB Server, which speaks CouchDB's protocol: open, or with accounts."""

import http.client
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from shelfworthy_lab import parts
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port

USER, PASSWORD = "keeper", "sorrel-kettle-harbour-91"
MEMBERS = {"admins": {"names": [USER], "roles": []}, "members": {"names": [USER], "roles": ["keepers"]}}


def start(
    folder: Path,
    accounts: bool = False,
    host: str = "127.0.0.1",
    port: int | None = None,
    name: str = "pouchdb",
) -> Server:
    """Start PouchDB Server in `folder`; it keeps its databases in memory. `accounts` makes `USER` its only
    administrator, otherwise everybody is one. It has no setting that asks everybody for a login, as CouchDB
    has, and names its databases to all. Raises `CantRun`.
    """
    node = parts.fetch("node-24") / "node"
    program = parts.fetch("pouchdb-server-4_2_0") / "node_modules" / "pouchdb-server" / "bin"
    port = port or free_port()
    data = folder / f"{name}-data"
    data.mkdir(parents=True, exist_ok=True)
    config = data / "config.json"
    admins = {"admins": {USER: PASSWORD}} if accounts else {}
    config.write_text(json.dumps({"log": {"file": str(data / "log")}} | admins))
    command = [str(node), str(program / "pouchdb-server"), "--in-memory", "--no-stdout-logs", "--no-color"]
    command += ["--host", host, "--port", str(port), "--config", str(config), "--dir", str(data)]
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def fill(server: Server, records: Mapping[str, Sequence[Mapping[str, object]]], closed: bool = False) -> None:
    """Put records into databases, which are made: name → records. closed: to all but `USER`, who does it;
    that takes a server with accounts. Raises `CantRun`.
    """
    for name, held in records.items():
        place = "/" + quote(name, safe="")
        _ask(server, "PUT", place, None, closed)
        _ask(server, "POST", f"{place}/_bulk_docs", {"docs": held}, closed)
        if closed:
            _ask(server, "PUT", f"{place}/_security", MEMBERS, closed)


def _ask(server: Server, method: str, path: str, body: object, login: bool) -> None:
    """login: as `USER`, whom a server without accounts refuses. One with them falls over if others create."""
    headers = {"Content-Type": "application/json"}
    if login:
        headers["Authorization"] = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
    line = http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise CantRun(f"pouchdb broke off: {error!r}") from error
    finally:
        line.close()
    if answer.status >= 300:
        raise CantRun(f"pouchdb did not do as asked: {method} {path}: {answer.status}")
