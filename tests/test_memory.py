"""The peak of a block is what it took, though it gave it back, and not what was taken before."""

from tests.memory import grown


def test_what_was_given_back_counts_and_what_was_before_does_not() -> None:
    before = bytes(range(256)) * (100 << 12)
    del before
    with grown() as memory:
        inside = bytes(range(256)) * (50 << 12)
        del inside
    assert 45 << 20 < memory.peak < 60 << 20


def test_what_was_freed_before_counts_when_it_is_taken_again() -> None:
    """Pieces that the allocator keeps for later, as the last of them is still in use."""
    pieces = [bytes(60_000) for _ in range(1000)]
    last = bytes(60_000)
    del pieces
    with grown() as memory:
        again = [bytes([1]) * 60_000 for _ in range(1000)]
        del again
    assert memory.peak > 50 << 20
    assert last
