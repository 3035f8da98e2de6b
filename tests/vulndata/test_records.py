"""Records as awkward as the published formats let them be: which versions each calls affected.

https://cveproject.github.io/cve-schema/schema/docs/, https://ossf.github.io/osv-schema/. Written by hand.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from shelfworthy.checks.firmware._versions import status
from shelfworthy.seen.vulnerabilities import Flaw
from shelfworthy.vulndata import cve, documents, osv
from shelfworthy.vulndata.words import NotUnderstood

AFFECTED, UNAFFECTED, UNKNOWN = "affected", "unaffected", "unknown"
Record = Mapping[str, Any]


def of_cve(*affected: Record, adp: object = None, **cna: object) -> Flaw:
    """The flaw of the one component that a CVE record is about."""
    record = {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": {
            "cveId": "CVE-2099-12345",
            "state": "PUBLISHED",
            "dateUpdated": "2024-01-01T00:00:00Z",
        },
        "containers": {"cna": {"affected": affected, **cna}, "adp": adp},
    }
    (flaw,) = documents.rows("a.json", json.dumps(record).encode()).flaws
    return flaw


def openssl(*versions: Record, default: str | None = None) -> Record:
    said = {"vendor": "OpenSSL", "product": "OpenSSL", "versions": versions}
    return said if default is None else {**said, "defaultStatus": default}


def told(flaw: Flaw, *versions: str) -> list[str]:
    return [status(flaw, version) for version in versions]


A: Record = {"status": AFFECTED}
CUSTOM: Record = {**A, "versionType": "custom"}


def test_a_kernel_record_counts_in_commits_and_in_versions() -> None:
    """As the kernel's own authority writes them: two entries about one product."""
    commits = {
        "vendor": "Linux",
        "product": "Linux",
        "defaultStatus": "unaffected",
        "repo": "https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git",
        "programFiles": ["net/a.c"],
        "versions": [{**A, "version": "1da177e4c3f4", "lessThan": "0a1b2c3d4e5f", "versionType": "git"}],
    }
    fixed = {"status": UNAFFECTED, "versionType": "semver"}
    versions = {
        "vendor": "Linux",
        "product": "Linux",
        "defaultStatus": "affected",
        "versions": [
            {**A, "version": "4.3"},
            {**fixed, "version": "0", "lessThan": "4.3"},
            {**fixed, "version": "5.10.230", "lessThanOrEqual": "5.10.*"},
            {**fixed, "version": "6.0.19", "lessThanOrEqual": "6.0.*"},
            {
                "status": UNAFFECTED,
                "version": "6.12",
                "lessThanOrEqual": "*",
                "versionType": "original_commit_for_fix",
            },
            {**fixed, "version": "6.12", "lessThanOrEqual": "*"},
        ],
    }
    flaw = of_cve(commits, versions)
    assert told(flaw, "4.2.8", "4.3", "4.3.5", "5.10.229", "5.10.230") == [
        UNAFFECTED, AFFECTED, AFFECTED, AFFECTED, UNAFFECTED,
    ]  # fmt: skip
    assert told(flaw, "5.11", "6.0.18", "6.0.19", "6.1", "6.11.9", "6.12-rc1", "6.12", "6.13.1") == [
        AFFECTED, AFFECTED, UNAFFECTED, AFFECTED, AFFECTED, AFFECTED, UNAFFECTED, UNAFFECTED,
    ]  # fmt: skip


def test_changes_of_a_line() -> None:
    changes = [{"at": "3.0.8", "status": UNAFFECTED}, {"at": "3.0.10", "status": AFFECTED}]
    flaw = of_cve(openssl({**CUSTOM, "version": "3.0.0", "lessThan": "3.0.12", "changes": changes}))
    assert told(flaw, "1.1.1w", "3.0.7", "3.0.8", "3.0.9", "3.0.10", "3.0.11", "3.0.12") == [
        UNAFFECTED, AFFECTED, UNAFFECTED, UNAFFECTED, AFFECTED, AFFECTED, UNAFFECTED,
    ]  # fmt: skip
    unread = [{"at": "the repair", "status": UNAFFECTED}]
    flaw = of_cve(openssl({**CUSTOM, "version": "3.0.0", "lessThan": "3.0.12", "changes": unread}))
    assert told(flaw, "3.0.5") == [UNKNOWN]


