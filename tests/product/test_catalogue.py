"""Catalogues as people and their programs write them, right and wrong: a bad row spoils no other."""

import re
import time
import tracemalloc
from pathlib import Path

import pytest

from shelfworthy.model import Basis, Kind, Level
from shelfworthy.product.catalogue import LONGEST, rows
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import read_product
from shelfworthy.product.row import COLUMNS, KINDS, Row

GOOD = "Bear,Plumwhistle,https://api.plumwhistle.test/"


def read(folder: Path, content: str | bytes, name: str = "list.csv") -> list[Row | BadFile]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(rows(path))


def row(folder: Path, content: str, name: str = "list.csv") -> Row:
    (found,) = read(folder, content, name)
    assert isinstance(found, Row), str(found)
    return found


def wrong(folder: Path, content: str | bytes, name: str = "list.csv") -> str:
    """The mistakes of the one bad row among good ones, without the file's path."""
    found = read(folder, content, name)
    (bad,) = (one for one in found if isinstance(one, BadFile))
    return str(bad).replace(f"{folder}/", "")


def test_a_row_says_what_the_product_is_and_permits_a_look_at_its_hosts(tmp_path: Path) -> None:
    found = row(
        tmp_path,
        "id,name,vendor,model,gtin,category,for_children,sold_from,endpoint,contact,domain,surfaces,permit\n"
        "sku-7,Bear,Plumwhistle,B-1,4006381333931,toy,true,2024-11-01,"
        "https://api.plumwhistle.test/ https://cdn.plumwhistle.test:8443/,https://plumwhistle.test,"
        "plumwhistle.test,mongodb://db.plumwhistle.test,www.plumwhistle.test\n",
    )
    product = found.product
    assert (found.name, product.product.name, product.product.gtin) == ("sku-7", "Bear", "4006381333931")
    assert product.product.for_children is True
    assert str(product.product.sold_from) == "2024-11-01"
    assert [(one.kind, one.where) for one in product.surface] == [
        (Kind.ENDPOINT, "https://api.plumwhistle.test/"),
        (Kind.ENDPOINT, "https://cdn.plumwhistle.test:8443/"),
        (Kind.CONTACT, "contact:https://plumwhistle.test"),
        (Kind.DOMAIN, "domain:plumwhistle.test"),
        (Kind.DATABASE, "mongodb://db.plumwhistle.test"),
    ]
    assert {one.to for one in product.permission} == {
        "api.plumwhistle.test",
        "cdn.plumwhistle.test",
        "plumwhistle.test",
        "db.plumwhistle.test",
        "www.plumwhistle.test",
    }
    assert {(one.level, one.basis) for one in product.permission} == {(Level.LOOK, Basis.PUBLIC)}


def test_the_product_file_kept_as_evidence_is_the_same_every_day_and_reads_back(tmp_path: Path) -> None:
    text = f"name,vendor,endpoint\n{GOOD}\n"
    first, second = row(tmp_path, text), row(tmp_path, text)
    assert first.text == second.text
    (tmp_path / "product.toml").write_bytes(first.text)
    assert read_product(tmp_path / "product.toml") == first.product


def test_json_lines_say_the_same_with_lists(tmp_path: Path) -> None:
    line = '{"name": "Bear", "vendor": "Plumwhistle", "endpoint": ["https://api.plumwhistle.test/"]}\n'
    csv = row(tmp_path, f"name,vendor,endpoint\n{GOOD}\n")
    assert row(tmp_path, line, "list.jsonl").product == csv.product


def test_a_row_may_name_a_product_file(tmp_path: Path) -> None:
    text = row(tmp_path, f"name,vendor,endpoint\n{GOOD}\n").text
    (tmp_path / "bear").mkdir()
    (tmp_path / "bear" / "product.toml").write_bytes(b"# by hand\n" + text)
    found = row(tmp_path, "product\nbear/product.toml\n")
    assert found.file == found.text == b"# by hand\n" + text
    assert found.product.product.vendor == "Plumwhistle"


def test_more_than_look_needs_its_reason(tmp_path: Path) -> None:
    head = "name,vendor,endpoint,level,basis,person,until\n"
    found = row(tmp_path, f"{head}{GOOD},knock,contract,Wren Ashdown,2027-12-31\n")
    (permission,) = found.product.permission
    assert (permission.level, permission.person) == (Level.KNOCK, "Wren Ashdown")
    assert 'being public allows only "look"' in wrong(tmp_path, f"{head}{GOOD},knock,,,\n")


