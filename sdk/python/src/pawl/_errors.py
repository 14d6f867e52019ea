"""What calls fail with, and what handlers fail with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ._json import to_json_text

TaskCancelReason = Literal[
    "EXECUTION_STOPPED",
    "BRANCH_FAILED",
    "TASK_TIMED_OUT",
    "HEARTBEAT_TIMED_OUT",
    "LEASE_LOST",
    "OPERATOR",
    "WORKER_CLOSED",
]
"""Why a running task was told to stop.

`BRANCH_FAILED`: a sibling in a Parallel or Map failed. `LEASE_LOST`: another attempt owns the task, the result of
this one is refused. `WORKER_CLOSED`: the worker closes and its grace is over, the task goes to another worker.
"""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request that was refused."""

    field: str
    """Path of the field in the request, for example `input` or `state_machine.definition`."""
    description: str
    reason: str
    """Machine-readable, for example `INPUT_TOO_LARGE`; empty when the server gave none."""


class PawlError(Exception):
    """A call that the server refused, or that did not reach it (`UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`).

    Attributes:
        code: gRPC's name of the status, for example `NOT_FOUND`.
        message: What the server says about it.
        reason: Machine-readable, for example `EXECUTION_ALREADY_EXISTS`; empty when the server gave none.
        metadata: Facts about the reason.
        field_violations: Which fields of the request were refused, and why.
        retry_after: Seconds after which the server advises to try again; `None` when it gave no advice.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        field_violations: Sequence[FieldViolation] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata: Mapping[str, str] = metadata or {}
        self.field_violations = tuple(field_violations)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class TaskError(Exception):
    """A task failure with a name that Retry and Catch can match (`ErrorEquals`).

    ```python
    raise TaskError("Payment.Declined", {"card": "expired"}, non_retryable=True)
    ```

    Args:
        error: The ASL error name; at most 256 characters.
        cause: Text, or any value that JSON can hold; at most 32,768 characters.
        non_retryable: Skip Retry; Catch still applies.
        retry_after: Replaces the Retrier's interval once: seconds (as HTTP's Retry-After), or the time to try again.
    """

    def __init__(
        self,
        error: str,
        cause: Any = "",
        *,
        non_retryable: bool = False,
        retry_after: float | datetime | None = None,
    ) -> None:
        self.error = error
        self.cause = cause if isinstance(cause, str) else to_json_text(cause)
        self.non_retryable = non_retryable
        self.retry_after = retry_after
        super().__init__(f"{error}: {self.cause}" if self.cause else error)


class TaskCancelledError(Exception):
    """What `TaskContext.raise_if_cancelled` raises: the task's result is no longer wanted."""

    def __init__(self, reason: TaskCancelReason) -> None:
        super().__init__(f"the task was cancelled: {reason}")
        self.reason = reason
