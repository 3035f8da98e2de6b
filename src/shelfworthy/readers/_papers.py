"""What readers of files that people write share: how much is read, and how a mistake in them is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from shelfworthy.model import Cause, NotSeen
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.sheet import LARGEST


def content_of(file: BinaryIO) -> bytes:
    """All of a small file; of a larger one a byte more than is read, which the parser says."""
    return file.read(LARGEST + 1)


@contextmanager
def understood() -> Iterator[None]:
    """A file that was not understood, in the words that name each mistake."""
    try:
        yield
    except BadFile as wrong:
        raise NotSeen(Cause.NOT_UNDERSTOOD, str(wrong)) from None
