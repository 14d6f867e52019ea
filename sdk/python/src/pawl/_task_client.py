"""The calls about messages, tasks, workers and the server."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from typing import Any, Literal

from typing_extensions import Unpack

from ._client_base import ClientBase
from ._filters import MessageWaitFilter, message_wait_filter
from ._json import EMPTY_OBJECT, to_json_text
from ._records import (
    MessageWait,
    SentMessage,
    ServerInfo,
    WorkerInfo,
    message_wait_of,
    worker_info_of,
)
from ._task_callback import assert_active, assert_recorded, token_bytes
from ._task_outcome import task_failure_of
from ._wire import duration_of
from .v1 import execution_service_pb2 as pb
from .v1.system_service_pb2 import GetServerInfoRequest
from .v1.worker_service_pb2 import (
    HeartbeatTasksRequest,
    ListWorkersRequest,
    ReportTasksRequest,
    TaskHeartbeat,
    TaskOutcome,
)


class TaskClient(ClientBase):
    """The part of a client that sends messages and reports tasks by their tokens."""

    async def send_message(
        self,
        correlation_key: str,
        correlation_value: Any,
        data: Any = EMPTY_OBJECT,
        *,
        message_id: str | None = None,
        time_to_live: float | None = None,
        match: Literal["ALL", "OLDEST", "EXACTLY_ONE"] = "ALL",
        state_machine: str = "",
        timeout: float | None = None,
    ) -> SentMessage:
        """Wakes Message states that wait for this key and value. Once it returns, they have the message, or it is kept.

        Args:
            correlation_key: The name of what is correlated, for example `orderId`.
            correlation_value: Any JSON value; 42 is not "42".
            data: What the Message state gets as its result.
            message_id: Sent twice with the same id, key and value, it is received once. Default: one for each call.
            time_to_live: Seconds that it is kept if nobody waits for it yet; default not at all.
            match: Who gets it if several wait. `EXACTLY_ONE` is refused (FAILED_PRECONDITION) unless one does.
            state_machine: Only executions of this state machine.
            timeout: Seconds.
        """
        request = pb.SendMessageRequest(
            correlation_key=correlation_key,
            correlation_value=to_json_text(correlation_value),
            data=to_json_text(data),
            message_id=str(uuid.uuid4()) if message_id is None else message_id,
            time_to_live=None if time_to_live is None else duration_of(time_to_live),
            match=pb.MessageMatch.Value(f"MESSAGE_MATCH_{match}"),
            state_machine=state_machine,
        )
        sent = await self._call(lambda stubs: stubs.executions.SendMessage, request, timeout)
        return SentMessage(tuple(sent.executions), sent.buffered, sent.duplicate)

    def list_message_waits(
        self, *, page_size: int = 50, limit: int | None = None, **by: Unpack[MessageWaitFilter]
    ) -> AsyncGenerator[MessageWait, None]:
        """Who waits for a message, longest first."""
        return self._list(
            lambda stubs: stubs.executions.ListMessageWaits,
            lambda page: pb.ListMessageWaitsRequest(page=page),
            lambda response: map(message_wait_of, response.waits),
            page_size=page_size,
            limit=limit,
            filter=message_wait_filter(by),
        )

    async def complete_task(
        self, task_token: str | bytes, output: Any = EMPTY_OBJECT, *, timeout: float | None = None
    ) -> None:
        """Ends a task that waits for its token (`$$.Task.Token`), from any process. The same again changes nothing.

        Raises:
            PawlError: FAILED_PRECONDITION when the task is over or its execution has closed.
        """
        await self._report(TaskOutcome(task_token=token_bytes(task_token), output=to_json_text(output)), timeout)

    async def fail_task(self, task_token: str | bytes, error: BaseException, *, timeout: float | None = None) -> None:
        """Ends a task with a `TaskError`, or with whatever was raised.

        Raises:
            PawlError: As `complete_task`.
        """
        await self._report(TaskOutcome(task_token=token_bytes(task_token), failure=task_failure_of(error)), timeout)

    async def heartbeat_task(
        self, task_token: str | bytes, details: Any = None, *, timeout: float | None = None
    ) -> None:
        """Says that the work under a token goes on; for tasks with HeartbeatSeconds.

        Raises:
            PawlError: As `complete_task`.
        """
        beat = TaskHeartbeat(
            task_token=token_bytes(task_token), details="" if details is None else to_json_text(details)
        )
        response = await self._call(
            lambda stubs: stubs.workers.HeartbeatTasks, HeartbeatTasksRequest(beats=[beat]), timeout
        )
        assert_active(response.replies[0])

    def list_workers(self, *, page_size: int = 50, limit: int | None = None) -> AsyncGenerator[WorkerInfo, None]:
        """Newest first."""
        return self._list(
            lambda stubs: stubs.task_queues.ListWorkers,
            lambda page: ListWorkersRequest(page=page),
            lambda response: map(worker_info_of, response.workers),
            page_size=page_size,
            limit=limit,
        )

    async def get_server_info(self, *, timeout: float | None = None) -> ServerInfo:
        """Version, limits and capabilities of the server that answers."""
        info = await self._call(lambda stubs: stubs.system.GetServerInfo, GetServerInfoRequest(), timeout)
        return ServerInfo(
            version=info.version,
            commit=info.commit,
            capabilities=tuple(info.capabilities),
            limits=dict(info.limits),
            is_development=info.dev_mode,
            ui_url=info.ui_url,
        )

    async def _report(self, outcome: TaskOutcome, timeout: float | None) -> None:
        request = ReportTasksRequest(outcomes=[outcome])
        response = await self._call(lambda stubs: stubs.workers.ReportTasks, request, timeout)
        assert_recorded(response.acks[0])
