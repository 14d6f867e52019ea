"""One stream to a server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import grpc.aio

from ._channel import Connection, Metadata
from ._errors import PawlError
from ._status import to_pawl_error
from ._task_run import TaskRun
from ._wire import duration_of, seconds_of, unix_seconds
from .v1.worker_service_pb2 import (
    AcceptTasks,
    Demand,
    Drain,
    Hello,
    Ping,
    Pong,
    ReleaseTasks,
    ServerDrain,
    TaskHeartbeats,
    TaskOutcome,
    TaskOutcomes,
    Welcome,
    WorkRequest,
    WorkResponse,
)

if TYPE_CHECKING:
    from ._slot_pool import SlotPool

T = TypeVar("T")

_log = logging.getLogger("pawl.worker")

WELCOME_TIMEOUT = 10.0
"""Seconds that a server may take to answer Hello."""

_MESSAGE_BYTES_MAX = 1024 * 1024
"""Outputs in one message; the server's own target when it names a smaller one."""


class SessionListener(Protocol):
    """Who hears what a session receives."""

    def on_message(self, session: Session, message: WorkResponse) -> None:
        """Something came in."""

    def on_ping_due(self, session: Session) -> None:
        """It is time for a ping."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The stream is gone."""

    error: PawlError
    is_silent: bool
    """Nothing came any more: its connection is worth nothing either."""


