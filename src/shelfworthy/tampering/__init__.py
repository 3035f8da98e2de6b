"""A changed copy of an image, as somebody would make it who has no key: a byte is another, check sums fit.

Pure. Nothing is judged here and nothing read for its own sake: of an image only what its check sums are over.
"""

from shelfworthy.tampering.changing import Changed, changed

__all__ = ["Changed", "changed"]
