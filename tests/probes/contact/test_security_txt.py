"""Parsing security.txt: what RFC 9116 asks, and nothing makes it raise."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shelfworthy.probes.contact.security_txt import MOST_FIELDS, parse, same_place

GOOD = b"""# Tell us.
Contact: mailto:security@bears.test
contact: https://bears.test/tell
Expires: 2027-06-11T00:00:00.000Z
Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f
Acknowledgments: https://bears.test/thanks
Preferred-Languages: en, zh-Hant
Policy: https://bears.test/policy
CSAF: https://bears.test/csaf/provider-metadata.json
Hiring: https://bears.test/jobs
"""


def problems(content: bytes | str) -> list[tuple[str, int]]:
    content = content.encode() if isinstance(content, str) else content
    return sorted((problem.id, problem.line) for problem in parse(content).problems)


def without(name: bytes) -> bytes:
    return b"".join(line for line in GOOD.splitlines(True) if not line.lower().startswith(name))


def test_a_good_file_has_no_problems() -> None:
    parsed = parse(GOOD)
    assert parsed.problems == ()
    assert [field.value for field in parsed.fields if field.name == "contact"] == [
        "mailto:security@bears.test",
        "https://bears.test/tell",
    ]
    assert parsed.expires == datetime(2027, 6, 11, tzinfo=UTC)
    assert not parsed.signed


def test_lines_may_end_in_crlf() -> None:
    assert parse(GOOD.replace(b"\n", b"\r\n")) == parse(GOOD)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("no-contact", 0), ("no-expires", 0)]),
        (without(b"contact"), [("no-contact", 0)]),
        (without(b"expires"), [("no-expires", 0)]),
        (GOOD + b"Expires: 2027-06-11T00:00:00Z\n", [("many-expires", 11)]),
        (GOOD + b"Preferred-Languages: de\n", [("many-languages", 11)]),
        (without(b"preferred") + b"Preferred-Languages: english please\n", [("bad-languages", 10)]),
        (GOOD + b"Contact: security@bears.test\n", [("contact-no-uri", 11)]),
        (GOOD + b"Contact: http://bears.test/\n", [("web-no-https", 11)]),
        (GOOD + b"Policy: our policy\n", [("no-uri", 11)]),
        (GOOD + b"Contact:mailto:security@bears.test\n", [("no-space", 11)]),
        (GOOD + b"Favourite-Colour: plum\n", [("unknown-field", 11)]),
        (GOOD + b"hello\n", [("no-field", 11)]),
        (GOOD + b" Contact: mailto:x@bears.test\n", [("no-field", 11)]),
        (GOOD[:-1], [("no-final-newline", 10)]),
        (b"\xef\xbb\xbf" + GOOD, [("byte-order-mark", 1)]),
        (GOOD + b"# \xff\n", [("not-utf-8", 0)]),
        (GOOD * 40, [("many-expires", 14), ("many-languages", 17), ("too-many-fields", 113)]),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content: bytes, expected: list[tuple[str, int]]) -> None:
    assert problems(content) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2027-06-11T00:00:00Z", datetime(2027, 6, 11, tzinfo=UTC)),
        ("2027-06-11t02:00:00+02:00", datetime(2027, 6, 11, tzinfo=UTC)),
        ("2027-06-11T00:00:00.5z", datetime(2027, 6, 11, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2027-06-11", None),
        ("2027-06-11 00:00:00Z", None),
        ("2027-06-11T00:00:00", None),
        ("2027-02-30T00:00:00Z", None),
        ("Thu, 31 Dec 2027 18:37:07 -0800", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("٢٠٢٧-06-11T00:00:00Z", None),
    ],
)
def test_expiry_is_in_the_form_of_rfc_3339(value: str, expected: datetime | None) -> None:
    parsed = parse(f"Contact: mailto:a@b.test\nExpires: {value}\n".encode())
    assert parsed.expires == expected
    assert ("bad-expires" in {problem.id for problem in parsed.problems}) is (expected is None)


SIGNED = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Contact: mailto:a@bears.test
- # dashed
Expires: 2027-06-11T00:00:00Z
- Policy: https://bears.test/p
-----BEGIN PGP SIGNATURE-----

x
-----END PGP SIGNATURE-----
"""


def test_a_signed_file_is_read_inside_its_armour() -> None:
    parsed = parse(SIGNED.encode())
    assert parsed.signed
    assert [(field.name, field.line) for field in parsed.fields] == [
        ("contact", 4),
        ("expires", 6),
        ("policy", 7),
    ]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("Contact: mailto:thief@x.test\n" + SIGNED, ("outside-signature", 1)),
        (SIGNED + "Contact: mailto:thief@x.test\n", ("outside-signature", 12)),
        (SIGNED.partition("-----BEGIN PGP SIGNATURE")[0], ("broken-signature", 1)),
        (SIGNED.replace("\n\nC", "\nC").replace("\n\nx", "\nx"), ("broken-signature", 1)),
    ],
)
def test_what_is_wrong_with_the_armour(content: str, problem: tuple[str, int]) -> None:
    assert problem in problems(content)
    assert all("thief" not in field.value for field in parse(content.encode()).fields)


def test_there_is_a_bound_to_fields() -> None:
    assert len(parse(b"Contact: mailto:a@b.test\n" * 1000).fields) == MOST_FIELDS


LINES = st.sampled_from([*SIGNED.splitlines(), *GOOD.decode().splitlines(), "", "- ", ":", "Expires: ", "\r"])


@given(st.binary(max_size=300) | st.lists(LINES).map(lambda lines: "\n".join(lines).encode()))
@example(b"Expires: 9999-12-31T23:59:59-23:59\n")
@example(b"Canonical: https://[\n")
def test_it_never_raises_and_says_what_is_missing(content: bytes) -> None:
    parsed = parse(content)
    found = {problem.id for problem in parsed.problems}
    assert ("no-contact" in found) is not any(field.name == "contact" for field in parsed.fields)
    assert (parsed.expires is None) is bool(found & {"no-expires", "many-expires", "bad-expires"})
    assert parse(content) == parsed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Bears.test/x", "https://bears.test:443/x", True),
        ("https://bears.test", "https://bears.test/", True),
        ("https://bears.test/x", "http://bears.test/x", False),
        ("https://bears.test/x", "https://bears.test:8443/x", False),
        ("https://[", "https://bears.test/", False),
        ("https://bears.test:x/", "https://bears.test/", False),
    ],
)
def test_the_same_place_has_several_spellings(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same
