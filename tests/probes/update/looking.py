"""Update servers of the lab's web server, and one look at one of them, straight through the probe."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from shelfworthy.model import Level, Update
from shelfworthy.probes.update import UPDATE
from shelfworthy.reach import Limits
from shelfworthy.seen.update import UpdateSeen
from shelfworthy_lab import listeners
from shelfworthy_lab.listeners import Listener
from shelfworthy_lab.processes import end, free_port
from tests.looking import allow, bench, door, product
from tests.probes.update.states import State

HOST = "127.0.0.5"


@contextmanager
def served(states: Mapping[str, State], folder: Path) -> Iterator[dict[str, int]]:
    """Every state at a plain port of its own: name → port. Raises CantRun."""
    taken: set[int] = set()
    ports = {name: free_port(taken) for name in states}
    wanted = [
        Listener(name, HOST, ports[name], "plain", pages=state.pages()) for name, state in states.items()
    ]
    pid_file, outcome = listeners.start(wanted, folder, "updates")
    try:
        assert set(outcome.values()) == {listeners.RUNNING}
        yield ports
    finally:
        end(pid_file)


def surface(state: State, port: int) -> Update:
    """The state as a product file declares it."""
    return Update(
        id="updates",
        where=f"update:http://{HOST}:{port}{state.path}",
        scheme=state.scheme,
        image=state.image,
        root="root.json" if state.root is not None else "",
        public_key="key.pem" if state.key is not None else "",
    )


async def look(
    it: Update, supplied: Mapping[str, bytes] | None = None, limits: Limits | None = None
) -> UpdateSeen:
    """What the probe sees. Raises NotSeen."""
    permissions = [allow(HOST, Level.LOOK)]
    way = door(
        product([it], permissions), bench((f"{HOST}/32",)), limits or Limits(), supplied=supplied or {}
    )
    (seen,) = [one async for one in UPDATE.observe(it, way.reach(it))]
    assert isinstance(seen, UpdateSeen)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=UpdateSeen) == seen
    return seen


def supplied(state: State) -> dict[str, bytes]:
    found = {"root.json": state.root, "key.pem": state.key}
    return {name: content for name, content in found.items() if content is not None}
