"""What a command of the shelf does not do."""


class Refused(Exception):
    """Why, and what to do instead."""
