"""The generated customers: the same every time, and like nobody's."""

import itertools

from shelfworthy_lab import records, tones


def test_the_same_seed_gives_the_same_people() -> None:
    assert records.generate(1, ["a", "b"]) == records.generate(1, ["a", "b"])
    assert records.generate(1, ["a"], seed=1) != records.generate(1, ["a"], seed=2)


def test_friends_and_messages_belong_to_users_and_link_to_recordings() -> None:
    made = records.generate(1, ["a", "b", "c"])
    ids = {user["_id"] for user in made.users}
    assert len(ids) == records.USERS
    assert {friend["owner"] for friend in made.friends} <= ids
    assert {message["sender"] for message in made.messages} <= ids
    assert {message["recording"] for message in made.messages} == {"a", "b", "c"}


def test_every_address_is_in_a_reserved_domain() -> None:
    made = records.generate(1, ["a"])
    people = itertools.chain(made.users, made.friends)
    assert all(str(person["email"]).endswith("@plumpost.test") for person in people)


def test_subscriptions_are_keyed_by_address() -> None:
    made = records.generate(1, ["a"])
    first = records.subscriptions(made)[0]
    assert made.users[0]["email"] in first


def test_tones_are_a_kibibyte_each_and_all_different() -> None:
    made = tones.recordings(20)
    assert {len(content) for content in made.values()} == {1024}
    assert len(set(made.values())) == 20
    assert all(content.startswith(b"MURM") for content in made.values())
