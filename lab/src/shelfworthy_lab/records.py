"""Invented customers of an invented toy, in the proportions of the story.

The same seed gives the same people, so a test can ask afterwards what was planted. Addresses end in `.test`
and family names exist nowhere else, so that finding one is finding a leak.
"""

import base64
import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

# 821,396 users, 371,970 friends' records and 2,182,337 voice messages, in thousands.
USERS, FRIENDS, MESSAGES = 821, 372, 2182

FIRST = ("Mia", "Noah", "Lena", "Oskar", "Ida", "Theo", "Runa", "Emil", "Nele", "Jonte", "Alma", "Bruno")
STEM = ("Marsh", "Quill", "Thrush", "Bram", "Fennel", "Osier", "Tarn", "Pebble", "Wicket", "Yarrow")
TAIL = ("barrow", "wick", "holt", "combe", "fold", "stead", "thorpe", "lea")
RELATIONS = ("mother", "father", "grandmother", "grandfather", "aunt", "uncle", "sibling")
BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
START = dt.datetime(2016, 10, 1, tzinfo=dt.UTC)

Record = dict[str, object]


@dataclass(frozen=True)
class Records:
    """One database's content: collection → documents. Message n links to recording n modulo their number."""

    users: list[Record]
    friends: list[Record]
    messages: list[Record]

    def collections(self) -> Iterator[tuple[str, list[Record]]]:
        yield from (("users", self.users), ("friends", self.friends), ("messages", self.messages))


def generate(times: int, keys: list[str], seed: int = 2016) -> Records:
    """`times` × 821 users with their friends' records and messages, whose recordings are named `keys`."""
    chance = random.Random(seed)
    users = [_user(chance) for _ in range(times * USERS)]
    friends = [_friend(chance, chance.choice(users)) for _ in range(times * FRIENDS)]
    messages = [_message(chance, users, keys[n % len(keys)]) for n in range(times * MESSAGES)]
    return Records(users, friends, messages)


def excerpt(records: Records, times: int) -> Records:
    """The first `times` × 821 users and so on: what somebody copied to staging."""
    users, friends, messages = times * USERS, times * FRIENDS, times * MESSAGES
    return Records(records.users[:users], records.friends[:friends], records.messages[:messages])


def subscriptions(records: Records) -> list[Record]:
    """Documents keyed by e-mail address: here a field's *name* is somebody's data."""
    return [{"_id": n, str(user["email"]): {"weekly": True}} for n, user in enumerate(records.users[:60])]


def _user(chance: random.Random) -> Record:
    first, family = chance.choice(FIRST), chance.choice(STEM) + chance.choice(TAIL)
    number = chance.randrange(10_000)
    birthday = dt.datetime(chance.randrange(2004, 2014), chance.randrange(1, 13), chance.randrange(1, 29))
    return {
        "_id": _id(chance),
        "email": f"{first}.{family}{number}@plumpost.test".lower(),
        "hash": "$2a$10$" + "".join(chance.choices(BCRYPT, k=53)),
        "firstName": first,
        "lastName": family,
        "birthday": birthday,
        "picture": f"portraits/{uuid.UUID(int=chance.getrandbits(128), version=4)}.jpeg",
        "toy": {"model": chance.randrange(5), "nickName": f"{family} Bear"},
        "createdAt": START + dt.timedelta(seconds=chance.randrange(8_000_000)),
    }


def _friend(chance: random.Random, owner: Record) -> Record:
    family = chance.choice(STEM) + chance.choice(TAIL)
    return {
        "_id": _id(chance),
        "owner": owner["_id"],
        "name": f"{chance.choice(FIRST)} {family}",
        "email": f"{family}{chance.randrange(10_000)}@plumpost.test".lower(),
        "relationship": chance.choice(RELATIONS),
    }


def _message(chance: random.Random, users: list[Record], key: str) -> Record:
    return {
        "_id": _id(chance),
        "sender": chance.choice(users)["_id"],
        "recipient": chance.choice(users)["_id"],
        "recording": key,
        "flags": chance.choice((0, 1, 2, 4, 8)),
        "createdAt": START + dt.timedelta(seconds=chance.randrange(8_000_000)),
    }


def _id(chance: random.Random) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(9)).decode()
