"""Hardening: what protects programs, beside what was asked of the compiler."""

import subprocess
from pathlib import Path

import pytest

from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.programs import hardened, programs
from tests.readers.firmware.contents.trees import Files
from tests.readers.firmware.with_tools import has

SOURCE = """\
#include <stdio.h>
#include <string.h>
int main(int n, char **a) { char b[64]; strcpy(b, a[0]); puts(b); return n; }
"""
HARD = ("-O2", "-D_FORTIFY_SOURCE=2", "-fPIE", "-pie", "-Wl,-z,relro,-z,now", "-fstack-protector-all")
SOFT = (
    "-O0",
    "-U_FORTIFY_SOURCE",
    "-fno-pie",
    "-no-pie",
    "-Wl,-z,norelro",
    "-fno-stack-protector",
    "-Wl,-z,execstack",
)


def built(folder: Path, *flags: str) -> bytes:
    has("gcc", "gcc")
    (folder / "a.c").write_text(SOURCE)
    subprocess.run(["gcc", *flags, "-w", "-o", "a", "a.c"], cwd=folder, check=True, capture_output=True)
    return (folder / "a").read_bytes()


def test_everything_the_compiler_was_asked_for(tmp_path: Path) -> None:
    found = hardened(built(tmp_path, *HARD))
    assert found is not None
    assert found[1:] == ("yes", "yes", "full", "yes", "yes")


def test_nothing_the_compiler_was_asked_for(tmp_path: Path) -> None:
    found = hardened(built(tmp_path, *SOFT))
    assert found is not None
    assert found[1:] == ("no", "no", "none", "no", "no")


def test_half_of_it(tmp_path: Path) -> None:
    found = hardened(built(tmp_path, "-O2", "-fPIE", "-pie", "-Wl,-z,relro,-z,lazy", "-fstack-protector-all"))
    assert found is not None
    assert found[1:5] == ("yes", "yes", "partial", "yes")


def test_alike_makes_one_group_and_what_is_no_program_none(tmp_path: Path) -> None:
    hard, soft = built(tmp_path, *HARD), built(tmp_path, *SOFT)
    subprocess.run(["gcc", "-c", "-o", "a.o", "a.c"], cwd=tmp_path, check=True)
    tree = {f"usr/bin/p{number:02}": hard for number in range(30)}
    tree |= {
        "usr/bin/soft": soft,
        "lib/modules/a.ko": (tmp_path / "a.o").read_bytes(),
        "etc/x": b"\x7fELF" + bytes(60),
    }
    first, second = programs(Files(tree), Bounds("programs"))
    assert (first.count, len(first.files), first.files[0]) == (30, 20, "usr/bin/p00")
    assert (second.count, second.files) == (1, ("usr/bin/soft",))


@pytest.mark.parametrize("cut", [60, 100, 1000, 5000])
def test_what_was_cut_off_is_read_as_far_as_it_goes(cut: int, tmp_path: Path) -> None:
    list(programs(Files({"a": built(tmp_path, *HARD)[:cut]}), Bounds("programs")))
