"""What is handed in, whatever its bytes are: rows, or mistakes with their line; no exception, no row lost."""

import csv
import io

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shelfworthy.shelf.catalogue import lines
from shelfworthy.shelf.catalogue.cells import COLUMNS, Harm, Mistake, Row
from shelfworthy.shelf.catalogue.rows import Form, as_cell, from_cell, read

HEAD = b"sku,title\n"
PLAIN = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="/\\"), min_size=1, max_size=20
)
LINES = st.text(st.characters(exclude_categories=["C"]) | st.just("\n"), max_size=30)


def of(content: bytes, form: Form = Form.CSV) -> list[Row | Mistake]:
    return list(read(io.BytesIO(content), form))


def good(content: bytes, form: Form = Form.CSV) -> list[str]:
    return [one.sku for one in of(content, form) if isinstance(one, Row)]


def reasons(content: bytes, form: Form = Form.CSV) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in of(content, form) if isinstance(one, Mistake)]


@given(st.binary(max_size=400), st.sampled_from(Form))
@example(b'sku,title\n"\n', Form.CSV)
@example(b"sku;title\r\rx", Form.CSV)
@example(b"[" * 60_000, Form.JSONL)
@example(b'{"sku": "\\ud800", "title": 1e999}', Form.JSONL)
@example(b'{"sku": 9223372036854775808999999999999, "title": true}', Form.JSONL)
def test_no_bytes_are_an_exception(content: bytes, form: Form) -> None:
    for one in of(content, form):
        assert one.line >= 1


@given(st.lists(st.binary(max_size=60), max_size=8), st.sampled_from([b";", b",", b"\t"]))
@example([b'"'], b",")
@example([b'x,"""'], b",")
@example([b"\xff\xfe", b"\xc3\xa4"], b";")
def test_good_lines_are_kept_among_any_others(others: list[bytes], separator: bytes) -> None:
    """The first line is whole; a quote in a bad line may take in what follows only as far as it is closed."""
    lines = [b"sku" + separator + b"title", b"GOOD-0" + separator + b"x"]
    for number, other in enumerate(others, 1):
        lines += [other.replace(b'"', b"").replace(b"\n", b""), b"GOOD-%d" % number + separator + b"x"]
    kept = good(b"\n".join(lines))
    assert [f"GOOD-{number}" for number in range(len(others) + 1)] == [
        it for it in kept if it.startswith("GOOD-")
    ]


@given(st.lists(st.tuples(PLAIN, LINES), unique_by=lambda it: it[0], max_size=10), st.sampled_from(";,\t"))
def test_what_a_spreadsheet_writes_is_read(table: list[tuple[str, str]], separator: str) -> None:
    out = io.StringIO()
    said = [(f"S{sku}", f"T{title}") for sku, title in table]
    csv.writer(out, delimiter=separator).writerows([("sku", "title"), *said])
    found = [(one.sku, one.title) for one in of(out.getvalue().encode()) if isinstance(one, Row)]
    assert found == [(sku, " ".join(title.split())) for sku, title in said]