def test_letters_ends_that_belong_and_ends_that_do_not() -> None:
    flaw = of_cve(
        openssl(
            {**CUSTOM, "version": "1.1.1", "lessThan": "1.1.1w"},
            {**CUSTOM, "version": "1.0.2", "lessThanOrEqual": "1.0.2zg"},
            {**CUSTOM, "version": "unspecified", "lessThan": "0.9.8"},
        )
    )
    assert told(flaw, "0.9.7m", "0.9.8", "1.0.2zg", "1.0.2zh", "1.1.1", "1.1.1v", "1.1.1w") == [
        AFFECTED, UNAFFECTED, AFFECTED, UNAFFECTED, AFFECTED, AFFECTED, UNAFFECTED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "affected", "not_affected"),
    [
        ("before 2.3", "2.2.9", "2.3"),
        ("prior to 2.3", "1.0", "2.3"),
        ("versions before v2.3", "1.0", "2.3"),
        ("through 2.3", "2.3", "2.3.1"),
        ("up to and including 2.3", "2.3", "2.3.1"),
        ("2.3 and earlier", "2.3", "2.4"),
        ("2.3 and prior versions", "2.3", "2.4"),
        ("<= 2.3", "2.3", "2.4"),
        ("> 1.0, < 2.3", "1.5", "2.3"),
        ("1.0 - 2.3", "2.3", "0.9"),
        ("from 1.0 to 2.3", "1.0", "2.3.1"),
        ("2.3 and later", "2.3", "2.2"),
        ("2.4.x", "2.4.9", "2.5"),
        ("v2.0.*", "2.0.9", "2.1"),
        ("Fixed in OpenSSL 1.1.1l (Affected 1.1.1-1.1.1k)", "1.1.1k", "1.1.1l"),
        ("Fixed in OpenSSL 1.0.2t (Affected 1.0.2s)", "1.0.2s", "1.0.2t"),
    ],
)
def test_versions_in_words(text: str, affected: str, not_affected: str) -> None:
    flaw = of_cve(openssl({**A, "version": text}))
    assert told(flaw, affected, not_affected) == [AFFECTED, UNAFFECTED]


def test_all_versions() -> None:
    for text in ("*", "all", "All Versions"):
        assert told(of_cve(openssl({**A, "version": text})), "0.1", "99") == [AFFECTED, AFFECTED]


@pytest.mark.parametrize(
    "text", ["0", "n/a", "-", "unspecified", "see the advisory", "before the summer", "git"]
)
def test_what_names_no_version_clears_none(text: str) -> None:
    for default in (None, "unaffected", "unknown"):
        assert told(of_cve(openssl({**A, "version": text}, default=default)), "1.1.1w") == [UNKNOWN]


def test_what_is_not_understood_beside_what_is_clears_no_other_version() -> None:
    flaw = of_cve(
        openssl({**A, "version": "before the summer"}, {**A, "version": "3.0.1"}, default="unaffected")
    )
    assert told(flaw, "3.0.1", "1.1.1w") == [AFFECTED, UNKNOWN]


@pytest.mark.parametrize("kind", ["deb", "rpm", "DEB"])
def test_versions_as_a_distribution_counts_them_fit_no_component(kind: str) -> None:
    said = {**A, "version": "0", "lessThan": "3.0.11-1~deb12u2", "versionType": kind}
    assert told(of_cve(openssl(said, default="unaffected")), "3.0.5", "3.0.11") == [UNKNOWN, UNKNOWN]


def test_unknown_is_a_status_too() -> None:
    flaw = of_cve(
        openssl(
            {"version": "3.0", "lessThan": "3.1", "status": UNKNOWN},
            {**A, "version": "1.1.1"},
            default="unaffected",
        )
    )
    assert told(flaw, "3.0.5", "1.1.1", "3.1") == [UNKNOWN, AFFECTED, UNAFFECTED]


def test_a_trailing_zero_of_a_line_counts() -> None:
    said = {"status": UNAFFECTED, "version": "5.0.3", "lessThanOrEqual": "5.0.*"}
    flaw = of_cve(openssl(said, default="affected"))
    assert told(flaw, "5.0.2", "5.0.3", "5.0.9", "5.1", "5.2") == [
        AFFECTED,
        UNAFFECTED,
        UNAFFECTED,
        AFFECTED,
        AFFECTED,
    ]


def test_several_entries_about_one_component_in_any_order() -> None:
    one = openssl({**A, "version": "1.1.1"}, default="unaffected")
    other = openssl(default="unknown")
    for entries in ((one, other), (other, one)):
        assert told(of_cve(*entries), "1.1.1", "3.0") == [AFFECTED, UNKNOWN]


