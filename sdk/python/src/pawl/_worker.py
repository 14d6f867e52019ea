"""Works on tasks."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import platform
import signal
import socket
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar

from ._calls import Calls
from ._channel import DEFAULT_ADDRESS, Address, Channel, Headers, TlsOptions
from ._errors import PawlError
from ._io import io_loop, on_io
from ._retry import RetryOptions
from ._session_link import SessionLink
from ._slot_pool import Registration, SlotPool, TaskHandler
from ._task_run import TaskRun
from ._task_runs import ReportedOutcome, TaskRuns
from ._version import SDK_NAME, __version__
from .v1.worker_service_pb2 import GetTaskInputRequest, Hello, RuntimeInfo
from .v1.worker_service_pb2 import SlotPool as SlotPoolMessage

Handler = TypeVar("Handler", bound=TaskHandler)

_log = logging.getLogger("pawl.worker")


class Worker:
    """Works on tasks over one stream to a server.

    ```python
    worker = Worker("localhost:7300")

    @worker.task("process:order", concurrency=20)
    async def process_order(order, ctx):
        return {"charged": await charge(order["total"], key=ctx.idempotency_key)}

    asyncio.run(worker.run())
    ```

    An `async def` handler runs on the loop that the worker was started on, a plain one on a thread. The stream has a
    thread of its own: neither kind can hold up heartbeats.

    Each attempt's outcome is sent until the server has recorded or finally refused it, over as many connections as
    that takes. A task may still run more than once (a worker dies, a lease is lost): act once by
    `ctx.idempotency_key`.

    Args:
        address: `host:port`, several of them separated by commas or as a list. `https://` means TLS.
        tls: TLS with the system's certificate authorities (`True`), or with these.
        headers: Sent with every call, for example `{"authorization": "Bearer ..."}`.
        identity: For humans; default `pid@host`.
        build_id: Version of the worker's code, shown beside it.
        labels: Shown beside it.
        pools: Slots of the pools that tasks share by `pool=`.
        concurrency: Slots of each other task where nothing else is said.
        max_inline_input_bytes: Larger inputs are fetched by a call of their own instead of coming on the stream.
        on_outcome: Told of the server's answer to each outcome, on the I/O thread: for metrics and tests.
    """

    def __init__(
        self,
        address: Address = DEFAULT_ADDRESS,
        *,
        tls: bool | TlsOptions | None = None,
        headers: Headers | None = None,
        identity: str | None = None,
        build_id: str = "",
        labels: Mapping[str, str] | None = None,
        pools: Mapping[str, int] | None = None,
        concurrency: int = 100,
        max_inline_input_bytes: int = 64 * 1024,
        on_outcome: Callable[[ReportedOutcome], None] | None = None,
    ) -> None:
        self.worker_id = str(uuid.uuid4())
        """Of this worker, on all its sessions."""
        self._identity = identity or f"{os.getpid()}@{socket.gethostname()}"
        self._build_id = build_id
        self._labels = dict(labels or {})
        self._shared_pools = dict(pools or {})
        self._concurrency = concurrency
        self._max_inline_input_bytes = max_inline_input_bytes
        self._on_outcome = on_outcome
        self._channel = Channel(address, tls=tls, headers=headers)
        self._calls = Calls(self._channel, timeout=30.0, retry=RetryOptions())
        self._pools: dict[str, SlotPool] = {}
        self._core: _Core | None = None
        self._closing: asyncio.Future[None] | None = None

    def task(
        self,
        resource: str,
        *,
        concurrency: int | None = None,
        pool: str | None = None,
        auto_heartbeat: bool = True,
    ) -> Callable[[Handler], Handler]:
        """Registers the function below it as the handler of a resource.

        Args:
            resource: A name, an ARN, or a prefix with `*` (`payments:*`).
            concurrency: Most at one time. A task that shares a pool has the pool's.
            pool: Shares its slots with the other tasks of this pool; default a pool of its own.
            auto_heartbeat: Beat in the background, at a third of HeartbeatSeconds, for as long as the handler runs.
                Turn it off where a handler can hang: then only `ctx.heartbeat()` keeps the task.

        Raises:
            PawlError: FAILED_PRECONDITION after the worker's start.
            ValueError: The resource is empty or registered already.
        """

        def register(handler: Handler) -> Handler:
            self._register(Registration(resource, handler, _is_async(handler), auto_heartbeat), pool, concurrency)
            return handler

        return register

    async def start(self) -> None:
        """Connects, and keeps connecting for ever; returns once a server has welcomed the worker.

        Raises:
            PawlError: FAILED_PRECONDITION without tasks; or the first session was refused for good.
        """
        core = self._core
        if core is None:
            core = self._begin()
        await on_io(core.connected())

    async def run(self, *, grace: float = 30.0) -> None:
        """Starts, and works until `close` is called or the process gets SIGINT or SIGTERM, which drain the worker.

        Cancelling it drains the worker, too.
        """
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        signals = _handle_signals(loop, stop.set)
        try:
            core = self._core or self._begin()
            ended = asyncio.ensure_future(on_io(core.ended()))
            stopped = asyncio.ensure_future(stop.wait())
            try:
                await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopped.cancel()
            if ended.done():
                await ended
        finally:
            for number in signals:
                loop.remove_signal_handler(number)
            await self.close(grace=grace)

    async def close(self, *, grace: float = 30.0) -> None:
        """Takes no more tasks, lets running handlers finish, and leaves once every outcome is acknowledged.

        After `grace` seconds handlers are cancelled (`WORKER_CLOSED`) and their tasks handed back, attempt not
        counted.
        """
        if self._closing is None:
            work = on_io(self._core.close(grace) if self._core is not None else self._channel.close())
            self._closing = asyncio.ensure_future(work)
        await asyncio.shield(self._closing)

    async def __aenter__(self) -> Worker:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _register(self, registration: Registration, pool_name: str | None, concurrency: int | None) -> None:
        resource = registration.resource
        if self._core is not None:
            raise PawlError("FAILED_PRECONDITION", f"task {resource} comes after the worker's start")
        if not resource:
            raise ValueError("a task's resource is empty")
        if any(resource in pool.resources for pool in self._pools.values()):
            raise ValueError(f"task {resource} is registered twice")
        name = resource if pool_name is None else pool_name
        pool = self._pools.get(name)
        if pool is None:
            shared = None if pool_name is None else self._shared_pools.get(pool_name)
            slots = next(slots for slots in (shared, concurrency, self._concurrency) if slots is not None)
            pool = self._pools[name] = SlotPool(name, slots)
        pool.registrations.append(registration)

    def _begin(self) -> _Core:
        if not self._pools:
            raise PawlError("FAILED_PRECONDITION", "the worker has no tasks")
        threads = sum(
            pool.concurrency
            for pool in self._pools.values()
            if any(not registration.is_async for registration in pool.registrations)
        )
        runs = TaskRuns(io_loop(), self._pools, self._fetch_input, self._on_outcome, threads)
        self._core = _Core(self._channel, runs, self._pools, self._hello)
        return self._core

    async def _fetch_input(self, task_token: bytes) -> str:
        request = GetTaskInputRequest(task_token=task_token)
        return (await self._calls.unary(lambda stubs: stubs.workers.GetTaskInput, request)).input

    def _hello(self, session_index: int, held: Iterable[TaskRun]) -> Hello:
        return Hello(
            protocol_version=1,
            worker_id=self.worker_id,
            session_index=session_index,
            identity=self._identity,
            pools=[
                SlotPoolMessage(name=pool.name, resources=pool.resources, slots=pool.concurrency)
                for pool in self._pools.values()
            ],
            build_id=self._build_id,
            labels=self._labels,
            runtime=RuntimeInfo(
                sdk_name=SDK_NAME,
                sdk_version=__version__,
                language="python",
                language_version=platform.python_version(),
                os=sys.platform,
            ),
            held_task_tokens=[run.key for run in held],
            max_inline_input_bytes=self._max_inline_input_bytes,
        )


class _Core:
    """A worker that was started, on the I/O loop."""

    def __init__(
        self,
        channel: Channel,
        runs: TaskRuns,
        pools: Mapping[str, SlotPool],
        hello: Callable[[int, Iterable[TaskRun]], Hello],
    ) -> None:
        self._channel = channel
        self._runs = runs
        self._new_link: Callable[[], SessionLink] = lambda: SessionLink(channel, runs, pools, hello)
        self._link: SessionLink | None = None
        self._running: asyncio.Task[None] | None = None
        self._orphaned: asyncio.Task[None] | None = None
        runs.on_orphaned = self._on_orphaned

    async def connected(self) -> None:
        """Returns once the first session stands."""
        link, _ = self._started()
        await asyncio.shield(link.connected)

    async def ended(self) -> None:
        """Returns after `close`; raises when the first session was refused for good."""
        _, running = self._started()
        await asyncio.shield(running)

    async def close(self, grace: float) -> None:
        """As `Worker.close`."""
        link, running = self._started()
        grace_ends_at = time.monotonic() + grace
        self._runs.is_refusing = True
        await link.drain(grace)
        if not await self._runs.idle_within(grace_ends_at - time.monotonic()):
            self._runs.cancel_all("WORKER_CLOSED")
            await self._runs.idle_within(1.0)
        self._runs.release_all()
        await link.close()
        await asyncio.wait([running])
        await self._channel.close()

    def _on_orphaned(self, why: str) -> None:
        if self._orphaned is None:
            _log.error("the worker gives up, as its handlers can not be called any more: %s", why)
            self._orphaned = asyncio.ensure_future(self.close(0.0))

    def _started(self) -> tuple[SessionLink, asyncio.Task[None]]:
        if self._link is None or self._running is None:
            self._link = self._new_link()
            self._running = asyncio.ensure_future(self._link.run())
            # Whoever waits is told by these; nobody has to.
            for future in [self._link.connected, self._running]:
                future.add_done_callback(_retrieve)
        return self._link, self._running


def _retrieve(future: asyncio.Future[None]) -> None:
    if not future.cancelled():
        future.exception()


def _is_async(handler: TaskHandler) -> bool:
    call: Any = type(handler).__call__
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)


def _handle_signals(loop: asyncio.AbstractEventLoop, handle: Callable[[], None]) -> list[signal.Signals]:
    """Only a process's main thread is told of signals, and not on every system."""
    handled: list[signal.Signals] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, handle)
        except (NotImplementedError, RuntimeError, ValueError):
            break
        handled.append(number)
    return handled
