"""Advertisements and names, read from whatever bytes come."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.model import NotSeen
from shelfworthy.reach.radio.bearers import MOST, Bearers
from shelfworthy.seen.advertising import address_kind, bears, masked_name, read_advert, shape, uuid_words
from shelfworthy.seen.bluetooth import Company


def test_an_advertisement_is_read() -> None:
    told = read_advert(b"\x02\x01\x06\x03\x03\x0f\x18\x07\xff\xff\xff01_B\x05\x09Bear")
    assert (told.name, told.flags, told.services) == ("Bear", 6, ("180f",))
    assert told.companies == (Company(id=0xFFFF, length=4, shape="99_A"),)
    assert read_advert(b"\x04\x08Bea\x05\x09Bear").name == "Bear"
    assert read_advert(b"\x05\x09B\x1b[2").name == "B\ufffd[2"


@given(st.binary(max_size=300))
def test_whatever_comes_is_read(data: bytes) -> None:
    told = read_advert(data)
    assert told.name.isprintable()
    assert all(len(uuid) in (4, 36) for uuid in told.services)


def test_uuids() -> None:
    assert uuid_words(b"\x0f\x18") == "180f"
    assert uuid_words(bytes.fromhex("fb349b5f80000080001000000f180000")) == "180f"
    assert uuid_words(b"\x0f\x18\x00\x00") == "180f"
    assert uuid_words(b"\x78\x56\x34\x12") == "12345678-0000-1000-8000-00805f9b34fb"
    assert uuid_words(bytes(range(16))) == "0f0e0d0c-0b0a-0908-0706-050403020100"


def test_names_and_shapes() -> None:
    assert bears("Murmur Bear", "Murmur Bear")
    assert bears("Murmur Bear B 1.0.19", "Murmur Bear")
    assert not bears("Murmur Bears", "Murmur Bear")
    assert not bears("murmur bear", "Murmur Bear")
    assert masked_name("Anna's Bear") == "•'s Bear"
    assert masked_name("Jean-Luc’s Bear") == "•’s Bear"
    assert masked_name("Bear of Anna") == "Bear of •"
    assert masked_name("anna@example.com") == "•"
    assert masked_name("Murmur Bear B 1.0.19") == "Murmur Bear B 1.0.19"
    assert shape(b"0112_31_23_59_Bear") == "9999_99_99_99_Aaaa"
    assert shape(b"\x00\x01") == ""
    assert address_kind("C4:7C:8D:00:00:01", random=True) == "random static"
    assert address_kind("44:7C:8D:00:00:01", random=True) == "resolvable"
    assert address_kind("04:7C:8D:00:00:01", random=True) == "non-resolvable"
    assert address_kind("C4:7C:8D:00:00:01", random=False) == "public"


BEAR = b"\x05\x09Bear"
STATIC, ONE, TWO = "C4:00:00:00:00:01", "44:00:00:00:00:01", "44:00:00:00:00:02"


@pytest.mark.parametrize(
    ("heard", "where"),
    [
        ([(ONE, 0.0), (ONE, 0.1), (ONE, 0.2)], ONE),
        ([(ONE, 0.0), (ONE, 0.1), (TWO, 0.3), (TWO, 0.7)], TWO),  # it changed its address
        ([(ONE, 0.0), (TWO, 0.3), (ONE, 0.5), (TWO, 9.0)], None),  # in turns: two
        ([(ONE, 0.0), (ONE, 1.0), (TWO, 1.5), (TWO, 2.5)], None),  # too soon to know
        ([(STATIC, 0.0), (ONE, 5.0)], None),  # an address that does not change, and another
        ([], ""),
    ],
)
def test_one_that_changes_its_address_and_two_of_a_name(
    heard: list[tuple[str, float]], where: str | None
) -> None:
    bearers = Bearers("Bear", by_name=True)
    for address, now in heard:
        assert bearers.hear(address, BEAR, random=True, now=now)
    if where is None:
        with pytest.raises(NotSeen, match="More than one device"):
            bearers.now()
    else:
        at = bearers.now()
        assert (at.address if at else "") == where


def test_a_crowd_is_counted_up_to_a_bound() -> None:
    bearers = Bearers("Bear", by_name=True)
    for place in range(3 * MOST):
        bearers.hear(f"44:00:00:00:{place >> 8:02X}:{place & 255:02X}", b"", random=True, now=0)
    assert len(bearers.others) == MOST


def test_bumble_loads_where_a_radio_is_taken_and_not_before() -> None:
    code = "import sys, shelfworthy.cli, shelfworthy.reach, shelfworthy.probes, shelfworthy.audit.look\n"
    code += "sys.exit('bumble' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
