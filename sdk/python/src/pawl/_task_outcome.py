"""What the server is told about a handler's end."""

from __future__ import annotations

import json
import traceback
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from ._errors import TaskError
from ._wire import duration_of
from .v1.common_pb2 import ErrorValue
from .v1.worker_service_pb2 import LogLine, TaskFailure, TaskOutcome

# AWS's limits of an error's name and cause, in characters
_ERROR_CHARS_MAX = 256
_CAUSE_CHARS_MAX = 32_768

_OUTPUT_BYTES_MAX = 4 * 1024 * 1024 - 64 * 1024
"""A gRPC message may have 4 MiB; this leaves room for the rest of it."""

_PACKAGE = str(Path(__file__).parent)


def succeeded(task_token: bytes, output: str, logs: Sequence[LogLine]) -> TaskOutcome:
    """The outcome of a handler that returned."""
    if len(output) > _OUTPUT_BYTES_MAX // 4:
        size = len(output.encode())
        if size > _OUTPUT_BYTES_MAX:
            cause = f"output is {size} bytes; no message can carry more than {_OUTPUT_BYTES_MAX}"
            return failed(task_token, TaskError("States.DataLimitExceeded", cause), logs)
    return TaskOutcome(task_token=task_token, output=output, logs=logs)


def failed(task_token: bytes, error: BaseException, logs: Sequence[LogLine]) -> TaskOutcome:
    """The outcome of a handler that raised."""
    return TaskOutcome(task_token=task_token, failure=task_failure_of(error), logs=logs)


def cancelled(task_token: bytes, logs: Sequence[LogLine]) -> TaskOutcome:
    """The outcome of a handler that stopped because it was told to."""
    return TaskOutcome(task_token=task_token, cancelled=True, logs=logs)


def task_failure_of(error: BaseException) -> TaskFailure:
    """What Retry and Catch see of something raised."""
    stack = _unicode(_cut("".join(traceback.format_exception(error)), _CAUSE_CHARS_MAX))
    if not isinstance(error, TaskError):
        name = _cut(type(error).__name__, _ERROR_CHARS_MAX)
        return TaskFailure(error=ErrorValue(error=name, cause=_cause_of(error, name)), stack_trace=stack)
    failure = TaskFailure(
        error=ErrorValue(
            error=_unicode(_cut(error.error, _ERROR_CHARS_MAX)),
            cause=_unicode(_cut(error.cause, _CAUSE_CHARS_MAX)),
        ),
        non_retryable=error.non_retryable,
        stack_trace=stack,
    )
    if error.retry_after is not None:
        failure.retry_after.CopyFrom(duration_of(_seconds_until(error.retry_after)))
    return failure


def _cause_of(error: BaseException, error_type: str) -> str:
    """As AWS Lambda reports an error: JSON with message, type and stack."""
    message = _cut(str(error), _CAUSE_CHARS_MAX // 2)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_ours(frame)]
    stack = [line.rstrip("\n") for line in traceback.format_list(frames)]
    while True:
        cause = json.dumps({"errorMessage": message, "errorType": error_type, "stackTrace": stack})
        if len(cause) <= _CAUSE_CHARS_MAX or not stack:
            return _cut(cause, _CAUSE_CHARS_MAX)
        stack = stack[len(stack) // 2 + 1 :]


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith(_PACKAGE)


def _seconds_until(retry_after: float | datetime) -> float:
    if isinstance(retry_after, datetime):
        return max(0.0, (retry_after.astimezone(timezone.utc) - datetime.now(timezone.utc)).total_seconds())
    return max(0.0, retry_after)


def _cut(text: str, chars_max: int) -> str:
    return text if len(text) <= chars_max else f"{text[: chars_max - 1]}…"


def _unicode(text: str) -> str:
    """Without lone surrogates, which UTF-8 has no form for."""
    return text if text.isascii() else text.encode(errors="replace").decode()
