"""Replies to a hello that are a refusal: said, or shown by hanging up where another version was accepted."""

REFUSED = frozenset({"alert", "closed", "other version"})
