"""What an extractor of ours raises for unblob when it wrote what it could, and something is missing."""


class Damaged(Exception):
    """Not all of it could be read: the part counts as unopened, with what came out of it."""
