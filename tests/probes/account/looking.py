"""Look at account services in tests: the surface of a server, the probe alone, and what its checks say."""

from collections.abc import Iterable

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Account, Answer, Gap, Observation, Outcome
from shelfworthy.probes.account import ACCOUNT
from shelfworthy.reach import Limits, Transcript
from shelfworthy.seen import AnySeen
from tests.looking import allow, bench, door, product
from tests.specimen import outcome

CHECKS = (
    "password-strength",
    "password-guessing",
    "account-enumeration",
    "object-access",
    "object-ids-guessable",
    "token-replay",
    "data-deletion",
)
ABOUT = About(surface=Account(id="accounts", where="account:https://accounts.bears.test/"))


async def visited(
    surface: Account, host: str, limits: Limits | None = None
) -> tuple[list[AnySeen], Transcript]:
    """All that the probe sees of a server that may be used, and the transcript. Raises NotSeen."""
    it = product([surface], [allow(host)])
    reach = door(it, bench((f"{host}/32",)), limits or Limits()).reach(surface, ACCOUNT.times)
    seen = [one async for one in ACCOUNT.observe(surface, reach)]
    return seen, reach.transcript()  # type: ignore[return-value]


def said(check: str, observations: Iterable[Observation[AnySeen]]) -> list[Answer]:
    """What a check says of a surface."""
    reads = BY_ID[check].reads
    of = [one for one in observations if isinstance(one.seen, reads)]
    return [answer for one in of for answer in answers(BY_ID[check], one, ABOUT)]


def outcomes(observations: list[Observation[AnySeen]], gaps: Iterable[Gap]) -> tuple[Outcome, ...]:
    """What all checks say of a surface; where nothing was seen there must be a gap that says why."""
    found = []
    for check in CHECKS:
        answered = said(check, observations)
        if not answered:
            tags = {one.tag() for one in BY_ID[check].reads}
            assert any(tags.issubset(gap.lacks) for gap in gaps), f"{check}: neither seen nor missed"
        found.append(outcome(answered) if answered else Outcome.INCONCLUSIVE)
    return tuple(found)
