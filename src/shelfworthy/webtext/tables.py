"""The tables by which sentences of policies are understood: rules, and the weights of a classifier."""

from importlib.resources import files


def rules() -> bytes:
    """Written rules, TOML; `checks/policy/_rules.py` says how they are read."""
    return files(__package__).joinpath("words.toml").read_bytes()


def weights() -> bytes:
    """A linear classifier, JSON; `checks/policy/_topics.py` says how it is used."""
    return files(__package__).joinpath("topics.json").read_bytes()
