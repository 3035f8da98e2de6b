"""Imports as processes of their own, on shelves of their own."""

import os
import subprocess
import sys
import time
from pathlib import Path

BEGAN = "began"
AT_ONCE = 100  # rows of a transaction, so that there are many
PROGRAM = f"""
import sys
import django
django.setup()
from shelfworthy.shelf.catalogue import importing
from shelfworthy.shelf.catalogue.rows import Form
from shelfworthy.shelf.models import Person
importing.AT_ONCE = {AT_ONCE}
with open(sys.argv[1], "rb") as file:
    print("{BEGAN}", flush=True)
    done = importing.run(file, sys.argv[1], Person.objects.get(), Form.CSV, source=sys.argv[2])
print(done.state, done.rows, done.vanished, done.wrong)
"""
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from shelfworthy.shelf.models import Membership, Person
Membership.objects.create(person=Person.objects.create(name="Ann"), role="analyst")
"""
Sold = dict[object, tuple[object, ...]]


def migrated(shelf: Path, url: str = "") -> None:
    """A shelf with its tables and somebody who may import."""
    shelf.mkdir()
    subprocess.run([sys.executable, "-c", MIGRATE], env=_environment(shelf, url), check=True, timeout=60)


def start(shelf: Path, file: Path, url: str = "", source: str = "catalogue") -> subprocess.Popen[str]:
    """An import which has just begun."""
    command = [sys.executable, "-c", PROGRAM, str(file), source]
    process = subprocess.Popen(command, env=_environment(shelf, url), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == BEGAN
    return process


def said(process: subprocess.Popen[str]) -> str:
    """What an import says when it is at its end."""
    with process:
        words, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return words.strip()


def whole(shelf: Path, file: Path) -> tuple[str, float]:
    """An import to its end; what it says, and the seconds it took."""
    process = start(shelf, file)
    began = time.monotonic()
    return said(process), time.monotonic() - began


def written(path: Path, first: int, last: int, firmware: str, markets: str) -> Sold:
    """Write a catalogue; what is sold when it was imported: by SKU firmware, product and markets."""
    sold: Sold = {
        f"S{number}": (firmware, f"Bear {number // 3}", markets.replace(" ", ","))
        for number in range(first, last)
    }
    lines = [f"{sku},Bear,Plumwhistle,{it[0]},{it[1]},{markets}" for sku, it in sold.items()]
    path.write_text("\n".join(["sku,title,maker,firmware,product,markets", *lines]))
    return sold


def _environment(shelf: Path, url: str) -> dict[str, str]:
    return os.environ | {
        "SHELFWORTHY_SHELF": str(shelf),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
