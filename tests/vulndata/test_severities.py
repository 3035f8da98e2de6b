"""Base scores of CVSS vectors: FIRST's own examples, and what is no vector."""

import pytest

from shelfworthy.vulndata.severities import base_score, by_vector


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        # FIRST's "Common Vulnerability Scoring System v3.1: Examples".
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),  # CVE-2013-0375, MySQL
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),  # CVE-2014-3566, POODLE
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),  # CVE-2012-1516, VMware
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),  # CVE-2014-0160, Heartbleed
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),  # CVE-2014-6271, Shellshock
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8),  # CVE-2008-1447, Kaminsky
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        # "CVSS v4.0: Examples".
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),  # CVE-2022-41741, nginx
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7),  # CVE-2020-3549, Cisco
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.8),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
    ],
)
def test_examples_have_the_scores_that_are_published(vector: str, score: float) -> None:
    assert base_score(vector) == score


def test_only_the_base_score_counts() -> None:
    base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
    assert base_score(f"{base}/E:U/CR:L/MAV:P") == base_score(base) == 9.3
    base = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    assert base_score(f"{base}/E:U/RL:O/MAV:P") == base_score(base) == 9.8


@pytest.mark.parametrize(
    "vector",
    ["", "high", "9.8", "CVSS:3.1", "CVSS:3.1/", "CVSS:3.1/AV:N", "CVSS:3.1/AV:N/AV:N", "CVSS:4.0/AV:N:X",
     "CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P", "AV:N/AC:L/Au:N/C:P/I:P/A:P", "CVSS:4.0/\0",
     "CVSS:3.1/" + "AV:N/" * 5000, "CVSS:4.0/é:1/=", "CVSS:4.0//"],
)  # fmt: skip
def test_what_is_no_vector_has_no_severity(vector: str) -> None:
    assert by_vector(vector) == ""
