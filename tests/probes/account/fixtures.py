"""Services with faults that the lab's have not got: specimens are taken from them where nothing real is."""

import secrets
import time
import uuid
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from shelfworthy.model import Outcome
from shelfworthy_lab.accounts import Switches
from tests.probes.account.peers import (
    INSTEAD,
    LIARS,
    Answered,
    Asked,
    Instead,
    Liar,
    Lie,
    changed,
    hang_up,
    on,
    says,
    truth_itself,
)

FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
ELSEWHERE = "127.0.0.9:9"  # of which no permission speaks
UNLOCKED = Switches(locks_at=0)


class Nth:
    """This lie at requests of one kind, from the nth on."""

    def __init__(self, method: str, path: str, n: int, lie: Lie) -> None:
        self.method, self.path, self.n, self.lie = method, path, n, lie
        self.count = 0

    def __call__(self, asked: Asked, truth: Answered) -> Answered | None:
        if asked.method != self.method or not asked.path.startswith(self.path):
            return truth
        self.count += 1
        return self.lie(asked, truth) if self.count >= self.n else truth


class Wrong:
    """This lie at log-ins that are wrong, from the nth at one address on."""

    def __init__(self, n: int, lie: Lie, *, for_ever: bool = False) -> None:
        self.n, self.lie, self.for_ever = n, lie, for_ever
        self.count: Counter[str] = Counter()

    def __call__(self, asked: Asked, truth: Answered) -> Answered | None:
        if asked.path != "/v1/sessions" or asked.method != "POST":
            return truth
        email = str(asked.body["email"])
        self.count[email] += truth.status != 200
        locked = self.for_ever and self.count[email] >= self.n
        return (
            self.lie(asked, truth)
            if locked or (truth.status != 200 and self.count[email] >= self.n)
            else truth
        )


def named(make: Callable[[int, Asked], str]) -> Lie:
    """Objects are named like this; the first is 0."""
    count = 0

    def lies(asked: Asked, truth: Answered) -> Answered:
        nonlocal count
        if truth.status != 201:
            return truth
        count += 1
        return Answered(201, truth.said | {"id": make(count - 1, asked)})

    return on("POST", "/v1/recordings", lies)


def no_long_ones(asked: Asked) -> Answered | None:
    long = asked.path == "/v1/users" and len(str(asked.body["password"])) > 32
    return Answered(422, {"error": "at most 32 characters"}) if long else None


LOG_OUT = ("DELETE", "/v1/sessions/mine")


class Words:
    """Other words for addresses that were signed up; or new ones each time."""

    def __init__(self, *, new: bool = False) -> None:
        self.new = new
        self.known: set[str] = set()

    def __call__(self, asked: Asked, truth: Answered) -> Answered:
        email = str(asked.body.get("email", ""))
        if asked.path == "/v1/users" and truth.status == 201:
            self.known.add(email)
        if asked.path != "/v1/sessions" or truth.status != 401:
            return truth
        if self.new:
            letters = "".join(secrets.choice("plumtre") for _ in range(12))
            return Answered(401, {"error": f"try again, {letters}"})
        return Answered(401, {"error": "wrong password" if email in self.known else "who is that"})


class Afterwards:
    """This lie at everything of a path once a request was made."""

    def __init__(self, event: tuple[str, str], method: str, path: str, lie: Lie) -> None:
        self.event, self.method, self.path, self.lie = event, method, path, lie
        self.happened = False

    def __call__(self, asked: Asked, truth: Answered) -> Answered | None:
        if (asked.method, asked.path) == self.event:
            self.happened = True
            return truth
        hit = self.happened and asked.method == self.method and asked.path.startswith(self.path)
        return self.lie(asked, truth) if hit else truth


class Ghost:
    """Deletes the account, and goes on showing what was in it to who held its session."""

    def __init__(self) -> None:
        self.shown: dict[str, object] = {}

    def __call__(self, asked: Asked, truth: Answered) -> Answered:
        reads = asked.method == "GET" and asked.path.startswith("/v1/recordings/") and asked.token
        if reads and truth.status == 200:
            self.shown[asked.path] = truth.said
        ghost = reads and truth.status == 401 and asked.path in self.shown
        return Answered(200, self.shown[asked.path]) if ghost else truth


def for_nobody(lie: Lie) -> Lie:
    """This lie at who reads without a session."""
    return on("GET", "/v1/recordings", lambda asked, truth: truth if asked.token else lie(asked, truth))


