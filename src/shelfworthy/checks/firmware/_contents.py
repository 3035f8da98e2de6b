"""What the checks of an image's contents share: whether all of it was seen, and where something is."""

from shelfworthy.model import Cause, NotLooked
from shelfworthy.seen.firmware import FirmwareContents
from shelfworthy.seen.firmware_contents import Facts, Left, Place


def unseen(seen: FirmwareContents, *facts: Facts) -> tuple[str, Cause] | None:
    """Why what was not found may be there all the same, and its cause: None if all of it was seen.

    Then only can it be said that something is not in it (law 1). facts: which ones are asked for.
    """
    if any(part.encrypted == "yes" for part in seen.unopened):
        return "a part of it is encrypted", Cause.NOT_SUPPLIED
    if seen.unopened:
        part = seen.unopened[0]
        return f"its {part.format or 'content'} could not be opened", Cause.NOT_UNDERSTOOD
    if not any(part.root for part in seen.parts):
        return "no root file system was found in it", Cause.NOT_UNDERSTOOD
    if any(part.encrypted == "unknown" for part in seen.parts):
        return "a part of it may be encrypted", Cause.NOT_UNDERSTOOD
    if isinstance(seen.left, NotLooked):
        return "who read it then did not note what was left out", Cause.NOBODY_LOOKED
    for one in seen.left:
        if one.facts in facts or one.facts == "files":
            return left_out(one), Cause.NOT_UNDERSTOOD
    if seen.truncated:
        return "there is more in it than is listed", Cause.NOT_UNDERSTOOD
    return None


def left_out(one: Left) -> str:
    """What was not looked at, and why."""
    return f"of {lies_in(one.place)}, {one.why}" if one.place.file else one.why


def lies_in(place: Place) -> str:
    """The file something is in, as people write it."""
    return f"/{place.file}" if place.file else "the image itself"


def path_of(program: str) -> str:
    """The path of a program, as people write it."""
    return f"/{program.lstrip('/')}"


def files(seen: FirmwareContents) -> int:
    """How many files were gone through."""
    return sum(part.files for part in seen.parts)