@given(st.text(max_size=20))
def test_a_cell_is_text_to_a_spreadsheet_and_comes_back(text: str) -> None:
    assert as_cell(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    if text[:1] not in ("\t", "\r"):
        assert from_cell(as_cell(text)) == text


@given(st.lists(st.tuples(PLAIN, LINES), unique_by=lambda it: it[0], max_size=10))
def test_json_lines_are_read(table: list[tuple[str, str]]) -> None:
    said = [{"sku": f"S{sku}", "title": f"T{title}"} for sku, title in table]
    found = of(b"\n".join(map(msgspec.json.encode, said)), Form.JSONL)
    assert [(one.sku, one.title) for one in found if isinstance(one, Row)] == [
        (it["sku"], " ".join(it["title"].split())) for it in said
    ]


def test_german_excel_is_read() -> None:
    head = "SKU;Title;For Children;Markets;GTIN\r\n"
    text = head + 'A1;"Bär ""Bruno""";ja;DE, AT;4006381333931\r\nA2;"Zwei\r\nZeilen";nein;;\r\n'
    expected = ("A1", 'Bär "Bruno"', True, ("AT", "DE"), "4006381333931")
    for content in (
        text.encode("cp1252"),
        text.encode("utf-8-sig"),
        text.encode(),
        b"sep=;\r\n" + text.encode(),
    ):
        first, second = of(content)
        assert isinstance(first, Row)
        assert (first.sku, first.title, first.for_children, first.markets, first.gtin) == expected
        assert isinstance(second, Row)
        assert (second.title, second.for_children) == ("Zwei Zeilen", False)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (b"A1,\n", 2, "title: it is empty"),
        (b",Bear\n", 2, "sku: it is empty"),
        (b"A1,Bear\nA1,Bear\n", 3, "already on line 2"),
        (b"A1,Be\0ar\n", 2, "NUL"),
        (b"A1,Be\x07ar\n", 2, "control character"),
        (b"A/1,Bear\n", 2, "cannot be part of an address"),
        (b"import,Bear\n", 2, "cannot be part of an address"),
        (b"..,Bear\n", 2, "cannot be part of an address"),
        (b"A1,Bear,more\n", 2, "There are 3 cells"),
        (b"A1\n", 2, "There are 1 cells"),
        (b"A1," + b"x" * 301 + b"\n", 2, "at most 300"),
        (b"A1," + b"x" * 70_000 + b"\nA2,Bear\n", 2, "longer than"),
        (b"A1,B\xc3\xa4r\nA2,B\xe4r\n", 3, "not written as the others"),
        (b"A1,B\xe4r\nA2,B\xc3\xa4r\n", 3, "not written as the others"),
        (b"A1,B\xe4r\x81\n", 2, "neither UTF-8 nor"),
        (b'A1,"Bear\nA2,Bear\n', 2, "not closed"),
    ],
)
def test_a_bad_line_is_told(body: bytes, line: int, words: str) -> None:
    [(at, reason)] = reasons(HEAD + body)
    assert at == line
    assert words in reason
    assert good(HEAD + body + b"\nZ9,Bear\n")[-1] == "Z9"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"name,title\nA1,Bear\n", "The column sku is missing"),
        (b"sku,title,sku\nA1,Bear,A1\n", "there twice"),
        ("sku,title\nA1,Bear\n".encode("utf-16"), "UTF-16"),
        (b"sku,title" + b",x" * 200 + b"\n", "at most 100"),
        (b"sku,title," + b"x" * 70_000 + b"\nA1,Bear\n", "longer than"),
    ],
)
def test_what_cannot_be_read_at_all_is_told(content: bytes, words: str) -> None:
    [one] = of(content)
    assert isinstance(one, Mistake)
    assert one.harm is Harm.REST
    assert words in one.reason


def test_unknown_columns_are_named() -> None:
    [(line, reason)] = reasons(b"sku,title,makr\nA1,Bear,Plumwhistle\n")
    assert (line, reason) == (1, 'There is no column "makr"; it was not read. Did you mean maker?')
    content = b'{"sku": "A1", "title": "Bear", "makr": 1}\n{"sku": "A2", "title": "Cat", "makr": 2}\n'
    assert len(reasons(content, Form.JSONL)) == 1
    assert good(content, Form.JSONL) == ["A1", "A2"]


def test_a_quote_that_nobody_closes_costs_its_own_line() -> None:
    content = HEAD + b'A1,"Bear\n' + b"".join(b"S%d,Cat\n" % number for number in range(500))
    assert len(good(content)) == 500
    assert [line for line, _ in reasons(content)] == [2]


def test_the_quote_of_the_next_line_does_not_close_it() -> None:
    content = HEAD + b'A1,"Bear\nA2,"Cat"\nA3,Dog\n'
    assert good(content) == ["A2", "A3"]
    assert [line for line, _ in reasons(content)] == [2]


def test_a_large_file_is_read_as_far_as_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FILE_BYTES", 100)
    found = of(HEAD + b"".join(b"S%d,Cat\n" % number for number in range(50)))
    assert isinstance(found[-1], Mistake)
    assert found[-1].harm is Harm.REST
    assert 5 < len(found) < 15


def test_every_column_can_be_given() -> None:
    said = dict.fromkeys(COLUMNS, "x") | {
        "gtin": "4006381333931",
        "for_children": "yes",
        "product_file": "a.toml",
    }
    content = f"{','.join(said)}\n{','.join(said.values())}\n".encode()
    [one] = of(content)
    assert isinstance(one, Row)
    assert one.given == frozenset(COLUMNS)
