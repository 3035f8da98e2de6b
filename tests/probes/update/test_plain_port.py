"""What the plain port gives out is recognised at any size; without a certificate nothing passes."""

import asyncio
import ssl

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.checks.update.update_transport import as_well
from shelfworthy.model import About, Scheme, Update
from tests.probes.update.looking import HOST, look
from tests.servers import Behaviour, Reader, Writer, self_signed, serving

LONG = b'{"version": 2, "image": "/bear.bin", "notes": "' + b"x" * 3000 + b'"}'


def with_ranges(files: dict[str, bytes]) -> Behaviour:
    """A web server that gives out the beginning where that is all that is asked for, as most do."""

    async def serve(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        content = files.get(head.split(b" ")[1].decode())
        part = b"Range: bytes=0-1023" in head
        status = 404 if content is None else 206 if part else 200
        body = b"" if content is None else content[:1024] if part else content
        writer.write(f"HTTP/1.1 {status} Some\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    return serve


def sentences(tls: ssl.SSLContext, files: dict[str, bytes], scheme: Scheme | None = None) -> set[str]:
    async def run() -> set[str]:
        serve = with_ranges(files)
        async with serving(serve, HOST, tls=tls) as secret, serving(serve, HOST) as plain:
            it = Update(
                id="updates",
                where=f"update:https://{secret.at}/manifest.json",
                plain_port=plain.port,
                scheme=scheme,
                public_key="key.pem" if scheme else "",
            )
            seen = await look(it, {"key.pem": b""})
            return {one.says for one in BY_ID["update-transport"].judge(seen, About(surface=it))}

    return asyncio.run(run())


@pytest.mark.parametrize("scheme", [None, Scheme.IMAGE, Scheme.MANIFEST])
def test_a_long_manifest_given_out_in_cleartext_as_well(scheme: Scheme | None) -> None:
    files = {"/manifest.json": LONG, "/bear.bin": b"bear" * 1000}
    assert "also-in-cleartext" in sentences(self_signed(), files, scheme)


def test_an_image_too_large_to_compare_is_left_open() -> None:
    files = {"/manifest.json": LONG, "/bear.bin": b"bear" * (3 << 18)}
    assert "also-in-cleartext" in sentences(self_signed(), files, None)
    del files["/manifest.json"]

    async def run() -> set[str]:
        beside = {"/manifest.json": LONG} | files
        async with (
            serving(with_ranges(beside), HOST, tls=self_signed()) as secret,
            serving(with_ranges(files), HOST) as plain,
        ):
            it = Update(
                id="updates",
                where=f"update:https://{secret.at}/manifest.json",
                plain_port=plain.port,
                scheme=Scheme.IMAGE,
                public_key="key.pem",
            )
            return {one.says for one in as_well(await look(it, {"key.pem": b""}))}

    assert asyncio.run(run()) == {"plain-not-whole"}


def test_a_server_without_a_certificate_does_not_pass() -> None:
    """Anonymous key exchange: encrypted, and nobody knows with whom."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    files = {"/manifest.json": b'{"image": "/bear.bin"}', "/bear.bin": b"bear"}

    async def run() -> set[str]:
        async with serving(with_ranges(files), HOST, tls=context) as secret:
            it = Update(id="updates", where=f"update:https://{secret.at}/manifest.json")
            seen = await look(it)
            assert [one.status for one in (*seen.manifest, *seen.image)] == [200, 206]
            return {one.says for one in BY_ID["update-transport"].judge(seen, About(surface=it))}

    assert asyncio.run(run()) == {"certificate-open"}
