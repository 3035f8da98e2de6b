"""Clients that decide, each a process of its own.

    python -m tests.shelf.deciding.clients decide PERSON SEED DECISIONS
    python -m tests.shelf.deciding.clients verdicts ROUNDS
    python -m tests.shelf.deciding.clients second PERSON

prints a line `number sku action` for each decision it was told is made, and `conflict` for each it was not.
"""

import os
import random
import subprocess
import sys
from collections.abc import Callable
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


def decide_at_random(person: int, seed: int, wanted: int) -> None:
    """Decide so many times, on whatever listing is drawn."""
    from shelfworthy.shelf.deciding import parts
    from shelfworthy.shelf.deciding.chain import Conflict, decide
    from shelfworthy.shelf.deciding.states import actions
    from shelfworthy.shelf.models import Listing, Person

    draw = random.Random(seed)
    who = Person.objects.get(pk=person)
    made = 0
    while made < wanted:
        one = draw.choice(list(Listing.objects.order_by("pk")))
        scope = parts.Scope(markets=draw.choice([(), ("DE",), ("GB",)]), lots=draw.choice([(), (), ("7",)]))
        there = parts.state_of(parts.of(one.state, one.parts), scope)
        action = draw.choice(actions(there))
        try:
            decision = decide(
                one.pk,
                action,
                f"of {person}",
                "",
                who,
                expected=there,
                markets=scope.markets,
                lots=scope.lots,
            )
        except Conflict:
            print("conflict", flush=True)
            continue
        made += 1
        print(decision.number, one.sku, action.value, flush=True)


def make_verdicts(rounds: int) -> None:
    """Go over all listings as who makes verdicts does: all their rows first, then the policy for each."""
    from django.db import transaction

    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.deciding.automatic import consider
    from shelfworthy.shelf.models import Listing, Verdict

    for _ in range(rounds):
        with transaction.atomic():
            for one in Listing.objects.select_for_update().order_by("pk"):
                if decision := consider(one, Verdict.objects.get(listing=one), now()):
                    print(decision.number, one.sku, decision.action, flush=True)


def second_all(person: int) -> None:
    """Second every proposal there is."""
    from shelfworthy.shelf.deciding.proposals import Overtaken, second
    from shelfworthy.shelf.models import Decision, Person, Proposal

    who = Person.objects.select_related("membership").get(pk=person)
    for proposal in Proposal.objects.order_by("pk").values_list("pk", flat=True):
        try:
            made = second(proposal, who)
        except Overtaken:
            print("conflict", flush=True)
            continue
        assert isinstance(made, Decision)
        print(made.number, made.listing.sku, made.action, flush=True)


def main(task: str, *numbers: int) -> None:
    import django

    django.setup()
    tasks: dict[str, Callable[..., None]] = {
        "decide": decide_at_random,
        "verdicts": make_verdicts,
        "second": second_all,
    }
    tasks[task](*numbers)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
