"""Importing what is known of flaws: every form of data, what is wrong, what lies, what checks get of it."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from shelfworthy.seen.vulnerabilities import Known, Range
from shelfworthy.vulndata import cve, documents, eol, osv
from shelfworthy.vulndata.database import excerpt, imported
from shelfworthy.vulndata.importing import CannotImport, import_files
from shelfworthy.vulndata.place import Unusable
from shelfworthy.vulndata.words import NotUnderstood, version

DATA = Path(__file__).with_name("data")


def known(path: Path, *components: str) -> Known:
    return msgspec.json.decode(excerpt(path, components), type=Known)


def test_a_folder_is_imported_and_asked(tmp_path: Path) -> None:
    into = tmp_path / "new" / "vulndata.sqlite"
    (done,) = import_files([DATA], into)
    assert done.sorts == ("cve", "eol", "kev", "osv")
    assert done.date == "2025-10-21"
    (reference,) = imported(into)
    assert (reference.name, reference.date, reference.sha256) == ("data", "2025-10-21", done.sha256)
    about = known(into, "openssl", "linux")
    assert {(one.cve, one.exploited) for one in about.flaws if one.component == "openssl"} == {
        ("CVE-2014-0160", "2022-05-04"),
        ("CVE-2014-0224", ""),
        ("CVE-2022-0778", ""),
    }
    assert {one.cycle: one.ends for one in about.cycles if one.component == "openssl"}["3.0"] == "2026-09-07"
    assert {one.component for one in about.flaws} == {"openssl", "linux"}
    assert excerpt(into, ["linux", "openssl", "linux"]) == excerpt(into, ["openssl", "linux"])


def test_a_zip_says_the_same_as_the_folder(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(DATA.iterdir()):
            archive.write(file, f"cves/{file.name}")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as outer:
        outer.writestr("cves.zip", inner.getvalue())
    import_files([DATA], tmp_path / "a.sqlite")
    import_files([tmp_path / "all.zip"], tmp_path / "b.sqlite")
    folder, zipped = (known(tmp_path / f"{one}.sqlite", "openssl", "dnsmasq") for one in "ab")
    assert (folder.flaws, folder.cycles) == (zipped.flaws, zipped.cycles)


def test_what_is_imported_again_replaces_what_was_there(tmp_path: Path) -> None:
    into, file = tmp_path / "v.sqlite", tmp_path / "kev.csv"
    file.write_text((DATA / "kev.csv").read_text())
    import_files([file], into)
    assert len(known(into, "openssl", "samba").exploited) == 2
    file.write_text("\n".join(file.read_text().splitlines()[:2]))
    import_files([file], into)
    assert len(imported(into)) == 1
    assert [one.cve for one in known(into, "openssl", "samba").exploited] == ["CVE-2014-0160"]


def test_a_rejected_record_takes_back_what_was_said(tmp_path: Path) -> None:
    into = tmp_path / "v.sqlite"
    import_files([DATA / "CVE-2022-0778.json"], into)
    record = json.loads((DATA / "CVE-2022-0778.json").read_text())
    record["cveMetadata"]["state"] = "REJECTED"
    (tmp_path / "later.json").write_text(json.dumps(record))
    import_files([tmp_path / "later.json"], into)
    assert known(into, "openssl").flaws == ()


def cve_record(date: str, end: str, state: str = "PUBLISHED") -> str:
    versions = [{"version": "1.0", "lessThan": end, "status": "affected", "versionType": "custom"}]
    affected = [{"vendor": "OpenSSL", "product": "OpenSSL", "versions": versions}]
    return json.dumps(
        {
            "cveMetadata": {"cveId": "CVE-2099-12345", "state": state, "dateUpdated": date},
            "containers": {"cna": {"affected": affected} if state == "PUBLISHED" else {}},
        }
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_a_record_that_comes_several_times_the_newest_counts(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    into, old, new, gone = (tmp_path / name for name in ("v.sqlite", "a.json", "b.json", "c.json"))
    old.write_text(cve_record("2024-01-01", "1.5"))
    new.write_text(cve_record("2024-02-01", "1.7"))
    gone.write_text(cve_record("2024-03-01", "", "REJECTED"))
    for number in order:
        import_files([(old, new, gone)[number]], into)
    assert known(into, "openssl").flaws == ()
    gone.write_text(cve_record("2024-01-15", "", "REJECTED"))  # and taken up again later
    import_files([gone], into)
    (flaw,) = known(into, "openssl").flaws
    assert flaw.ranges == (Range("affected", "1.0", "1.7", False),)
    new.write_text(cve_record("2023-01-01", "1.2"))  # replaced by what is older
    import_files([new], into)
    assert known(into, "openssl").flaws == ()


def test_a_withdrawn_record_takes_back_its_own_words_alone(tmp_path: Path) -> None:
    """A duplicate that is withdrawn names the flaw by an alias, as the record that stays does."""
    into = tmp_path / "v.sqlite"
    versions = {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2"}]}
    affected = [{"package": {"ecosystem": "Bitnami", "name": "openssl"}, "ranges": [versions]}]
    record = {"modified": "2024-01-01", "aliases": ["CVE-2099-12345"], "affected": affected}
    withdrawn = {**record, "withdrawn": "2024-02-01"}
    (tmp_path / "a.json").write_text(json.dumps({**record, "id": "OSV-2099-1"}))
    (tmp_path / "b.json").write_text(json.dumps({**withdrawn, "id": "OSV-2099-2"}))
    import_files([tmp_path / "a.json", tmp_path / "b.json"], into)
    assert [one.cve for one in known(into, "openssl").flaws] == ["CVE-2099-12345"]
    (tmp_path / "a.json").write_text(json.dumps({**withdrawn, "id": "OSV-2099-1"}))
    import_files([tmp_path / "a.json"], into)
    assert known(into, "openssl").flaws == ()


def test_progress_is_told_while_a_folder_is_hashed_and_read(tmp_path: Path) -> None:
    folder = tmp_path / "cves"
    folder.mkdir()
    for number in range(1100):
        (folder / f"{number:04}.json").write_text("{}" if number % 2 else cve_record("2024-01-01", "2"))
    told: list[tuple[str, str, int]] = []
    (done,) = import_files([folder], tmp_path / "v.sqlite", lambda *said: told.append(said))
    assert (done.documents, done.left) == (1100, 550)
    assert told == [("cves", what, number) for what in ("hashed", "read") for number in (500, 1000)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "no JSON"),
        ("a.json", b"[" * 100_000, "no JSON"),
        ("a.json", b'{"cveMetadata": {"cveId": "x"}}', "without an id"),
        ("a.json", b'{"cveMetadata": 7}', "no CVE record"),
        ("a.json", b'{"vulnerabilities": []}', "without entries"),
        ("a.json", b'{"vulnerabilities": [{"cveID": "x"}]}', "CVE id"),
        ("a.json", b'{"something": 1}', "neither"),
        ("a.csv", b"a,b\n1,2\n", "columns"),
        ("a.csv", b"", "columns"),
        ("a.yaml", b"a: [", "no YAML"),
        ("a.yaml", b"[" * 90_000, "too deep"),
        ("a.yaml", b"\xff\xfe", "UTF-8"),
        ("a.yaml", b"x: " + b"y" * (2 << 20), "MiB of YAML"),
        ("a.md", b"# A page\n", "at its head"),
        ("a.md", b"---\nreleases: 7\n---\n", "at its head"),
        ("a.txt", b"a: b", "neither"),
    ],
)
def test_what_is_wrong_is_said(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood, match=words):
        documents.rows(name, content)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotImport, match="nothing in it can be imported"):
        import_files([tmp_path / name], tmp_path / "v.sqlite")


def test_yaml_makes_no_objects_and_unfolds_no_bomb() -> None:
    with pytest.raises(NotUnderstood):
        documents.rows("a.yaml", b"!!python/object/apply:os.system ['true']")
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(NotUnderstood):
        documents.rows("a.yaml", "\n".join(lines).encode())


def test_one_wrong_file_changes_nothing(tmp_path: Path) -> None:
    into = tmp_path / "v.sqlite"
    import_files([DATA / "kev.csv"], into)
    before = imported(into)
    (tmp_path / "wrong.json").write_text("{}")
    with pytest.raises(CannotImport):
        import_files([DATA / "openssl.json", tmp_path / "wrong.json"], into)
    assert imported(into) == before
    with pytest.raises(CannotImport, match="no such file"):
        import_files([tmp_path / "none.json"], into)


def test_an_archive_that_lies_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b" " * (64 << 20))
    (tmp_path / "bomb.zip").write_bytes(whole.getvalue())
    with pytest.raises(CannotImport, match="MiB in one document"):
        import_files([tmp_path / "bomb.zip"], tmp_path / "v.sqlite")
    (tmp_path / "cut.zip").write_bytes(whole.getvalue()[:-30])
    with pytest.raises(CannotImport):
        import_files([tmp_path / "cut.zip"], tmp_path / "v.sqlite")


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "kev.csv").symlink_to(DATA / "kev.csv")
    with pytest.raises(CannotImport):
        import_files([folder], tmp_path / "v.sqlite")


def test_a_file_that_is_no_database_is_answered(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database " * 100)
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE x (y)")
    for name in ("text", "other"):
        with pytest.raises(Unusable, match="import the data again"):
            imported(tmp_path / name)
        with pytest.raises(Unusable):
            import_files([DATA / "kev.csv"], tmp_path / name)
    assert imported(tmp_path / "none") == ()
    assert excerpt(tmp_path / "none", ["linux"]) == b""


# -- what records say --------------------------------------------------------------------------------------


def affected(*versions: Mapping[str, object], default: str = "unknown") -> tuple[tuple[Range, ...], str]:
    record = {
        "cveMetadata": {"cveId": "CVE-2099-12345", "dateUpdated": "2024-01-01"},
        "containers": {
            "cna": {
                "affected": [
                    {
                        "vendor": "OpenSSL",
                        "product": "OpenSSL",
                        "defaultStatus": default,
                        "versions": versions,
                    }
                ]
            }
        },
    }
    (flaw,) = cve.rows(json.dumps(record).encode()).flaws
    return flaw.ranges, flaw.otherwise


def test_ranges_of_cve_records() -> None:
    said = {"version": "1.0", "status": "affected", "versionType": "semver"}
    one = Range("affected", "1.0", "1.2", False)
    assert affected(said | {"lessThan": "1.2"}) == ((one,), "unaffected")
    assert affected(said | {"lessThanOrEqual": "1.2"})[0] == (Range("affected", "1.0", "1.2", True),)
    assert affected(said | {"lessThan": "*"})[0] == (Range("affected", "1.0", "", False),)
    assert affected({"version": ">= 1.0, < 1.2", "status": "affected"})[0] == (one,)
    assert affected({"version": "<= 1.2", "status": "affected"})[0] == (Range("affected", "", "1.2", True),)
    assert affected({"version": "1.1", "status": "affected"})[0] == (Range("affected", "1.1", "1.1", True),)
    changes = [{"at": "1.1", "status": "unaffected"}]
    assert affected(said | {"lessThan": "1.2", "changes": changes})[0] == (
        Range("affected", "1.0", "1.1", False),
        Range("unaffected", "1.1", "1.2", False),
    )
    assert affected(default="affected") == ((), "affected")


@pytest.mark.parametrize(
    "entry",
    [
        {"version": "a" * 40, "lessThan": "b" * 40, "status": "affected", "versionType": "git"},
        {"version": "before the repair", "status": "affected"},
        {"version": "n/a", "status": "affected"},
        {"version": "1.0", "status": "maybe"},
    ],
)
def test_what_no_version_can_be_read_from_stays_unknown(entry: dict[str, object]) -> None:
    assert affected(entry, default="unaffected") == ((), "unknown")


def test_osv_of_a_distribution_is_left_out() -> None:
    assert osv.rows(json.loads((DATA / "DSA-5511-1.json").read_text())).flaws == ()


def test_ends_of_support() -> None:
    said = [
        {"cycle": "1", "eol": True},
        {"cycle": "2", "eol": False},
        {"cycle": "3", "eol": "2020-01-01"},
        {},
    ]
    found = eol.rows("openssl", [*said, {"cycle": "4"}], "2024-05-06T00:00:00Z")
    assert [one.ends for one in found.cycles] == ["ended", "goes on", "2020-01-01", ""]
    assert found.date == "2024-05-06"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("v2.85", "2.85"),
        ("curl-7_54_0", "7.54.0"),
        ("OpenSSL_1_1_1w", "1.1.1w"),
        ("openssl-3.0.1", "3.0.1"),
        ("2.90rc1", "2.90rc1"),
        ("main", ""),
        ("1" * 80, ""),
    ],
)
def test_tags_are_read_as_versions(tag: str, expected: str) -> None:
    assert version(tag) == expected
