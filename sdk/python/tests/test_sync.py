"""The client without an event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest

from pawl import Client, PawlError, TaskContext, Worker
from pawl.sync import each, wait
from pawl.v1 import execution_service_pb2 as executions
from pawl.v1.system_service_pb2 import GetServerInfoResponse
from pawl.v1.worker_service_pb2 import Task

from .fake_server import FakeServer, refuse


def test_a_script_calls_and_iterates_without_a_loop_of_its_own(server: FakeServer) -> None:
    def watch(request: Any, context: Any) -> Iterator[Any]:
        for number in range(1, 4):
            event = executions.ExecutionEvent(id=number)
            yield executions.WatchExecutionResponse(event=event, terminal=number == 3)

    server.answers["GetServerInfo"] = lambda request, context: GetServerInfoResponse(version="7")
    server.answers["WatchExecution"] = watch
    server.answers["GetExecution"] = lambda request, context: refuse(context, grpc.StatusCode.NOT_FOUND, "gone")
    client = Client(server.address)
    assert wait(client.get_server_info()).version == "7"
    assert [update.event and update.event.id for update in each(client.watch_execution("a"))] == [1, 2, 3]
    for update in each(client.watch_execution("a")):
        assert update.event is not None
        break
    with pytest.raises(PawlError, match="gone"):
        wait(client.get_execution("a"))
    wait(client.close())


async def test_a_plain_handler_calls_the_client(server: FakeServer, new_worker: Callable[..., Worker]) -> None:
    server.answers["GetServerInfo"] = lambda request, context: GetServerInfoResponse(version="7")
    worker = new_worker()
    async with Client(server.address) as client:

        @worker.task("a")
        def ask(_: Any, ctx: TaskContext) -> str:
            return wait(client.get_server_info()).version

        await worker.start()
        session = await server.session(0)
        session.tasks(Task(task_token=b"t", resource="a"))
        assert (await session.outcome(0)).output == '"7"'
