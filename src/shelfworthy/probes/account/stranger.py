"""A stranger with a recipe: the one who sends its steps. What it keeps, whatever the server says:

- at most two accounts: the step `sign_up` is sent with two addresses only, and with neither of them again
  once it was, or may have been, accepted;
- only addresses made here are ever sent, and what an answer names is used only as `filling` allows;
- at most 20 log-ins with a wrong password at one address, whether it has an account or not;
- no redirect is followed, and the only URL of a server's that is asked, the one of `media`, goes through
  the door like any other place, without our session where it is elsewhere;
- of a URL whose host holds a word of ours (an address, a token, an identifier) nobody is even asked;
- it pauses as long as the recipe says, gives up when answers stay away, and keeps time to tidy up.
"""

import secrets
import time
from collections.abc import Iterator
from hashlib import sha256

import msgspec
from msgspec import Struct

from shelfworthy.model import Cause, Level, Recipe, Step
from shelfworthy.probes.filling import Value, Values, captured, filled, lacking, misleading
from shelfworthy.product.recipe import RANDOM
from shelfworthy.reach import Address, Missing, Reach, Reply, attempt, destination
from shelfworthy.seen.account import Replied, Shown

MOST_WRONG = 20  # log-ins with a wrong password at one address
MOST_RIGHT = 40  # and with the right one, as far as we know
STRIKES = 3  # answers that did not come, or not to their end, before we give up
KEPT_FOR_TIDYING = 0.2  # of the look's time
NEARLY_OVER = 0.3  # seconds before its end a session counts as over
WHY = "which step of the recipe was sent, as the recipe writes it"


class Stop(Exception):
    """A question cannot be asked, or not any more. words: a sentence of ours."""

    def __init__(self, cause: Cause, words: str) -> None:
        super().__init__(words)
        self.cause = cause
        self.words = words


class Took(Struct, frozen=True):
    """What came of a step. cause: of an answer that did not come. ms: how long it took."""

    answer: Replied
    said: dict[str, Value]
    body: bytes
    ms: int
    cause: Cause | None = None

    @property
    def accepted(self) -> bool:
        return self.answer.meaning == "accepted"


class Own:
    """An address of ours. said: what answers gave for it. made: an account was signed up; perhaps: it may be.

    other: a second password that may be the right one. deleted: so it was answered, and no log-in works;
    stays: one does; unsure: nobody can tell. ends: when its session does (monotonic), if told.
    """

    def __init__(self, number: int, recipe: Recipe) -> None:
        self.number = number
        self.handle = secrets.token_hex(8)
        self.email = recipe.email.replace(RANDOM, self.handle)
        self.password = secrets.token_urlsafe(16)
        self.other = ""
        self.said: dict[str, Value] = {}
        self.made = False
        self.perhaps = False
        self.deleted = False
        self.stays = False
        self.unsure = False
        self.wrong = 0
        self.right = 0
        self.ends: float | None = None

    @property
    def name(self) -> str:
        return f"account {self.number}" if self.number else "an address without an account"

    @property
    def values(self) -> dict[str, Value]:
        return {**self.said, "email": self.email, "password": self.password}

    def over(self) -> bool:
        """Whether its session is, or was never there."""
        return "token" not in self.said or (self.ends is not None and time.monotonic() > self.ends)


