"""Rules that judged what was decided on, kept: a release's `five.toml` and the versions of its checks."""

from importlib.resources import files

import msgspec
from django.db import transaction

from shelfworthy.model import digest as of
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Rules, Verdict

_done: set[str] = set()  # by this process: kept for good, or not to be had here


def named(court_digest: str, clears: frozenset[str]) -> str:
    """What a verdict by these rules and this trust calls them: see `evidence.rolling.rules_of`."""
    from shelfworthy.shelf.evidence.trust import USUAL

    return court_digest if clears == USUAL.clears else of((court_digest, sorted(clears)))


def keep_those_of(listing_id: int) -> None:
    """Keep the rules of a listing's verdict, if they are not kept yet and are those of this installation.

    Others were judged elsewhere or by an older release, and cannot be had from here.
    """
    digest = Verdict.objects.filter(listing_id=listing_id).values_list("rules_digest", flat=True).first()
    if not digest or digest in _done:
        return
    if Rules.objects.filter(digest=digest).exists() or keep(digest):
        transaction.on_commit(lambda: _done.add(digest))
    else:
        _done.add(digest)


def forget() -> None:
    """Know of nothing that it is kept: the database has become another."""
    _done.clear()


def keep(digest: str) -> bool:
    """Keep the rules of this installation if they have this digest; whether they have."""
    from shelfworthy.audit.judge import our_court  # all checks, which weigh
    from shelfworthy.shelf.evidence.trusting import trust

    court, clears = our_court(), trust().clears
    if digest not in (court.digest, named(court.digest, clears)):
        return False
    facts = sorted(court.facts.values(), key=lambda one: one.id)
    text = (files("shelfworthy.guidelines") / "five.toml").read_text(encoding="utf-8")
    Rules.objects.get_or_create(
        digest=digest,
        defaults={
            "text": text,
            "checks": msgspec.to_builtins(facts),
            "clears": sorted(clears),
            "kept_at": now(),
        },
    )
    return True
