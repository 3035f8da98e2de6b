"""Who looks for facts is asked side by side where there is much: the same is told, and who dies is missed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("unblob")

from shelfworthy.model import Cause, NotSeen
from shelfworthy.readers.firmware.contents import asking
from shelfworthy.readers.firmware.contents.asking import Told, asked
from shelfworthy.readers.firmware.contents.folder_tree import FolderTree
from shelfworthy.readers.firmware.contents.inspectors import INSPECTORS, TOGETHER
from tests.readers.firmware.contents.unpacking import root


@pytest.fixture
def trees(tmp_path: Path) -> Iterator[list[FolderTree]]:
    top = root(tmp_path)
    (top / "usr" / "bin" / "update.sh").write_text("#!/bin/sh\nwget http://u.maker.shop/a\nmtd write a fw\n")
    (top / "etc" / "closed").write_text("nobody reads this")
    tree = FolderTree(str(top), 0, root=True)
    (top / "etc" / "closed").unlink()  # listed, and gone when it is read
    yield [tree]
    tree.close()


def test_every_kind_is_asked_once() -> None:
    assert sorted(what for group in TOGETHER for what in group) == sorted(INSPECTORS)


def test_workers_tell_what_one_process_tells(
    trees: list[FolderTree], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Told] = []
    for worth in (0, 1 << 40):
        monkeypatch.setattr(asking, "WORTH_WORKERS", worth)
        told.append(asked(trees))
    assert told[0] == told[1]
    assert told[0].facts["updaters"]
    assert told[0].facts["accounts"]
    assert told[0].skipped
    assert [one.place.file for one in told[0].left] == ["etc/closed"]


def test_a_worker_that_is_ended_is_no_silence(
    trees: list[FolderTree], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(tree: object, bounds: object) -> Iterator[object]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield tree

    monkeypatch.setattr(asking, "WORTH_WORKERS", 0)
    monkeypatch.setitem(INSPECTORS, "names", (ended, 1))
    with pytest.raises(NotSeen, match="more computing or memory") as raised:
        asked(trees)
    assert raised.value.cause is Cause.NOT_UNDERSTOOD


def test_what_breaks_in_a_worker_is_told(trees: list[FolderTree], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(tree: object, bounds: object) -> Iterator[object]:
        raise RuntimeError("broken")
        yield tree

    monkeypatch.setattr(asking, "WORTH_WORKERS", 0)
    monkeypatch.setitem(INSPECTORS, "names", (broken, 1))
    with pytest.raises(RuntimeError, match="broken"):
        asked(trees)
