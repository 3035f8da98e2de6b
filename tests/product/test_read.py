"""Reading the product file and the policy: what is taken, what is refused, and that no file does harm."""

import os
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from shelfworthy.model import Basis, Endpoint, Level, Owner, Permit, Policy
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import read_policy, read_product, stale

GOOD = """\
[product]
name = "Murmur Pal"
vendor = "Murmur & Söhne"
gtin = "4006381333931"
category = "toy"
for_children = true
sold_from = 2015-03-01

[[unit]]
id = "first"
firmware = "1.2"

[[surface]]
id = "api"
kind = "endpoint"
where = "https://api.example/"
unit = "first"
owner = "third party"
ca = "roots/lab.pem"
plain_port = 8080

[[permission]]
to = "api.example:443"
level = "knock"
basis = "written"
person = "Ada"
until = 2026-12-31
resolve = "127.0.0.2"

[[declaration]]
requirement = "updates.support"
answer = "met"
because = '''
The box says so.
Twice.'''
by = "Ada"
on = 2026-01-31
until = 2026-11-20
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good product file in a folder of its own, with the roots it names."""
    folder = tmp_path / "pal"
    (folder / "roots").mkdir(parents=True)
    (folder / "roots" / "lab.pem").write_text("PEM")
    (folder / "product.toml").write_text(GOOD, encoding="utf-8")
    return folder / "product.toml"


def mistakes(path: Path, *, trusted: bool = True) -> list[str]:
    with pytest.raises(BadFile) as bad:
        read_product(path, trusted=trusted)
    return [f"{mistake.key}: {mistake.found}" for mistake in bad.value.mistakes]


def test_a_good_file_is_read_whole(file: Path) -> None:
    product = read_product(file)
    assert product.product.name == "Murmur Pal"
    assert product.product.sold_from == date(2015, 3, 1)
    assert product.unit[0].firmware == "1.2"
    assert product.surface == (
        Endpoint(
            id="api",
            where="https://api.example/",
            unit="first",
            owner=Owner.THIRD_PARTY,
            ca="roots/lab.pem",
            plain_port=8080,
        ),
    )
    assert (product.permission[0].level, product.permission[0].basis) == (Level.KNOCK, Basis.WRITTEN)
    assert product.declaration[0].because == "The box says so.\nTwice."


def test_its_files_may_lie_elsewhere_when_evidence_is_read(file: Path, tmp_path: Path) -> None:
    (file.parent / "roots").rename(tmp_path / "roots")
    assert mistakes(file) == ['surface.api.ca: there is no file "roots/lab.pem" beside the product file']
    assert read_product(file, beside=tmp_path).surface


def test_a_file_from_others_brings_no_roots(file: Path) -> None:
    assert mistakes(file, trusted=False) == [
        "surface.api.ca: a product file from others may not bring its own trusted roots"
    ]
    file.write_text(GOOD.replace('ca = "roots/lab.pem"\n', ""), encoding="utf-8")
    assert read_product(file, trusted=False).surface


@pytest.mark.parametrize("link", ["lab.pem", "roots"])
def test_a_link_does_not_lead_out_of_the_folder(file: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    (file.parent / "roots").rename(outside)
    if link == "roots":
        (file.parent / "roots").symlink_to(outside)
    else:
        (file.parent / "roots").mkdir()
        (file.parent / "roots" / "lab.pem").symlink_to(outside / "lab.pem")
    says = "is a link that leads out of the product file's folder"
    assert mistakes(file) == [f'surface.api.ca: "roots/lab.pem" {says}']


def test_a_link_inside_the_folder_is_followed(file: Path) -> None:
    (file.parent / "roots" / "lab.pem").rename(file.parent / "real.pem")
    (file.parent / "roots" / "lab.pem").symlink_to("../real.pem")
    assert read_product(file).surface


def test_what_is_no_readable_file_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "no.toml") == [": it cannot be read (No such file or directory)"]
    assert mistakes(tmp_path) == [": it is no file"]
    os.mkfifo(tmp_path / "pipe")
    assert mistakes(tmp_path / "pipe") == [": it is no file"]
    (tmp_path / "latin").write_bytes(b'[product]\nname = "B\xe4r"')
    assert mistakes(tmp_path / "latin") == [": byte 19 is not UTF-8"]


def test_a_file_just_too_large_is_not_read(file: Path) -> None:
    room = (1 << 20) - len(GOOD.encode())
    file.write_text(GOOD + "#" * room, encoding="utf-8")
    assert read_product(file).surface
    file.write_text(GOOD + "#" * (room + 1), encoding="utf-8")
    assert mistakes(file) == [": it has 1048577 bytes, and 1048576 are the most that is read"]


