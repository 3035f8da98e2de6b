"""Audit products on the workers of a dask.distributed cluster. Nothing else of us knows dask.

The workers need no folder of ours: an audit comes back as bytes, and is verified before it is put where it
belongs. A worker that dies loses nothing: its products are given to others, and none is finished before it is
here. Who is asked for what no worker has, is refused at once.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from shelfworthy.audit.executor import Done, Job, Stop
from shelfworthy.audit.parcel import packed, settle
from shelfworthy.audit.worker import Order, Reply, audit_there, fingerprint
from shelfworthy.record import Unreadable

if TYPE_CHECKING:
    from distributed import Client

ADDRESS = re.compile(r"(tls|tcp)://\S+:\d{1,5}")
PATIENCE = 10.0  # seconds to reach the scheduler
ALONE = 60.0  # seconds without any worker before we give up
RETRIES = 3  # of a product, if its worker breaks over it
REPLY = msgspec.msgpack.Decoder(Reply)

Workers = Mapping[str, Mapping[str, Any]]


@asynccontextmanager
async def joined(
    address: str,
    *,
    ca: Path | None = None,
    cert: Path | None = None,
    key: Path | None = None,
    resource: str = "",
    at_once: int = 1000,
) -> AsyncIterator["Cluster"]:
    """The cluster of a scheduler, if it can do what we would. Raises Stop.

    ca, cert, key: PEM files; where they are not given, dask's own configuration says. resource: a name that
    workers were started with. at_once: products given to it at a time, at most.
    """
    client = await _client(address, ca, cert, key)
    try:
        workers = await _workers(client, resource)
        if not workers:
            raise Stop(await _nobody(client, address, resource))
        await _same(client, list(workers))
        threads = sum(int(worker["nthreads"]) for worker in workers.values())
        cluster = Cluster(client, resource, min(at_once, 2 * threads), len(workers))
        watching = asyncio.create_task(cluster.watch())
        try:
            yield cluster
        finally:
            watching.cancel()
    finally:
        with suppress(OSError, TimeoutError):
            await client.close(timeout=PATIENCE)  # type: ignore[no-untyped-call]


class Cluster:
    """An executor: products are audited on workers. share: workers that politeness is shared among."""

    def __init__(self, client: "Client", resource: str, at_once: int, share: int) -> None:
        self.at_once = at_once
        self._client = client
        self._resource = resource
        self._share = share
        self._gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def audit(self, job: Job) -> Done:
        """Have a worker audit it, and put what comes back into its folder. Raises Stop."""
        digest, trouble = "", ""
        try:
            reply = REPLY.decode(await self._reply(job))
            trouble = reply.trouble
            if not trouble:
                digest = settle(reply.audit, job.folder, job.text)
        except (Unreadable, OSError, msgspec.DecodeError) as why:
            trouble = str(why)
        return Done(line=job.line, audit=job.folder.name, digest=digest, trouble=trouble)

    async def watch(self) -> None:
        """Notice when there is nobody left who could do anything; who joins, shares politeness."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while not self._gone.done():
            await asyncio.sleep(2)
            try:
                workers = await _workers(self._client, self._resource)
            except OSError:
                workers = {}
            if workers:
                last, self._share = loop.time(), max(self._share, len(workers))
            elif loop.time() - last > ALONE:
                words = f"The cluster has had no worker for {ALONE:.0f} s. What is done is kept;"
                self._gone.set_result(f"{words} start workers and the same command again.")

    async def _reply(self, job: Job) -> bytes:
        """What the worker says of a product. Raises Stop, Unreadable if it broke over it each time."""
        order = Order(
            line=job.line,
            name=job.folder.stem,
            product=job.product,
            text=job.text,
            supplied=job.files(),
            policy=job.policy,
            budget=job.budget,
            share=self._share,
            begun=packed(job.folder),
        )
        resources = {self._resource: 1} if self._resource else None
        future = self._client.submit(
            audit_there, msgspec.msgpack.encode(order), retries=RETRIES, pure=False, resources=resources
        )
        waiting = asyncio.ensure_future(_result(future))
        try:
            either: set[asyncio.Future[Any]] = {waiting, self._gone}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                raise Stop(self._gone.result())
            return waiting.result()
        finally:
            waiting.cancel()
            future.release()  # type: ignore[no-untyped-call]


async def _result(future: Any) -> bytes:  # noqa: ANN401 - dask's
    try:
        return bytes(await future.result())
    except CancelledError:  # we cancel none while we wait for it
        raise Stop(
            "The cluster's scheduler went away. What is done is kept; start the command again."
        ) from None
    except Exception as fault:  # whatever a worker raised: the product failed, the others go on
        words = f"the worker broke over it, {RETRIES + 1} times: {type(fault).__name__}: {str(fault)[:200]}"
        raise Unreadable(words) from fault


async def _client(address: str, ca: Path | None, cert: Path | None, key: Path | None) -> "Client":
    try:
        from distributed import Client, Security
    except ImportError:
        raise Stop("A cluster needs dask: pip install 'shelfworthy[cluster]'.") from None
    named = {"tls_ca_file": ca, "tls_client_cert": cert, "tls_client_key": key}
    given = {name: str(path) for name, path in named.items() if path is not None}
    if not ADDRESS.fullmatch(address):
        raise Stop(f"{address} is no address of a scheduler. Expected tls://HOST:PORT or tcp://HOST:PORT.")
    try:
        encrypted = address.startswith("tls://")
        security = Security(require_encryption=encrypted, **given)  # type: ignore[no-untyped-call]
        if encrypted and security.get_connection_args("client")["ssl_context"] is None:  # type: ignore[no-untyped-call]
            raise Stop(
                f"The cluster {address} cannot be joined without certificates."
                " Give --cluster-ca, --cluster-cert and --cluster-key."
            )
        client: Client = await Client(  # type: ignore[no-untyped-call]
            address, security=security, asynchronous=True, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise Stop(f"The cluster {address} cannot be joined: {error or type(error).__name__}") from error
    return client


async def _workers(client: "Client", resource: str) -> Workers:
    """The workers there are that have the resource. Raises OSError."""
    scheduler: Any = client.scheduler
    known: Workers = (await scheduler.identity(n_workers=-1))["workers"]
    return {
        at: one for at, one in known.items() if not resource or one.get("resources", {}).get(resource, 0) >= 1
    }


async def _nobody(client: "Client", address: str, resource: str) -> str:
    """Why there is nobody to do it."""
    there = await _workers(client, "")
    if not there:
        return f"The cluster {address} has no workers. Start some:  dask worker {address}"
    names = sorted({name for one in there.values() for name in one.get("resources", {})})
    known = f"They have: {', '.join(names)}." if names else "They have none."
    return f"No worker of {address} has the resource {resource!r}. {known}"


async def _same(client: "Client", workers: list[str]) -> None:
    """Whether the workers would answer as we do. Raises Stop."""
    ours = fingerprint()
    found = await client.run(fingerprint, workers=workers, on_error="return")
    for at, theirs in found.items():
        if not isinstance(theirs, dict):
            words = f"{type(theirs).__name__}: {str(theirs)[:200]}"
            raise Stop(
                f"The worker {at} cannot run shelfworthy ({words}). Install version {ours['shelfworthy']}."
            )
        for name in ours:
            if theirs.get(name) != ours[name]:
                raise Stop(
                    f"The worker {at} has another {name} ({theirs.get(name, 'none')}, here {ours[name]}): "
                    "its answers would not be ours. Install the same there."
                )
