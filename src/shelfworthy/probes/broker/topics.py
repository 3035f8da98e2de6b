"""What is kept of topics and messages: shapes, counts and sizes (law 8).

Topics are made of whose they are: children's names, serial numbers, e-mail addresses. A person's name
cannot be told from a programmer's by its looks, so of a topic only words of the list below are kept.
"""

import re

from msgspec import Struct

from shelfworthy.seen.broker import Asked, Received, TopicsSeen

MOST_TOPICS, MOST_SHAPES = 1000, 50
MOST_MESSAGES, MOST_BYTES = 10_000, 4 << 20  # what is taken before we hang up
MOST_LEVELS = 12

WORDS = """
account accounts ack alarm alert alerts alive api app apps attributes audio availability available backend
battery bear bears broadcast button camera cameras chat child children cloud cmd cmds cmnd command
commands config configuration connected connection contact contacts control customer customers data debug
dev device devices discovery doll dolls down downlink download email emails error errors event events
families family feed file files firmware firmwares friend friends from gateway get gps group groups health
heartbeat home homeassistant homes house houses humidity image images in inbox info iot join key keys kid
kids led light listen live local location locations lock log login logs lwt mail media message messages
meta mic microphone mobile monitor motion mqtt notification notifications notify offline online ota out
outbox parent parents password passwords photo photos ping play player pong position power presence
private prod production profile profiles property public queue raw rec record recording recordings rename
reply request requests reset response result results room rooms rpc rx say secret sensor sensors service
session sessions set settings shadow sound speech ssid staging stat state states statistics stats status
stream sync system tele telemetry temperature test text thing things time token tokens topic topics toy
toys track tx unit units up update updates uplink upload user username users v1 v2 v3 value values version
video voice voices volume wifi zigbee2mqtt
"""
GENERIC = frozenset(WORDS.split())


def topic_shape(topic: str) -> str:
    """`toys/‹a9›/voice`: words of our list, and for every other level whether it has letters and digits."""
    levels = topic.split("/")
    shown = [level if level.lower() in GENERIC else _level(level) for level in levels[:MOST_LEVELS]]
    return "/".join(shown + (["…"] if len(levels) > MOST_LEVELS else []))


def _level(level: str) -> str:
    """`‹a›` letters, `‹9›` digits, `‹a9›` both, `‹@›` the form of an e-mail address, `‹›` neither."""
    if re.fullmatch(r"[^@\s]+@[^@\s]+", level):
        return "‹@›"
    letters = any(character.isalpha() for character in level)
    digits = any(character.isdigit() for character in level)
    return f"‹{'a' * letters}{'9' * digits}›"


class _Shape(Struct):
    """What came of one shape so far."""

    topics: int = 0
    messages: int = 0
    retained: int = 0
    smallest: int = -1
    largest: int = 0


class Tally:
    """Counts messages. full: there is no need to be handed any more."""

    def __init__(self) -> None:
        self.asked: dict[str, Asked] = {}
        self.truncated = False
        self._topics: set[int] = set()
        self._shapes: dict[str, _Shape] = {}
        self._messages = self._system = self._bytes = self._taken = 0

    @property
    def full(self) -> bool:
        return self._messages + self._system >= MOST_MESSAGES or self._taken >= MOST_BYTES

    def answer(self, what: str, granted: bool | None, code: str) -> None:
        """What became of asking for it."""
        self.asked[what] = Asked(what=what, granted=granted, code=code)

    def message(self, topic: str, size: int, retained: bool = False) -> None:
        """One that came, of so many bytes."""
        self._taken += len(topic) + size
        if topic.startswith("$"):
            self._system += 1
        else:
            self._messages += 1
            self._bytes += size
            self._count(topic, size, retained)
        self.truncated = self.truncated or self.full

    def _count(self, topic: str, size: int, retained: bool) -> None:
        known = hash(topic) in self._topics
        if not known and len(self._topics) >= MOST_TOPICS:
            self.truncated = True
            return
        shape = topic_shape(topic)
        if shape not in self._shapes and len(self._shapes) >= MOST_SHAPES:
            self.truncated = True
            shape = "…"
        self._topics.add(hash(topic))
        of = self._shapes.setdefault(shape, _Shape())
        of.topics += not known
        of.messages += 1
        of.retained += retained
        of.smallest = size if of.smallest < 0 else min(of.smallest, size)
        of.largest = max(of.largest, size)

    def received(self, unanswered: tuple[str, ...] = (), offered: int = 0) -> Received:
        """All of it. unanswered: what was asked for and got no answer."""
        for what in unanswered:
            self.asked.setdefault(what, Asked(what=what, granted=None, code=""))
        return Received(
            asked=tuple(self.asked.values()),
            messages=self._messages,
            topics=len(self._topics),
            size=self._bytes,
            system=self._system,
            offered=offered,
            shapes=tuple(
                TopicsSeen(
                    shape=shape,
                    topics=of.topics,
                    messages=of.messages,
                    retained=of.retained,
                    smallest=of.smallest,
                    largest=of.largest,
                )
                for shape, of in sorted(self._shapes.items())
            ),
            truncated=self.truncated,
        )