MEGABYTE = 1 << 20
HOSTILE = {
    "a deep key": "a." * (MEGABYTE // 2 - 10) + "a=1",
    "a deep key in quotes": '"\\"" . ' * (MEGABYTE // 7 - 10) + "a=1",
    "a deep table": "[" + "a." * (MEGABYTE // 2 - 10) + "a]",
    "a deep inline table": "x={" + "'a'." * (MEGABYTE // 4 - 10) + "a=1}",
    "deep lists": "a=" + "[" * (MEGABYTE - 10),
    "deep tables": "a=" + "{a=" * (MEGABYTE // 3 - 10),
    "a large number": "a=" + "1" * (MEGABYTE - 10),
    "only quotes": '"' * MEGABYTE,
    "quotes and backslashes": '"\\' * (MEGABYTE // 2),
    "many unknown keys": "\n".join(f"k{n}=1" for n in range(80_000)),
    "many tables": "".join(f"[a{n}.b.c]\n" for n in range(70_000)),
    "many keys as deep as allowed": "\n".join("a." * 30 + f"k{n}=1" for n in range(14_000)),
    "many surfaces": "[[surface]]\nid='a'\n" * 50_000,
    "many small surfaces": "surface=[" + "{}," * 300_000 + "]",
    "as many surfaces as allowed, all alike": "[[surface]]\nid='a'\nkind='lan'\nwhere='x'\nunit='u'\n" * 1000,
    "one long name": "a" * (MEGABYTE - 10) + "=1",
    "one long line of words": "a " * (MEGABYTE // 2),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_time_and_memory(tmp_path: Path, what: str) -> None:
    path = tmp_path / "product.toml"
    path.write_text(HOSTILE[what])
    began = time.process_time()
    with pytest.raises(BadFile) as bad:
        read_product(path)
    assert time.process_time() - began < 20  # slow machines too; what this guards against takes minutes
    assert len(bad.value.mistakes) <= 101
    assert len(str(bad.value)) < 50_000


def test_a_list_has_room_for_a_thousand_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "product.toml"
    head = '[product]\nname = "Bear"\nvendor = "Tests"\n'
    surfaces = [f'[[surface]]\nid = "s{n}"\nkind = "lan"\nwhere = "x"\n' for n in range(1001)]
    path.write_text(head + "".join(surfaces[:1000]))
    assert len(read_product(path).surface) == 1000
    path.write_text(head + "".join(surfaces))
    assert mistakes(path) == ["surface: it has 1001 items"]


def test_a_deep_key_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "product.toml"
    path.write_text("a." * 5_000 + "a=1")
    tracemalloc.start()
    try:
        with pytest.raises(BadFile, match="more than 32 parts"):
            read_product(path)
        assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_dots_in_text_are_no_deep_key(file: Path) -> None:
    text = "Wait... " * 40 + "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"
    file.write_text(GOOD.replace("The box says so.", text), encoding="utf-8")
    assert read_product(file).declaration[0].because.startswith("Wait...")


def test_what_ended_is_told_and_is_no_mistake(file: Path) -> None:
    product = read_product(file)
    assert stale(product, date(2026, 11, 20)) == ()
    assert stale(product, date(2026, 11, 21)) == (
        "What Ada declared about updates.support held until 2026-11-20 and settles nothing any more.",
    )
    assert stale(product, date(2027, 1, 1))[0] == (
        "The permission for api.example:443 ended on 2026-12-31 and allows nothing any more."
    )


def test_a_policy_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        'observer = "Bench 3"\nopen = ["127.0.0.0/8", "::1"]\n\n'
        '[[permit]]\nto = "*"\nlevel = "look"\n\n[[permit]]\nto = "10.0.0.0/8"\nlevel = "use"\n'
    )
    assert read_policy(path) == Policy(
        observer="Bench 3",
        open=("127.0.0.0/8", "::1"),
        permit=(Permit(to="*", level=Level.LOOK), Permit(to="10.0.0.0/8", level=Level.USE)),
    )


def test_an_empty_policy_is_the_careful_default_and_none_is_none(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("")
    assert read_policy(path) == Policy()
    path.write_text("permit = []")
    assert read_policy(path).permit == ()


def test_only_requirements_that_there_are_can_be_declared_where_they_are_known(file: Path) -> None:
    known = ("updates.support", "updates.signed")
    assert read_product(file, requirements=known) == read_product(file)
    file.write_text(file.read_text().replace("updates.support", "updates.suport"))
    assert read_product(file).declaration[0].requirement == "updates.suport", "old evidence is judged on"
    with pytest.raises(BadFile) as bad:
        read_product(file, requirements=known)
    (mistake,) = bad.value.mistakes
    assert mistake.key == "declaration.updates.suport.requirement"
    assert (mistake.line, mistake.nearest) == (31, "updates.support")
    assert mistake.expected == "One of: updates.support, updates.signed."


SITE = """
[[surface]]
id = "maker"
kind = "contact"
where = "contact:https://www.bear.example/en"
ca = "roots/lab.pem"
"""
NOWHERE = """
[[surface]]
id = "privacy"
kind = "policy"
"""


def test_a_policy_without_an_address_begins_at_the_makers_site(file: Path) -> None:
    file.write_text(GOOD + NOWHERE + SITE)
    policy = next(one for one in read_product(file).surface if one.id == "privacy")
    assert policy.where == "policy:https://www.bear.example/en"
    assert policy.files == {"ca": "roots/lab.pem"}
    file.write_text(GOOD + NOWHERE.rstrip() + '\nwhere = "policy:https://else.example/"\n' + SITE)
    policy = next(one for one in read_product(file).surface if one.id == "privacy")
    assert (policy.where, policy.files) == ("policy:https://else.example/", {})


def test_a_policy_without_an_address_and_without_a_site_is_a_mistake(file: Path) -> None:
    file.write_text(GOOD + NOWHERE)
    with pytest.raises(BadFile) as wrong:
        read_product(file)
    (mistake,) = wrong.value.mistakes
    assert mistake.key.endswith("where")
    assert "no surface of kind contact" in mistake.found
    assert 'where = "policy:https://' in mistake.expected
