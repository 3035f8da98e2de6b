"""The peak of a block is what it took, though it gave it back, and not what was taken before."""

from tests.memory import grown


def test_what_was_given_back_counts_and_what_was_before_does_not() -> None:
    before = bytes(range(256)) * (100 << 12)
    del before
    with grown() as memory:
        inside = bytes(range(256)) * (50 << 12)
        del inside
    assert 45 << 20 < memory.peak < 60 << 20
