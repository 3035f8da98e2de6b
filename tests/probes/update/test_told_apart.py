"""A look tells the states of update servers apart; whatever python-tuf's client refuses does not pass."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient.updater import Updater

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Outcome
from shelfworthy.reach import Limits
from shelfworthy_lab.home import CantRun
from tests.needs import missing
from tests.probes.update.looking import HOST, look, served, supplied, surface
from tests.probes.update.states import TRUTH, TUF, State
from tests.probes.update.states_declared import STATES
from tests.specimen import outcome

pytestmark = pytest.mark.lab
PASS, OPEN = Outcome.PASS, Outcome.INCONCLUSIVE


@pytest.fixture(scope="module")
def states() -> dict[str, State]:
    return {name: made() for name, made in STATES.items()}


@pytest.fixture(scope="module")
def ports(states: dict[str, State], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    try:
        with served(states, tmp_path_factory.mktemp("updates")) as ports:
            yield ports
    except CantRun as why:
        missing(str(why))


def said(state: State, port: int) -> tuple[tuple[str, ...], tuple[Outcome, ...]]:
    """The first sentence of each check, and what each comes to."""
    it = surface(state, port)
    seen = asyncio.run(look(it, supplied(state)))
    answers = [list(BY_ID[check].judge(seen, About(surface=it))) for check in TRUTH]
    return tuple(one[0].says for one in answers), tuple(outcome(one) for one in answers)


@pytest.mark.parametrize("name", STATES)
def test_states(name: str, states: dict[str, State], ports: dict[str, int]) -> None:
    sentences, _ = said(states[name], ports[name])
    assert sentences == states[name].says


@pytest.mark.parametrize("name", TUF)
def test_what_the_client_refuses_does_not_pass(
    name: str, states: dict[str, State], ports: dict[str, int], tmp_path: Path
) -> None:
    state = states[name]
    if state.refused is None:
        return
    refused = refuses(state, ports[name], tmp_path)
    assert refused == state.refused, "the oracle itself"
    _, outcomes = said(state, ports[name])
    assert not (refused and set(outcomes) == {PASS})


def refuses(state: State, port: int, folder: Path) -> bool:
    """Whether a new client that trusts the same root does not take the image."""
    logging.getLogger("tuf").setLevel(logging.CRITICAL)
    (folder / "targets").mkdir()
    base = f"http://{HOST}:{port}"
    try:
        client = Updater(
            str(folder),
            f"{base}/metadata/",
            str(folder / "targets"),
            f"{base}/targets/",
            bootstrap=state.root,
        )
        client.refresh()
        found = client.get_targetinfo(state.image)
        if found is None:
            return True
        client.download_target(found)
    except (RepositoryError, DownloadError, RecursionError):
        return True
    return False


def test_an_image_too_long_to_fetch_is_not_verified(states: dict[str, State], ports: dict[str, int]) -> None:
    state = states["tuf good"]
    it = surface(state, ports["tuf good"])
    seen = asyncio.run(look(it, supplied(state), Limits(body=3000)))
    (answer,) = BY_ID["update-metadata-signed"].judge(seen, About(surface=it))
    assert (answer.outcome, answer.says) == (OPEN, "tuf-missing")
    assert seen.image[-1].sha256 == ""


def test_the_image_leaves_nothing_but_length_and_hash(
    states: dict[str, State], ports: dict[str, int]
) -> None:
    import msgspec

    for name in ("tuf good", "image signed", "unsigned"):
        seen = asyncio.run(look(surface(states[name], ports[name]), supplied(states[name])))
        assert seen.image[-1].length > 1000
        assert len(msgspec.json.encode(seen)) < 10_000