def test_a_package_without_vendor_and_product() -> None:
    """As Red Hat writes for those who make the component, beside its own packages of it."""
    upstream = {
        "packageName": "OpenSSH",
        "collectionURL": "https://anongit.mindrot.org/openssh.git",
        "defaultStatus": "unaffected",
        "versions": [{**CUSTOM, "version": "8.5p1", "lessThanOrEqual": "9.7p1"}],
    }
    packaged = {
        "vendor": "Red Hat",
        "product": "Red Hat Enterprise Linux 9",
        "packageName": "openssh",
        "collectionURL": "https://access.redhat.com/downloads/content/package-browser/",
        "defaultStatus": "affected",
        "versions": [
            {"version": "0:8.7p1-38.el9_4.1", "lessThan": "*", "status": UNAFFECTED, "versionType": "rpm"}
        ],
        "cpes": ["cpe:/a:redhat:enterprise_linux:9::appstream"],
    }
    flaw = of_cve(upstream, packaged)
    assert (flaw.component, told(flaw, "8.4p1", "8.5p1", "9.7p1", "9.8p1")) == (
        "openssh",
        [UNAFFECTED, AFFECTED, AFFECTED, UNAFFECTED],
    )
    alone = {key: packaged[key] for key in ("packageName", "collectionURL", "defaultStatus")}
    record = {"cveMetadata": {"cveId": "CVE-2099-12345"}, "containers": {"cna": {"affected": [alone]}}}
    assert cve.rows(json.dumps(record).encode()).flaws == ()


def test_who_enriches_a_record_is_heard_where_who_made_it_says_nothing() -> None:
    """As CISA does: names, versions and a score in a container of its own."""
    enriched = {
        "providerMetadata": {"orgId": "134c704f-9b21-4f2e-91b3-4a467353bcc0"},
        "title": "CISA ADP Vulnrichment",
        "affected": [
            {
                "vendor": "gnu",
                "product": "glibc",
                "cpes": ["cpe:2.3:a:gnu:glibc:*:*:*:*:*:*:*:*"],
                "defaultStatus": "unknown",
                "versions": [{**CUSTOM, "version": "2.1.93", "lessThan": "2.40"}],
            }
        ],
        "metrics": [
            {
                "other": {
                    "type": "ssvc",
                    "content": {"id": "CVE-2099-12345", "options": [{"Exploitation": "poc"}]},
                }
            },
            {"cvssV3_1": {"version": "3.1", "baseScore": "9.8", "vectorString": "CVSS:3.1/AV:N"}},
        ],
    }
    nothing = {"vendor": "n/a", "product": "n/a", "versions": [{"version": "n/a", "status": AFFECTED}]}
    silent = {"vendor": "GNU", "product": "glibc", "versions": [{"version": "n/a", "status": AFFECTED}]}
    for first in (nothing, silent):
        flaw = of_cve(first, adp=[{"title": "CVE Program Container", "references": []}, enriched])
        assert (flaw.component, flaw.severity) == ("glibc", "critical")
        assert told(flaw, "2.39", "2.40", "2.0") == [AFFECTED, UNAFFECTED, UNAFFECTED]


def test_nothing_where_something_may_stand_is_nothing() -> None:
    said = {"vendor": "OpenSSL", "product": "OpenSSL", "versions": None, "cpes": None, "defaultStatus": None}
    flaw = of_cve(said, metrics=None)
    assert (told(flaw, "3.0"), flaw.severity) == ([UNKNOWN], "")


def test_severities_of_cve_records() -> None:
    def severity(*metrics: Record) -> str:
        return of_cve(openssl({**A, "version": "3.0.1"}), metrics=metrics).severity

    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    assert severity({"cvssV3_1": {"vectorString": vector}}) == "critical"  # a score is lacking
    assert severity({"cvssV3_1": {}}) == ""
    assert severity({"cvssV2_0": {"baseScore": 10.0}}) == ""
    assert severity({"cvssV3_1": {"baseScore": 5}}, {"cvssV4_0": {"baseScore": 8.7}}) == "high"
    assert severity({"format": "other", "other": {"type": "x", "content": {"text": "High"}}}) == "high"


def test_a_rejected_record_has_no_flaws() -> None:
    record = {
        "cveMetadata": {"cveId": "CVE-2099-12345", "state": "REJECTED", "dateUpdated": "2024-01-01"},
        "containers": {"cna": {"rejectedReasons": [{"lang": "en", "value": "a duplicate"}]}},
    }
    found = documents.rows("a.json", json.dumps(record).encode())
    assert (found.gone, found.record, found.flaws) == (True, "CVE-2099-12345", ())


