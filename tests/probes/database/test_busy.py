"""That a server has no time says nothing of whether it insists on TLS, nor of passwords."""

import asyncio
import struct

import pytest

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database import pg_wire, postgresql
from shelfworthy.probes.database.mysql import in_cleartext
from shelfworthy.seen.database import Refused, StoreHello
from tests.looking import allow, bench, door, product
from tests.servers import Behaviour, Reader, Writer, self_signed, serving


def postgresql_that(state: str) -> Behaviour:
    """Offers TLS, and refuses every login so."""

    def error(code: str) -> bytes:
        body = f"SFATAL\0C{code}\0Mno\0\0".encode()
        return b"E" + struct.pack("!i", 4 + len(body)) + body

    async def serve(reader: Reader, writer: Writer) -> None:
        head = await reader.readexactly(8)
        if head == pg_wire.SSL_REQUEST:
            writer.write(b"S")
            await writer.start_tls(self_signed())
            head = await reader.readexactly(8)
        (version,) = struct.unpack("!i", head[4:])
        writer.write(error(pg_wire.UNSUPPORTED if version == pg_wire.NO_VERSION else state))

    return serve


@pytest.mark.parametrize("state", ["57P03", "53300"])
def test_postgresql(state: str) -> None:
    async def run() -> StoreHello:
        async with serving(postgresql_that(state)) as server:
            it = Database(id="store", where=f"postgresql://{server.at}")
            bounds = product([it], [allow(server.host, Level.KNOCK)])
            reach = door(bounds, bench((f"{server.host}/32",))).reach(it)
            return await anext(postgresql.hello(it, reach))

    seen = asyncio.run(run())
    assert seen.plain == seen.login == NotLooked(Cause.REFUSED)


@pytest.mark.parametrize(
    ("code", "plain"), [(3159, False), (1045, False), (1698, False), (1203, NotLooked(Cause.REFUSED))]
)
def test_mysql_that_lets_in_over_tls(code: int, plain: bool | NotLooked) -> None:
    assert in_cleartext(Refused(code=code, name="", words=""), over_tls=None) == plain
