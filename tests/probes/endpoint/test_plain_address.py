"""Where the plain port is looked for, and what people read who have not said."""

import pytest

from shelfworthy.model import Cause, Endpoint
from shelfworthy.probes.endpoint.plain import plain_address
from shelfworthy.product.address import parse_where
from shelfworthy.reach import NotSeen


def port(where: str, plain_port: int = 0) -> int:
    endpoint = Endpoint(id="api", where=where, plain_port=plain_port)
    return plain_address(endpoint, parse_where(endpoint.kind, where)).port


def test_the_plain_port_is_the_usual_one_or_the_one_that_was_said() -> None:
    assert port("https://a.example/") == 80
    assert port("https://a.example/", 8080) == 8080
    assert port("https://a.example:8443/", 8080) == 8080
    assert port("http://a.example:8000/") == 8000


def test_without_either_the_words_can_be_followed_with_and_without_a_product_file() -> None:
    with pytest.raises(NotSeen) as gap:
        port("https://a.example:8443/")
    assert gap.value.cause is Cause.NOT_SUPPLIED
    assert gap.value.words == (
        "https://a.example:8443/ is not on port 443. Write `plain_port = …` into the product file; "
        "where there is none, begin one (`shelfworthy init`)."
    )
