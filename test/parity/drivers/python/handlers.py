"""What the suite lets workers do, but for `hold`, which waits for its word."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from pawl import JsonText, TaskContext, TaskError

Input = dict[str, Any]


async def echo(_: Input, ctx: TaskContext) -> Any:
    return JsonText(ctx.input_text)


async def noop(_: Input, ctx: TaskContext) -> Any:
    return None


async def sleep(value: Input, ctx: TaskContext) -> Any:
    await asyncio.sleep(value["ms"] / 1_000)
    return None


def busy(value: Input, ctx: TaskContext) -> Any:
    """Blocks its thread, or spins with the interpreter's lock."""
    seconds = value["ms"] / 1_000
    if value.get("spin"):
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            pass
    else:
        time.sleep(seconds)
    return {"busy": value["ms"]}


def fail(value: Input, ctx: TaskContext) -> Any:
    if ctx.attempt > value.get("times", ctx.attempt):
        return {"attempt": ctx.attempt}
    retry_after_ms = value.get("retryAfterMs")
    raise TaskError(
        value["error"],
        value.get("cause", ""),
        non_retryable=value.get("nonRetryable", False),
        retry_after=None if retry_after_ms is None else retry_after_ms / 1_000,
    )


def throw(value: Input, ctx: TaskContext) -> Any:
    raise RuntimeError(value["message"])


def large(value: Input, ctx: TaskContext) -> Any:
    return "x" * value["bytes"]


def size(_: Input, ctx: TaskContext) -> Any:
    return {"bytes": len(ctx.input_text.encode())}


async def describe(_: Input, ctx: TaskContext) -> Any:
    error = ctx.last_error
    deadline = ctx.deadline
    return {
        "attempt": ctx.attempt,
        "idempotencyKey": ctx.idempotency_key,
        "execution": ctx.execution,
        "executionArn": ctx.execution_arn,
        "stateMachine": ctx.state_machine,
        "stateName": ctx.state_name,
        "statePath": ctx.state_path,
        "resource": ctx.resource,
        "rawResource": ctx.raw_resource,
        "taskId": ctx.task_id,
        "lastError": None if error is None else {"error": error.error, "cause": error.cause},
        "lastHeartbeatDetails": ctx.last_heartbeat_details,
        "deadline": None if deadline is None else deadline.isoformat(),
        "labels": dict(ctx.labels),
        "traceparent": ctx.traceparent,
    }


handlers = {
    "echo": echo,
    "noop": noop,
    "token": noop,
    "sleep": sleep,
    "busy": busy,
    "fail": fail,
    "throw": throw,
    "large": large,
    "size": size,
    "describe": describe,
}