# -- OSV ---------------------------------------------------------------------------------------------------


def of_osv(*affected: Record, **more: object) -> tuple[Flaw, ...]:
    record = {"schema_version": "1.7.0", "id": "OSV-2099-1", "modified": "2024-01-01T00:00:00Z", **more}
    return osv.rows({**record, "affected": list(affected)}).flaws


def events(*several: Record, kind: str = "SEMVER", **more: object) -> Record:
    return {
        "package": {"ecosystem": "Bitnami", "name": "openssl"},
        "ranges": [{"type": kind, "events": list(several)}],
        **more,
    }


def test_events_of_several_lines_in_any_order() -> None:
    several: list[Record] = [
        {"introduced": "1.0"},
        {"fixed": "1.5"},
        {"introduced": "2.0"},
        {"fixed": "2.3"},
        {"introduced": "3.0"},
    ]
    for order in (several, several[::-1], several[2:] + several[:2]):
        (flaw,) = of_osv(events(*order))
        assert told(flaw, "0.9", "1.0", "1.4", "1.5", "1.9", "2.2", "2.3", "3.0", "9") == [
            UNAFFECTED, AFFECTED, AFFECTED, UNAFFECTED, UNAFFECTED, AFFECTED, UNAFFECTED, AFFECTED, AFFECTED,
        ]  # fmt: skip


def test_the_last_that_is_affected_and_the_first_that_is_not() -> None:
    (flaw,) = of_osv(events({"introduced": "0"}, {"last_affected": "2.3"}, kind="ECOSYSTEM"))
    assert told(flaw, "0.1", "2.3", "2.3.1") == [AFFECTED, AFFECTED, UNAFFECTED]
    (flaw,) = of_osv(events({"introduced": "0"}, {"fixed": "2.3"}))
    assert told(flaw, "0.1-rc1", "2.2", "2.3") == [AFFECTED, AFFECTED, UNAFFECTED]


def test_a_limit_ends_what_has_no_other_end() -> None:
    (flaw,) = of_osv(events({"introduced": "1.0"}, {"limit": "2.0"}))
    assert told(flaw, "1.9", "2.0") == [AFFECTED, UNAFFECTED]
    (flaw,) = of_osv(events({"introduced": "1.0"}, {"limit": "*"}))
    assert told(flaw, "1.9", "2.0") == [AFFECTED, AFFECTED]


def test_an_event_that_cannot_be_read_clears_nothing() -> None:
    for event in ({"fixed": "main"}, {"introduced": "main"}, {"last_affected": None}):
        (flaw,) = of_osv(events({"introduced": "1.0"}, event))
        assert UNAFFECTED not in told(flaw, "0.9", "1.0", "9.0")


def test_versions_and_ranges_add_up() -> None:
    (flaw,) = of_osv(events({"introduced": "3.0"}, {"fixed": "3.0.2"}, versions=["1.1.1a", "OpenSSL_1_0_2k"]))
    assert told(flaw, "1.1.1a", "1.0.2k", "3.0.1", "3.0.2", "1.1.1b") == [
        AFFECTED, AFFECTED, AFFECTED, UNAFFECTED, UNAFFECTED,
    ]  # fmt: skip


def test_commits_without_an_end_clear_no_version_that_is_not_listed() -> None:
    repo = "https://github.com/openssl/openssl.git"
    listed = ["openssl-3.0.0", "openssl-3.0.1"]
    entry = {"versions": listed, "ranges": [{"type": "GIT", "repo": repo, "events": [{"introduced": "0"}]}]}
    (flaw,) = of_osv(entry)  # as NVD's records are kept there: no package, a repository
    assert told(flaw, "3.0.1", "3.0.2") == [AFFECTED, UNKNOWN]
    fixed = [{"introduced": "0"}, {"fixed": "a" * 40}]
    (flaw,) = of_osv({**entry, "ranges": [{"type": "GIT", "repo": repo, "events": fixed}]})
    assert told(flaw, "3.0.1", "3.0.2") == [AFFECTED, UNAFFECTED]
    (flaw,) = of_osv({"ranges": [{"type": "GIT", "repo": repo, "events": fixed}]})
    assert told(flaw, "3.0.1") == [UNKNOWN]


@pytest.mark.parametrize(
    "ecosystem", ["Debian:12", "Alpine:v3.20", "Ubuntu:22.04:LTS", "crates.io", "npm", "Red Hat"]
)
def test_packages_of_others_are_no_component(ecosystem: str) -> None:
    entry = events({"introduced": "0"}, kind="ECOSYSTEM")
    assert of_osv({**entry, "package": {"ecosystem": ecosystem, "name": "openssl"}}) == ()


