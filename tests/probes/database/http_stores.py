"""Fixtures, named as such: stores that no Debian, PyPI or npm package brings, after their documentation.

Elasticsearch 7 and 8, OpenSearch 2, CouchDB 3, Firebase Realtime Database (docs/decisions/0019). Each answers
one request and hangs up.
"""

import json
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from tests.servers import Behaviour, Reader, Writer, page

Answered = tuple[int, dict[str, str], object]  # status, headers, and a body: bytes, or what JSON says
Store = Callable[[str], Answered]

STATUS = {200: "OK", 302: "Found", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
COUNTS = {"bears": 600, "toys": 40}
ELASTIC = {"x-elastic-product": "Elasticsearch"}


def serve(store: Store) -> Behaviour:
    """A web server of one store."""

    async def behave(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        status, headers, body = store(head.split(b" ")[1].decode())
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = tuple(f"{name}: {value}" for name, value in headers.items())
        writer.write(page(content, f"{status} {STATUS[status]}", lines))

    return behave


def elasticsearch(counts: dict[str, int] | None = None) -> Store:
    """Elasticsearch 7 without security: its own index, and these."""

    def answer(target: str) -> Answered:
        match urlsplit(target).path:
            case "/":
                version = {"number": "7.17.9", "build_flavor": "default"}
                told = {"name": "plum-1", "cluster_name": "plum", "version": version}
                return 200, ELASTIC, told | {"tagline": "You Know, for Search"}
            case "/_cat/indices":
                found = {".geoip_databases": 40} | (COUNTS if counts is None else counts)
                rows = [{"index": name, "docs.count": str(count)} for name, count in found.items()]
                return 200, ELASTIC, rows
        return 404, ELASTIC, {"error": "no such index"}

    return answer


def elasticsearch_of_few_rights(target: str) -> Answered:
    """Elasticsearch whose anonymous role may list, and is shown no index."""
    return (200, ELASTIC, []) if urlsplit(target).path == "/_cat/indices" else elasticsearch()(target)


def elasticsearch_secured(target: str) -> Answered:
    """Elasticsearch 8 as it comes."""
    asks = {"www-authenticate": 'Basic realm="security", charset="UTF-8"'}
    why = {"type": "security_exception", "reason": "missing authentication credentials for REST request"}
    return 401, ELASTIC | asks, {"error": why | {"root_cause": [why]}, "status": 401}


def opensearch(target: str) -> Answered:
    """OpenSearch 2 with its security plugin switched off."""
    if urlsplit(target).path == "/":
        version = {"distribution": "opensearch", "number": "2.11.0"}
        tagline = "The OpenSearch Project: https://opensearch.org/"
        return 200, {}, {"name": "plum-1", "version": version, "tagline": tagline}
    return elasticsearch()(target)


def opensearch_secured(target: str) -> Answered:
    return 401, {"www-authenticate": 'Basic realm="OpenSearch Security"'}, b"Unauthorized"


def couchdb(counts: dict[str, int] | None = None, listed: bool = True) -> Store:
    """CouchDB 3 whose administrator let everybody in; `listed` False: only to welcome them, as it comes."""
    found = COUNTS if counts is None else counts
    server = {"Server": "CouchDB/3.3.3 (Erlang OTP/24)"}

    def answer(target: str) -> Answered:
        path = unquote(urlsplit(target).path)
        if path == "/":
            vendor = {"name": "The Apache Software Foundation"}
            return 200, server, {"couchdb": "Welcome", "version": "3.3.3", "vendor": vendor}
        if not listed:
            why = "You are not a server admin."
            return 401, server, {"error": "unauthorized", "reason": why}
        if path == "/_all_dbs":
            return 200, server, ["_replicator", "_users", *found]
        if path[1:] in found:
            return 200, server, {"db_name": path[1:], "doc_count": found[path[1:]], "doc_del_count": 0}
        return 404, server, {"error": "not_found", "reason": "Database does not exist."}

    return answer


def couchdb_valid_users(target: str) -> Answered:
    """CouchDB 3 with `require_valid_user`."""
    why = {"error": "unauthorized", "reason": "Authentication required."}
    return 401, {"Server": "CouchDB/3.3.3 (Erlang OTP/24)"}, why


def firebase(names: list[str] | None = None, refused: bool = False) -> Store:
    """A Firebase database whose rules let everybody read the root, or nobody."""
    held = dict.fromkeys(["users", "voices"] if names is None else names, True)
    sort = {"Content-Type": "application/json; charset=utf-8"}

    def answer(target: str) -> Answered:
        if urlsplit(target).path == "/":
            there = "https://console.firebase.google.com/project/plum/database/plum/data/"
            return 302, {"Location": there}, b""
        if refused:
            return 401, sort, {"error": "Permission denied"}
        return 200, sort, held or None

    return answer


def silly(status: int, headers: dict[str, str], body: object) -> Store:
    """A web server that says the same to everybody."""
    return lambda target: (status, headers, body)
