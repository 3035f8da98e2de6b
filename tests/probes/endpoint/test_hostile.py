"""Servers that mean no good: the look ends in time, and says why it saw no more."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import structs

from shelfworthy.checks import CHECKS
from shelfworthy.model import About, Endpoint, Outcome
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits
from shelfworthy.record.load import OBSERVATION
from tests import clock
from tests.bombs import gzip_of_zeros
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.endpoint import peers
from tests.probes.endpoint.test_answer import flight, record, server_hello
from tests.servers import Behaviour, page, self_signed, serving
from tests.specimen import outcome

ENDPOINT = tuple(probe for probe in PROBES if probe.name.startswith("endpoint-"))
LIMITS = Limits(connect=0.5, silence=0.3, look=1.5, received=1 << 20, body=1 << 16)
# Where something is to be seen: on a busy machine handshakes take longer.
PATIENT = structs.replace(LIMITS, connect=2.0, silence=2.0, look=5.0)
HEAD = b"HTTP/1.1 200 OK\r\n"

PEERS: dict[str, Behaviour] = {
    "sends nothing": peers.nothing,
    "hangs up": peers.once(b""),
    "one byte at a time": peers.dripping(record(flight()), 0.1),
    "one byte at a time in HTTP": peers.dripping(HEAD, 0.1),
    "garbage": peers.once(bytes(range(256)) * 8),
    "garbage after a good hello": peers.once(record(server_hello()) + b"\x16\x03\x03\x40\x00" + bytes(500)),
    "zeros for ever": peers.endless(bytes(4096)),
    "empty records for ever": peers.endless(record(b"")),
    "warnings for ever": peers.endless(record(b"\1\x70", kind=21)),
    "certificates for ever": peers.endless(record(bytes(16000)), record(server_hello() + b"\x0b\x01\0\0")),
    "heads for ever": peers.web(HEAD, then=b"X-More: of that\r\n"),
    "body for ever": peers.web(HEAD + b"\r\n", then=bytes(4096)),
    "a bomb": peers.web(
        page(gzip_of_zeros(64), headers=("Content-Encoding: gzip",)),
    ),
    "a head that is none": peers.web(b"HTTP/9.9 yes please\r\n\r\n"),
    "redirects to nonsense": peers.web(page(b"", "302 Found", ("Location: https://[::1",))),
}


def look_at(
    behaviour: Behaviour, folder: Path, tls: ssl.SSLContext | None = None, limits: Limits = LIMITS
) -> tuple[Left, float]:
    """Both probes at a server that is its own plain port; what they left, and how long they took."""

    async def run() -> Left:
        async with serving(behaviour, tls=tls) as server:
            endpoint = Endpoint(id="it", where=f"https://{server.at}/", plain_port=server.port)
            it = product([endpoint], [allow(server.at)])
            return await looked(it, door(it, bench(), limits), folder, ENDPOINT)

    began = clock.now()
    return asyncio.run(run()), clock.now() - began


def judged(folder: Path) -> Iterator[tuple[str, Outcome]]:
    """What the checks say of what was seen."""
    surface = Endpoint(id="it", where="https://127.0.0.5/")
    for path in (folder / "evidence" / "observations").glob("*.json"):
        seen = OBSERVATION.decode(path.read_bytes()).seen
        for check in CHECKS:
            if isinstance(seen, check.reads):
                yield check.id, outcome(tuple(check.judge(seen, About(surface=surface))))


@pytest.mark.parametrize("name", PEERS)
def test_the_look_ends_and_nothing_passes(name: str, tmp_path: Path) -> None:
    left, seconds = look_at(PEERS[name], tmp_path)
    assert seconds < 2 * LIMITS.look + 2  # a look that saw nothing is tried twice
    assert len(left.looks) == len(ENDPOINT)
    answers = dict(judged(tmp_path))
    assert Outcome.PASS not in answers.values()
    assert left.gaps or answers, "neither an answer nor a reason"
    assert all(words.endswith(".") for words in left.said)
    assert not [words for words in left.said if "crashed" in words or "hung and" in words]


@pytest.mark.parametrize(
    "name", ["body for ever", "heads for ever", "sends nothing", "garbage", "one byte at a time in HTTP"]
)
def test_behind_good_tls_the_certificate_and_the_hellos_stay_seen(name: str, tmp_path: Path) -> None:
    left, seconds = look_at(PEERS[name], tmp_path, self_signed(), PATIENT)
    assert seconds < 2 * PATIENT.look + 2
    kinds = {one["seen"]["kind"] for one in left.observations}
    assert {"endpoint-tls/1", "endpoint-certificate/1"} <= kinds


def test_a_chain_of_a_hundred(tmp_path: Path) -> None:
    left, _ = look_at(peers.nothing, tmp_path, long_chain(tmp_path / "chain.pem", 100))
    (seen,) = [one["seen"] for one in left.observations if "chain" in one["seen"]]
    assert (seen["shown"], len(seen["chain"])) == (100, 16)
    assert dict(judged(tmp_path))["tls-certificate"] is Outcome.INCONCLUSIVE


def long_chain(file: Path, length: int) -> ssl.SSLContext:
    """A server's context that shows so many certificates, each signed by the next."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(length)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{at}.test")]) for at in range(length + 1)]
    pems = [
        x509.CertificateBuilder(names[at + 1], names[at], key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(keys[min(at + 1, length - 1)], hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        for at, key in enumerate(keys)
    ]
    private = keys[0].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + b"".join(pems))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
