"""A page block by block, each with where it stands in the document; and what of it nobody sees."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelfworthy.webtext.html import Block, plain, read


def test_blocks_stand_where_they_say() -> None:
    document = "<nav>Shop</nav><h2>Your  data</h2><p>We keep\n it <b>safely</b>.<li>One<br>two"
    found = read(document).blocks
    assert [(one.text, one.tag, one.aside) for one in found] == [
        ("Shop", "nav", True),
        ("Your data", "h2", False),
        ("We keep it safely.", "p", False),
        ("One", "li", False),
        ("two", "li", False),
    ]
    assert all(document[one.at :].startswith(one.text.split()[0]) for one in found)


def test_a_title_is_no_block() -> None:
    found = read("<title>Privacy</title><p>Text")
    assert found.title == "Privacy"
    assert [one.text for one in found.blocks] == ["Text"]


def test_plain_text_is_cut_at_empty_lines() -> None:
    document = "One\nline\n\n  Two\n"
    assert plain(document).blocks == (Block("One line", 0, "p", False), Block("Two", 12, "p", False))


def test_a_list_in_plain_text() -> None:
    found = plain("We keep\n * your name\n   and mail\n * your voice\nfor a week.")
    assert [one.text for one in found.blocks] == [
        "We keep",
        "* your name and mail",
        "* your voice for a week.",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">no</p>',
        '<p style="font-size:0">no</p>',
        '<p style="opacity: 0.0">no</p>',
        '<p style="position:absolute;left:-9999px">no</p>',
        '<p style="color:#fff">no</p>',
        '<p style="color: white; background: #FFFFFF">no</p>',
        '<p style="color:#123456;background-color:#123456">no</p>',
        '<style>.quiet,#q{color:rgb(255,255,255)}</style><p class="a quiet">no</p>',
        '<style>.f{background:#1e3a8a}.k{color:#1E3A8A}</style><div class=f><p class="k">no</p></div>',
        "<style>.f{background:#000}.x{color:#fff}</style><div class=f></div><p class=x>no</p>",
        '<style>body{background:#ffffff}.h{background:#000}</style><p style="color:#fefefe">no</p>',
        "<style>@media screen{.quiet{display:none}}</style><p class=quiet>no</p>",
    ],
)
def test_what_nobody_sees_is_counted_and_not_read(hidden: str) -> None:
    found = read(f"{hidden}<p>yes")
    assert found.text == "yes"
    assert [one.text for one in found.blocks] == ["yes"]
    assert found.hidden == 2


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="opacity:0.5">yes</p>',
        '<p style="font-size:0.9em">yes</p>',
        '<div style="background:#000"><p style="color:#fff">yes</p></div>',
        '<div style="background:#000"><div></div><p style="color:#fff">yes</p></div>',
        '<style>body{background:navy}.x{color:white}</style><p class="x">yes</p>',
        '<p style="background-color:#fff">yes</p>',
        '<p style="border-color:#fff">yes</p>',
        '<div style="background:url(dark.png)"><p style="color:#fff">yes</p></div>',
        '<div style="background:linear-gradient(#000,#111)"><b style="color:#fff">yes</b></div>',
        '<style>.no{display:none}</style><p class="yes">yes</p>',
    ],
)
def test_what_is_seen_is_read(shown: str) -> None:
    assert read(shown).text == "yes"


PIECES = [
    "<p>",
    "</p>",
    "<nav>",
    "</nav>",
    "<b>",
    "word",
    " ",
    "\n",
    "<p style='color:#fff'>",
    "&amp;",
    "<br>",
    "é",
]


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_every_block_begins_where_it_says(pieces: list[str]) -> None:
    document = "".join(pieces)
    for one in read(document).blocks:
        assert one.text == " ".join(one.text.split())
        assert document[one.at : one.at + 1] in (one.text[0], "&")
