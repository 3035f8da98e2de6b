"""Reading a page: what a person without scripts sees, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.probes.contact.telling import telling
from shelfworthy.webtext.html import LONGEST_DOCUMENT, LONGEST_TEXT, Anchor, read


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("<p>one<p>two", "one\ntwo"),
        ("<h1>a</h1>b<br>c", "a\nb\nc"),
        ("a <b>bold</b>   word\n\n again", "a bold word\nagain"),
        ("<script>if (a<b) 'x'</script>seen<STYLE>p{}</style >", "seen"),
        ("<noscript>Please switch on scripts</noscript><template>no</template>", ""),
        ("<script>document.write('</p>')", ""),
        ("<!-- <p>no --><p>yes", "yes"),
        ("<!-- never closed <p>no", ""),
        ("<p hidden>no<p>no</p></p>yes", "noyes".replace("no", "")),
        ("<div style='color:red; DISPLAY : none'>no<div>no</div>no</div>yes", "yes"),
        ("a &lt; b &amp;amp; c&nbsp;d", "a < b &amp; c d"),
        ("a < b <> c", "a < b <> c"),
        ("<a title='>' href=x>link</a>", "link"),
        ("&#" + "1" * 5000 + ";", "&#" + "1" * 5000 + ";"),
        ("<![CDATA[x]]>y", "y"),
        ("", ""),
    ],
)
def test_text(document: str, text: str) -> None:
    assert read(document).text == text


def test_links() -> None:
    found = read("<a href='/x?a=1&amp;b=2'>one <b>two</b></a><a>no</a><A HREF=y>three<a href=z>four</a>")
    assert found.anchors == (
        Anchor(text="one two", href="/x?a=1&b=2"),
        Anchor(text="three", href="y"),
        Anchor(text="four", href="z"),
    )


def test_language_scripts_and_forms() -> None:
    found = read("<html lang=de-AT><script></script><script src=x></script><form><textarea>t</textarea>")
    assert (found.language, found.scripts, found.form) == ("de-at", 2, True)
    assert not read("<form><input></form>").form


def test_too_long_is_not_whole() -> None:
    assert read("x " * (LONGEST_TEXT // 2)).whole
    assert not read("x" * (LONGEST_TEXT + 1)).whole
    assert not read("<p>" * 60_000).whole
    assert not read("<!--" + "x" * LONGEST_DOCUMENT + "-->").whole


PIECES = [
    "<!",
    "<!--",
    "<a",
    "<a ",
    '<a b="',
    "</",
    "&#",
    "&am",
    "<script>",
    "<a b='c",
    "</a<",
    "<a x=",
    " <",
]
PIECES += [
    "<div ",
    "<p hidden>",
    "<a href=x>",
    "a@",
    "security ",
    "vulnerab. ",
    "\n",
    "a\n",
    "<a '",
    "disclos ",
]


@pytest.mark.parametrize("piece", [*PIECES, "&#" + "1" * 5000, "<a" + " " * 5000, "report a security "])
def test_no_page_takes_long(piece: str) -> None:
    """`html.parser` of Python 3.11 takes minutes over the first three."""
    document = piece * (LONGEST_DOCUMENT // len(piece))
    began = time.process_time()
    list(telling(read(document).text))
    assert time.process_time() - began < 4


@given(st.text(alphabet="<>/!-\"'= ahrefscriptbody&#;\n", max_size=300) | st.text(max_size=100))
def test_it_never_raises(document: str) -> None:
    read(document)
