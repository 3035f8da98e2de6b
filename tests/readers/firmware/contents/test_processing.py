"""Tasks are handed to workers several at once: none is lost, none is done twice."""

from pathlib import Path

import pytest

pytest.importorskip("unblob")

from unblob.models import Task

from shelfworthy.readers.firmware.contents.processing import batched


@pytest.mark.parametrize("several", [1, 2, 3, 7, 8])
def test_every_task_is_handed_over_once(several: int) -> None:
    tasks = [Task(path=Path(str(number)), depth=1, blob_id="") for number in range(7)]
    few = list(batched(tasks, several))
    assert [task for batch in few for task in batch] == tasks
    assert all(1 <= len(batch) <= several for batch in few)


def test_none_is_none() -> None:
    assert list(batched([], 4)) == []
