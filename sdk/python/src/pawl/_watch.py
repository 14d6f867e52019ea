"""Watching one execution."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal

from ._calls import Calls
from ._execution import Execution, ExecutionEvent, execution_event_of, execution_of
from ._resumed import resumed
from .v1 import execution_service_pb2 as pb
from .v1.common_pb2 import PayloadView

Payloads = Literal["NONE", "TRUNCATED", "FULL"]
"""How much of the JSON documents to send."""


@dataclass(frozen=True, slots=True)
class ExecutionUpdate:
    """A change of an execution: `execution` (a snapshot) or `event` is set."""

    execution: Execution | None
    event: ExecutionEvent | None
    is_terminal: bool
    """The last one."""
    resume_token: str
    """Continues after this update."""


async def watch_execution(
    calls: Calls,
    execution: str,
    *,
    resume_token: str,
    after_event_id: int,
    payloads: Payloads,
    snapshots_only: bool,
    idle_timeout: float,
) -> AsyncGenerator[ExecutionUpdate, None]:
    """Each update once and in order until the execution has closed, over as many streams as it takes."""
    token = resume_token
    last_event_id = after_event_id

    def open_stream() -> AsyncGenerator[pb.WatchExecutionResponse, None]:
        request = pb.WatchExecutionRequest(
            execution=execution,
            resume_token=token,
            after_event_id=0 if token else last_event_id,
            payload_view=payload_view(payloads),
            snapshots_only=snapshots_only,
        )
        return calls.server_stream(lambda stubs: stubs.executions.WatchExecution, request, idle_timeout)

    async for response in resumed(open_stream):
        token = response.resume_token or token
        match response.WhichOneof("update"):
            case "snapshot":
                yield ExecutionUpdate(execution_of(response.snapshot), None, response.terminal, token)
            case "event" if response.event.id > last_event_id or response.terminal:
                last_event_id = response.event.id
                yield ExecutionUpdate(None, execution_event_of(response.event), response.terminal, token)
            case _:
                pass


def payload_view(payloads: Payloads) -> PayloadView.ValueType:
    """Its number."""
    return PayloadView.Value(f"PAYLOAD_VIEW_{payloads}")