def test_aliases_give_a_flaw_its_names() -> None:
    entry = events({"introduced": "0"}, {"fixed": "2"})
    flaws = of_osv(
        entry, aliases=["CVE-2099-1111", "GHSA-xxxx"], upstream=["CVE-2099-2222"], related=["CVE-2099-3333"]
    )
    assert [one.cve for one in flaws] == ["CVE-2099-1111", "CVE-2099-2222"]
    assert [one.cve for one in of_osv(entry, aliases=None)] == ["OSV-2099-1"]


def test_severities_of_osv_records() -> None:
    entry = events({"introduced": "0"})
    v3 = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"}
    v4 = {"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}
    assert [one.severity for one in of_osv(entry)] == [""]
    assert [one.severity for one in of_osv(entry, severity=[v3])] == ["medium"]
    assert [one.severity for one in of_osv(entry, severity=[v3, v4])] == ["critical"]
    assert [one.severity for one in of_osv({**entry, "severity": [v4]}, severity=[v3])] == ["critical"]
    assert [one.severity for one in of_osv(entry, severity=[{"type": "Ubuntu", "score": "high"}])] == ["high"]
    assert [
        one.severity for one in of_osv(entry, severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:X"}])
    ] == [""]
    assert [one.severity for one in of_osv(entry, severity="high")] == [""]


# -- the other two -----------------------------------------------------------------------------------------


def test_the_list_of_exploited_flaws_with_fields_nobody_knows() -> None:
    said = {
        "title": "CISA Catalog of Known Exploited Vulnerabilities",
        "catalogVersion": "2099.01.01",
        "dateReleased": "2099-01-01T00:00:00.0000Z",
        "count": 2,
        "somethingNew": {"a": [1]},
        "vulnerabilities": [
            {
                "cveID": "CVE-2099-0001 ",
                "vendorProject": "OpenSSL",
                "product": "OpenSSL",
                "dateAdded": "2098-12-01",
                "knownRansomwareCampaignUse": "Unknown",
                "new": None,
            },
            {"cveID": "CVE-2099-0002", "vendorProject": None, "product": None, "dateAdded": None},
            "a text",
            {"cveID": None},
        ],
    }
    found = documents.rows("kev.json", json.dumps(said).encode())
    assert [(one.component, one.cve, one.since) for one in found.exploited] == [
        ("openssl", "CVE-2099-0001", "2098-12-01"),
        ("", "CVE-2099-0002", ""),
    ]


def test_answers_of_other_services_are_none_of_these() -> None:
    with pytest.raises(NotUnderstood):
        documents.rows("nvd.json", b'{"vulnerabilities": [{"cve": {"id": "CVE-2099-0001"}}]}')


def test_all_products_in_one_answer() -> None:
    said = {
        "schema_version": "1.2.0",
        "generated_at": "2099-01-02T03:04:05Z",
        "total": 3,
        "result": [
            {
                "name": "openssl",
                "releases": [
                    {"name": "3.0", "isEol": False, "eolFrom": "2026-09-07", "isLts": True},
                    {"name": "1.0.2", "isEol": True, "eolFrom": None},
                    {"name": "4.0", "isEol": False, "eolFrom": None},
                ],
            },
            {"name": "lua", "releases": [{"name": "5.1", "isEol": True, "eolFrom": "2012-02-17"}]},
            {"name": "a-product-nobody-knows", "releases": [{"name": "1", "isEol": True}]},
            {"name": "empty", "releases": []},
        ],
    }
    found = documents.rows("full.json", json.dumps(said).encode())
    assert found.date == "2099-01-02"
    assert [(one.component, one.cycle, one.ends) for one in found.cycles] == [
        ("openssl", "3.0", "2026-09-07"),
        ("openssl", "1.0.2", "ended"),
        ("openssl", "4.0", "goes on"),
        ("lua", "5.1", "2012-02-17"),
    ]


def test_a_line_of_which_yaml_made_a_number_is_left_out() -> None:
    lines = "- releaseCycle: 1.10\n  eol: true\n- releaseCycle: '1.1'\n  eol: false\n"
    found = documents.rows("a.md", f"---\npermalink: /openssl\nreleases:\n{lines}---\n".encode())
    assert [(one.cycle, one.ends) for one in found.cycles] == [("1.1", "goes on")]
