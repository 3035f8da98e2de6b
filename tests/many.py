"""Catalogues for tests, and the site their products name: real connections on many loopback addresses."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from shelfworthy.record import judgements, load_evidence
from tests.servers import page

HOSTS = tuple(f"127.0.3.{number}" for number in range(1, 9))
POLICY = 'observer = "a test"\nopen = ["127.0.0.0/8"]\n\n[[permit]]\nto = "*"\nlevel = "look"\n'
PAGE = page(
    b"<html lang=en><title>Toys</title><p>Report a vulnerability to security@toys.test</p></html>",
    headers=("Content-Type: text/html", "Connection: close"),
)


class Site:
    """A web server on each of `HOSTS`, at one port. most: open connections at once by address, so far."""

    def __init__(self, delay: float) -> None:
        self.port = 0
        self.contacts: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        self._delay = delay

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at = writer.get_extra_info("sockname")[0]
        self.contacts[at] += 1
        self._open[at] += 1
        self.most[at] = max(self.most[at], self._open[at])
        try:
            with suppress(OSError, EOFError, asyncio.LimitOverrunError):
                first = await reader.read(1)
                if first.isalpha():
                    await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(self._delay)
                writer.write(PAGE if first.isalpha() else b"HTTP/1.1 400 Bad Request\r\n\r\n")
                await writer.drain()
        finally:
            self._open[at] -= 1
            writer.close()


@contextmanager
def site(delay: float = 0.0) -> Iterator[Site]:
    """Serve from a thread until the end of the block. delay: seconds before each answer."""
    made = Site(delay)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        first = await asyncio.start_server(made.serve, HOSTS[0], 0)
        made.port = first.sockets[0].getsockname()[1]
        others = [await asyncio.start_server(made.serve, host, made.port) for host in HOSTS[1:]]
        ready.set()
        await stop.wait()
        for server in (first, *others):
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(100)
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def catalogue(folder: Path, at: Site, products: int, hosts: Sequence[str] = HOSTS) -> Path:
    """So many products with two surfaces each, and the policy beside: `bench.toml`."""
    lines = ["name,vendor,endpoint,contact"]
    for number in range(products):
        api, www = (f"http://{hosts[(number + one) % len(hosts)]}:{at.port}/" for one in range(2))
        lines.append(f"Bear {number},Plumwhistle,{api},{www}")
    path = folder / "listings.csv"
    path.write_text("\n".join(lines) + "\n")
    (folder / "bench.toml").write_text(POLICY)
    return path


def name(number: int) -> str:
    """The folder of a product of `catalogue`."""
    return f"plumwhistle-bear-{number}.audit"


def said(folder: Path) -> object:
    """What is judged and what could not be seen of an audit, without times and ids."""
    judgement = judgements(folder)[-1]
    guidelines = judgement.verdict.guidelines.items()
    answers = {name: (one.answer, sorted(one.requirements)) for name, one in guidelines}
    answers |= {name: (one.answer, []) for name, one in judgement.verdict.exposures.items()}
    findings = [
        (one.key, one.check, one.surface, one.outcome, one.says, sorted(one.facts.items()), one.severity)
        for one in judgement.findings
    ]
    gaps = [(one.surface, one.by, one.cause, one.words) for one in load_evidence(folder).gaps]
    return answers, sorted(map(repr, findings)), sorted(gaps)


def with_papers(folder: Path, at: Site, **papers: str) -> Path:
    """A catalogue of one product file for each, with its correspondence beside it; after them a good row."""
    (folder / "bench.toml").write_text(POLICY)
    rows = ["product,name,vendor,endpoint"]
    for toy, letters in papers.items():
        (folder / toy).mkdir()
        (folder / toy / "letters.toml").write_text(letters)
        (folder / toy / "product.toml").write_text(
            f'[product]\nname = "{toy}"\nvendor = "P"\n\n'
            '[[surface]]\nid = "letters"\nkind = "correspondence"\nwhere = "letters.toml"\n\n'
            f'[[surface]]\nid = "api"\nkind = "endpoint"\nwhere = "http://{HOSTS[0]}:{at.port}/"\n\n'
            f'[[permission]]\nto = "{HOSTS[0]}"\nlevel = "look"\nbasis = "public"\n'
        )
        rows.append(f"{toy}/product.toml,,,")
    rows.append(f",Toy,P,http://{HOSTS[0]}:{at.port}/")
    path = folder / "listings.csv"
    path.write_text("\n".join(rows) + "\n")
    return path
