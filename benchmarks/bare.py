"""What a catalogue's audit is measured beside: a bare asyncio loop that opens as many new connections, with
TLS where the audit has TLS, and throws the answers away. `benchmarks.catalogue` runs it as its own process.

python -m benchmarks.bare PRODUCTS TLS-EACH PLAIN-EACH TLS-PORT PLAIN-PORT HOST…
"""

import asyncio
import sys
from collections.abc import Sequence

from shelfworthy.reach.tls import lenient

AT_ONCE = 32  # products, as `shelfworthy audit --catalogue` has
REQUEST = b"GET / HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\n\r\n"


async def connection(host: str, port: int, *, tls: bool) -> None:
    """Connect, ask, read to the end, hang up."""
    context = lenient() if tls else None
    reader, writer = await asyncio.open_connection(
        host, port, ssl=context, server_hostname="" if tls else None
    )
    writer.write(REQUEST)
    while await reader.read(1 << 14):
        pass
    writer.transport.abort()


async def products(number: int, each: tuple[int, int], ports: tuple[int, int], hosts: Sequence[str]) -> None:
    """So many products, each with so many connections with and without TLS, one after the other."""
    left = iter(range(number))

    async def hand() -> None:
        for product in left:
            for tls, count, port in zip((True, False), each, ports, strict=True):
                for one in range(count):
                    await connection(hosts[(product + one) % len(hosts)], port, tls=tls)

    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))


def main() -> None:
    """Open them all."""
    number, tls, plain, tls_port, plain_port = map(int, sys.argv[1:6])
    asyncio.run(products(number, (tls, plain), (tls_port, plain_port), sys.argv[6:]))


if __name__ == "__main__":
    main()