def delay(asked: Asked, truth: Answered) -> Answered:
    return Answered(truth.status, truth.said, truth.headers, size=60, drip=0.02)


DELETION = ("DELETE", "/v1/users/me")


class OneOnly:
    """A second account is refused to the same visitor."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, asked: Asked) -> Answered | None:
        if asked.path != "/v1/users":
            return None
        self.seen.add(str(asked.body["email"]))
        return Answered(403, {"error": "one account is enough"}) if len(self.seen) > 1 else None


class Throttled:
    """Every wrong log-in at an address that was signed up is told to come back later."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def __call__(self, asked: Asked, truth: Answered) -> Answered:
        email = str(asked.body.get("email", ""))
        if asked.path == "/v1/users" and truth.status == 201:
            self.known.add(email)
        wrong = asked.path == "/v1/sessions" and truth.status == 401 and email in self.known
        return Answered(429, {"error": "later"}) if wrong else truth


class Named:
    """Objects are named after the address of their owner."""

    def __init__(self) -> None:
        self.who: dict[str, str] = {}
        self.count = 0

    def __call__(self, asked: Asked, truth: Answered) -> Answered:
        if asked.path == "/v1/sessions" and truth.status == 200:
            self.who[truth.said["token"]] = str(asked.body["email"]).partition("@")[0].rpartition("+")[2]
        if asked.path != "/v1/recordings" or truth.status != 201:
            return truth
        self.count += 1
        return Answered(201, truth.said | {"id": f"{self.who[asked.token]}-{self.count}"})


def refused(method: str, path: str) -> Instead:
    """These requests are refused and not done."""
    return lambda asked: (
        Answered(403, {"error": "no"}) if (asked.method, asked.path) == (method, path) else None
    )


class Fixture(Struct, frozen=True):
    """what: it does, for the specimen's source. said: of the check."""

    what: str
    check: str
    said: Outcome
    liar: Liar


def fixture(
    what: str,
    check: str,
    said: Outcome,
    lie: Lie = truth_itself,
    instead: Instead | None = None,
    switches: Switches | None = None,
) -> Fixture:
    return Fixture(what, check, said, Liar(lie, instead, switches))


NOW = int(time.time())
STRENGTH, GUESSING, TELLING = "password-strength", "password-guessing", "account-enumeration"
ACCESS, IDS, REPLAY, DELETED = "object-access", "object-ids-guessable", "token-replay", "data-deletion"
NOTHING_PUT = on("POST", "/v1/recordings", says(403, {"error": "no"}))
NOTHING_SHOWN = on("GET", "/v1/recordings", says(404, {"error": "not found"}))
BREAKS = says(500, {})
WRONG_SAME = says(401, {"error": "wrong address or password"})
LET_IN = says(200, {"token": "plumplum", "expires_in": 1})
TO_LOG_IN = says(302, {}, "Location: /log-in")

