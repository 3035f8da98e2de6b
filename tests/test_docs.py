"""What the hand-written pages tell people to write works."""

import re
from pathlib import Path

from typer.main import get_command

from shelfworthy.cli import app
from shelfworthy.product.read import read_policy, read_product

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def block(name: str) -> str:
    page = (ROOT / "docs" / "first-audit.md").read_text()
    found = re.search(rf"```toml\n(# {re.escape(name)}\n.*?)```", page, flags=re.DOTALL)
    assert found, name
    return found[1]


def test_the_product_file_and_policy_of_the_first_audit_are_right(tmp_path: Path) -> None:
    for name in ("product.toml", "policy.toml"):
        (tmp_path / name).write_text(block(name))
    product = read_product(tmp_path / "product.toml")
    assert [surface.kind.value for surface in product.surface] == [
        "endpoint",
        "database",
        "bucket",
        "contact",
        "policy",
    ]
    assert read_policy(tmp_path / "policy.toml").observer


def test_every_command_a_page_names_exists() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]  # a click Group
    for page in PAGES:
        for name in re.findall(r"shelfworthy ([a-z]+)\b", page.read_text()):
            assert name in commands, f"{page.name}: shelfworthy {name}"


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
