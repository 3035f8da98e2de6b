"""Servers of other makes than the lab's: what they accept is what they were configured to accept."""

import asyncio
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from shelfworthy.model import Endpoint
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits
from shelfworthy.seen.endpoint import EndpointCertificate, EndpointTls
from shelfworthy.seen.tls_suites import name
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.endpoint import real

pytestmark = pytest.mark.lab

TLS = tuple(probe for probe in PROBES if probe.name == "endpoint-tls")
Starts = Callable[[Path], AbstractContextManager[int]]
OLD_CBC = ("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA")

# server: what it must be seen to accept, by version
SERVERS: dict[str, tuple[Starts, dict[str, tuple[str, ...]]]] = {
    "openssl, NULL and anonymous only": (
        lambda at: real.openssl(at, "-tls1_2", "-cipher", "NULL-SHA256:ADH-AES128-SHA:@SECLEVEL=0"),
        {"TLS 1.2": ("TLS_RSA_WITH_NULL_SHA256", "TLS_DH_anon_WITH_AES_128_CBC_SHA")},
    ),
    "openssl, TLS 1.3 and one group we send no key for": (
        lambda at: real.openssl(at, "-tls1_3", "-groups", "P-521", "-ciphersuites", "TLS_AES_128_CCM_SHA256"),
        {"TLS 1.3": ("TLS_AES_128_CCM_SHA256",)},
    ),
    "openssl, its own order": (
        lambda at: real.openssl(at, "-tls1_2", "-serverpref", "-cipher", "ECDHE+AESGCM:AES128-SHA"),
        {
            "TLS 1.2": (
                "TLS_RSA_WITH_AES_128_CBC_SHA",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            )
        },
    ),
    "openssl, wants a certificate of ours": (
        lambda at: real.openssl(at, "-tls1_2", "-Verify", "2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"),
        {"TLS 1.2": ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",)},
    ),
    "nginx, TLS 1.0 to 1.2": (
        lambda at: real.nginx(
            at, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2", "ssl_ciphers AES128-SHA:AES256-SHA:@SECLEVEL=0"
        ),
        {"TLS 1.0": OLD_CBC, "TLS 1.1": OLD_CBC, "TLS 1.2": OLD_CBC},
    ),
    "gnutls, RC4, 3DES and anonymous": (
        lambda at: real.gnutls(
            at,
            "NONE:+VERS-TLS1.0:+VERS-TLS1.2:+ARCFOUR-128:+3DES-CBC:+SHA1:+RSA:+ANON-ECDH:+SIGN-ALL:+GROUP-ALL"
            ":+COMP-NULL:+CTYPE-ALL",
        ),
        dict.fromkeys(
            ("TLS 1.0", "TLS 1.2"),
            (
                "TLS_RSA_WITH_RC4_128_SHA",
                "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                "TLS_ECDH_anon_WITH_RC4_128_SHA",
                "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA",
            ),
        ),
    ),
}


def look_at(port: int, folder: Path) -> Left:
    endpoint = Endpoint(id="it", where=f"https://{real.HOST}:{port}/", name=real.NAME)
    it = product([endpoint], [allow(f"{real.HOST}:{port}")])
    through = door(it, bench(opened=("127.0.0.1/32",)), Limits())
    return asyncio.run(looked(it, through, folder, TLS))


def seen(left: Left, kind: type[msgspec.Struct]) -> object:
    tag = kind.__struct_config__.tag
    (one,) = [one["seen"] for one in left.observations if one["seen"]["kind"] == tag]
    return msgspec.convert(one, kind)


@pytest.mark.parametrize("server", SERVERS)
def test_what_is_accepted_is_what_was_configured(server: str, tmp_path: Path) -> None:
    start, expected = SERVERS[server]
    with start(tmp_path) as port:
        left = look_at(port, tmp_path / "it.audit")
    tls = seen(left, EndpointTls)
    assert isinstance(tls, EndpointTls)
    found = {version.version: {name(suite) for suite in version.suites} for version in tls.versions}
    assert {version: suites for version, suites in found.items() if suites} == {
        version: set(suites) for version, suites in expected.items()
    }
    assert all(version.unknown is None for version in tls.versions), tls.versions


def test_a_server_that_wants_a_certificate_of_ours_still_shows_its_own(tmp_path: Path) -> None:
    with real.openssl(tmp_path, "-tls1_2", "-Verify", "2") as port:
        left = look_at(port, tmp_path / "it.audit")
    shown = seen(left, EndpointCertificate)
    assert isinstance(shown, EndpointCertificate)
    assert (shown.shown, shown.completed, shown.version) == (1, False, "TLS 1.2")


def test_a_server_that_answers_heartbeats_keeps_quiet_about_ours(tmp_path: Path) -> None:
    with real.gnutls(tmp_path, "NORMAL:-VERS-TLS1.3", "--heartbeat") as port:
        left = look_at(port, tmp_path / "it.audit")
    tls = seen(left, EndpointTls)
    assert isinstance(tls, EndpointTls)
    heartbeat = msgspec.to_builtins(tls.heartbeat)
    assert (heartbeat["offered"], heartbeat["over_read"]) == (True, 0)
    assert heartbeat["ended"] in {"alert", "closed"}


def test_openssl_is_what_we_think_it_is() -> None:
    """The expected suites above are names of the registry; OpenSSL knows them by the same."""
    told = subprocess.run(
        [real.program("openssl", "openssl"), "ciphers", "-stdname", "AES128-SHA:NULL-SHA256:@SECLEVEL=0"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "TLS_RSA_WITH_AES_128_CBC_SHA" in told
    assert "TLS_RSA_WITH_NULL_SHA256" in told
