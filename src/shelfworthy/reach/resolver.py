"""Ask the operator's resolvers about any name: asking is no contact with whoever the name belongs to.

- Asked are the policy's resolvers in order, each at most twice by datagrams, by TCP where an answer was cut.
- An answer counts if it carries our number and our question; anything else that arrives is passed over.
- Aliases are followed from answer to answer, at most eight of them, and never twice through one name.
"""

from shelfworthy.model import Cause, Level, Record
from shelfworthy.product.address import Address
from shelfworthy.reach.dns_messages import NoAnswer, Question, Said, answer, is_cut, question
from shelfworthy.reach.door import Reach
from shelfworthy.reach.visit import Missing
from shelfworthy.reach.words import FellSilent, NotSeen, PortRefused

TRIES = 2  # times one resolver is asked by datagrams
STRANGERS = 8  # datagrams that are not our answer, until we stop waiting for it
ALIASES = 8
WITHIN = 2.0  # seconds to wait for one datagram

RECORDS = "records"
NONE = "no such record"
NO_NAME = "no such name"
FAILED = "server failure"
REFUSED = "refused"
LOOP = "alias loop"
ENDLESS = "too many aliases"
STATES = {"NOERROR": NONE, "NXDOMAIN": NO_NAME, "REFUSED": REFUSED}  # by code, of an answer without records


class Told(Record, frozen=True):
    """What a resolver says of a name and a type of record.

    state: one of the words above, of the last alias where there are any. aliases: in the order they were
    followed. records: as text (RFC 1035, section 5), names in lower case without the last dot. signed: they
    came with signatures. validated: the resolver says that it verified them (AD; RFC 4035, section 3.2.3).
    """

    state: str
    aliases: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    signed: bool = False
    validated: bool = False


async def look_up(reach: Reach, name: str, kind: str) -> Told:
    """What the resolvers say about records of a type ("A", "MX", …). Raises NotSeen."""
    chain = [name.lower().removesuffix(".")]
    while True:
        said = await _asked(reach, chain[-1], kind)
        before = len(chain)
        while (target := said.aliases.get(chain[-1])) is not None:
            if target in chain:
                return Told(state=LOOP, aliases=(*chain[1:], target))
            if len(chain) > ALIASES:
                return Told(state=ENDLESS, aliases=tuple(chain[1:]))
            chain.append(target)
        last = chain[-1]
        if records := said.records.get(last):
            return Told(
                state=RECORDS,
                aliases=tuple(chain[1:]),
                records=records,
                signed=last in said.signed,
                validated=said.validated,
            )
        state = STATES.get(said.code, FAILED)
        if state != NONE or len(chain) == before:
            return Told(state=state, aliases=tuple(chain[1:]), validated=said.validated)
        # An authoritative server follows aliases no further than its own zones: where it stopped, ask anew.


async def try_look_up(reach: Reach, name: str, kind: str) -> Told | Missing:
    """The same; what did not come is told, not raised."""
    try:
        return await look_up(reach, name, kind)
    except NotSeen as trouble:
        return Missing(cause=trouble.cause, words=trouble.words)


async def _asked(reach: Reach, name: str, kind: str) -> Said:
    """The answer of the first resolver that has one; of the last, if none has. Raises NotSeen."""
    try:
        asked = question(name, kind)
    except NoAnswer as error:
        raise NotSeen(
            Cause.NOT_UNDERSTOOD, f"{name[:80]} is no name a resolver can be asked about."
        ) from error
    trouble: NotSeen | None = None
    said: Said | None = None
    for at in reach.resolvers:
        try:
            said = await _one_asked(reach, at, asked)
        except (FellSilent, PortRefused) as error:
            trouble = trouble or error
            continue
        if said.code in STATES and said.code != "REFUSED":
            return said
    if said is not None:
        return said
    assert trouble is not None  # there is at least one resolver
    raise trouble


async def _one_asked(reach: Reach, at: Address, asked: Question) -> Said:
    for left in reversed(range(TRIES)):
        try:
            content = await _datagram(reach, at, asked)
            break
        except FellSilent:
            if not left:
                raise
    if is_cut(asked, content):
        content = await _by_tcp(reach, at, asked)
    try:
        said = answer(asked, content)
    except NoAnswer as error:
        words = f"The resolver {at.authority} did not answer as a resolver does: {error}."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words) from error
    if said.referral:
        words = (
            f"The resolver {at.authority} only says who might know about {asked.name}: it resolves nothing."
        )
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    return said


async def _datagram(reach: Reach, at: Address, asked: Question) -> bytes:
    """The first datagram that is an answer to the question, cut or not. Raises NotSeen, FellSilent.

    A port of its own for each question: who wants to answer in the resolver's place has to guess it.
    """
    why = ""
    async with reach.asking().udp(at, level=Level.LOOK, counts_as="questions") as line:
        await line.send(asked.content)
        for _ in range(STRANGERS):
            content = await line.receive(within=WITHIN)
            if is_cut(asked, content):
                return content
            try:
                answer(asked, content)
            except NoAnswer as error:
                why = str(error)
                continue
            return content
    words = f"The resolver {at.authority} sent {STRANGERS} datagrams that are no answer: {why}."
    raise NotSeen(Cause.NOT_UNDERSTOOD, words)


async def _by_tcp(reach: Reach, at: Address, asked: Question) -> bytes:
    """The whole of an answer that was cut (RFC 7766: two bytes of length, then the message)."""
    async with reach.asking().tcp(at, level=Level.LOOK, counts_as="questions") as line:
        await line.send(len(asked.content).to_bytes(2) + asked.content)
        length = int.from_bytes(await line.receive(2))
        content = await line.receive(length)
    if not length or len(content) < length:
        words = f"The resolver {at.authority} hung up in the middle of its answer."
        raise NotSeen(Cause.SILENT, words)
    return content
