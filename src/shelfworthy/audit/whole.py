"""One whole audit's looking: the evidence of a product, from its first look to its manifest."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from shelfworthy.audit.look import look
from shelfworthy.audit.one_look import Tell
from shelfworthy.model import Policy, Product
from shelfworthy.product.scope import Scope
from shelfworthy.reach import Door, Street
from shelfworthy.record import Recorder

UNNAMED = "unnamed bench"


async def look_whole(
    product: Product,
    text: bytes,
    supplied: Mapping[str, bytes],
    policy: Policy,
    folder: Path,
    *,
    budget: float,
    tell: Tell,
    done: frozenset[tuple[str, str]] = frozenset(),
    street: Street | None = None,
    keep_artefacts: bool = False,
) -> str:
    """Look at all of a product and seal what was seen; the digest that names it.

    text: the product file, word for word. folder: `NAME.audit`, new or to go on with. budget: seconds. done:
    (surface, probe or reader) that need no look any more. street: shared with audits of other products.
    keep_artefacts: see `Recorder`.
    """
    recorder = Recorder(folder, text, dict(supplied), keep_artefacts=keep_artefacts)
    scope = Scope(product, policy, datetime.now(UTC).date())
    door = Door(scope, supplied=supplied, street=street)
    await look(product, door, recorder, policy.observer or UNNAMED, budget=budget, tell=tell, done=done)
    return recorder.close()
