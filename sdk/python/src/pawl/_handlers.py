"""Runs handlers: coroutines on the caller's loop, plain functions on threads."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from typing import Any

from ._errors import TaskCancelledError, TaskError
from ._io import Mailbox
from ._json import parse_json_text, to_json_text
from ._task_context import TaskContext
from ._task_outcome import cancelled, failed, succeeded
from ._task_run import TaskRun
from ._thread_pool import ThreadPool
from ._trace import current_traceparent
from .v1.worker_service_pb2 import TaskOutcome

_log = logging.getLogger("pawl.worker")

OnDone = Callable[[TaskRun, TaskOutcome | None], None]
"""Told on the handler's thread that it is over; no outcome: there is nothing to tell the server."""


class Handlers:
    """Made on the caller's loop, whose context handlers see; `begin` and `cancel` are for the I/O loop."""

    def __init__(self, threads: int, on_done: OnDone) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._on_done = on_done
        self._inbox: Mailbox[Callable[[], Any]] = Mailbox(self._loop, _call)
        self._threads: ThreadPool[TaskRun] = ThreadPool(threads, self._work)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, run: TaskRun) -> None:
        """Calls the task's handler."""
        if run.registration.is_async:
            self._inbox.post(lambda: self._create_task(run))
        else:
            self._threads.submit(run)

    def cancel(self, run: TaskRun) -> None:
        """Tells a coroutine that its result is no longer wanted; a plain function has to ask its context."""
        if run.registration.is_async:
            self._inbox.post(lambda: _cancel(run))

    def close(self) -> None:
        """Lets the threads go."""
        self._threads.close()

    def _create_task(self, run: TaskRun) -> None:
        if run.cancel_reason is not None:
            self._on_done(run, _outcome_of_error(run, TaskContext(run), TaskCancelledError(run.cancel_reason)))
            return
        task = self._context.copy().run(self._loop.create_task, self._await(run))
        run.handler_task = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _await(self, run: TaskRun) -> None:
        context = TaskContext(run)
        outcome: TaskOutcome | None
        try:
            _enter_trace(run)
            value = parse_json_text(run.input_text) if run.input_text else {}
            outcome = _outcome_of(run, context, await run.registration.handler(value, context))
        except (Exception, asyncio.CancelledError) as error:
            outcome = _outcome_of_error(run, context, error)
        self._on_done(run, outcome)

    def _work(self, run: TaskRun) -> None:
        self._context.copy().run(self._call, run)

    def _call(self, run: TaskRun) -> None:
        context = TaskContext(run)
        outcome: TaskOutcome | None
        try:
            context.raise_if_cancelled()
            _enter_trace(run)
            value = parse_json_text(run.input_text) if run.input_text else {}
            outcome = _outcome_of(run, context, run.registration.handler(value, context))
        except BaseException as error:
            outcome = _outcome_of_error(run, context, error)
        self._on_done(run, outcome)


def _call(callback: Callable[[], Any]) -> None:
    callback()


def _cancel(run: TaskRun) -> None:
    if run.handler_task is not None:
        run.handler_task.cancel(run.cancel_reason)


def _enter_trace(run: TaskRun) -> None:
    if run.task.HasField("trace"):
        current_traceparent.set(run.task.trace.traceparent)


def _outcome_of(run: TaskRun, context: TaskContext, output: Any) -> TaskOutcome:
    try:
        return succeeded(run.key, to_json_text(output), context.log_lines)
    except (TypeError, ValueError, RecursionError) as error:
        _log.error("the output of %s is not JSON: %s", run.task.resource, error)
        return failed(run.key, TaskError("Worker.InvalidOutput", str(error), non_retryable=True), context.log_lines)


def _outcome_of_error(run: TaskRun, context: TaskContext, error: BaseException) -> TaskOutcome | None:
    """A handler that raises after it was told to stop acknowledges that; at a worker's end its task goes back."""
    if run.is_lost or run.cancel_reason == "WORKER_CLOSED":
        return None
    if run.cancel_reason is not None:
        return cancelled(run.key, context.log_lines)
    return failed(run.key, error, context.log_lines)
