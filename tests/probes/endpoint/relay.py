"""A relay that hangs up on whoever comes while so many others are being served, and on the first comers.

python -m tests.probes.endpoint.relay HOST PORT TO AT_ONCE FIRST [FROM]

FROM: the address it comes from itself.
"""

import asyncio
import sys
from contextlib import suppress

from tests.servers import Reader, Writer


async def copy(reader: Reader, writer: Writer) -> None:
    with suppress(OSError):
        while piece := await reader.read(1 << 14):
            writer.write(piece)
            await writer.drain()


async def main(host: str, port: int, to: int, at_once: int, first: int, source: str = "") -> None:
    served = came = 0

    async def relay(reader: Reader, writer: Writer) -> None:
        nonlocal served, came
        came += 1
        if served < at_once and came > first:
            served += 1
            local = (source, 0) if source else None
            there, back = await asyncio.open_connection(host, to, local_addr=local)
            ways = [asyncio.create_task(copy(reader, back)), asyncio.create_task(copy(there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            back.close()
            served -= 1
        writer.close()

    async with await asyncio.start_server(relay, host, port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    port, to, at_once, first = map(int, sys.argv[2:6])
    asyncio.run(main(sys.argv[1], port, to, at_once, first, *sys.argv[6:]))
