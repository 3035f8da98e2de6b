"""Exit codes: a script can act without reading a word."""

from shelfworthy.model import Standing, Verdict

ALL_MET, WE_FAILED, WRONG_USAGE, NOT_MET, UNDETERMINED, STOPPED = 0, 1, 2, 10, 11, 130
WORST_FIRST = (WE_FAILED, WRONG_USAGE, NOT_MET, UNDETERMINED, ALL_MET)

EPILOG = (
    "Exit codes: 0 all five met and no exposure found · 1 we failed · 2 wrong usage · 10 a guideline or an "
    "exposure requirement is not met · 11 none of that, but a guideline cannot be determined · 130 stopped"
)


class WrongUsage(Exception):
    """The command cannot be done as it was given: what is wrong, and what to do."""


def failed(error: OSError) -> str:
    """What did not work on this machine, in words."""
    words = f"{error.strerror or str(error) or type(error).__name__}."
    return f"{error.filename}: {words}" if error.filename else words


def exit_code(verdict: Verdict) -> int:
    """The exit code of a verdict."""
    guidelines = {guideline.answer for guideline in verdict.guidelines.values()}
    exposures = {exposure.answer for exposure in verdict.exposures.values()}
    if Standing.NOT_MET in guidelines | exposures:
        return NOT_MET
    return UNDETERMINED if Standing.CANNOT_DETERMINE in guidelines else ALL_MET
