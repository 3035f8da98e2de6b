"""Nothing a server says makes us contact anybody the permission does not name (law 7).

Each victim answers the test itself just before; afterwards it must have had no other visitor.
"""

import asyncio
from pathlib import Path

import pytest

from shelfworthy.model import AnySurface, Bucket, Contact, Endpoint, Level, Scheme, Update
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits
from tests.looking import QUICK, allow, bench, door, looked, names, product
from tests.scope.followers import FOLLOWER
from tests.servers import Server, answers, http, page, saying, serving

SAID_BY = "127.0.0.5"  # the permitted server
VICTIM = "127.0.0.6"

# kind of escape → where the victim listens, the reference to it: {port} its port, {at} the permitted server
REFERENCES = {
    "another host": (VICTIM, "http://127.0.0.6:{port}/"),
    "another port of the permitted host": (SAID_BY, "http://127.0.0.5:{port}/"),
    "another scheme and port of the permitted host": (SAID_BY, "https://127.0.0.5:{port}/"),
    "a scheme that is not the web's": (VICTIM, "mongodb://127.0.0.6:{port}/"),
    "a reference without scheme": (VICTIM, "//127.0.0.6:{port}/"),
    "a reference with three slashes": (VICTIM, "///127.0.0.6:{port}/"),
    "the permitted host as user name": (VICTIM, "http://{at}@127.0.0.6:{port}/"),
    "the permitted host as user name and password": (VICTIM, "http://127.0.0.5:80@127.0.0.6:{port}/"),
    "the permitted host behind a backslash": (VICTIM, "http://127.0.0.6:{port}\\@{at}/"),
    "the permitted host behind a hash": (VICTIM, "http://127.0.0.6:{port}#@{at}/"),
    "loopback": ("127.0.0.1", "http://127.0.0.1:{port}/"),
    "loopback by name": ("127.0.0.1", "http://localhost:{port}/"),
    "IPv6 loopback": ("::1", "http://[::1]:{port}/"),
    "IPv6 loopback written out": ("::1", "http://[0:0:0:0:0:0:0:1]:{port}/"),
    "IPv6-mapped, dotted": (VICTIM, "http://[::ffff:127.0.0.6]:{port}/"),
    "IPv6-mapped, in hex": (VICTIM, "http://[::ffff:7f00:6]:{port}/"),
    "one decimal number": (VICTIM, "http://2130706438:{port}/"),
    "one hexadecimal number": (VICTIM, "http://0x7f000006:{port}/"),
    "hexadecimal parts": (VICTIM, "http://0x7f.0.0.0x6:{port}/"),
    "octal parts": (VICTIM, "http://0177.0.0.06:{port}/"),
    "the short form": (VICTIM, "http://127.6:{port}/"),
    "full-width digits": (VICTIM, "http://１２７.０.０.６:{port}/"),
    "circled digits": (VICTIM, "http://①②⑦.⓪.⓪.⑥:{port}/"),
    "ideographic full stops": (VICTIM, "http://127。0。0。6:{port}/"),
    "percent-encoded digits": (VICTIM, "http://%31%32%37.0.0.6:{port}/"),
    "a trailing dot": (VICTIM, "http://127.0.0.6.:{port}/"),
    "the unspecified address": ("127.0.0.1", "http://0.0.0.0:{port}/"),
    "the unspecified address, short": ("127.0.0.1", "http://0:{port}/"),
    "the unspecified IPv6 address": ("::1", "http://[::]:{port}/"),
    "white space in the host": (VICTIM, "http://127.0.0.\t6:{port}/"),
}

# kind of escape → header lines and body of the permitted server's answer; {to} is the reference
CARRIERS = {
    "moved": ("301 Moved", ("Location: {to}",), ""),
    "found": ("302 Found", ("Location: {to}",), ""),
    "temporary": ("307 Temporary Redirect", ("Location: {to}",), ""),
    "alternative service": ("200 OK", ('Alt-Svc: h2="127.0.0.6:{port}"; ma=86400, http/1.1=":{port}"',), ""),
    "refresh": ("200 OK", ("Refresh: 0; url={to}",), '<meta http-equiv="refresh" content="0; url={to}">'),
    "links": ("200 OK", ("Link: <{to}>; rel=preload", "Content-Location: {to}"), ""),
    "page": ("200 OK", ("Content-Type: text/html",), '{to}\n<a href="{to}">report</a> <img src="{to}">'),
    "security.txt": (
        "200 OK",
        ("Content-Type: text/plain",),
        "Contact: {to}\nExpires: 2027-10-01T00:00:00Z\nPolicy: {to}\nEncryption: {to}\nCanonical: {to}\n",
    ),
    "manifest": (
        "200 OK",
        ("Content-Type: application/json",),
        '{{"version": 2, "image": "{to}bear.bin", "url": "{to}bear.img", "directory_url": "{to}"}}',
    ),
    "provider metadata": (
        "200 OK",
        ("Content-Type: application/json",),
        """{{"publisher": {{}}, "distributions": [{{"directory_url": "{to}"}},
        {{"rolie": {{"feeds": [{{"url": "{to}feed.json"}}]}}}}]}}""",
    ),
    "S3 endpoint": (
        "301 Moved Permanently",
        ("x-amz-bucket-region: eu-north-1", "Content-Type: application/xml"),
        """<Error><Code>PermanentRedirect</Code><Endpoint>127.0.0.6:{port}</Endpoint>
        <Bucket>recordings</Bucket></Error>""",
    ),
    "S3 listing": (
        "200 OK",
        ("Content-Type: application/xml",),
        """<ListBucketResult><Name>recordings</Name><IsTruncated>true</IsTruncated>
        <NextContinuationToken>{to}</NextContinuationToken><Contents><Key>{to}</Key></Contents>
        </ListBucketResult>""",
    ),
}
ASKS_MORE = Limits(connect=QUICK.connect, silence=QUICK.silence, look=4.0)


