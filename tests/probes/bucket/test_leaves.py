"""Reading a server's XML: bounded, whatever it is."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.probes.bucket.leaves import DEEPEST, LONGEST, MOST, leaves

BILLION = "<!DOCTYPE a [<!ENTITY b0 'ha'>" + "".join(
    f"<!ENTITY b{n} '{f'&b{n - 1};' * 20}'>" for n in range(1, 10)
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def test_it_finds_what_was_asked_for_in_any_namespace_and_order() -> None:
    read = leaves(b'<z:A xmlns:z="urn:x"><B>1</B><z:C><z:B>2&amp;3</z:B></z:C></z:A>', ("B", "C"))
    assert (read.root, read.found, read.whole) == ("A", (("B", "1"), ("B", "2&3"), ("C", "")), True)


@pytest.mark.parametrize(
    "document", [f"{BILLION}]><a><Key>&b9;</Key></a>", f"{OUTSIDE}<a><Key>&x;</Key></a>"]
)
def test_no_document_type_is_read(document: str) -> None:
    read = leaves(document.encode(), ("Key",))
    assert (read.root, read.found, read.whole) == ("", (), False)


@pytest.mark.parametrize("encoding", ["nobodys", "utf-7", "idna", "hex", "utf-16"])
def test_an_encoding_nobody_knows_ends_the_reading(encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><a><Key>one</Key></a>'
    assert not leaves(document.encode(), ("Key",)).whole


def test_an_unknown_entity_ends_the_reading() -> None:
    assert not leaves(b"<a><Key>&b9;</Key></a>", ("Key",)).whole


def test_what_came_before_a_fault_is_kept() -> None:
    read = leaves(b"<a><Key>one</Key><Key>two</K", ("Key",))
    assert (read.root, read.found, read.whole) == ("a", (("Key", "one"),), False)


@pytest.mark.parametrize(
    "document",
    [
        b"<a>" * 700_000,
        b"<a>" + b"<Key/>" * 350_000,
        b"<a><Key>" + b"k" * 2_000_000,
        b"<" + b"a" * 2_000_000 + b">",
        b"<a " + b" ".join(b'k%d="v"' % n for n in range(150_000)) + b">",
        b"<a>" + b"<!--x-->" * 250_000,
    ],
    ids=["nested deeply", "many elements", "a long text", "a long name", "many attributes", "many comments"],
)
def test_hostile_documents_cost_little(document: bytes) -> None:
    tracemalloc.start()
    began = time.process_time()
    read = leaves(document, ("Key",))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < 5
    assert peak < 32 << 20
    assert not read.whole
    assert len(read.found) <= MOST
    assert all(len(text) <= LONGEST for _, text in read.found)


def test_it_goes_as_deep_as_it_says() -> None:
    deep = b"<a>" * (DEEPEST - 1) + b"<Key>k</Key>" + b"</a>" * (DEEPEST - 1)
    assert leaves(deep, ("Key",)).found == (("Key", "k"),)
    assert not leaves(b"<a>" + deep + b"</a>", ("Key",)).found


@given(st.binary(max_size=400) | st.text(alphabet="<>/&;![]-aKey \"'=?", max_size=400).map(str.encode))
def test_it_never_raises(document: bytes) -> None:
    leaves(document, ("Key",))
