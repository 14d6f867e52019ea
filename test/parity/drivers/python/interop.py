"""Cases of gRPC's interoperability suite, with generated stubs and bare grpcio: what lies below the SDK."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import grpc.aio

from pawl.v1 import execution_service_pb2 as executions
from pawl.v1.common_pb2 import PayloadView
from pawl.v1.execution_service_pb2_grpc import ExecutionServiceStub
from pawl.v1.system_service_pb2 import GetServerInfoRequest, GetServerInfoResponse
from pawl.v1.system_service_pb2_grpc import SystemServiceStub

Command = dict[str, Any]


async def interop(command: Command) -> dict[str, Any]:
    """Runs one case; statuses are answers, not errors."""
    options = [("grpc.max_receive_message_length", 16 * 1024 * 1024)]
    async with grpc.aio.insecure_channel(command["address"], options) as channel:
        return await CASES[command["case"]](channel, command)


async def _empty_unary(channel: grpc.aio.Channel, _: Command) -> dict[str, Any]:
    return await _status(SystemServiceStub(channel).GetServerInfo(GetServerInfoRequest()))


async def _large_unary(channel: grpc.aio.Channel, command: Command) -> dict[str, Any]:
    stub = ExecutionServiceStub(channel)
    text = json.dumps("x" * (command["bytes"] - 2))
    start = stub.StartExecution(executions.StartExecutionRequest(state_machine=command["stateMachine"], input=text))
    started = await _status(start)
    if started["code"] != "OK":
        return started
    get = stub.GetExecution(
        executions.GetExecutionRequest(execution=(await start).execution.id, payload_view=PayloadView.PAYLOAD_VIEW_FULL)
    )
    got = await _status(get)
    return {**got, "bytes": len((await get).execution.input.encode())}


async def _cancel_after_begin(channel: grpc.aio.Channel, _: Command) -> dict[str, Any]:
    call = ExecutionServiceStub(channel).StartExecutions()
    call.cancel()
    return await _status(call)


async def _cancel_after_first_response(channel: grpc.aio.Channel, command: Command) -> dict[str, Any]:
    request = executions.WatchExecutionRequest(execution=command["execution"])
    call = ExecutionServiceStub(channel).WatchExecution(request)
    await call.read()
    call.cancel()
    return await _status(call)


async def _timeout_on_sleeping_server(channel: grpc.aio.Channel, command: Command) -> dict[str, Any]:
    request = executions.WatchExecutionRequest(execution=command["execution"])
    call = ExecutionServiceStub(channel).WatchExecution(request, timeout=command["timeoutMs"] / 1_000)
    try:
        async for _ in call:
            pass
    except grpc.aio.AioRpcError:
        pass
    return await _status(call)


async def _refused_start(channel: grpc.aio.Channel, command: Command) -> dict[str, Any]:
    request = executions.StartExecutionRequest(state_machine=command["stateMachine"])
    return await _status(ExecutionServiceStub(channel).StartExecution(request))


def _unimplemented(path: str) -> Callable[[grpc.aio.Channel, Command], Awaitable[dict[str, Any]]]:
    async def call(channel: grpc.aio.Channel, _: Command) -> dict[str, Any]:
        method = channel.unary_unary(
            path,
            request_serializer=GetServerInfoRequest.SerializeToString,
            response_deserializer=GetServerInfoResponse.FromString,
        )
        return await _status(method(GetServerInfoRequest()))

    return call


async def _custom_metadata(channel: grpc.aio.Channel, command: Command) -> dict[str, Any]:
    metadata = tuple(command["headers"].items())
    call = SystemServiceStub(channel).GetServerInfo(GetServerInfoRequest(), metadata=metadata)
    status = await _status(call)
    headers, trailers = await call.initial_metadata(), await call.trailing_metadata()
    return {**status, "headers": _texts(headers), "trailers": _texts(trailers)}


CASES: dict[str, Callable[[grpc.aio.Channel, Command], Awaitable[dict[str, Any]]]] = {
    "empty_unary": _empty_unary,
    "large_unary": _large_unary,
    "cancel_after_begin": _cancel_after_begin,
    "cancel_after_first_response": _cancel_after_first_response,
    "timeout_on_sleeping_server": _timeout_on_sleeping_server,
    "status_code_and_message": _refused_start,
    "special_status_message": _refused_start,
    "unimplemented_method": _unimplemented("/pawl.v1.SystemService/Nope"),
    "unimplemented_service": _unimplemented("/pawl.v1.NopeService/Nope"),
    "custom_metadata": _custom_metadata,
}


async def _status(call: Any) -> dict[str, Any]:
    code = await call.code()
    return {"code": code.name, "message": await call.details() or ""}


def _texts(metadata: Any) -> dict[str, str]:
    return {name: str(value) for name, value in metadata or ()}
