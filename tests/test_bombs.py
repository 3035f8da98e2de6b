"""A bomb is what it says, else it tests nothing."""

import gzip

from tests.bombs import gzip_of_zeros


def test_it_unpacks_to_zeros() -> None:
    bomb = gzip_of_zeros(3)
    assert gzip.decompress(bomb) == bytes(3 << 20)
    assert len(bomb) < 8192
