"""Cases at the lab's real web server, and one look at each, straight through the probe."""

import asyncio
import mimetypes
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import cast

import msgspec

from shelfworthy.model import PrivacyPolicy, Seen, Sensor
from shelfworthy.probes.policy import POLICY
from shelfworthy.reach import Limits
from shelfworthy.seen.policy import PolicySeen
from shelfworthy_lab import listeners
from shelfworthy_lab.certificates import Authority
from shelfworthy_lab.listeners import Listener, Page
from shelfworthy_lab.processes import end, free_port
from tests.looking import allow, bench, door, product
from tests.policies.reading import Case

HOST = "127.0.0.5"
PATIENT = Limits(connect=5, silence=10, look=60)  # a browser takes its time, and the machine may be busy
PORT = 8443  # in what is kept, instead of the one that was free


@contextmanager
def served(cases: Iterable[Case], folder: Path) -> Iterator[dict[str, int]]:
    """Every case on a port of its own: name → port. Raises CantRun."""
    identity = Authority(folder).issue("localhost")
    taken: set[int] = set()
    ports = {case.name: free_port(taken) for case in cases}
    wanted = [
        Listener(
            case.name,
            HOST,
            ports[case.name],
            "tls",
            certificate=str(identity.certificate),
            key=str(identity.key),
            pages=pages(case.folder),
        )
        for case in cases
    ]
    pid_file, outcome = listeners.start(wanted, folder, "policies")
    try:
        assert set(outcome.values()) == {listeners.RUNNING}
        yield ports
    finally:
        end(pid_file)


def pages(folder: Path) -> dict[str, Page]:
    """The files of a case, as a server would send them."""
    return {
        f"/{file.name}": Page(body=file.read_bytes().decode("latin-1"), type=media(file), encoding="latin-1")
        for file in folder.iterdir()
        if file.name != "case.toml"
    }


def media(file: Path) -> str:
    """The media type of a file."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def surface(case: Case, origin: str) -> PrivacyPolicy:
    """The surface of a case: where a shopper begins, or the policy, and the other texts by their role."""
    said, documents = case.said, case.documents
    others = {one["role"]: f"{origin}/{one['file']}" for one in documents[1:]}
    first = str(said.get("start") or documents[0]["file"])
    sensors = tuple(map(Sensor, case.product["sensors"]))
    return PrivacyPolicy(
        id="policy",
        where=f"policy:{origin}/{first}",
        terms=others.get("terms", ""),
        children=others.get("children", ""),
        cookies=others.get("cookies", ""),
        sensors=sensors,
    )


def look(case: Case, port: int) -> PolicySeen:
    """What the probe sees, at a port that does not change from run to run. Raises NotSeen."""
    return asyncio.run(_look(surface(case, f"https://{HOST}:{port}"), port))


async def _look(at: PrivacyPolicy, port: int) -> PolicySeen:
    reach = door(product([at], [allow(HOST)]), bench((f"{HOST}/32",)), PATIENT).reach(at)
    observing = cast("AsyncGenerator[Seen, None]", POLICY.observe(at, reach))
    async with aclosing(observing):
        seen = await anext(observing)  # what comes after it, of the pages in a browser, is not waited for
    assert isinstance(seen, PolicySeen)
    text = msgspec.json.encode(seen).decode().replace(f"{HOST}:{port}", f"{HOST}:{PORT}")
    return msgspec.json.decode(text, type=PolicySeen)
