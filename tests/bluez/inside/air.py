"""Whoever connects to port 7300 gets a Bluetooth controller of BlueZ's emulator, until hanging up."""

import asyncio
from contextlib import suppress

PORT = 7300
CONTROLLER = "/tmp/bt-server-bredrle"  # where btvirt listens


async def passed(come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await come.read(4096):
            go.write(some)
            await go.drain()
    go.close()


async def connected(come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
    answers, asks = await asyncio.open_unix_connection(CONTROLLER)
    await asyncio.gather(passed(come, asks), passed(answers, go))


async def main() -> None:
    server = await asyncio.start_server(connected, "0.0.0.0", PORT)
    print("the air is there", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