def test_the_page_names_every_column_and_its_examples_are_right(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text()
    first, second = re.findall(r"```csv\n(.*?)```", page, flags=re.DOTALL)
    assert row(tmp_path, first).name == "sku-10472"
    assert second.startswith("product\n")
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert set(COLUMNS) - set(KINDS) <= named
    assert {"endpoint", "contact", "domain", "update", "database", "bucket", "broker"} <= named & set(KINDS)


def test_every_kind_with_an_address_has_its_column() -> None:
    assert {"endpoint", "contact", "database", "bucket"} <= set(KINDS) <= set(COLUMNS)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            f"name,vendor,endpoint\n{GOOD}\n,Plumwhistle,https://a.test/\n",
            'list.csv:3: name: it is missing. Write name = "…".',
        ),
        (
            f"name,vendor,endpoint\n{GOOD}\nBear,P,ftp://a.test/\n",
            (
                'list.csv:3: endpoint: "ftp://a.test/": it does not begin with "https://" or "http://". '
                'Expected for example "https://api.example.com/".'
            ),
        ),
        (
            f"name,vendor,endpoint,gtin\n{GOOD},4006381333932\n",
            (
                'list.csv:2: gtin: the check digit of "4006381333932" is wrong. '
                "With these digits it would be 1; compare with the bar code."
            ),
        ),
        (
            f"name,vendor,endpoint\n{GOOD},more\n",
            (
                "list.csv:2: it has 4 cells, and the header names 3 columns. "
                'Put a cell that holds a comma into quotes: "a, b".'
            ),
        ),
        (
            f'name,vendor,endpoint\n"Bear,P,https://a.test/\n{GOOD}\n',
            (
                "list.csv:2: it is not CSV: unexpected end of data. Expected cells with commas between them, "
                'on one line; a quote inside "…" is written "".'
            ),
        ),
        (
            f"name,vendor,endpoint\n{GOOD}\n".encode() + b"B\xe4r,P,https://a.test/\n",
            "list.csv:3: byte 2 is not UTF-8. Save it as UTF-8.",
        ),
        (
            f"id,name,vendor,endpoint\n../../etc,{GOOD}\n",
            (
                'list.csv:2: id: "../../etc" names no folder. Expected letters, digits, "-", "_" and ".", '
                'at most 80, for example "sku-10472".'
            ),
        ),
        (
            "product\n../elsewhere/product.toml\n",
            (
                'list.csv:2: product: "../elsewhere/product.toml" leads out of the catalogue\'s folder. '
                "Put it into the catalogue's folder."
            ),
        ),
        (
            "product\n/etc/passwd\n",
            (
                'list.csv:2: product: "/etc/passwd" leads out of the catalogue\'s folder. '
                "Put it into the catalogue's folder."
            ),
        ),
        (
            "name,vendor\nBear,P\n",
            f"list.csv:2: there is nothing to look at. Write URLs into one of: {', '.join(KINDS)}, surfaces.",
        ),
        (
            "name,vendor,endpoint,for_children\nBear,P,https://a.test/,perhaps\n",
            (
                'list.csv:2: for_children: "perhaps" does not belong here. '
                "Expected true or false, without quotes."
            ),
        ),
        (
            "name,vendor,endpoint\nBe\u202ear,P,https://a.test/\n",
            (
                'list.csv:2: name: "Be\\u202ear" holds a character that turns the direction of writing. '
                "Expected text that shows as what it is."
            ),
        ),
    ],
)
def test_a_bad_row_is_told_with_line_column_and_what_was_expected(
    content: str | bytes, says: str, tmp_path: Path
) -> None:
    assert wrong(tmp_path, content) == says


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "list.jsonl:2: it is not JSON: Input data was truncated."),
        ("[1]", "list.jsonl:2: it is no JSON object."),
        ('{"vendr": "P"}', 'list.jsonl:2: "vendr": there is no such column. Did you mean "vendor"?'),
        (
            '{"name": 7, "vendor": "P", "endpoint": "https://a.test/"}',
            "list.jsonl:2: name: 7 does not belong",
        ),
        (
            '{"name": "B", "vendor": "P", "endpoint": {"a": 1}}',
            "list.jsonl:2: endpoint: dict does not belong",
        ),
        ("[" * 5000, "list.jsonl:2: it is not JSON"),
    ],
)
def test_a_bad_line_of_json_too(line: str, says: str, tmp_path: Path) -> None:
    good = '{"name": "Bear", "vendor": "Plumwhistle", "endpoint": "https://api.plumwhistle.test/"}'
    assert wrong(tmp_path, f"{good}\n{line}\n{good}\n", "list.jsonl").startswith(says)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", "", "the header names neither product nor name"),
        ("list.csv", "nam,vendor\n", 'nam: there is no such column. Did you mean "name"?'),
        ("list.csv", "name,vendor,name\n", "name: it is there twice"),
        ("list.csv", "name;vendor\n", "there is no such column"),
        ("list.csv", "n\0ame,vendor\n".encode("utf-16"), "byte 1 is not UTF-8"),
        ("list.txt", "name\n", "it is no catalogue by its name"),
    ],
)
def test_where_nothing_can_be_read_that_is_said(
    name: str, content: str | bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadFile) as bad:
        read(tmp_path, content, name)
    assert says in str(bad.value)


def test_a_line_of_ten_megabytes_costs_little_and_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("w") as file:
        file.write(f"name,vendor,endpoint\n{GOOD}\n")
        file.write("x" * (10 << 20) + "\n")
        file.write(f"{GOOD}\n")
    tracemalloc.start()
    found = list(rows(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(one) for one in found] == [Row, BadFile, Row]
    assert f"list.csv:3: it has more than {LONGEST} bytes" in str(found[1])
    assert peak < 1 << 20


def test_a_row_of_the_greatest_length_is_read_in_time(tmp_path: Path) -> None:
    urls = " ".join(f"https://a{number}.test/" for number in range(3000))[: LONGEST - 100]
    began = time.process_time()
    assert "it names" in wrong(tmp_path, f"name,vendor,endpoint\nBear,P,{urls}\n")
    assert time.process_time() - began < 1
