"""A policy that no page leads to is found where else it is named, and fetched only where that is permitted.

Every server here answers whoever comes.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from shelfworthy.audit.following import MOST_POLICIES
from shelfworthy.audit.judge import judge
from shelfworthy.audit.look import look
from shelfworthy.model import (
    AnySurface,
    Cause,
    Contact,
    Kind,
    Level,
    Outcome,
    Permission,
    PrivacyPolicy,
)
from shelfworthy.model.surfaces import Firmware
from shelfworthy.probes.contact import CONTACT
from shelfworthy.probes.policy import POLICY
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Limits
from shelfworthy.record import Recorder, load_evidence
from shelfworthy.report.on_the_way import seen_on_the_way
from shelfworthy.sandbox import browser
from tests.builders import NOON
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.contact.test_peers import HTML, TEXT, pages
from tests.probes.contact.test_peers import site as answering
from tests.readers.firmware.contents.hostile_images import member
from tests.servers import answers, page, saying, self_signed, serving

HERE, THERE = "127.0.0.5", "127.0.0.6"
LOOK_HERE = allow(HERE, Level.LOOK)
PATIENT = Limits(connect=5, silence=5, look=60)
SAYS = page(
    b"<html lang=en><title>Privacy policy</title><h1>Privacy policy</h1><p>Murmurpal takes your voice so that"
    b" it can answer you. We keep your recordings for 30 days and then delete them.</html>",
    headers=HTML,
)


@pytest.fixture(autouse=True)
def without_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """These look for the way; what axe says is another test's."""
    monkeypatch.setattr(browser, "CHROMIUM", "/nowhere/chromium")


async def audited(
    folder: Path, surface: AnySurface, may: Permission, supplied: Mapping[str, bytes] | None = None
) -> Left:
    it = product([surface], [may])
    opened = bench((f"{HERE}/32", f"{THERE}/32"))
    through = door(it, opened, PATIENT, supplied=supplied or {})
    return await looked(it, through, folder, (POLICY, CONTACT), budget=120)


def listing(url: str) -> bytes:
    return json.dumps({"results": [{"trackName": "Murmurpal", "privacyPolicyUrl": url}]}).encode()


def of_kind(left: Left, tag: str) -> list[dict[str, Any]]:
    return [one for one in left.observations if one["seen"]["kind"].startswith(f"{tag}/")]


