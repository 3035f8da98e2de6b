"""A whole verdict in one sentence, before anything else is read."""

from shelfworthy.model import Standing
from shelfworthy.report.shape import Report

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ARE = {  # the gravest first
    Standing.NOT_MET: ("is not met", "are not met"),
    Standing.CANNOT_DETERMINE: ("cannot be determined", "cannot be determined"),
    Standing.MET: ("is met", "are met"),
    Standing.NOT_APPLICABLE: ("is not applicable", "are not applicable"),
}


def summary(report: Report) -> str:
    """`Two of five guidelines are not met, three cannot be determined; two exposures were found.`"""
    five = [one.answer for one in report.verdict.guidelines.values()]
    parts: list[str] = []
    for answer, (is_so, are_so) in ARE.items():
        if count := five.count(answer):
            of = "" if parts else f" of {_number(len(five))} guidelines"
            parts.append(f"{_number(count)}{of} {is_so if count == 1 else are_so}")
    text = f"{', '.join(parts) or 'no guideline was asked'}; {_exposures(report)}."
    return text[:1].upper() + text[1:]


def _exposures(report: Report) -> str:
    answers = [one.answer for one in report.verdict.exposures.values()]
    found = answers.count(Standing.NOT_MET)
    if found:
        return f"{_number(found)} {'exposure was' if found == 1 else 'exposures were'} found"
    everywhere = Standing.CANNOT_DETERMINE not in answers
    return "no exposure was found" + ("" if everywhere else ", and nobody could look everywhere")


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