FIXTURES: dict[str, Fixture] = {
    "at-most-32": fixture("refuses passwords over 32 characters", STRENGTH, FAIL, instead=no_long_ones),
    "confirmation": fixture(
        "lets nobody in before mail was confirmed", STRENGTH, OPEN, LIARS["needs a confirmation by mail"]("")
    ),
    "one-account-only": fixture("refuses a second account", STRENGTH, OPEN, instead=OneOnly()),
    "breaks-at-the-third": fixture(
        "answers 500 to the third sign-up", STRENGTH, OPEN, Nth("POST", "/v1/users", 3, BREAKS)
    ),
    "yes-to-everything": fixture(
        "says yes to everything", STRENGTH, OPEN, LIARS["says yes to everything"]("")
    ),
    "locks-without-a-word": fixture(
        "answers 401 to everybody after eight wrong log-ins",
        GUESSING,
        PASS,
        Wrong(8, WRONG_SAME, for_ever=True),
        switches=UNLOCKED,
    ),
    "delays": fixture(
        "takes 1.2 s from the fifth wrong log-in on", GUESSING, PASS, Wrong(5, delay), switches=UNLOCKED
    ),
    "takes-the-tenth": fixture(
        "lets the tenth wrong password in", GUESSING, OPEN, Wrong(10, LET_IN), switches=UNLOCKED
    ),
    "other-answer": fixture(
        "answers the ninth wrong log-in with 403, and lets the right one in",
        GUESSING,
        OPEN,
        Wrong(9, says(403, {"error": "no"})),
        switches=UNLOCKED,
    ),
    "hangs-up": fixture(
        "hangs up on the sixth wrong log-in", GUESSING, OPEN, Wrong(6, hang_up), switches=UNLOCKED
    ),
    "breaks-at-once": fixture("answers 500 to everything", GUESSING, OPEN, BREAKS),
    "other-words": fixture("has other words for who has an account", TELLING, FAIL, Words()),
    "new-words": fixture("has new words each time", TELLING, OPEN, Words(new=True)),
    "later-for-accounts": fixture(
        "answers 429 to every wrong log-in at an account", TELLING, OPEN, Throttled()
    ),
    "slows-down-everybody": fixture(
        "answers 429 to everything", TELLING, OPEN, LIARS["slows down everybody"]("")
    ),
    "owner-sees-nothing": fixture("shows objects to nobody at all", ACCESS, OPEN, NOTHING_SHOWN),
    "leads-to-log-in": fixture("sends strangers to a page", ACCESS, OPEN, for_nobody(TO_LOG_IN)),
    "page-for-nobody": fixture(
        "shows strangers a page with status 200", ACCESS, OPEN, for_nobody(says(200, {"page": "Log in!"}))
    ),
    "takes-nothing": fixture("lets nothing be put there", ACCESS, OPEN, NOTHING_PUT),
    "named-after-the-account": fixture("names objects after the account", IDS, FAIL, Named()),
    "always-seven": fixture(
        "gives every object the same name", IDS, OPEN, on("POST", "/v1/recordings", changed(id=7))
    ),
    "six-digits": fixture(
        "names objects by six random digits",
        IDS,
        FAIL,
        named(lambda n, _: str((173_205, 829_114, 446_871, 602_938)[n % 4])),
    ),
    "names-of-a-database": fixture(
        "names objects as MongoDB does, by time, process and counter",
        IDS,
        FAIL,
        named(lambda n, _: f"{NOW:08x}8f3a5c61d7{0x41B2C9 + 70_000 * n:06x}"),
    ),
    "sixty-four-bits": fixture(
        "names objects by 64 random bits", IDS, OPEN, named(lambda n, _: secrets.token_hex(8))
    ),
    "uuids": fixture("names objects by UUIDs of version 4", IDS, PASS, named(lambda n, _: str(uuid.uuid4()))),
    "two-objects-only": fixture(
        "takes two objects and no more",
        IDS,
        OPEN,
        Nth("POST", "/v1/recordings", 3, says(403, {"error": "enough"})),
    ),
    "takes-no-object": fixture("lets nothing be put there", IDS, OPEN, NOTHING_PUT),
    "refuses-log-out": fixture("refuses log-outs", REPLAY, OPEN, instead=refused(*LOG_OUT)),
    "closed-after-log-out": fixture(
        "takes nothing from anybody after a log-out",
        REPLAY,
        OPEN,
        Afterwards(LOG_OUT, "POST", "/v1/recordings", says(401, {"error": "closed"})),
    ),
    "breaks-after-log-out": fixture(
        "answers 500 to a session that is over",
        REPLAY,
        OPEN,
        on(
            "POST",
            "/v1/recordings",
            lambda asked, truth: Answered(500, {}) if truth.status == 401 else truth,
        ),
    ),
    "never-gone": fixture(
        "answers deletions and deletes nothing", DELETED, FAIL, instead=INSTEAD["lies about deletion"]
    ),
    "ghost": fixture("deletes the account and not what was in it", DELETED, FAIL, Ghost()),
    "refuses-deletion": fixture("refuses deletions", DELETED, OPEN, instead=INSTEAD["refuses deletion"]),
    "nothing-to-read": fixture("shows objects to nobody at all", DELETED, OPEN, NOTHING_SHOWN),
    "file-elsewhere": fixture(
        "keeps files where nobody permits us to go",
        DELETED,
        OPEN,
        on("POST", "/v1/recordings", changed(media=f"http://{ELSEWHERE}/media/7")),
    ),
    "breaks-after-deletion": fixture(
        "answers 500 to reading after a deletion",
        DELETED,
        OPEN,
        Afterwards(DELETION, "GET", "/v1/recordings", BREAKS),
    ),
    "puts-nothing-there": fixture("lets nothing be put there", DELETED, OPEN, NOTHING_PUT),
}
