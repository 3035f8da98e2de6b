"""A judgement that is packed in parts unpacks to its text, by zlib and nothing else."""

import zlib

import pytest

from shelfworthy.record import packed, written

BEFORE, AFTER = b'{"evidence_digest":"00","findings":', b',"judged_at":"2026-11-30T00:00:00Z","verdict":{}}'


@pytest.mark.parametrize(
    "findings",
    [b"[]", b'[{"id":"1"}]', b"[" + b'{"id":"1"},' * 20_000 + b"]", bytes(range(256)) * 300],
    ids=["none", "one", "more than zlib looks back", "of all bytes"],
)
@pytest.mark.parametrize("after", [AFTER, AFTER * 5_000], ids=["short", "long"])
def test_what_is_packed_in_parts_is_the_text(findings: bytes, after: bytes) -> None:
    text = BEFORE + findings + after
    opened = zlib.decompressobj()
    assert opened.decompress(packed(text, written(findings))) == text
    assert opened.eof  # the sum at its end was read, and is right
    assert opened.unused_data == b""
    assert zlib.decompress(packed(text)) == text


def test_one_that_changed_is_told_by_its_sum() -> None:
    content = bytearray(packed(BEFORE + b"[]" + AFTER, written(b"[]")))
    content[-1] ^= 1
    with pytest.raises(zlib.error, match="incorrect data check"):
        zlib.decompress(content)
