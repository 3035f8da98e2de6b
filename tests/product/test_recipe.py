"""A recipe says what is done at other people's servers: what it may not say is refused beforehand."""

import re
from pathlib import Path

import pytest

from shelfworthy.model import Account, Recipe, Step
from shelfworthy.product.meaning import Files
from shelfworthy.product.read import parse_product
from shelfworthy.product.recipe import recipe

GUIDE = Path(__file__).parents[2] / "docs" / "account-recipe.md"
BODY = {"email": "{email}", "password": "{password}"}
SESSION = {"Authorization": "Bearer {token}"}
SIGN_UP = Step(method="POST", path="/users", json=BODY)
LOG_IN = Step(method="POST", path="/sessions", json=BODY, capture={"token": "/token"})
DELETE = Step(method="DELETE", path="/me", headers=SESSION)
RIGHT = Recipe(email="audit+{random}@lab.example", sign_up=SIGN_UP, log_in=LOG_IN, delete=DELETE)


def changed(**keys: object) -> Recipe:
    return Recipe(**{name: getattr(RIGHT, name) for name in RIGHT.__struct_fields__} | keys)


def step(of: Step, **keys: object) -> Step:
    return Step(**{name: getattr(of, name) for name in of.__struct_fields__} | keys)


def test_the_example_of_the_guide_is_right() -> None:
    (example,) = re.findall(r"```toml\n(.+?)```", GUIDE.read_text(), re.DOTALL)
    product = parse_product(example, "guide", Files(None, trusted=True))
    (surface,) = product.surface
    assert isinstance(surface, Account)
    assert surface.recipe is not None
    assert set(surface.recipe.steps()) == {"sign_up", "log_in", "create", "read", "log_out", "delete"}
    assert surface.recipe.sign_up.json["terms"] is True


def test_a_right_one_has_nothing_wrong() -> None:
    assert list(recipe(RIGHT)) == []


WRONG: dict[str, tuple[Recipe, str]] = {
    "one mailbox for all": (changed(email="audit@lab.example"), "recipe.email"),
    "a domain that is random": (changed(email="audit@{random}.example"), "recipe.email"),
    "no domain": (changed(email="{random}@lab"), "recipe.email"),
    "two addresses": (changed(email="{random}@lab.example, x@other.example"), "recipe.email"),
    "another host": (changed(log_in=step(LOG_IN, path="https://other.example/")), "recipe.log_in.path"),
    "a host in a path": (changed(log_in=step(LOG_IN, path="sessions@other.example")), "recipe.log_in.path"),
    "a line break": (changed(log_in=step(LOG_IN, path="/a\r\nX: 1")), "recipe.log_in.path"),
    "a fragment": (changed(log_in=step(LOG_IN, path="/a#b")), "recipe.log_in.path"),
    "its own Host": (changed(delete=step(DELETE, headers=SESSION | {"HOST": "x"})), "recipe.delete.headers"),
    "its own length": (
        changed(delete=step(DELETE, headers=SESSION | {"Content-length": "9"})),
        "recipe.delete.headers",
    ),
    "a header with a line break": (
        changed(delete=step(DELETE, headers=SESSION | {"X-A": "1\r\nX-B: 2"})),
        "recipe.delete.headers",
    ),
    "a captured address": (
        changed(log_in=step(LOG_IN, capture={"token": "/t", "email": "/e"})),
        "recipe.log_in.capture",
    ),
    "a captured password": (
        changed(log_in=step(LOG_IN, capture={"token": "/t", "password": "/p"})),
        "recipe.log_in.capture",
    ),
    "a token of another step": (
        changed(reset=step(LOG_IN, json=BODY | {"new": "{new_password}"})),
        "recipe.reset.capture",
    ),
    "no token": (changed(log_in=step(LOG_IN, capture={})), "recipe.log_in.capture"),
    "no pointer": (changed(log_in=step(LOG_IN, capture={"token": "token"})), "recipe.log_in.capture"),
    "an unknown word": (changed(delete=step(DELETE, path="/me/{account}")), "recipe.delete.path"),
    "a sign-up without password": (
        changed(sign_up=step(SIGN_UP, json={"email": "{email}"})),
        "recipe.sign_up",
    ),
    "a deletion by number": (
        changed(
            sign_up=step(SIGN_UP, capture={"account": "/id"}),
            delete=step(DELETE, path="/{account}", headers={}),
        ),
        "recipe.delete",
    ),
    "a password in a header": (
        changed(delete=step(DELETE, headers={"X-Password": "{password}"})),
        "recipe.delete.headers",
    ),
    "two bodies": (changed(sign_up=step(SIGN_UP, form={"a": "b"})), "recipe.sign_up.form"),
    "no status": (changed(sign_up=step(SIGN_UP, success=(20,))), "recipe.sign_up.success"),
    "a pause for ever": (changed(interval_ms=10**9), "recipe.interval_ms"),
    "reading what was never made": (
        changed(read=Step(method="GET", path="/things/{id}", headers=SESSION)),
        "recipe.create",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_recipe_may_not_say(name: str) -> None:
    wrong, key = WRONG[name]
    found = list(recipe(wrong))
    assert key in {one[0] for one in found}, found
    assert all(one[1] and one[2].endswith(".") for one in found)
