"""The tasks of one worker, over all its sessions."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from ._backoff import jittered
from ._errors import PawlError, TaskCancelReason, TaskError
from ._handlers import Handlers
from ._io import Mailbox
from ._session import Session
from ._slot_pool import SlotPool
from ._task_outcome import failed
from ._task_run import TaskRun
from ._wire import EnumNames
from .v1.worker_service_pb2 import (
    CancelReason,
    CancelTasks,
    HeartbeatReply,
    OutcomeAck,
    OutcomeStatus,
    Task,
    TaskOutcome,
    TaskTokenState,
    Welcome,
)

_log = logging.getLogger("pawl.worker")

_status_names = EnumNames(OutcomeStatus)
_reason_names = EnumNames(CancelReason)


@dataclass(frozen=True, slots=True)
class ReportedOutcome:
    """How the server took an outcome."""

    task_token: bytes
    resource: str
    execution: str
    status: str
    """`RECORDED`, `ALREADY_RECORDED`, `LEASE_LOST`, `TIMED_OUT`, `EXECUTION_CLOSED`, `INVALID` or `RETRY`."""


class TaskRuns:
    """The tasks of one worker: each from its arrival until its outcome is acknowledged. On the I/O loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        pools: Mapping[str, SlotPool],
        fetch_input: Callable[[bytes], Awaitable[str]],
        on_reported: Callable[[ReportedOutcome], None] | None,
        threads: int,
    ) -> None:
        self.loop = loop
        self.handlers = Handlers(threads, self._on_handler_done)
        self.server_clock_offset = 0.0
        self.is_refusing = False
        """Set when the worker closes: what still arrives goes back."""
        self.on_orphaned: Callable[[str], None] = _log.error
        """Told that no handler can be called any more."""
        self._session: Session | None = None
        self._runs: dict[bytes, TaskRun] = {}
        self._pools = pools
        self._fetch_input = fetch_input
        self._on_reported = on_reported
        self._idle_waiters: set[Callable[[], None]] = set()
        self._fetches: set[asyncio.Task[None]] = set()
        self._done: Mailbox[tuple[TaskRun, TaskOutcome | None]] = Mailbox(loop, self._on_done)
        self._beaten: Mailbox[TaskRun] = Mailbox(loop, TaskRun.on_heartbeat)

    @property
    def held(self) -> dict[bytes, TaskRun]:
        """All that is not over: tokens that a new session says it still holds."""
        return dict(self._runs)

    @property
    def running(self) -> Mapping[str, int]:
        """Tasks in progress per pool, for the server's display."""
        return Counter(run.pool.name for run in self._runs.values() if run.is_running)

    def on_tasks(self, session: Session, tasks: Iterable[Task]) -> None:
        """Work has come."""
        for task in tasks:
            self._on_task(session, task)

    def adopt(self, session: Session, welcome: Welcome, held: Mapping[bytes, TaskRun]) -> None:
        """A new session: obeys the verdicts on what is held here, and says again what may have been lost."""
        self._session = session
        self.server_clock_offset = session.server_clock_offset
        verdicts = {verdict.task_token: verdict.state for verdict in welcome.held}
        for run in held.values():
            if run.key not in self._runs:
                continue
            run.session = session
            self._obey(run, verdicts.get(run.key, TaskTokenState.TASK_TOKEN_STATE_ACTIVE), "EXECUTION_STOPPED")
            if run.key not in self._runs or run.is_lost:
                continue
            if run.is_running:
                session.accept(run)
                run.beat_soon()
            else:
                session.report(run)

    def on_acks(self, acks: Iterable[OutcomeAck]) -> None:
        """Verdicts on outcomes; one that comes twice finds nothing the second time."""
        for ack in acks:
            run = self._runs.get(ack.task_token)
            if run is not None and not run.is_running:
                self._on_ack(run, ack)

    def on_heartbeat_replies(self, replies: Iterable[HeartbeatReply]) -> None:
        """What the tasks that were beaten for are worth."""
        for reply in replies:
            run = self._runs.get(reply.task_token)
            if run is not None and run.is_running:
                self._obey(run, reply.state, _reason_of(reply.cancel_reason))

    def on_cancel(self, cancel: CancelTasks) -> None:
        """The server wants tasks to stop."""
        for token in cancel.task_tokens:
            run = self._runs.get(token)
            if run is not None:
                run.cancel(_reason_of(cancel.reason))

    def resend_stale(self, session: Session, seconds: float) -> None:
        """Sends again what has had no acknowledgement for longer than a stream should need, or can get none."""
        before = time.monotonic() - seconds
        for run in self._runs.values():
            is_unanswered = run.session is session or not run.session.is_open
            is_stale = not run.is_running and is_unanswered and run.outcome_sent_at < before
            if is_stale and run.retries == 0:
                self._send(run)

    async def idle_within(self, seconds: float | None, session: Session | None = None) -> bool:
        """True once no run is left (on that session), False after so many seconds."""
        idle: asyncio.Future[None] = self.loop.create_future()

        def check() -> None:
            if not idle.done() and self._is_idle(session):
                idle.set_result(None)

        self._idle_waiters.add(check)
        check()
        try:
            await asyncio.wait_for(idle, None if seconds is None else max(0.0, seconds))
        except asyncio.TimeoutError:
            return False
        finally:
            self._idle_waiters.discard(check)
        return True

    def cancel_all(self, reason: TaskCancelReason) -> None:
        """Tells every handler to stop."""
        for run in list(self._runs.values()):
            if run.is_running:
                run.cancel(reason)

    def release_all(self) -> None:
        """Hands back what still runs and forgets everything."""
        for run in self._runs.values():
            run.unwatch()
            if run.is_running:
                run.session.release(run.key)
            else:
                _log.warning("the outcome of %s was not acknowledged before the worker closed", run.task.task_id)
        self._runs.clear()
        self.handlers.close()

    # ---- what a run and its handler ask for

    def on_beat(self, run: TaskRun) -> None:
        """A heartbeat is to be sent."""
        if run.session.is_open:
            run.session.beat(run)

    def on_heartbeat(self, run: TaskRun) -> None:
        """The handler has said something new; on its thread."""
        self._beaten.post(run)

    def on_cancelled(self, run: TaskRun) -> None:
        """The handler is to be told."""
        with contextlib.suppress(RuntimeError):  # its loop is closed: it is over
            self.handlers.cancel(run)

    def _on_handler_done(self, run: TaskRun, outcome: TaskOutcome | None) -> None:
        """The handler is over; on its thread."""
        self._done.post((run, outcome))

    def _on_task(self, session: Session, task: Task) -> None:
        session.count_received(task.pool)
        is_held = task.task_token in self._runs
        pool = self._pools.get(task.pool)
        registration = pool.registration_for(task.resource, task.raw_resource) if pool else None
        if self.is_refusing or pool is None or registration is None or is_held:
            if registration is None:
                _log.error("no handler for %s in pool %s", task.resource, task.pool)
            if not is_held:
                session.release(task.task_token)
            session.demand()
            return
        pool.taken += 1
        run = TaskRun(self, session, task, pool, registration)
        self._runs[run.key] = run
        session.accept(run)
        run.watch()
        if task.input_omitted:
            fetch = self.loop.create_task(self._fetch_and_begin(run))
            self._fetches.add(fetch)
            fetch.add_done_callback(self._fetches.discard)
        else:
            self._begin(run)

    async def _fetch_and_begin(self, run: TaskRun) -> None:
        try:
            run.input_text = await self._fetch_input(run.key)
        except PawlError as error:
            self._on_done((run, failed(run.key, error, [])))
        else:
            self._begin(run)

    def _begin(self, run: TaskRun) -> None:
        try:
            self.handlers.begin(run)
        except RuntimeError as error:
            # The loop that the worker was started on is closed: nobody is left to work, or to close the worker.
            self.on_orphaned(str(error))

    def _on_done(self, done: tuple[TaskRun, TaskOutcome | None]) -> None:
        run, outcome = done
        run.unwatch()
        if self._runs.get(run.key) is not run:
            return
        if outcome is not None and not run.is_lost:
            run.outcome = outcome
            self._send(run)
            return
        session = self._session_of(run)
        if not run.is_lost and session is not None:
            session.release(run.key)
        self._forget(run)

    def _on_ack(self, run: TaskRun, ack: OutcomeAck) -> None:
        self._tell(run, ack)
        match ack.status:
            case OutcomeStatus.OUTCOME_STATUS_RETRY:
                run.retries += 1
                delay = jittered(min(10.0, 0.1 * 2 ** min(run.retries, 10)))
                self.loop.call_later(delay, self._send_again, run)
                return
            case OutcomeStatus.OUTCOME_STATUS_INVALID:
                _log.error(
                    "the outcome of %s was refused: %s (execution %s, state %s)",
                    run.task.resource,
                    ack.message or ack.reason,
                    run.task.execution,
                    run.task.state_path,
                )
                if self._fail_instead(run, ack):
                    return
            case OutcomeStatus.OUTCOME_STATUS_RECORDED | OutcomeStatus.OUTCOME_STATUS_ALREADY_RECORDED:
                pass
            case _:
                _log.debug("the outcome of %s came too late: %s", run.task.resource, _status_names[ack.status])
        self._forget(run)

    def _tell(self, run: TaskRun, ack: OutcomeAck) -> None:
        if self._on_reported is None:
            return
        task = run.task
        try:
            self._on_reported(ReportedOutcome(run.key, task.resource, task.execution, _status_names[ack.status]))
        except Exception:
            _log.exception("on_outcome raised")

    def _fail_instead(self, run: TaskRun, ack: OutcomeAck) -> bool:
        """An output that can not be recorded becomes the task's failure.

        Else the task would stay open for as long as this worker lives. Where the server failed the task itself, it
        answers ALREADY_RECORDED.
        """
        if run.outcome is None or not run.outcome.HasField("output") or ack.reason == "INVALID_TOKEN":
            return False
        is_large = ack.reason == "OUTPUT_TOO_LARGE"
        error = TaskError(
            "States.DataLimitExceeded" if is_large else "Worker.InvalidOutput",
            ack.message or ack.reason,
            non_retryable=True,
        )
        run.outcome = failed(run.key, error, run.outcome.logs)
        self._send(run)
        return True

    def _obey(self, run: TaskRun, state: TaskTokenState.ValueType, reason: TaskCancelReason) -> None:
        """What the server says a token is worth."""
        match state:
            case TaskTokenState.TASK_TOKEN_STATE_CANCEL_REQUESTED:
                run.cancel(reason)
            case (
                TaskTokenState.TASK_TOKEN_STATE_LEASE_LOST
                | TaskTokenState.TASK_TOKEN_STATE_FINISHED
                | TaskTokenState.TASK_TOKEN_STATE_UNKNOWN
            ):
                run.cancel("LEASE_LOST")
                if not run.is_running:
                    self._forget(run)
            case _:
                pass

    def _send(self, run: TaskRun) -> None:
        session = self._session_of(run)
        if session is not None:
            run.session = session
            session.report(run)

    def _send_again(self, run: TaskRun) -> None:
        if self._runs.get(run.key) is run:
            self._send(run)

    def _session_of(self, run: TaskRun) -> Session | None:
        """The run's own session while it lives, else the present one; `None`: the next one will ask."""
        if run.session.is_open:
            return run.session
        return self._session if self._session is not None and self._session.is_open else None

    def _forget(self, run: TaskRun) -> None:
        del self._runs[run.key]
        run.unwatch()
        run.session.forget(run)
        run.pool.taken -= 1
        if self._session is not None:
            self._session.demand()
        for check in list(self._idle_waiters):
            check()

    def _is_idle(self, session: Session | None) -> bool:
        if session is None:
            return not self._runs
        return all(run.session is not session for run in self._runs.values())


def _reason_of(reason: CancelReason.ValueType) -> TaskCancelReason:
    name = _reason_names[reason]
    return "EXECUTION_STOPPED" if name == "UNSPECIFIED" else cast(TaskCancelReason, name)
