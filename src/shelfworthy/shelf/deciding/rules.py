"""Rules that judged what was decided on, kept: a release's `five.toml` and the versions of its checks."""

from importlib.resources import files

import msgspec

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Rules, Verdict

_kept: set[str] = set()  # by this process


def keep_those_of(listing_id: int) -> None:
    """Keep the rules of a listing's verdict, if they are not kept yet and are those of this installation.

    Others were judged elsewhere or by an older release, and cannot be had from here.
    """
    digest = Verdict.objects.filter(listing_id=listing_id).values_list("rules_digest", flat=True).first()
    if not digest or digest in _kept:
        return
    if Rules.objects.filter(digest=digest).exists() or keep(digest):
        _kept.add(digest)


def keep(digest: str) -> bool:
    """Keep the rules of this installation if they have this digest; whether they have."""
    from shelfworthy.audit.judge import our_court  # all checks, which weigh

    court = our_court()
    if court.digest != digest:
        return False
    facts = sorted(court.facts.values(), key=lambda one: one.id)
    text = (files("shelfworthy.guidelines") / "five.toml").read_text(encoding="utf-8")
    Rules.objects.get_or_create(
        digest=digest, defaults={"text": text, "checks": msgspec.to_builtins(facts), "kept_at": now()}
    )
    return True