class Stranger:
    """Sends steps for one look. nobody: an address without an account. first, second: that may get one."""

    def __init__(self, recipe: Recipe, reach: Reach, name: str) -> None:
        self.recipe = recipe
        self.reach = reach
        self.nobody = Own(0, recipe)
        self.first = Own(1, recipe)
        self.second = Own(2, recipe)
        self.content = f"shelfworthy{secrets.token_hex(12)}"
        self._given: set[str] = set()  # all that answers gave, in small letters
        self.tidying = False
        self._name = name
        self._steps = recipe.steps()
        self._strikes = 0
        self._last = 0.0

    @property
    def names_media(self) -> bool:
        """Whether the recipe says where an object's file is told."""
        return any("media" in step.capture for step in self._steps.values())

    def accounts(self) -> Iterator[Own]:
        """Those that were or may have been made."""
        return (own for own in (self.first, self.second) if own.made or own.perhaps)

    def holds_ours(self, host: str) -> bool:
        """Whether a host's name holds what we made or were given: to ask for it would tell, and keep it."""
        made = {word for own in self.accounts() for word in (own.handle, own.email, own.password)}
        return any(len(word) > 3 and word.lower() in host for word in made | self._given)

    def step(self, name: str) -> Step:
        """A step of the recipe. Raises Stop if it has none."""
        if name not in self._steps:
            raise Stop(Cause.NOT_SUPPLIED, f"The recipe has no step `{name}`.")
        return self._steps[name]

    async def sign_up(self, own: Own, password: str) -> Took:
        """Ask for an account. Raises Stop for an address that may have one."""
        if own.number not in (1, 2) or own.made or own.perhaps:
            raise Stop(Cause.NOT_PERMITTED, "More than two accounts would be too many.")
        own.password = password
        self._may_go_on()
        own.perhaps = True  # from when it is sent until it is refused
        took = await self.take("sign_up", own, own.values)
        own.perhaps = took.answer.meaning in ("unclear", "unanswered")
        own.made = took.accepted
        own.said |= took.said
        return took

    async def log_in(self, own: Own) -> Took:
        """Log in with the right password, as far as we know it; its session is kept."""
        if own.right >= MOST_RIGHT:
            raise Stop(
                Cause.NOBODY_LOOKED, f"More than {MOST_RIGHT} log-ins to {own.name} would be too many."
            )
        own.right += 1
        began = time.monotonic()
        took = await self.take("log_in", own, own.values)
        own.wrong += took.answer.meaning == "refused"  # to the service it was
        if took.accepted:
            own.said |= took.said
            lasts = seconds(took.said.get("lifetime"))
            own.ends = None if lasts is None else began + lasts - NEARLY_OVER
        return took

    async def wrong_log_in(self, own: Own) -> Took:
        """Log in with a password nobody has. Raises Stop when there were as many as there may be."""
        if own.wrong >= MOST_WRONG:
            raise Stop(Cause.NOBODY_LOOKED, f"More than {MOST_WRONG} wrong log-ins would be too many.")
        own.wrong += 1
        wrong = {**own.values, "password": secrets.token_urlsafe(16)}
        return await self.take("log_in", own, wrong, note=" with a wrong password")

    async def in_session(self, own: Own) -> None:
        """See that there is a session. Raises Stop if there is none to be had."""
        if own.over():
            took = await self.log_in(own)
            if not took.accepted:
                raise Stop(Cause.REFUSED, f"The right password did not log {own.name} in any more.")

    async def read(self, own: Own, thing: Values) -> Shown:
        """Ask for an object as the account, or as nobody at all."""
        step = self.step("read")
        values: dict[str, Value] = {**own.values, **thing}
        hidden: frozenset[str] = frozenset()
        if own is self.nobody:  # no header that says who we are, and made-up words elsewhere
            hidden = frozenset(lacking(step, thing))
            values |= {name: secrets.token_hex(16) for name in lacking(step, values)}
        took = await self.take("read", own, values, hidden)
        return Shown(answer=took.answer, ours=took.accepted and self.content.encode() in took.body)

    async def read_in_session(self, own: Own, thing: Values) -> Shown:
        """Ask for an object in a session. Once more where that was over by its own time when it was answered.
        Raises Stop."""
        await self.in_session(own)
        shown = await self.read(own, thing)
        if own.over() and not shown.ours:
            await self.in_session(own)
            shown = await self.read(own, thing)
        return shown

    async def details(self, own: Own, thing: Values) -> dict[str, Value]:
        """An object of ours with what `read` captures of it as well, if its owner may read it."""
        if "read" not in self._steps or not self._steps["read"].capture:
            return dict(thing)
        took = await self.take("read", own, {**own.values, **thing})
        return {**took.said, **thing}

    async def take(
        self,
        name: str,
        own: Own,
        values: Values,
        hidden: frozenset[str] = frozenset(),
        note: str = "",
    ) -> Took:
        """Send a step. Raises Stop where it cannot be filled, or nothing more should be sent."""
        step = self.step(name)
        self._may_go_on()
        if lacks := lacking(step, values):
            words = f"The step `{name}` needs {{{lacks[0]}}}, which no answer gave."
            raise Stop(Cause.NOT_UNDERSTOOD, words)
        if leads := misleading(step, values):
            words = f"What the service gave for {{{leads[0]}}} cannot stand in the path of `{name}`."
            raise Stop(Cause.NOT_UNDERSTOOD, words)
        request = filled(step, values, hidden)
        at = self.reach.address
        target = msgspec.structs.replace(at, path=at.path.rstrip("/") + request.path)
        shape = f"{name} for {own.name}{note}: {step.method} {step.path}"
        came, ms = await self._asked(target, shape, step.method, request.headers, request.body)
        if isinstance(came, Missing):
            return Took(Replied("unanswered", 0, came.words), {}, b"", ms, came.cause)
        said, why = captured(step, came.body, own.email)
        answer = meaning(step, came, why, self.recipe)
        self._given.update(str(value).lower() for value in said.values())
        return Took(answer, said if answer.meaning == "accepted" else {}, came.body, ms)

    async def fetch(self, thing: Values, own: Own | None) -> tuple[Replied, str] | None:
        """GET the file of an object by the URL that an answer gave; with the account's headers only at home.

        The answer and the hash of what came; None where the URL is no place to ask, or not one for a session.
        Raises Stop if the permission does not reach there.
        """
        self._may_go_on()
        at = destination(self.reach.address, str(thing["media"]))
        if at is None or self.holds_ours(at.host) or (own is not None and not self.at_home(at)):
            return None
        headers = filled(self.step("read"), {**own.values, **thing}).headers if own else ()
        note = f"media for {own.name if own else 'nobody'}: GET"
        came, _ = await self._asked(at, note, "GET", headers, b"")
        if isinstance(came, Missing):
            if came.cause is Cause.NOT_PERMITTED:
                raise Stop(came.cause, came.words)
            return Replied("unanswered", 0, came.words), ""
        answer = meaning(MEDIA, came, "" if came.body else "its answer is empty", self.recipe)
        return answer, sha256(came.body).hexdigest()

    def at_home(self, at: Address) -> bool:
        """Whether a place is the surface's own server, by the same scheme."""
        home = self.reach.address
        return (at.scheme, at.host, at.port) == (home.scheme, home.host, home.port)

    async def _asked(
        self, at: Address, note: str, method: str, headers: tuple[tuple[str, str], ...], body: bytes
    ) -> tuple[Reply | Missing, int]:
        pause = self._last + self.recipe.interval_ms / 1000 - time.monotonic()
        if pause > 0:
            await self.reach.wait(min(pause, max(self.reach.seconds_left, 0.001)))
        began = self._last = time.monotonic()
        came = await attempt(
            self.reach,
            at,
            level=Level.USE,
            method=method,
            headers=headers,
            body=body,
            name=self._name if self.at_home(at) else "",
            within=self.reach.limits.silence,
            why=WHY,
            kept=note.encode(),
        )
        if isinstance(came, Missing) or not came.whole:
            self._strikes += 1
        return came, round((time.monotonic() - began) * 1000)

    def _may_go_on(self) -> None:
        if self.tidying:
            return
        if self.reach.seconds_left < self.reach.limits.look * KEPT_FOR_TIDYING:
            raise Stop(Cause.NOBODY_LOOKED, "The time of this look was used up before this was asked.")
        if self._strikes >= STRIKES:
            words = f"{STRIKES} answers did not come, or not to their end; nothing more was asked."
            raise Stop(Cause.SILENT, words)


MEDIA = Step(method="GET", path="/")  # how an answer for a file is understood


def meaning(step: Step, reply: Reply, why: str, recipe: Recipe) -> Replied:
    """What an answer means by the recipe. why: what it lacks of a success, "" if nothing."""
    status = reply.status
    if status in step.success and not why:
        return Replied("accepted", status)
    asks_to_wait = 400 <= status < 500 and status not in step.success and reply.header("retry-after")
    if status in recipe.slowed or asks_to_wait:  # with 5xx it is out of order, whoever asks
        return Replied("slowed", status)
    if status in step.refusal:
        return Replied("refused", status)
    if not reply.whole:
        return Replied("unclear", status, "Its answer was not read to its end.")
    if status in step.success:
        return Replied("unclear", status, f"The status says yes, but {why}.")
    if 300 <= status < 400:
        return Replied("unclear", status, f"It leads elsewhere (status {status}); nobody went there.")
    return Replied("unclear", status, f"Status {status} is neither success nor refusal in the recipe.")


def seconds(lifetime: Value | None) -> int | None:
    """The lifetime a log-in names, if it is one."""
    try:
        value = int(lifetime or 0)
    except ValueError:
        return None
    return value if value > 0 else None