class Session:
    """One stream to a server, on the I/O loop.

    What the worker has to say in one tick, or while a message is being written, leaves together: one message each for
    accepts, heartbeats, outcomes, releases and credit.
    """

    def __init__(
        self,
        connection: Connection,
        metadata: Metadata,
        listener: SessionListener,
        pools: Mapping[str, SlotPool],
        hello: Hello,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.connection = connection
        self.index = hello.session_index
        self.welcome = Welcome()
        self.is_open = True
        self.has_credit = False
        """Credit is given only while this is set."""
        self.opened: asyncio.Future[Welcome] = loop.create_future()
        """Resolves with the server's answer to Hello."""
        self.over: asyncio.Future[Broken | ServerDrain] = loop.create_future()
        """Resolves when the stream broke or the server asked to go elsewhere."""
        self.drained: asyncio.Future[None] = loop.create_future()
        """Resolves with the answer to `drain`; also when the stream breaks."""
        self._listener = listener
        self._pools = pools
        self._received: dict[str, int] = {}
        self._limits: dict[str, int] = {}
        self._audited: dict[str, tuple[int, int]] = {}
        self._accepts: dict[TaskRun, None] = {}
        self._beats: dict[TaskRun, None] = {}
        self._outcomes: list[TaskRun] = []
        self._releases: list[bytes] = []
        self._others: list[WorkRequest] = []
        self._is_demand_due = False
        self._is_ending = False
        self._something_to_say = asyncio.Event()
        self._heard_at = time.monotonic()
        self._nonce = 0
        self._stream = connection.workers.Work(metadata=metadata)
        self._say(WorkRequest(hello=hello))
        self._tasks = [loop.create_task(self._read()), loop.create_task(self._write())]
        self._timer = loop.call_later(
            WELCOME_TIMEOUT, self._break_silent, PawlError("UNAVAILABLE", "the server did not answer hello")
        )

    @property
    def session_id(self) -> str:
        """The server's name for it; empty before its welcome."""
        return self.welcome.session_id

    @property
    def ping_interval(self) -> float:
        """Seconds."""
        return seconds_of(self.welcome.ping_interval) if self.welcome.HasField("ping_interval") else 10.0

    @property
    def server_clock_offset(self) -> float:
        """Seconds that the server's clock is ahead of `time.monotonic()`."""
        has_time = self.welcome.HasField("server_time")
        return (unix_seconds(self.welcome.server_time) if has_time else time.time()) - time.monotonic()

    def accept(self, run: TaskRun) -> None:
        """Says that a delivered task was begun."""
        self._accepts[run] = None
        self._something_to_say.set()

    def beat(self, run: TaskRun) -> None:
        """Says that a task lives, and what its handler said last."""
        self._beats[run] = None
        self._something_to_say.set()

    def report(self, run: TaskRun) -> None:
        """Sends the run's outcome; an accept or beat that waits beside it is not needed any more."""
        self.forget(run)
        self._outcomes.append(run)
        self._something_to_say.set()

    def release(self, task_token: bytes) -> None:
        """Hands a task back for another worker; its attempt is not counted."""
        self._releases.append(task_token)
        self._something_to_say.set()

    def forget(self, run: TaskRun) -> None:
        """Nothing more is to be said about a run."""
        self._accepts.pop(run, None)
        self._beats.pop(run, None)

    def demand(self) -> None:
        """Slots were freed or taken: tells the server what it may send."""
        self._is_demand_due = True
        self._something_to_say.set()

    def count_received(self, pool: str) -> None:
        """One more task has come."""
        self._received[pool] = self._received.get(pool, 0) + 1

    def reconcile(self, pong: Pong) -> list[str]:
        """Takes the server's count of tasks sent, where it differs and has stood still since the Pong before.

        A count that moves says nothing: the server may count tasks that are still on their way.

        Returns:
            The pools whose count was wrong.
        """
        counts = {pool: (sent, self._received.get(pool, 0)) for pool, sent in pong.tasks_sent.items()}
        before, self._audited = self._audited, counts
        drifted = [
            pool
            for pool, (sent, received) in counts.items()
            if pool in self._pools and sent != received and before.get(pool) == (sent, received)
        ]
        for pool in drifted:
            self._received[pool] = pong.tasks_sent[pool]
        if drifted:
            self.demand()
        return drifted

    def drain(self, grace: float, reason: str) -> None:
        """Asks for no more tasks; `drained` tells when none can be on the way."""
        self.has_credit = False
        self._say(WorkRequest(drain=Drain(grace=duration_of(grace), reason=reason)))

    def ping(self, running: Mapping[str, int]) -> None:
        """Shows life."""
        self._nonce += 1
        self._say(WorkRequest(ping=Ping(nonce=self._nonce, running=running)))

    def end(self) -> None:
        """Half-closes once all is said."""
        self._is_ending = True
        self._something_to_say.set()

    def break_(self, error: PawlError, *, is_silent: bool = False) -> None:
        """Gives the stream up."""
        if not self.is_open:
            return
        self.is_open = False
        self._timer.cancel()
        self._stream.cancel()
        for task in self._tasks:
            task.cancel()
        if not self.opened.done():
            self.opened.set_exception(error)
        _settle(self.drained, None)
        _settle(self.over, Broken(error, is_silent))

    def _break_silent(self, error: PawlError) -> None:
        self.break_(error, is_silent=True)

    def _say(self, request: WorkRequest) -> None:
        self._others.append(request)
        self._something_to_say.set()

    async def _read(self) -> None:
        try:
            async for message in self._stream:
                if not self.is_open:
                    return
                self._heard_at = time.monotonic()
                self._on_message(message)
            self.break_(PawlError("UNAVAILABLE", "the server ended the stream"))
        except grpc.aio.AioRpcError as error:
            self.break_(to_pawl_error(error))
        except asyncio.CancelledError:
            # of the stream, or of this task, which only `break_` does
            self.break_(PawlError("CANCELLED", "the stream was cancelled"))
        except Exception as error:
            # a mistake must not leave a stream that nobody reads
            _log.exception("could not take what the server said")
            self.break_(PawlError("INTERNAL", str(error)))

    def _on_message(self, message: WorkResponse) -> None:
        kind = message.WhichOneof("message")
        if kind == "welcome":
            self._on_welcome(message.welcome)
        elif kind == "drain_ack":
            _settle(self.drained, None)
        elif kind == "server_drain":
            _settle(self.over, message.server_drain)
        self._listener.on_message(self, message)

    def _on_welcome(self, welcome: Welcome) -> None:
        self.welcome = welcome
        self._timer.cancel()
        self._ping_later()
        if not self.opened.done():
            self.opened.set_result(welcome)

    def _ping_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self.ping_interval, self._on_ping_due)

    def _on_ping_due(self) -> None:
        has_timeout = self.welcome.HasField("session_timeout")
        timeout = seconds_of(self.welcome.session_timeout) if has_timeout else 30.0
        silent = time.monotonic() - self._heard_at
        if silent > timeout:
            self._break_silent(PawlError("UNAVAILABLE", f"the server was silent for {silent:.1f} s"))
            return
        self._listener.on_ping_due(self)
        self._ping_later()

    async def _write(self) -> None:
        """Says what there is to say; what comes up while a message is on its way joins the next one."""
        try:
            while self.is_open:
                await self._something_to_say.wait()
                self._something_to_say.clear()
                for request in self._take():
                    await self._stream.write(request)
                if self._is_ending and not self._something_to_say.is_set():
                    await self._stream.done_writing()
                    return
        except (grpc.aio.AioRpcError, grpc.aio.UsageError, asyncio.InvalidStateError):
            # The reader learns the status.
            return

    def _take(self) -> Iterable[WorkRequest]:
        if self._others and self._others[0].HasField("hello"):
            yield self._others.pop(0)
        if self._accepts:
            accepts, self._accepts = self._accepts, {}
            yield WorkRequest(accept=AcceptTasks(task_tokens=[run.key for run in accepts]))
        if self._beats:
            beats, self._beats = self._beats, {}
            yield WorkRequest(heartbeats=TaskHeartbeats(beats=[run.beat_message() for run in beats]))
        if self._outcomes:
            yield from self._take_outcomes()
        if self._releases:
            releases, self._releases = self._releases, []
            yield WorkRequest(release=ReleaseTasks(task_tokens=releases, reason="the worker can not finish it"))
        if self._is_demand_due:
            yield from self._take_demand()
        others, self._others = self._others, []
        yield from others

    def _take_outcomes(self) -> Iterable[WorkRequest]:
        runs, self._outcomes = self._outcomes, []
        now = time.monotonic()
        bytes_max = min(_MESSAGE_BYTES_MAX, self.welcome.max_message_bytes or _MESSAGE_BYTES_MAX)
        outcomes: list[TaskOutcome] = []
        size = 0
        for run in runs:
            if run.outcome is None:
                continue
            length = run.outcome.ByteSize()
            if outcomes and size + length > bytes_max:
                yield WorkRequest(outcomes=TaskOutcomes(outcomes=outcomes))
                outcomes, size = [], 0
            run.outcome_sent_at = now
            outcomes.append(run.outcome)
            size += length
        if outcomes:
            yield WorkRequest(outcomes=TaskOutcomes(outcomes=outcomes))

    def _take_demand(self) -> Iterable[WorkRequest]:
        """Cumulative: tasks received so far, plus the slots that are free. Only what has changed is said."""
        self._is_demand_due = False
        if not self.has_credit:
            return
        limits = {}
        for pool in self._pools.values():
            limit = self._received.get(pool.name, 0) + max(0, pool.concurrency - pool.taken)
            if limit > self._limits.get(pool.name, 0):
                limits[pool.name] = self._limits[pool.name] = limit
        if limits:
            yield WorkRequest(demand=Demand(limits=limits))


def _settle(future: asyncio.Future[T], value: T) -> None:
    if not future.done():
        future.set_result(value)
