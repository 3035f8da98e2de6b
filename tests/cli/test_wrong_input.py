"""Wrong input is answered with what happened, where, and what to do. Never a traceback."""

from pathlib import Path

import pytest

from tests.builders import database, kept, open_listing, product
from tests.cli.command import run
from tests.snapshots import same_as

HERE = Path(__file__).parent / "wrong"

GOOD = """\
[product]
name = "Bear"
vendor = "Tests"
"""

# name: (arguments, files to write beforehand)
CASES: dict[str, tuple[list[str], dict[str, str]]] = {
    "no-command": (["adit", "bear.toml"], {}),
    "no-such-file": (["audit", "bear.toml"], {}),
    "not-toml": (["audit", "bear.toml"], {"bear.toml": "[product\nname = 1"}),
    "many-mistakes": (
        ["audit", "bear.toml"],
        {
            "bear.toml": '[product]\nnme = "Bear"\nvendor = 7\ngtin = "4006381333932"\n\n'
            '[[surface]]\nid = "api"\nkind = "endpiont"\nwhere = "https://x/"\n\n'
            '[[surface]]\nid = "db"\nkind = "database"\nwhere = "mysql://db"\n\n'
            '[[permission]]\nto = "2130706433"\nlevel = "look"\nbasis = "public"\n'
        },
    ),
    "level-above-basis": (
        ["audit", "bear.toml"],
        {"bear.toml": GOOD + '\n[[permission]]\nto = "db.example.com"\nlevel = "use"\nbasis = "public"\n'},
    ),
    "file-leads-out": (
        ["audit", "bear.toml"],
        {
            "bear.toml": GOOD
            + '\n[[surface]]\nid = "a"\nkind = "endpoint"\nwhere = "https://a.test/"\nca = "../../etc/x"\n'
        },
    ),
    "bad-policy": (
        ["audit", "bear.toml", "--policy", "bench.toml"],
        {"bear.toml": GOOD, "bench.toml": 'open = ["127.0.0.0/99"]\n[[permit]]\nto = "*"\nlevel = "lok"\n'},
    ),
    "url-without-permit": (["audit", "mongodb://db.example.com"], {}),
    "knock-without-basis": (
        ["audit", "mongodb://db.example.com", "--permit", "db.example.com", "--level", "knock"],
        {},
    ),
    "address-in-disguise": (["audit", "http://2130706433/", "--permit", "2130706433"], {}),
    "not-an-audit": (["judge", "bear.audit"], {}),
    "no-such-check": (["explain", "databse-open"], {}),
    "not-a-date": (["judge", "bear.audit", "--at", "yesterday"], {}),
    "resume-of-nothing": (["audit", "bear.toml", "--resume", "old.audit"], {"bear.toml": GOOD}),
    "unknown-requirement": (
        ["audit", "bear.toml"],
        {
            "bear.toml": '[product]\nname = "Bear"\n\n[[declaration]]\nrequirement = "updates.suport"\n'
            'answer = "met"\nbecause = "It says so."\nby = "A person"\non = 2026-01-01\nuntil = 2027-01-01\n'
        },
    ),
    "budget-too-small": (["audit", "bear.toml", "--budget", "0"], {"bear.toml": GOOD}),
    "budget-no-number": (["audit", "bear.toml", "--budget", "nan"], {"bear.toml": GOOD}),
    "no-such-level": (["audit", "mongodb://db.example.com", "--level", "knok"], {}),
    "permit-everything": (["audit", "mongodb://db.example.com", "--permit", "*"], {}),
    "folder-without-file": (["audit", "bear"], {"bear/toy.apk": "PK"}),
    "audit-of-an-audit": (["audit", "old.audit"], {"old.audit/evidence/product.toml": GOOD}),
    "file-and-url": (["audit", "bear.toml", "https://bear.example.com/"], {"bear.toml": GOOD}),
    "nothing-to-audit": (["audit"], {}),
    "out-and-resume": (["audit", "--resume", "a.audit", "--out", "b.audit"], {}),
    "resume-alone-of-nothing": (["audit", "--resume", "old.audit"], {}),
    "verify-of-no-audit": (["verify", "bear"], {"bear/notes.txt": ""}),
    "verify-no-digest": (
        ["verify", "old.audit", "--digest", "beef"],
        {"old.audit/evidence/product.toml": GOOD},
    ),
    "several-as-json": (["judge", "a.audit", "b.audit", "--format", "json"], {}),
    "no-time": (["judge", "bear.audit", "--at", "2026-11-22T00:58"], {}),
    "redact-without-why": (["redact", "bear.audit", "id", "--because", " ", "--by", "A"], {}),
    "papers-with-mistakes": (
        ["audit", "bear/product.toml"],
        {
            "bear/product.toml": GOOD
            + '\n[[surface]]\nid = "reports"\nkind = "correspondence"\nwhere = "letters.toml"\n'
            + '\n[[surface]]\nid = "press"\nkind = "incident"\nwhere = "press.toml"\n'
            + '\n[[surface]]\nid = "more"\nkind = "incident"\nwhere = "gone.toml"\n',
        },
    ),
    "papers-not-understood": (
        ["audit", "bear/product.toml"],
        {
            "bear/product.toml": GOOD
            + '\n[[surface]]\nid = "reports"\nkind = "correspondence"\nwhere = "letters.toml"\n'
            + '\n[[surface]]\nid = "press"\nkind = "incident"\nwhere = "press.toml"\n',
            "bear/letters.toml": "looked_until = 2018-06-05\n[[contact]]\nid = 'mail'\non = 2018-07-01\n",
            "bear/press.toml": '[[incident]]\non = "yesterday"\nwhat = "leek"\ntitle = ""\nsource = "x"\n',
        },
    ),
    "due-of-nothing": (["due", "bear.audit"], {}),
    "due-no-date": (["due", "bear.audit", "--by", "soon"], {}),
    "reference-of-no-audit": (["reference", "build", "bear"], {"bear/notes.txt": ""}),
    "reference-of-nothing": (["reference", "build"], {}),
    "reference-unknown": (["reference", "biuld", "bear.audit"], {}),
    "init-of-nothing": (["init", "nowhere"], {}),
}


@pytest.mark.parametrize("name", CASES)
def test_words_instead_of_a_traceback(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, files = CASES[name]
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    before = set(tmp_path.rglob("*"))
    ran = run(capsys, monkeypatch, tmp_path, *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert str(tmp_path) not in ran.err
    same_as(HERE / f"{name}.txt", ran.err)
    assert set(tmp_path.rglob("*")) == before, "nothing is begun on wrong input"


def test_an_audit_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bear.toml").write_text(GOOD)
    kept(tmp_path / "old.audit", product(database()), open_listing())
    before = sorted(path.name for path in (tmp_path / "old.audit").rglob("*"))
    ran = run(capsys, monkeypatch, tmp_path, "audit", "bear.toml", "--out", "old.audit")
    assert ran.code == 2
    assert "--resume old.audit" in ran.err
    assert sorted(path.name for path in (tmp_path / "old.audit").rglob("*")) == before


def test_changed_evidence_is_told_by_verify_and_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = kept(tmp_path / "old.audit", product(database()), open_listing())
    (path,) = (folder / "evidence" / "observations").iterdir()
    path.write_bytes(path.read_bytes().replace(b"5000", b"6000"))
    told = run(capsys, monkeypatch, tmp_path, "verify", "old.audit")
    assert told.code == 10
    assert f"observations/{path.name}: changed" in told.out
    judged = run(capsys, monkeypatch, tmp_path, "judge", "old.audit")
    assert judged.code == 2
    assert "was changed after it was written" in judged.err
