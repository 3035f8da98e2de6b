"""A child beside this process answers, and who asks is told when it cannot."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shelfworthy.sandbox.aside import Aside, Ended


async def turned(question: bytes) -> bytes:
    """What the child does here: turn it round, or fail."""
    if question == b"fail":
        raise ValueError(question)
    return question[::-1]


@pytest.fixture
def aside() -> Iterator[Aside]:
    made = Aside("tests.sandbox.test_aside:turned")
    yield made
    made.close()


def test_it_answers_each_what_it_asked(aside: Aside) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(aside.ask, [b"plum %d" % number for number in range(20)]))
    assert answers == [(b"plum %d" % number)[::-1] for number in range(20)]


def test_who_asks_what_it_cannot_answer_does_not_wait_for_ever(aside: Aside) -> None:
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(aside.ask, b"fail")
        try:
            with pytest.raises(Ended):
                asked.result(timeout=20)
        finally:
            aside.close()
    assert not aside.alive
