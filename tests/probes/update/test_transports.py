"""How manifest and image are given out is told apart, by real servers over TLS and in cleartext."""

import asyncio
from collections.abc import Iterator

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, NotLooked, Update
from shelfworthy_lab.home import CantRun
from tests.needs import missing
from tests.probes.update.looking import look
from tests.probes.update.transports import WAYS, served

pytestmark = pytest.mark.lab
TRANSPORT = BY_ID["update-transport"]


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Update], bytes]]:
    try:
        with served(tmp_path_factory.mktemp("ways")) as both:
            yield both
    except CantRun as why:
        missing(str(why))


@pytest.mark.parametrize("name", WAYS)
def test_ways(name: str, ways: tuple[dict[str, Update], bytes]) -> None:
    surfaces, root = ways
    seen = asyncio.run(look(surfaces[name]))
    about = About(surface=surfaces[name], references={"roots": root})
    said = tuple((answer.says, answer.subject) for answer in TRANSPORT.judge(seen, about))
    assert said == WAYS[name].says


def test_a_pass_ends_with_the_certificate(ways: tuple[dict[str, Update], bytes]) -> None:
    surfaces, root = ways
    seen = asyncio.run(look(surfaces["tls"]))
    about = About(surface=surfaces["tls"], references={"roots": root})
    (answer,) = TRANSPORT.judge(seen, about)
    assert answer.until is not None
    assert 85 < (answer.until - seen.at).days <= 90


def test_without_roots_nobody_can_say(ways: tuple[dict[str, Update], bytes]) -> None:
    surfaces, _ = ways
    seen = asyncio.run(look(surfaces["tls"]))
    (answer,) = TRANSPORT.judge(seen, About(surface=surfaces["tls"]))
    assert (answer.says, answer.cause) == ("certificate-open", Cause.DATA_MISSING)


def test_a_plain_port_that_nobody_named_is_not_guessed(ways: tuple[dict[str, Update], bytes]) -> None:
    import msgspec

    surfaces, _ = ways
    seen = asyncio.run(look(msgspec.structs.replace(surfaces["tls, plain port serves"], plain_port=0)))
    assert seen.plain_manifest == seen.plain_image == NotLooked(Cause.NOT_SUPPLIED)
