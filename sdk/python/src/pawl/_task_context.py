"""What a handler knows about its task, and how it speaks to the server."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ._errors import TaskCancelledError, TaskCancelReason
from ._execution import ExecutionError, optional_error
from ._json import parse_json_text
from ._wire import optional_time
from .v1.worker_service_pb2 import LogLine

if TYPE_CHECKING:
    from ._task_run import TaskRun

    _LoggerAdapter = logging.LoggerAdapter[logging.Logger]
else:
    _LoggerAdapter = logging.LoggerAdapter  # takes no parameter before Python 3.11

_log = logging.getLogger("pawl.task")

_LOG_CHARS_MAX = 16 * 1024
"""Characters of log that travel with an outcome."""


class TaskContext:
    """A task as its handler sees it. Reads through to the task: nothing is computed that no handler asks for."""

    def __init__(self, run: TaskRun) -> None:
        self._run = run
        self._task = run.task
        self._log: TaskLog | None = None

    @property
    def attempt(self) -> int:
        """From 1."""
        return self._task.attempt

    @property
    def delivery(self) -> int:
        """Which delivery of this attempt, from 1: more than 1 after a worker was lost or gave it back."""
        return self._task.delivery

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt of this visit of the state: give it to whatever must act only once."""
        return self._task.idempotency_key

    @property
    def execution(self) -> str:
        """The execution's id."""
        return self._task.execution

    @property
    def execution_arn(self) -> str:
        """The execution's ARN."""
        return self._task.execution_arn

    @property
    def state_machine(self) -> str:
        """The state machine's name."""
        return self._task.state_machine

    @property
    def state_name(self) -> str:
        """The last part of `state_path`."""
        return self._task.state_name

    @property
    def state_path(self) -> str:
        """For example `/States/Each[3]/Charge`."""
        return self._task.state_path

    @property
    def resource(self) -> str:
        """The queue the task came from."""
        return self._task.resource

    @property
    def raw_resource(self) -> str:
        """The Resource exactly as the definition spells it."""
        return self._task.raw_resource

    @property
    def task_id(self) -> str:
        """For logs; the token is what identifies the attempt."""
        return self._task.task_id

    @property
    def task_token(self) -> bytes:
        """Reports this task from elsewhere: another process, a callback."""
        return self._task.task_token

    @property
    def input_text(self) -> str:
        """The input's own text, byte for byte."""
        return self._run.input_text

    @property
    def last_error(self) -> ExecutionError | None:
        """Why the attempt before failed."""
        return optional_error(self._task, "last_error")

    @property
    def last_heartbeat_details(self) -> Any:
        """What the attempt before said in its last heartbeat; `None`: nothing."""
        return parse_json_text(self._task.last_heartbeat_details)

    @property
    def last_heartbeat_details_text(self) -> str:
        """The text of `last_heartbeat_details`; empty: nothing."""
        return self._task.last_heartbeat_details

    @property
    def deadline(self) -> datetime | None:
        """When TimeoutSeconds are over, by the server's clock; `None` without TimeoutSeconds."""
        return optional_time(self._task, "deadline")

    @property
    def labels(self) -> Mapping[str, str]:
        """The execution's labels."""
        return self._task.labels

    @property
    def traceparent(self) -> str:
        """W3C trace context of the execution; empty when there is none. Calls of a client carry it on their own."""
        return self._task.trace.traceparent

    @property
    def cancel_reason(self) -> TaskCancelReason | None:
        """Why the result is no longer wanted; `None` as long as it is."""
        return self._run.cancel_reason

    @property
    def is_cancelled(self) -> bool:
        """True once the result is no longer wanted. An `async` handler is cancelled then, by asyncio's own means."""
        return self._run.cancel_reason is not None

    def raise_if_cancelled(self) -> None:
        """For plain handlers: call it between two pieces of work.

        Raises:
            TaskCancelledError: The result is no longer wanted.
        """
        if self._run.cancel_reason is not None:
            raise TaskCancelledError(self._run.cancel_reason)

    def wait_cancelled(self, timeout: float | None = None) -> bool:
        """For plain handlers: sleeps for `timeout` seconds, or until the result is no longer wanted. Says which."""
        return self._run.cancelled_event().wait(timeout)

    def heartbeat(self, details: Any = None, progress: float | None = None) -> None:
        """Says that the task lives and how far it is. Cheap: many calls become one message.

        Args:
            details: Any JSON value; the next attempt finds the last one.
            progress: 0 to 1.
        """
        self._run.heartbeat(details, progress)

    @property
    def log(self) -> logging.LoggerAdapter[logging.Logger]:
        """The logger `pawl.task`; its lines from INFO on also travel with the outcome (16 KiB at most)."""
        if self._log is None:
            self._log = TaskLog(self)
        return self._log

    @property
    def log_lines(self) -> list[LogLine]:
        """What the handler logged, for its outcome."""
        return [] if self._log is None else self._log.lines


class TaskLog(_LoggerAdapter):
    """Says of each line which task it is about, and keeps it for the outcome."""

    def __init__(self, context: TaskContext) -> None:
        super().__init__(
            _log,
            {"execution": context.execution, "state": context.state_path, "attempt": context.attempt},
        )
        self.lines: list[LogLine] = []
        self._chars = 0

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Adds the task to what the caller says."""
        kwargs["extra"] = {**(self.extra or {}), **(kwargs.get("extra") or {})}
        return msg, kwargs

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Logs, and keeps the line from INFO on."""
        if level >= logging.INFO:
            self._keep(level, str(msg) % args if args else str(msg))
        super().log(level, msg, *args, **kwargs)

    def _keep(self, level: int, message: str) -> None:
        self._chars += len(message)
        if self._chars > _LOG_CHARS_MAX:
            return
        line = LogLine(level=_level_name(level), message=message.encode(errors="replace").decode())
        line.time.FromNanoseconds(time.time_ns())
        self.lines.append(line)


def _level_name(level: int) -> str:
    if level >= logging.ERROR:
        return "error"
    return "warn" if level >= logging.WARNING else "info"
