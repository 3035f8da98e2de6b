"""A client of its own process that decides at random; and a shelf's database for several of them.

    python -m tests.shelf.deciding.clients PERSON SEED DECISIONS

prints a line `number sku action` for each decision it was told is made, and `conflict` for each it was not.
"""

import os
import random
import subprocess
import sys
from pathlib import Path


def environment(shelf: Path, url: str) -> dict[str, str]:
    """What a process of this shelf needs to know."""
    return os.environ | {
        "SHELFWORTHY_SHELF": str(shelf),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def run(code: str, env: dict[str, str]) -> str:
    """What a piece of Python prints in a shelf's own process."""
    begin = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code],
        env=env,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def main(person: int, seed: int, wanted: int) -> None:
    import django

    django.setup()
    from shelfworthy.shelf.deciding.chain import Conflict, decide
    from shelfworthy.shelf.deciding.states import actions
    from shelfworthy.shelf.models import Listing, Person, State

    draw = random.Random(seed)
    who = Person.objects.get(pk=person)
    made = 0
    while made < wanted:
        one = draw.choice(list(Listing.objects.order_by("pk")))
        action = draw.choice(actions(State(one.state)))
        try:
            decision = decide(one.pk, action, f"of {person}", "", who, expected=State(one.state))
        except Conflict:
            print("conflict", flush=True)
            continue
        made += 1
        print(decision.number, one.sku, action.value, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
