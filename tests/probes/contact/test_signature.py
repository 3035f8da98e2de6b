"""Signatures of security.txt: verified for real where the tool is there, and said where it is not."""

import asyncio
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.model import Cause
from shelfworthy.probes.contact import signature
from shelfworthy.probes.contact.well_known import directory_path
from shelfworthy.seen.contact import ContactSeen
from shelfworthy_lab import openpgp
from tests.probes.contact.looking import look
from tests.probes.contact.sites import txt
from tests.probes.contact.test_peers import GONE, HOME, TEXT, site
from tests.servers import page, self_signed, serving

OWNER = "Bears <security@127.0.0.5>"


def signed(text: str) -> tuple[bytes, bytes]:
    done = openpgp.sign(text, OWNER)
    assert done is not None
    return done[0].encode(), done[1].encode()


TEXT_SIGNED, KEY = signed(txt())


def state(content: bytes, *keys: bytes) -> tuple[str, Cause | None]:
    it = signature.verified(content, keys, Cause.NOT_PERMITTED)
    assert bool(it.fingerprint) is (it.state == "good")
    return it.state, it.cause


def test_good_bad_and_unknown() -> None:
    other = signed("x\n")[1]
    assert state(TEXT_SIGNED, KEY) == ("good", None)
    assert state(TEXT_SIGNED, b"no key", other, KEY) == ("good", None)
    assert state(TEXT_SIGNED.replace(b"security@", b"thief@"), KEY) == ("bad", None)
    assert state(TEXT_SIGNED, other) == ("no key", Cause.NOT_PERMITTED)
    assert state(TEXT_SIGNED) == ("no key", Cause.NOT_PERMITTED)
    assert state(TEXT_SIGNED.partition(b"-----BEGIN PGP SIGNATURE")[0], KEY) == ("bad", None)


def test_without_the_tool_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "TOOLS", ())
    assert state(TEXT_SIGNED, KEY) == ("tool missing", Cause.TOOL_MISSING)


@settings(max_examples=200)
@given(st.integers(0, len(TEXT_SIGNED) - 1), st.integers(1, 255), st.booleans())
def test_one_changed_byte_never_makes_it_raise(place: int, change: int, in_key: bool) -> None:
    def changed(content: bytes) -> bytes:
        at = place % len(content)
        return content[:at] + bytes([content[at] ^ change]) + content[at + 1 :]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        state(TEXT_SIGNED if in_key else changed(TEXT_SIGNED), changed(KEY) if in_key else KEY)


def test_the_web_key_directory() -> None:
    """The example of draft-koch-openpgp-webkey-service, section 3.1."""
    path = directory_path("Joe.Doe")
    assert path == "/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe"


def test_a_key_in_the_contacts_own_directory_is_found() -> None:
    text, key = signed(txt().replace("bears.test", "127.0.0.5"))

    def answer(path: str) -> bytes:
        if path == directory_path("security"):
            return page(key)
        named = page(text, headers=TEXT)
        return {"/": HOME, "/.well-known/security.txt": named}.get(path, GONE)

    async def run() -> ContactSeen:
        async with serving(site(answer), tls=self_signed()) as server:
            return await look(f"contact:https://{server.at}/")

    it = asyncio.run(run())
    assert it.security_txt is not None
    assert it.security_txt.signature is not None
    assert it.security_txt.signature.state == "good"
