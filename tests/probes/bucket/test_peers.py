"""What other storage servers, broken ones and hostile ones make a stranger's look see."""

import asyncio

import pytest

from shelfworthy.model import Cause, Level
from shelfworthy.reach import Limits, NotSeen
from shelfworthy.seen.bucket import Answered, Listed, Unanswered, Written
from tests.probes.bucket.looking import look_at
from tests.probes.bucket.peers import denying, error, kind, listing, storage
from tests.servers import page


def test_a_listing_of_many_pages_is_counted_for_five_of_them() -> None:
    asked = []

    def answer(method: str, target: str) -> bytes:
        if kind(method, target) != "list":
            return error("403 Forbidden", "AccessDenied", head=method == "HEAD")
        asked.append(target)
        return listing({f"voice/{len(asked)}-{n}.caf": 100 for n in range(1000)}, token=f"a+/={len(asked)}")

    seen = asyncio.run(look_at(storage(answer)))
    assert isinstance(seen.listing, Listed)
    assert (seen.listing.objects, seen.listing.bytes, seen.listing.truncated) == (5000, 500_000, True)
    assert [(one.shape, one.count) for one in seen.listing.shapes] == [("a/9-9.caf", 5000)]
    assert asked[1].endswith("&continuation-token=a%2B%2F%3D1")
    assert len(asked) == 5


def test_a_later_page_that_is_refused_leaves_what_was_listed() -> None:
    def answer(method: str, target: str) -> bytes:
        if kind(method, target) != "list" or "continuation" in target:
            return error("403 Forbidden", "AccessDenied", head=method == "HEAD")
        return listing({"a.txt": 1}, token="more")

    seen = asyncio.run(look_at(storage(answer)))
    assert isinstance(seen.listing, Listed)
    assert (seen.listing.objects, seen.listing.truncated) == (1, True)


def test_a_page_too_long_is_counted_as_far_as_it_came() -> None:
    seen = asyncio.run(look_at(denying(list=listing({f"{n}-{'k' * 900}": 1 for n in range(11_000)}))))
    assert isinstance(seen.listing, Listed)
    assert 1000 < seen.listing.objects < 11_000
    assert seen.listing.truncated


def test_a_silent_question_takes_nothing_from_the_others() -> None:
    """The server hangs up on `?acl` and on HEAD of the object it lists."""
    said = {"list": listing({"known.caf": 1}), "acl": b"", "known": b""}
    seen = asyncio.run(look_at(denying(**said)))
    assert isinstance(seen.listing, Listed)
    assert isinstance(seen.acl, Unanswered)
    assert isinstance(seen.known, Unanswered)
    assert seen.acl.cause is Cause.SILENT
    assert isinstance(seen.random, Answered)


def test_a_server_that_is_away_is_a_gap() -> None:
    with pytest.raises(NotSeen) as gap:
        asyncio.run(look_at(storage(lambda method, target: b"")))
    assert gap.value.cause is Cause.SILENT


@pytest.mark.parametrize("body", [b"hello", b"<html><p>hello</html>", b"\xff\xfe<", b"<a>" * 9, b"{}", b""])
def test_what_is_no_listing_is_an_answer_without_a_code(body: bytes) -> None:
    assert asyncio.run(look_at(denying(list=page(body)))).listing == Answered(status=200, code="")


def test_a_code_that_is_none_is_not_kept() -> None:
    refused = error("403 Forbidden", "see Alma Reed, a@plumpost.test")
    assert asyncio.run(look_at(denying(list=refused))).listing == Answered(status=403, code="")


def test_a_write_refused_is_not_followed_by_a_delete() -> None:
    asked = []

    def answer(method: str, target: str) -> bytes:
        asked.append(method)
        return error("403 Forbidden", "AccessDenied", head=method == "HEAD")

    seen = asyncio.run(look_at(storage(answer), Level.USE))
    assert seen.write == Answered(status=403, code="AccessDenied")
    assert "PUT" in asked
    assert "DELETE" not in asked


def test_a_write_without_an_answer_is_removed_all_the_same() -> None:
    seen = asyncio.run(look_at(denying(PUT=b"", DELETE=page(b"", "204 No Content")), Level.USE))
    assert isinstance(seen.write, Written)
    assert isinstance(seen.write.put, Unanswered)
    assert seen.write.removal == Answered(status=204, code="")


def test_the_named_object_is_asked_for_by_its_whole_name() -> None:
    asked = []

    def answer(method: str, target: str) -> bytes:
        asked.append(target)
        return error("403 Forbidden", "AccessDenied", head=method == "HEAD")

    seen = asyncio.run(look_at(storage(answer), key="voice/known ä?#%.caf"))
    assert "/tones/voice/known%20%C3%A4%3F%23%25.caf" in asked
    assert (seen.known_from, seen.known_shape) == ("product file", "a/a a?#%.caf")


def test_ten_megabytes_of_listing_end_in_time() -> None:
    huge = page(b"<ListBucketResult>" + b"<Contents>" * 1_000_000)
    seen = asyncio.run(look_at(denying(list=huge), limits=Limits(look=5.0)))
    assert isinstance(seen.listing, Listed)
    assert seen.listing.truncated
