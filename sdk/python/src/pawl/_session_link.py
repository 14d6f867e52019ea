"""Keeps a worker connected."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from ._backoff import Backoff
from ._channel import Channel
from ._errors import PawlError
from ._session import Broken, Session
from ._slot_pool import SlotPool
from ._task_run import TaskRun
from ._task_runs import TaskRuns
from ._wire import seconds_of
from .v1.worker_service_pb2 import Hello, ServerDrain, WorkResponse

_log = logging.getLogger("pawl.worker")

_FATAL_CODES = {
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "UNIMPLEMENTED",
    "FAILED_PRECONDITION",
}
"""Refusals that no repetition heals, as long as no session ever stood."""

_GOOD_SESSION_SECONDS = 5.0
"""A session that stood so long was a good one: the next failure counts as the first."""

_DRAIN_ACK_TIMEOUT = 10.0
"""Seconds that an old server may take to say that nothing more is on the way."""


class SessionLink:
    """One session after the other, for ever; two for a moment when a server drains. On the I/O loop."""

    def __init__(
        self,
        channel: Channel,
        runs: TaskRuns,
        pools: Mapping[str, SlotPool],
        hello: Callable[[int, Iterable[TaskRun]], Hello],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.connected: asyncio.Future[None] = loop.create_future()
        """Resolves with the first session; fails when it was refused for good."""
        self._channel = channel
        self._runs = runs
        self._pools = pools
        self._hello = hello
        self._closing = asyncio.Event()
        self._session: Session | None = None
        self._is_draining = False
        self._drain_grace = 0.0
        self._retiring: Session | None = None
        """The session that a draining server asked to leave."""
        self._background: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Returns after `close`; raises when the first session was refused for good."""
        backoff = Backoff(0.1, 5.0)
        index = 0
        try:
            while not self._closing.is_set():
                session = await self._connect(index, backoff)
                if session is None:
                    continue
                stood_since = time.monotonic()
                end = await session.over
                if self._closing.is_set():
                    break
                if isinstance(end, ServerDrain):
                    index = 1 - index
                    await self._leave(session, end)
                    continue
                _log.warning("lost the server (session %s): %s", session.session_id, end.error)
                if end.is_silent:
                    await self._channel.renew(session.connection)
                if time.monotonic() - stood_since > _GOOD_SESSION_SECONDS:
                    backoff.reset()
                await self._pause(backoff.next())
        finally:
            if not self.connected.done():
                self.connected.set_exception(PawlError("CANCELLED", "the worker was closed"))

    async def drain(self, grace: float) -> None:
        """No more tasks, now and on every later session; returns when none can be on the way."""
        self._is_draining = True
        self._drain_grace = grace
        session = self._session
        if session is not None and session.is_open:
            session.drain(grace, "worker closes")
            await _first_of(session.drained, self._pause(min(grace, _DRAIN_ACK_TIMEOUT)))

    async def close(self) -> None:
        """Half-closes, waits a moment for the server to do the same, and gives up the streams."""
        self._closing.set()
        open_sessions = [
            session for session in (self._session, self._retiring) if session is not None and session.is_open
        ]
        for session in open_sessions:
            session.end()
        if open_sessions:
            await asyncio.wait([session.over for session in open_sessions], timeout=1.0)
        for session in open_sessions:
            session.break_(PawlError("CANCELLED", "the worker was closed"))
        for task in self._background:
            task.cancel()

    def on_message(self, session: Session, message: WorkResponse) -> None:
        """Something came in."""
        match message.WhichOneof("message"):
            case "tasks":
                self._runs.on_tasks(session, message.tasks.tasks)
            case "outcome_acks":
                self._runs.on_acks(message.outcome_acks.acks)
            case "heartbeat_replies":
                self._runs.on_heartbeat_replies(message.heartbeat_replies.replies)
            case "cancel":
                self._runs.on_cancel(message.cancel)
            case "pong":
                drifted = session.reconcile(message.pong)
                if drifted:
                    _log.warning("the count of tasks differed from the server's in %s", ", ".join(drifted))
            case "rejections":
                for text in message.rejections.messages:
                    _log.warning("the server complains: %s", text)
            case _:
                pass

    def on_ping_due(self, session: Session) -> None:
        """It is time for a ping, and to look after outcomes that had no answer."""
        session.ping(self._runs.running)
        self._runs.resend_stale(session, 2 * session.ping_interval)

    async def _connect(self, index: int, backoff: Backoff) -> Session | None:
        held = self._runs.held
        session: Session | None = None
        try:
            session = Session(
                self._channel.connection(),
                self._channel.metadata(),
                self,
                self._pools,
                self._hello(index, held.values()),
            )
            await _first_of(session.opened, self._closing.wait())
            if self._closing.is_set():
                session.break_(PawlError("CANCELLED", "the worker was closed"))
            welcome = await session.opened
        except PawlError as error:
            if not self._closing.is_set():
                await self._on_refused(session, error, backoff)
            return None
        self._session = session
        _log.info("connected to %s %s (session %s)", welcome.server_id, welcome.server_version, welcome.session_id)
        for warning in welcome.warnings:
            _log.warning("%s", warning)
        self._runs.adopt(session, welcome, held)
        self._in_background(self._hand_over(session))
        if not self.connected.done():
            self.connected.set_result(None)
        return session

    async def _on_refused(self, session: Session | None, error: PawlError, backoff: Backoff) -> None:
        if not self.connected.done() and error.code in _FATAL_CODES:
            self.connected.set_exception(error)
            raise error
        delay = backoff.next() if error.retry_after is None else error.retry_after
        _log.warning("no session, next try in %.1f s: %s", delay, error)
        end = session.over.result() if session is not None and session.over.done() else None
        if session is not None and isinstance(end, Broken) and end.is_silent:
            await self._channel.renew(session.connection)
        await self._pause(delay)

    async def _hand_over(self, session: Session) -> None:
        """Gives the new session credit, but only once the old one can send nothing more.

        So slots are never promised twice.
        """
        old, self._retiring = self._retiring, None
        if old is not None and old.is_open:
            old.drain(0.0, "reconnected elsewhere")
            self._in_background(self._end_when_idle(old))
            await _first_of(old.drained, self._pause(_DRAIN_ACK_TIMEOUT))
        if self._is_draining:
            session.drain(self._drain_grace, "worker closes")
        else:
            session.has_credit = True
            session.demand()

    async def _end_when_idle(self, old: Session) -> None:
        await _first_of(old.drained, self._pause(_DRAIN_ACK_TIMEOUT))
        await self._runs.idle_within(None, old)
        old.end()

    async def _leave(self, session: Session, drain: ServerDrain) -> None:
        """A draining server: it may be left before its deadline, but not before its pause."""
        _log.info("the server drains (%s): connecting anew (session %s)", drain.reason, session.session_id)
        self._retiring = session
        await _first_of(session.drained, self._pause(seconds_of(drain.reconnect_after)))

    async def _pause(self, seconds: float) -> None:
        """Sleeps, but not beyond the worker's end."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    def _in_background(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _first_of(future: asyncio.Future[Any], other: Awaitable[object]) -> None:
    """Waits for either; the future is left as it is, the other is given up."""
    task = asyncio.ensure_future(other)
    try:
        await asyncio.wait([future, task], return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()
