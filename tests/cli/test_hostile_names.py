"""Names of files in an image that mean no good: in no report do they act."""

import tarfile
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.readers.firmware.contents.hostile_images import NAMES, tar
from tests.readers.firmware.with_tools import identity

SHOWN = {  # what is to be seen of each
    "control": r"etc/a\x07\x08\r\x7f",
    "lines": r"etc/a\nb: c\nroot::0:0::/:/bin/sh",
    "colours": r"etc/\x1b[31mred\x1b[2J\x1b]0;title\x07",
    "no UTF-8": r"etc/\xff\xfe\x80 name",
    "right to left": r"etc/\u202egnp.exe",
    "markup": "etc/<script>alert(1)</script>",
}
ACTS = ("\x1b", "\x07", "\x08", "\r", "\x7f", "\u202e")


def test_a_name_does_nothing_in_any_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("unblob")
    files = [("etc/passwd", b"root:x:0:0::/:/bin/sh\n"), ("lib/a", b""), ("usr/b", b"")]
    names = (NAMES[what].decode("utf-8", "surrogateescape") for what in SHOWN)
    files += [(f"etc/{name}", identity("camera")[0]) for name in names]
    (tmp_path / "image.bin").write_bytes(
        tar(*((one, "", tarfile.REGTYPE, content) for one, content in files))
    )
    done = run(capsys, monkeypatch, tmp_path, "audit", "image.bin", "--out", "made.audit")
    pages = {"of the audit": done.out}
    for form in ("terminal", "html", "json"):
        pages[form] = run(capsys, monkeypatch, tmp_path, "report", "made.audit", "--format", form).out
    for form, page in pages.items():
        assert not [one for one in ACTS if one in page], form
        assert all(one.isprintable() or one == "\n" for one in page), form
    assert "<script>alert" not in pages["html"]
    assert "&lt;script&gt;alert" in pages["html"]
    written = pages["json"].replace("\\\\", "\\")  # as JSON writes a backslash
    assert [what for what, shown in SHOWN.items() if shown not in written] == []