def surfaces(at: str) -> tuple[AnySurface, ...]:
    return (
        Endpoint(id="site", where=f"http://{at}/"),
        Bucket(id="tones", where=f"s3+http://{at}/recordings"),
        Contact(id="maker", where=f"contact:http://{at}/"),
        Update(id="updates", where=f"update:http://{at}/manifest.json", support=f"http://{at}/support"),
        Update(id="metadata", where=f"update:http://{at}/m/timestamp.json", scheme=Scheme.TUF),
    )


async def tempted(
    tmp: Path, victim_at: str, to: str, status: str, headers: tuple[str, ...], body: str
) -> None:
    async with serving(saying(page(b"it would have answered")), victim_at) as victim:
        said = b""

        async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if await http(reader):
                writer.write(said)

        async with serving(say, SAID_BY) as permitted:
            filled = {"port": victim.port, "at": permitted.at}
            filled["to"] = to.format(**filled)
            lines = tuple(line.format(**filled) for line in headers)
            said = page(body.format(**filled).encode(), status, lines)
            assert await answers(victim)
            await look_everywhere(tmp, permitted, victim)


async def look_everywhere(tmp: Path, permitted: Server, victim: Server) -> None:
    it = product(surfaces(permitted.at), [allow(permitted.at)])
    before = victim.contacts
    left = await looked(
        it, door(it, bench(), ASKS_MORE, names(localhost=["127.0.0.1"])), tmp, (FOLLOWER, *PROBES)
    )
    assert permitted.contacts, "the look did not even begin"
    assert victim.contacts == before
    assert left.dialled == {permitted.at}


@pytest.mark.parametrize("escape", REFERENCES)
def test_no_reference_leads_out(escape: str, tmp_path: Path) -> None:
    victim_at, to = REFERENCES[escape]
    asyncio.run(tempted(tmp_path, victim_at, to, "302 Found", ("Location: {to}",), "{to}\n"))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_said_leads_out(carrier: str, tmp_path: Path) -> None:
    status, headers, body = CARRIERS[carrier]
    asyncio.run(tempted(tmp_path, VICTIM, "http://127.0.0.6:{port}/", status, headers, body))


UNROUTED = (
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fe80::1]/",
    "http://169.254.7.7/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://[64:ff9b::7f00:6]/",
    "http://[2002:7f00:6::1]/",
)


def test_addresses_nobody_can_listen_at_here_are_not_even_tried(tmp_path: Path) -> None:
    """Metadata, link-local and private addresses: no attempt is on the transcript, and none met the fuse."""

    async def run() -> None:
        body = "\n".join(UNROUTED).encode()
        async with serving(saying(page(body)), SAID_BY) as permitted:
            it = product([Endpoint(id="site", where=f"http://{permitted.at}/")], [allow(permitted.at)])
            left = await looked(it, door(it, bench()), tmp_path, (FOLLOWER,))
            assert left.dialled == {permitted.at}

    asyncio.run(run())


def test_what_is_permitted_is_followed(tmp_path: Path) -> None:
    """The control of all of the above: the same probe, the same redirect, and the victim permitted."""

    async def run() -> None:
        async with serving(saying(page(b"")), VICTIM) as named:
            hint = page(b"", "302 Found", (f"Location: http://{named.at}/",))
            async with serving(saying(hint), SAID_BY) as permitted:
                it = product(
                    [Endpoint(id="site", where=f"http://{permitted.at}/")],
                    [allow(permitted.at), allow(named.at, Level.LOOK)],
                )
                policy = bench(opened=("127.0.0.5/32", "127.0.0.6/32"))
                await looked(it, door(it, policy), tmp_path, (FOLLOWER,))
                assert named.contacts >= 1

    asyncio.run(run())
