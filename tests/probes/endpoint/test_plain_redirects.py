"""Where the plain port sends people: only what every client takes for the same host is a redirect to it."""

import asyncio

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Endpoint, Level, Outcome
from shelfworthy.probes.endpoint import PLAIN
from shelfworthy.reach import Limits
from shelfworthy.seen.endpoint import EndpointPlain
from tests.looking import allow, bench, door, product
from tests.servers import page, saying, serving
from tests.specimen import outcome

NAME = "api.bear.test"
FAIL, PASS = Outcome.FAIL, Outcome.PASS

# what the plain port sends people to, and what is to be said of it
REDIRECTS = {
    "https://api.bear.test/": PASS,
    "https://API.Bear.test.:443/x?token=sesame": PASS,
    "https://api.bear.test:8443/": PASS,
    "http://api.bear.test/": FAIL,
    "https://wolf.test/": FAIL,
    "https://wolf.test\\@api.bear.test/": FAIL,  # to a browser that is wolf.test
    "https://wren@api.bear.test/": FAIL,
    "https:///wolf.test/": FAIL,
    "/": FAIL,
    "": FAIL,
}


async def look_at(location: str) -> tuple[EndpointPlain, Endpoint]:
    said = page(status="301 Moved Permanently", headers=(f"Location: {location}",))
    async with serving(saying(said)) as server:
        endpoint = Endpoint(id="api", where=f"http://{server.at}/", name=NAME)
        it = product([endpoint], [allow(server.at, Level.LOOK)])
        reach = door(it, bench(), Limits()).reach(endpoint)
        (seen,) = [one async for one in PLAIN.observe(endpoint, reach)]
        assert isinstance(seen, EndpointPlain)
        return seen, endpoint


@pytest.mark.parametrize("location", REDIRECTS)
def test_a_redirect_is_to_the_same_host_or_it_is_not(location: str) -> None:
    seen, endpoint = asyncio.run(look_at(location))
    answers = list(BY_ID["http-cleartext"].judge(seen, About(surface=endpoint)))
    assert outcome(answers) is REDIRECTS[location]
    assert "sesame" not in repr(seen)
