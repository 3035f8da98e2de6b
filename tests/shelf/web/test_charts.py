"""Charts: what is drawn is what is told, and nothing in them can be more than a drawing."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.shelf.web.charts import Chart, Series, ceiling, svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(svg(chart).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def heights(picture: ET.Element, css: str) -> list[float]:
    return [float(one.attrib["height"]) for one in picture.iter(f"{SVG}rect") if css in one.get("class", "")]


def chart(*series: Series, columns: tuple[str, ...] = ("a", "b", "c")) -> Chart:
    return Chart("weeks", "Verdicts", "How many.", columns, series)


def test_columns_are_as_high_as_their_numbers() -> None:
    picture = drawn(chart(Series("not-met", "not met", (1, 2, 4)), Series("met", "met", (4, 3, 0))))
    low, middle, high = heights(picture, "not-met")
    assert [middle, high] == pytest.approx([2 * low, 4 * low], abs=0.2)
    assert len(heights(picture, "met weak")) == 3
    assert [one for one in heights(picture, "edge") if one <= 0] == []


def test_it_says_what_it_shows() -> None:
    picture = drawn(chart(Series("met", "met", (1, 2, 3))))
    assert picture.attrib["role"] == "img"
    ids = {one.attrib["id"]: one.text for one in picture.iter() if "id" in one.attrib}
    assert [ids[name] for name in picture.attrib["aria-labelledby"].split()] == ["Verdicts", "How many."]


def test_colour_is_not_all_that_tells_the_series_apart() -> None:
    names = ("not-met", "cannot-determine", "met", "nobody-looked")
    picture = drawn(chart(*(Series(name, name, (1, 1, 1)) for name in names)))
    patterns = {one.attrib["id"]: ET.tostring(one[0][0]) for one in picture.iter(f"{SVG}pattern")}
    assert len(patterns) == len(set(patterns.values())) == 3  # and `met` is plain
    used = {one.attrib["fill"] for one in picture.iter(f"{SVG}rect") if "fill" in one.attrib}
    assert used == {f"url(#{name})" for name in patterns}


@given(st.integers(min_value=0, max_value=10**9))
def test_the_axis_ends_at_or_above_the_highest_and_its_half_is_whole(most: int) -> None:
    top = ceiling(most)
    assert top >= max(most, 2)
    assert top % 2 == 0
    assert most < 10 or top <= most * 2


@given(st.text(), st.lists(st.integers(min_value=0, max_value=10**7), max_size=8))
def test_any_words_and_numbers_stay_words_and_numbers(words: str, values: list[int]) -> None:
    columns = tuple(f"{words}{at}" for at in range(len(values)))
    text = svg(Chart("c", words, words, columns, (Series("bar", words, tuple(values)),)))
    assert "style" not in text.replace(words, "")
    plain = "".join(one for one in text if one.isprintable() and not "\ud800" <= one <= "\udfff")
    picture = ET.fromstring(plain)
    assert {one.tag for one in picture.iter()} <= {"svg", "title", "desc", "path", "text", "rect"}


def test_nothing_is_a_chart_as_well() -> None:
    empty = chart(Series("met", "met", ()), columns=())
    assert empty.empty
    assert heights(drawn(empty), "edge") == []
    assert chart(Series("met", "met", (3, 4, 5))).rows == [("a", (3,)), ("b", (4,)), ("c", (5,))]