def test_a_listing_leads_to_its_policy(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(saying(SAYS), HERE) as server:
            url = f"http://{server.at}/legal/7"
            surface = PrivacyPolicy(id="policy", where="listing.json")
            left = await audited(tmp_path, surface, LOOK_HERE, {"listing.json": listing(url)})
            assert left.gaps == ()
            (named,) = of_kind(left, "policy-listing")
            (said,) = of_kind(left, "policy")
            (way,) = of_kind(left, "policy-named")
            assert {named["surface"], said["surface"], way["surface"]} == {"policy"}
            assert said["seen"]["documents"][0]["final"] == url
            assert way["seen"]["url"] == url
            assert way["seen"]["found"] == "privacyPolicyUrl at results.0.privacyPolicyUrl in listing.json"
            assert server.contacts == 1
            judgement = judge(load_evidence(tmp_path), NOON)
            (one,) = [one for one in judgement.findings if one.check == "policy-available"]
            assert (one.surface, one.outcome) == ("policy", Outcome.PASS)

    asyncio.run(run())


def test_a_listing_leads_nowhere_that_is_not_permitted(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(saying(SAYS), THERE) as server:
            assert await answers(server)
            surface = PrivacyPolicy(id="policy", where="listing.json")
            url = f"http://{server.at}/privacy"
            left = await audited(tmp_path, surface, LOOK_HERE, {"listing.json": listing(url)})
            assert server.contacts == 1  # our own
            assert left.dialled == set()
            (gap,) = left.gaps
            assert (gap.surface, gap.cause) == ("policy", Cause.NOT_PERMITTED)
            assert server.at in gap.words
            judgement = judge(load_evidence(tmp_path), NOON)
            assert not any(one.outcome is Outcome.PASS for one in judgement.findings)

    asyncio.run(run())


def test_a_policy_that_moved_out_of_the_permission_is_not_fetched_there(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(saying(SAYS), THERE) as away:
            assert await answers(away)
            moved = page(b"", "302 Found", (f"Location: http://{away.at}/privacy",))
            async with serving(saying(moved), HERE) as server:
                surface = PrivacyPolicy(id="policy", where="listing.json")
                supplied = {"listing.json": listing(f"http://{server.at}/privacy")}
                left = await audited(tmp_path, surface, LOOK_HERE, supplied)
                assert server.contacts == 1
                assert away.contacts == 1  # our own
                assert left.dialled == {server.at}
                (gap,) = left.gaps
                assert (gap.surface, gap.cause) == ("policy", Cause.NOT_PERMITTED)

    asyncio.run(run())


def test_a_look_that_was_stopped_goes_on_behind_the_listing(tmp_path: Path) -> None:
    """The reader had come to its end, the probe had not begun."""

    async def run() -> None:
        async with serving(saying(SAYS), HERE) as server:
            surface = PrivacyPolicy(id="policy", where="listing.json")
            supplied = {"listing.json": listing(f"http://{server.at}/legal/7")}
            it = product([surface], [LOOK_HERE])
            through = door(it, bench(), PATIENT, supplied=supplied)
            first = await looked(it, through, tmp_path, ())
            assert server.contacts == 0
            done = frozenset((one.surface, one.by) for one in first.looks if one.complete)
            recorder = Recorder(tmp_path, product_toml(it).encode(), supplied)
            await look(
                it, through, recorder, "b", budget=60, tell=lambda step: None, done=done, probes=(POLICY,)
            )
            recorder.close()
            assert server.contacts == 1
            left = Left(tmp_path)
            assert len(of_kind(left, "policy-listing")) == len(of_kind(left, "policy")) == 1

    asyncio.run(run())


def txt(*lines: str) -> bytes:
    fields = ("Contact: mailto:security@bear.test", "Expires: 2027-06-01T00:00:00Z", *lines)
    return page("\r\n".join(fields).encode(), headers=TEXT)


def test_security_txt_leads_to_what_it_calls_privacy_and_not_to_its_policy(tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            policy = await stack.enter_async_context(serving(saying(SAYS), HERE))
            away = await stack.enter_async_context(serving(saying(SAYS), THERE))
            assert await answers(away)
            said = txt(
                f"Policy: http://{policy.at}/privacy",
                f"Policy: http://{policy.at}/disclosure-policy",
                f"Acknowledgments: http://{away.at}/datenschutz",
            )
            site = await stack.enter_async_context(
                serving(answering(pages(txt=said)), HERE, tls=self_signed())
            )
            surface = Contact(id="site", where=f"contact:https://{site.at}/")
            left = await audited(tmp_path, surface, LOOK_HERE)
            assert {one["surface"] for one in of_kind(left, "policy")} == {
                f"seen:policy:http://{policy.at}/privacy"
            }
            (way,) = of_kind(left, "policy-named")
            assert way["seen"]["found"] == (
                f"line 3 of https://{site.at}/.well-known/security.txt (the contact site)"
            )
            assert away.contacts == 1  # our own
            (seen,) = [
                one
                for one in seen_on_the_way(load_evidence(tmp_path)).seen
                if one.kind is Kind.POLICY and not one.looked_at
            ]
            assert seen.where == f"policy:http://{away.at}/datenschutz"
            assert not seen.decides
            assert away.at in seen.why_not

    asyncio.run(run())


def image_of(files: Mapping[str, bytes]) -> bytes:
    """An image that holds these files."""
    members = b"".join(member(name.encode(), content) for name, content in files.items())
    return members + member(b"TRAILER!!!", b"", 0)


NAME = "www.murmurpal.com"  # what firmware names counts only if it has a public name


@pytest.mark.parametrize("permitted", [True, False])
def test_a_string_of_firmware_leads_to_the_whole_page_where_permitted(
    tmp_path: Path, *, permitted: bool
) -> None:
    async def run() -> None:
        async with serving(saying(SAYS), HERE) as server:
            assert await answers(server)
            url = f"http://{NAME}:{server.at.rpartition(':')[2]}/legal/privacy-policy"
            program = b"\x7fELF" + bytes(60) + b"\0Read it: " + url.encode() + b"?device=1\0" + bytes(60)
            surface = Firmware(id="toy", where="toy.img")
            may = allow(NAME if permitted else f"{NAME}:9", Level.LOOK, resolve=HERE)
            left = await audited(tmp_path, surface, may, {"toy.img": image_of({"usr/bin/bear": program})})
            ways = {one["surface"]: one["seen"]["found"] for one in of_kind(left, "policy-named")}
            policies = [
                one for one in seen_on_the_way(load_evidence(tmp_path)).seen if one.kind is Kind.POLICY
            ]
            assert [(one.id, one.decides, one.looked_at) for one in policies] == [
                (f"seen:policy:{url}", True, permitted)
            ]
            assert policies[0].at[0].surface == "toy"
            if permitted:
                found = "of usr/bin/bear in part 0 (the firmware toy)"
                assert ways == {f"seen:policy:{url}": f"byte {program.index(b'http')} {found}"}
                assert server.contacts == 2
            else:
                (gap,) = [one for one in left.gaps if one.surface == f"seen:policy:{url}"]
                assert gap.cause is Cause.NOT_PERMITTED
                assert ways == {}
                assert server.contacts == 1  # our own

    asyncio.run(run())


def test_a_page_with_a_hundred_policies_is_not_a_hundred_looks(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(saying(SAYS), HERE) as server:
            links = {
                "links": [{"title": "Privacy", "url": f"http://{server.at}/privacy/{n}"} for n in range(100)]
            }
            surface = PrivacyPolicy(id="policy", where="listing.json")
            left = await audited(tmp_path, surface, LOOK_HERE, {"listing.json": json.dumps(links).encode()})
            assert len(of_kind(left, "policy")) == 1 + MOST_POLICIES
            assert server.contacts == 1 + MOST_POLICIES
            assert any(f"More than {MOST_POLICIES} policies" in words for words in left.said)

    asyncio.run(run())
