"""A court whose one more check is slow, greedy or talkative over a product of such a name, and quick else."""

import re
from collections.abc import Iterator
from random import Random

from shelfworthy.audit.judge import Court, court
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import About, Answer, Cause, Check, Level, inconclusive
from shelfworthy.seen.contact import ContactSeen

SLOW = "slow " + "a" * 64 + "!"
GREEDY = "greedy"
TALKATIVE = "talkative"
LOUD = "loud"  # some 400 KiB of each evidence, however well it is packed


def judge(seen: ContactSeen, about: About) -> Iterator[Answer]:
    """Says something in the end."""
    assert about.product is not None
    name, said = about.product.name, ""
    if re.match(r"slow (a+)+$", name):
        said = "yes"
    if name == GREEDY:
        said = str(len(bytes(2 << 30).replace(b"\0", b"x")))
    if name == TALKATIVE:
        said = "x" * (20 << 20)
    if name == LOUD:
        said = Random(str(seen)).randbytes(400_000).hex()
    yield inconclusive("said", Cause.SILENT, said=said)


NAMED = Check(
    id="slow-name",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(ContactSeen,),
    says={"said": "It says {said}."},
    needs=("product",),
)


def by_name() -> Court:
    """Those who judge, and this check."""
    return court((*CHECKS, NAMED), five_guidelines())
