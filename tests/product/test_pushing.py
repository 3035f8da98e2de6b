"""A recipe of an update target says what is sent to a device: what it may not say is refused beforehand."""

import re
from pathlib import Path

import msgspec
import pytest

from shelfworthy.model import Pushing, Target, Telling, Upload
from shelfworthy.product.meaning import Files
from shelfworthy.product.pushing import recipe, target
from shelfworthy.product.read import parse_product
from shelfworthy.product.write import product_toml

GUIDE = Path(__file__).parents[2] / "docs" / "update-target.md"
RIGHT = Pushing(version=Telling(path="/api/version", pointer="/version"), push=Upload(path="/api/update"))
replace = msgspec.structs.replace


def test_the_example_of_the_guide_is_right_and_is_written_back(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.+?)```", GUIDE.read_text(), re.DOTALL)
    for name in ("owlwatch-1.2.7.bin", "owlwatch-1.2.5.bin"):
        (tmp_path / name).write_bytes(b"-")
    files = Files(tmp_path, trusted=True)
    product = parse_product(example, "guide", files)
    (surface,) = product.surface
    assert isinstance(surface, Target)
    assert surface.recipe is not None
    assert surface.recipe.push.refusal == (400, 422)
    assert parse_product(product_toml(product), "again", files) == product


def telling(**keys: object) -> Pushing:
    return replace(RIGHT, version=replace(RIGHT.version, **keys))


def upload(**keys: object) -> Pushing:
    return replace(RIGHT, push=replace(RIGHT.push, **keys))


WRONG: dict[str, tuple[Pushing, str]] = {
    "another host": (telling(path="https://other.example/"), "recipe.version.path"),
    "a host in a path": (upload(path="update@other.example"), "recipe.push.path"),
    "a line break": (upload(path="/a\r\nX: 1"), "recipe.push.path"),
    "a word in braces": (upload(path="/{token}"), "recipe.push.path"),
    "its own length": (upload(headers={"content-length": "1"}), "recipe.push.headers"),
    "its own type": (upload(headers={"Content-Type": "text/html"}), "recipe.push.headers"),
    "a header with a line break": (telling(headers={"X": "1\r\nY: 2"}), "recipe.version.headers"),
    "deleting": (upload(method="DELETE"), "recipe.push.method"),
    "no place for the version": (telling(pointer=""), "recipe.version"),
    "two places": (telling(after="Firmware: ", before="<"), "recipe.version"),
    "no pointer": (telling(pointer="version"), "recipe.version.pointer"),
    "no end": (telling(pointer="", after="Firmware: "), "recipe.version.before"),
    "a field that ends the header": (upload(field='a"; filename="b'), "recipe.push.field"),
    "no status": (upload(success=(99,)), "recipe.push.success"),
    "yes and no": (upload(refusal=(200,)), "recipe.push.refusal"),
    "no time at all": (replace(RIGHT, restart_s=0), "recipe.restart_s"),
    "an hour": (replace(RIGHT, settle_ms=3_600_000), "recipe.settle_ms"),
    "a minute and more to answer": (replace(RIGHT, answer_s=301), "recipe.answer_s"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_key(name: str) -> None:
    it, key = WRONG[name]
    assert [wrong[0] for wrong in recipe(it)] == [key]


def test_a_right_one_has_nothing_wrong() -> None:
    assert list(recipe(RIGHT)) == []
    page = telling(pointer="", after="Firmware: ", before="<")
    assert list(recipe(page)) == []


def test_the_older_image_is_another_file() -> None:
    it = Target(id="a", where="target:http://192.0.2.17/", image="a.bin", older="a.bin", recipe=RIGHT)
    assert [wrong[0] for wrong in target(it)] == ["older"]
