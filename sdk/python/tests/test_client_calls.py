"""What calls do when the network, or the server, does not do as it should."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.rpc import error_details_pb2

from pawl import Client, PawlError, RetryOptions, StartExecution
from pawl.v1 import batch_service_pb2 as batches
from pawl.v1 import execution_service_pb2 as executions
from pawl.v1.common_pb2 import PageInfo
from pawl.v1.system_service_pb2 import GetServerInfoResponse

from .fake_server import FakeServer, refuse, retry_info


@pytest_asyncio.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    async with Client(server.address, retry=RetryOptions(initial_delay=0.01)) as client:
        yield client


def execution(name: str, **fields: Any) -> executions.Execution:
    return executions.Execution(id=f"id-{name}", name=name, **fields)


async def test_a_start_is_sent_again_after_unavailable_under_the_same_name_and_request_id(
    server: FakeServer, client: Client
) -> None:
    requests: list[executions.StartExecutionRequest] = []

    def start(request: executions.StartExecutionRequest, context: grpc.ServicerContext) -> Any:
        requests.append(request)
        if len(requests) < 3:
            refuse(context, grpc.StatusCode.UNAVAILABLE, "not now")
        return executions.StartExecutionResponse(execution=execution(request.name), created=True)

    server.answers["StartExecution"] = start
    started = await client.start_execution("orders", {"n": 1})
    assert started.execution.name == requests[0].name
    assert len({(request.name, request.request_id) for request in requests}) == 1
    assert requests[0].conflict_policy == executions.NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING


async def test_a_refusal_with_retry_info_is_tried_again_after_its_time(server: FakeServer, client: Client) -> None:
    times: list[float] = []

    def get(request: Any, context: grpc.ServicerContext) -> Any:
        times.append(asyncio.run(_now()))
        if len(times) == 1:
            refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "too many", retry_info(0.2))
        return executions.GetExecutionResponse(execution=execution("a"))

    server.answers["GetExecution"] = get
    assert (await client.get_execution("a")).name == "a"
    assert times[1] - times[0] >= 0.2


async def _now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_refusal_carries_code_reason_metadata_and_field_violations(server: FakeServer, client: Client) -> None:
    violation = error_details_pb2.BadRequest.FieldViolation(field="input", description="too large", reason="TOO_LARGE")

    def start(request: Any, context: grpc.ServicerContext) -> Any:
        refuse(
            context,
            grpc.StatusCode.INVALID_ARGUMENT,
            "Größe 😀",
            error_details_pb2.ErrorInfo(reason="INPUT_TOO_LARGE", metadata={"limit": "7"}),
            error_details_pb2.BadRequest(field_violations=[violation]),
        )

    server.answers["StartExecution"] = start
    with pytest.raises(PawlError) as refused:
        await client.start_execution("orders")
    error = refused.value
    assert (error.code, error.message, error.reason) == ("INVALID_ARGUMENT", "Größe 😀", "INPUT_TOO_LARGE")
    assert error.metadata == {"limit": "7"}
    assert [(found.field, found.reason) for found in error.field_violations] == [("input", "TOO_LARGE")]
    assert error.retry_after is None


async def test_the_deadline_bounds_all_tries_together(server: FakeServer, client: Client) -> None:
    server.answers["GetExecution"] = lambda request, context: refuse(context, grpc.StatusCode.UNAVAILABLE, "never")
    begun = asyncio.get_running_loop().time()
    with pytest.raises(PawlError) as refused:
        await client.get_execution("a", timeout=0.3)
    assert refused.value.code in ("UNAVAILABLE", "DEADLINE_EXCEEDED")
    assert asyncio.get_running_loop().time() - begun < 1.0


async def test_calls_go_to_the_servers_that_answer(server: FakeServer) -> None:
    other = FakeServer()
    counts = [0, 0]

    def info(index: int) -> Any:
        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            counts[index] += 1
            return GetServerInfoResponse(version=str(index))

        return answer

    server.answers["GetServerInfo"] = info(0)
    other.answers["GetServerInfo"] = info(1)
    try:
        async with Client([server.address, f"http://{other.address}"]) as client:
            while min(counts) < 5:
                await client.get_server_info()
            other.crash()
            before = counts[0]
            for _ in range(10):
                assert (await client.get_server_info()).version == "0"
            assert counts[0] == before + 10
    finally:
        other.crash()


async def test_headers_go_with_every_call_and_a_function_is_asked_for_each(server: FakeServer) -> None:
    seen: list[str] = []

    def info(request: Any, context: grpc.ServicerContext) -> Any:
        seen.append(str(dict(context.invocation_metadata())["authorization"]))
        return GetServerInfoResponse()

    server.answers["GetServerInfo"] = info
    numbers = itertools.count()
    async with Client(server.address, headers=lambda: {"Authorization": f"Bearer {next(numbers)}"}) as client:
        await client.get_server_info()
        await client.get_server_info()
    assert seen == ["Bearer 0", "Bearer 1"]


@pytest.mark.parametrize("address", ["", "localhost", "http://a:1,https://b:2", "ftp://a:1", "a:b", [], "a:1,"])
def test_an_address_that_is_none_is_refused_at_once(address: Any) -> None:
    with pytest.raises(ValueError, match="address"):
        Client(address)


async def test_a_closed_client_refuses_and_ends_what_is_under_way(server: FakeServer) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        yield executions.WatchExecutionResponse(snapshot=execution("a"), resume_token="1")
        loop.call_soon_threadsafe(begun.set)
        while context.is_active():
            yield executions.WatchExecutionResponse(resume_token="1")

    server.answers["WatchExecution"] = watch
    client = Client(server.address)
    waiting = asyncio.ensure_future(client.wait_for_execution("a"))
    await begun.wait()
    await client.close()
    for call in (waiting, client.get_server_info()):
        with pytest.raises(PawlError) as refused:
            await call
        assert refused.value.code == "CANCELLED"


async def test_starts_of_a_closed_client_fail(server: FakeServer) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def start(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        next(requests)
        loop.call_soon_threadsafe(begun.set)
        yield from requests

    server.answers["StartExecutions"] = start
    client = Client(server.address)
    starter = client.starter()
    starting = asyncio.ensure_future(starter.start(StartExecution("orders")))
    await begun.wait()
    await client.close()
    with pytest.raises(PawlError) as refused:
        await starting
    assert refused.value.code == "CANCELLED"
    await starter.abort()


async def test_a_watch_is_resumed_and_tells_each_event_once_and_in_order(server: FakeServer, client: Client) -> None:
    asked: list[tuple[str, int]] = []

    def watch(request: executions.WatchExecutionRequest, context: grpc.ServicerContext) -> Iterator[Any]:
        asked.append((request.resume_token, request.after_event_id))
        first = int(request.resume_token or 0)
        for number in range(max(1, first), first + 4):
            event = executions.ExecutionEvent(id=number)
            yield executions.WatchExecutionResponse(event=event, resume_token=str(number), terminal=number == 9)
            if number == 9:
                return
        context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    server.answers["WatchExecution"] = watch
    seen = [update.event.id async for update in client.watch_execution("a") if update.event is not None]
    assert seen == list(range(1, 10))
    assert asked[0] == ("", 0)
    assert [token for token, _ in asked[1:]] == ["3", "6"]


async def test_a_silent_watch_is_given_up_and_resumed(server: FakeServer, client: Client) -> None:
    opened = 0

    def watch(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        nonlocal opened
        opened += 1
        if opened == 2:
            snapshot = execution("a", status=executions.ExecutionStatus.EXECUTION_STATUS_SUCCEEDED, output="1")
            yield executions.WatchExecutionResponse(snapshot=snapshot, terminal=True)
            return
        yield executions.WatchExecutionResponse(resume_token="1")
        with server.changed:
            server.changed.wait_for(lambda: not context.is_active(), 10)

    server.answers["WatchExecution"] = watch
    updates = [update async for update in client.watch_execution("a", idle_timeout=0.2)]
    assert [update.execution and update.execution.output for update in updates] == [1]
    assert opened == 2
    with server.changed:
        server.changed.notify_all()


async def test_a_watch_that_its_reader_gives_up_ends_on_the_server_too(server: FakeServer, client: Client) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        def on_end() -> None:
            loop.call_soon_threadsafe(ended.set)

        context.add_callback(on_end)
        while context.is_active():
            yield executions.WatchExecutionResponse(snapshot=execution("a"), resume_token="1")

    server.answers["WatchExecution"] = watch
    updates = client.watch_execution("a")
    assert (await anext(updates)).execution is not None
    await updates.aclose()
    await asyncio.wait_for(ended.wait(), 5)


async def test_a_wait_that_is_cancelled_raises_cancelled_error(server: FakeServer, client: Client) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        yield executions.WatchExecutionResponse(snapshot=execution("a"), resume_token="1")
        loop.call_soon_threadsafe(begun.set)
        with server.changed:
            server.changed.wait_for(lambda: not context.is_active(), 10)

    server.answers["WatchExecution"] = watch
    waiting = asyncio.ensure_future(client.wait_for_execution("a"))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(PawlError) as late:
        await client.wait_for_execution("a", timeout=0.1)
    assert late.value.code == "DEADLINE_EXCEEDED"
    with server.changed:
        server.changed.notify_all()


class Starts:
    """Answers pipelined starts; the first stream breaks after `breaks_after` of them."""

    def __init__(self, breaks_after: int) -> None:
        self.breaks_after = breaks_after
        self.names: list[str] = []
        self.streams = 0

    def __call__(self, requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        self.streams += 1
        is_first = self.streams == 1
        answered = 0
        for request in requests:
            for start in request.starts:
                self.names.append(start.request.name)
                if is_first and answered == self.breaks_after:
                    context.abort(grpc.StatusCode.UNAVAILABLE, "gone")
                answered += 1
                yield executions.StartExecutionsResponse(outcomes=self._outcomes(start))

    def _outcomes(self, start: Any) -> list[executions.StartExecutionsResponse.Outcome]:
        name = start.request.name
        outcome = executions.StartExecutionsResponse.Outcome
        if name == "refused":
            error = executions.StartError(code=3, reason="INVALID_NAME", message="no")
            return [outcome(sequence=start.sequence, error=error)]
        response = executions.StartExecutionResponse(execution=execution(name), created=True)
        return [
            outcome(sequence=start.sequence, response=response),
            outcome(sequence=start.sequence, ended=execution(name, output=start.request.input)),
        ]


async def test_pipelined_starts_go_on_over_a_broken_stream_under_the_same_names(
    server: FakeServer, client: Client
) -> None:
    starts = server.answers["StartExecutions"] = Starts(breaks_after=3)
    requests = (StartExecution("orders", number) for number in range(10))
    outcomes = [outcome async for outcome in client.start_executions(requests, max_in_flight=5, follow=True)]
    assert sorted(outcome.index for outcome in outcomes) == list(range(10))
    for outcome in outcomes:
        assert outcome.started is not None
        assert (await outcome.started.result()).output == outcome.index
    assert starts.streams == 2
    assert len(set(starts.names)) == 10


async def test_a_refused_start_is_an_outcome_and_one_without_follow_has_no_result(
    server: FakeServer, client: Client
) -> None:
    server.answers["StartExecutions"] = Starts(breaks_after=100)
    requests = [
        StartExecution("orders", name="refused"),
        StartExecution("orders", {1, 2}),
        StartExecution("o"),
    ]
    outcomes = {outcome.index: outcome async for outcome in client.start_executions(requests)}
    assert [(outcomes[index].error or PawlError("", "")).code for index in (0, 1, 2)] == [
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        "",
    ]
    started = outcomes[2].started
    assert started is not None
    with pytest.raises(PawlError) as unknown:
        await started.result()
    assert unknown.value.code == "FAILED_PRECONDITION"


async def test_the_source_of_starts_is_read_no_faster_than_outcomes_are_consumed(
    server: FakeServer, client: Client
) -> None:
    server.answers["StartExecutions"] = Starts(breaks_after=1_000)
    read = 0

    def source() -> Iterator[StartExecution]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield StartExecution("orders")

    consumed = 0
    async for _ in client.start_executions(source(), max_in_flight=10):
        consumed += 1
        assert read <= consumed + 10
    assert consumed == 100


async def test_a_list_fetches_each_page_when_the_one_before_is_consumed(server: FakeServer, client: Client) -> None:
    asked: list[tuple[int, str, str]] = []

    def list_executions(request: executions.ListExecutionsRequest, context: Any) -> Any:
        asked.append((request.page.page_size, request.page.page_token, request.page.filter))
        first = int(request.page.page_token or 0)
        names = [execution(str(number)) for number in range(first, first + request.page.page_size)]
        return executions.ListExecutionsResponse(
            executions=names, page=PageInfo(next_page_token=str(first + len(names)))
        )

    server.answers["ListExecutions"] = list_executions
    found = client.list_executions(state_machine='a"b', labels={"tenant": "x"}, page_size=2, limit=5)
    assert (await anext(found)).name == "0"
    assert len(asked) == 1
    assert [execution.name async for execution in found] == ["1", "2", "3", "4"]
    expected = 'state_machine = "a\\"b" AND labels.tenant = "x"'
    assert asked == [(2, "", expected), (2, "2", expected), (1, "4", expected)]


async def test_a_batch_is_streamed_in_chunks_that_name_their_place(server: FakeServer, client: Client) -> None:
    chunks: list[tuple[int, int, bool]] = []

    def create(request: batches.CreateBatchRequest, context: Any) -> Any:
        assert request.streamed
        return batches.CreateBatchResponse(batch=batches.Batch(id="b"))

    def add(requests: Iterator[batches.AddBatchItemsRequest], context: Any) -> Any:
        for request in requests:
            chunks.append((request.first_index, len(request.values), request.last))
        return batches.AddBatchItemsResponse(batch=batches.Batch(id="b"))

    async def inputs() -> AsyncIterator[int]:
        for number in range(2_500):
            yield number

    server.answers.update(CreateBatch=create, AddBatchItems=add)
    assert (await client.create_batch("orders", inputs())).id == "b"
    assert chunks == [(0, 1_000, False), (1_000, 1_000, False), (2_000, 500, False), (2_500, 0, True)]
