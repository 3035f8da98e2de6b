"""`shelfworthy-lab` as a person and a Makefile meet it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab


def lab(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shelfworthy_lab", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_list_names_products_editions_and_parts() -> None:
    said = json.loads(lab("list", "--json").stdout)
    assert said["cloudpets"]["editions"] == ["2018", "fixed"]
    assert "records" in said["cloudpets"]["parts"]
    assert "cloudpets" in lab("list").stdout


def test_up_status_down(lab_home: Path) -> None:
    up = lab("up", "endpoints", "--edition", "all", "--only", "good-rsa,expired", "--json")
    said = json.loads(up.stdout)
    assert set(said) == {"product", "policy", "expected", "ports", "parts"}
    assert said["parts"]["good-rsa"] == said["parts"]["expired"] == "running"
    assert said["parts"]["sslv3"].startswith("can't run: ")
    assert Path(said["product"]).is_relative_to(lab_home)
    status = json.loads(lab("status", "--json").stdout)
    assert status["endpoints-all"]["running"] is True
    assert "good-rsa" in lab("status").stdout
    assert json.loads(lab("down", "--all", "--json").stdout) == {"ended": ["endpoints-all"]}
    assert lab("status").stdout == "nothing runs\n"
    assert lab("down", "endpoints").stdout == "nothing ran\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("up", "bears", "--edition", "2018"),
            "no product 'bears' in the lab; there is cloudpets, endpoints",
        ),
        (("up", "cloudpets", "--edition", "x"), "no edition 'x' in the lab; there is 2018, fixed"),
        (("down",), "name a product, or say --all"),
        (("down", "cloudpets", "--all"), "name a product, or say --all"),
        (("up", "cloudpets"), "--edition"),
    ],
)
def test_wrong_usage_says_what_there_is(arguments: tuple[str, ...], words: str) -> None:
    done = lab(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
