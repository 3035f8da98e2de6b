"""The counter of a live display: it grows with what is seen on the way."""

import io
import re

from rich.console import Console

from shelfworthy.audit.one_look import Step
from shelfworthy.cli.progress import telling


def test_the_total_grows_with_what_is_seen_on_the_way() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with telling(console, 1) as tell:
        for surface in ("site", "seen:endpoint:https://help.test/", "seen:domain:bear.test"):
            tell(Step(surface=surface, probe="any/1", ended=False))
        for surface in ("site", "seen:domain:bear.test", "seen:endpoint:https://help.test/"):
            tell(Step(surface=surface, probe="any/1", ended=True, gap="It did not answer."))
    assert isinstance(console.file, io.StringIO)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", console.file.getvalue())
    assert "3/3" in shown
    assert not re.search(r"[2-9]/1\b", shown)
    assert "seen:domain:bear.test (any): It did not answer." in shown
