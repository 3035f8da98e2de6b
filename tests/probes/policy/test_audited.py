"""A whole look, as an audit makes it: without a browser nothing but the page's own answer stays open."""

import asyncio
from pathlib import Path

import pytest

from shelfworthy.model import Level, PrivacyPolicy
from shelfworthy.reach import Limits
from shelfworthy.sandbox import browser
from tests.looking import allow, bench, door, looked, product
from tests.probes.policy.looking import HOST, site
from tests.probes.policy.test_shown import STATIC


def test_a_missing_browser_leaves_the_look_complete(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "CHROMIUM", "/nowhere/chromium")

    async def run() -> None:
        async with site({"/privacy": STATIC}) as one:
            it = product(
                [PrivacyPolicy(id="policy", where=f"policy:http://{one.server.at}/privacy")],
                [allow(HOST, Level.LOOK)],
            )
            left = await looked(it, door(it, bench(), Limits()), tmp_path)
        assert left.gaps == ()
        assert [look.complete for look in left.looks] == [True]
        causes = {seen["seen"]["kind"]: seen["seen"].get("cause") for seen in left.observations}
        assert causes == {"policy/1": None, "policy-page/1": "tool missing"}

    asyncio.run(run())
