"""Speaks the real protocol over a real socket, and does exactly what a test says."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from queue import SimpleQueue
from typing import Any, TypeVar

import grpc
from google.protobuf import any_pb2, descriptor_pool, message_factory
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from pawl.v1 import batch_service_pb2, execution_service_pb2, system_service_pb2
from pawl.v1.worker_service_pb2 import (
    HeldTask,
    Hello,
    OutcomeAck,
    OutcomeAcks,
    OutcomeStatus,
    Task,
    TaskBatch,
    TaskOutcome,
    TaskTokenState,
    Welcome,
    WorkRequest,
    WorkResponse,
)

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a test waits for what must happen."""

assert all((batch_service_pb2, execution_service_pb2, system_service_pb2)), "their services are in the pool"

Answer = Callable[[Any, grpc.ServicerContext], Any]
"""What a test says a method does: an answer, an iterator of them, or `context.abort`."""


class FakeServer:
    """Answers calls by what a test says, and worker sessions by `FakeSession`."""

    def __init__(self) -> None:
        self.sessions: list[FakeSession] = []
        """In the order they were opened."""
        self.welcome: Callable[[Hello, FakeSession], Welcome | None] = lambda hello, session: Welcome()
        """Answers Hello; `None`: no answer."""
        self.answers: dict[str, Answer] = {}
        """By method name."""
        self.changed = threading.Condition()
        self._port = 0
        self._server: grpc.Server | None = None
        self.listen()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def listen(self) -> None:
        """Listens on the port it had before, if it had one."""
        server = grpc.server(futures.ThreadPoolExecutor(32), options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers([_Methods(self)])
        self._port = server.add_insecure_port(f"127.0.0.1:{self._port}")
        server.start()
        self._server = server

    def crash(self) -> None:
        """As a crash looks from outside: every connection is gone."""
        if self._server is not None:
            self._server.stop(None).wait()
            self._server = None
        for session in self.sessions:
            session.close()

    async def session(self, index: int) -> FakeSession:
        """The n-th session, from 0, when the worker has said hello on it."""
        await self.until(lambda: len(self.sessions) > index and self.sessions[index].hello is not None)
        return self.sessions[index]

    async def until(self, find: Callable[[], T], seconds: float = PATIENCE) -> T:
        """What `find` finds, as soon as it finds something."""

        def wait() -> T:
            with self.changed:
                self.changed.wait_for(find, seconds)
                return find()

        found = await asyncio.to_thread(wait)
        assert found, "it did not come about in time"
        return found


class FakeSession:
    """One worker's stream: what came in, and what a test sends."""

    def __init__(self, server: FakeServer) -> None:
        self.hello: Hello | None = None
        self.received: list[WorkRequest] = []
        self.outcomes: list[TaskOutcome] = []
        self.limits: dict[str, int] = {}
        """Latest of each pool."""
        self.is_acking = True
        """Acknowledge each outcome as it comes."""
        self.is_ended = False
        """The worker has half-closed."""
        self._server = server
        self._responses: SimpleQueue[WorkResponse | tuple[grpc.StatusCode, str] | None] = SimpleQueue()

    def run(self, requests: Iterator[WorkRequest], context: grpc.ServicerContext) -> Iterator[WorkResponse]:
        threading.Thread(target=self._read, args=(requests,), daemon=True).start()
        context.add_callback(self.close)
        while (response := self._responses.get()) is not None:
            if isinstance(response, tuple):
                context.abort(*response)
            else:
                yield response

    def send(self, **message: Any) -> None:
        self._responses.put(WorkResponse(**message))

    def tasks(self, *tasks: Task) -> None:
        """Hands out tasks; the pool is the resource unless the task says otherwise."""
        for task in tasks:
            task.task_id = task.task_id or f"task-{task.task_token.decode()}"
            task.attempt = task.attempt or 1
            task.pool = task.pool or task.resource
            task.raw_resource = task.raw_resource or task.resource
        self.send(tasks=TaskBatch(tasks=tasks))

    def ack(
        self,
        token: bytes,
        status: OutcomeStatus.ValueType = OutcomeStatus.OUTCOME_STATUS_RECORDED,
        reason: str = "",
    ) -> None:
        self.send(outcome_acks=OutcomeAcks(acks=[OutcomeAck(task_token=token, status=status, reason=reason)]))

    def fail(self, code: grpc.StatusCode, message: str) -> None:
        """Ends the stream with a status."""
        self._responses.put((code, message))

    def close(self) -> None:
        """Ends the stream."""
        self._responses.put(None)

    async def message(self, kind: str, skip: int = 0) -> Any:
        """The first message of a kind; `skip` that many."""

        def find() -> list[WorkRequest]:
            return [request for request in self.received if request.WhichOneof("message") == kind][skip:]

        return getattr((await self._server.until(find))[0], kind)

    async def outcome(self, index: int) -> TaskOutcome:
        return (await self._server.until(lambda: self.outcomes[index : index + 1]))[0]

    async def until(self, find: Callable[[FakeSession], T]) -> T:
        return await self._server.until(lambda: find(self))

    def _read(self, requests: Iterator[WorkRequest]) -> None:
        try:
            for request in requests:
                self._on_request(request)
                with self._server.changed:
                    self.received.append(request)
                    self._server.changed.notify_all()
        except grpc.RpcError:
            return
        with self._server.changed:
            self.is_ended = True
            self._server.changed.notify_all()
        self.close()

    def _on_request(self, request: WorkRequest) -> None:
        match request.WhichOneof("message"):
            case "hello":
                self.hello = request.hello
                welcome = self._server.welcome(request.hello, self)
                if welcome is not None:
                    welcome.session_id = f"session-{len(self._server.sessions)}"
                    welcome.server_id = "fake"
                    self.send(welcome=welcome)
            case "demand":
                self.limits.update(request.demand.limits)
            case "outcomes":
                self.outcomes += request.outcomes.outcomes
                if self.is_acking:
                    for outcome in request.outcomes.outcomes:
                        self.ack(outcome.task_token)
            case _:
                pass


class _Methods(grpc.GenericRpcHandler):
    def __init__(self, server: FakeServer) -> None:
        self._server = server

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        service, _, name = details.method.removeprefix("/").partition("/")
        method = descriptor_pool.Default().FindServiceByName(service).FindMethodByName(name)
        answer = self._work if name == "Work" else self._server.answers.get(name)
        if answer is None:
            return None
        kinds = {
            (False, False): grpc.unary_unary_rpc_method_handler,
            (False, True): grpc.unary_stream_rpc_method_handler,
            (True, False): grpc.stream_unary_rpc_method_handler,
            (True, True): grpc.stream_stream_rpc_method_handler,
        }
        kind: Any = kinds[method.client_streaming, method.server_streaming]
        handler: grpc.RpcMethodHandler[Any, Any] = kind(
            answer,
            request_deserializer=message_factory.GetMessageClass(method.input_type).FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )
        return handler

    def _work(self, requests: Iterator[WorkRequest], context: grpc.ServicerContext) -> Iterator[WorkResponse]:
        session = FakeSession(self._server)
        with self._server.changed:
            self._server.sessions.append(session)
        return session.run(requests, context)


def held(token: bytes, state: TaskTokenState.ValueType) -> Welcome:
    """A welcome with a verdict on a token."""
    return Welcome(held=[HeldTask(task_token=token, state=state)])


def refuse(
    context: grpc.ServicerContext,
    code: grpc.StatusCode,
    message: str,
    *details: Message,
) -> Any:
    """Ends a call with a status and its details."""
    packed = []
    for detail in details:
        any_detail = any_pb2.Any()
        any_detail.Pack(detail)
        packed.append(any_detail)
    status = status_pb2.Status(code=code.value[0], message=message, details=packed)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, message)


def retry_info(seconds: float) -> error_details_pb2.RetryInfo:
    delay = Duration()
    delay.FromMicroseconds(round(seconds * 1_000_000))
    return error_details_pb2.RetryInfo(retry_delay=delay)
