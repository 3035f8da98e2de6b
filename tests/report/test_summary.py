"""The whole verdict in one sentence."""

import msgspec
import pytest

from shelfworthy.model import GuidelineVerdict, RequirementVerdict, Standing, Verdict
from shelfworthy.report.assemble import report_of
from shelfworthy.report.summary import summary
from tests.report import audits

MET, NOT_MET, OPEN, NOT_ASKED = (
    Standing.MET,
    Standing.NOT_MET,
    Standing.CANNOT_DETERMINE,
    Standing.NOT_APPLICABLE,
)


def told(five: list[Standing], exposures: list[Standing]) -> str:
    verdict = Verdict(
        guidelines={str(n): GuidelineVerdict(answer=one, requirements={}) for n, one in enumerate(five)},
        exposures={str(n): RequirementVerdict(answer=one) for n, one in enumerate(exposures)},
    )
    return summary(msgspec.structs.replace(report_of(*audits.bear()), verdict=verdict))


@pytest.mark.parametrize(
    ("five", "exposures", "sentence"),
    [
        (
            [OPEN, NOT_MET, OPEN, NOT_MET, OPEN],
            [NOT_MET, NOT_MET, OPEN],
            "Two of five guidelines are not met, three cannot be determined; two exposures were found.",
        ),
        (
            [NOT_MET, OPEN, OPEN, MET, NOT_ASKED],
            [NOT_MET],
            (
                "One of five guidelines is not met, two cannot be determined, one is met,"
                " one is not applicable; one exposure was found."
            ),
        ),
        ([MET] * 5, [MET] * 3, "Five of five guidelines are met; no exposure was found."),
        (
            [OPEN] * 5,
            [MET, OPEN],
            (
                "Five of five guidelines cannot be determined;"
                " no exposure was found, and nobody could look everywhere."
            ),
        ),
    ],
)
def test_every_answer_is_counted(five: list[Standing], exposures: list[Standing], sentence: str) -> None:
    assert told(five, exposures) == sentence
