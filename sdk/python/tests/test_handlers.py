"""What handlers see, and what becomes of what they return and raise."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pawl import Client, JsonText, PawlError, TaskContext, TaskError, Worker
from pawl._resource_name import serves_resource
from pawl._wire import duration_of, seconds_of
from pawl.v1 import execution_service_pb2 as executions
from pawl.v1.common_pb2 import ErrorValue, TraceContext
from pawl.v1.worker_service_pb2 import GetTaskInputResponse, Task, TaskOutcome

from .fake_server import FakeServer

NewWorker = Callable[..., Worker]


async def outcome_of(server: FakeServer, worker: Worker, handler: Any, **fields: Any) -> TaskOutcome:
    worker.task("a")(handler)
    await worker.start()
    session = await server.session(0)
    session.tasks(Task(task_token=b"t", resource="a", **{"input": "{}", **fields}))
    return await session.outcome(0)


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (None, "null"),
        ({"größe": "😀"}, '{"größe":"😀"}'),
        (12345678901234567890, "12345678901234567890"),
        (JsonText('{ "kept": 1.0000000000000000001 }'), '{ "kept": 1.0000000000000000001 }'),
    ],
)
async def test_what_a_handler_returns_is_the_output(
    server: FakeServer, new_worker: NewWorker, output: Any, text: str
) -> None:
    assert (await outcome_of(server, new_worker(), lambda _, ctx: output)).output == text


@pytest.mark.parametrize("output", [{1, 2}, float("nan"), "\ud800", object()])
async def test_an_output_that_is_not_json_fails_the_task(
    server: FakeServer, new_worker: NewWorker, output: Any
) -> None:
    failure = (await outcome_of(server, new_worker(), lambda _, ctx: output)).failure
    assert (failure.error.error, failure.non_retryable) == ("Worker.InvalidOutput", True)


async def test_an_output_that_no_message_can_carry_fails_the_task(server: FakeServer, new_worker: NewWorker) -> None:
    failure = (await outcome_of(server, new_worker(), lambda _, ctx: "ä" * 3_000_000)).failure
    assert failure.error.error == "States.DataLimitExceeded"
    assert "6000002" in failure.error.cause


async def test_a_task_error_is_the_failure_that_it_says(server: FakeServer, new_worker: NewWorker) -> None:
    def handler(_: Any, ctx: TaskContext) -> None:
        raise TaskError("Payment.Declined", {"card": "größe"}, non_retryable=True, retry_after=1.5)

    failure = (await outcome_of(server, new_worker(), handler)).failure
    assert (failure.error.error, failure.error.cause) == ("Payment.Declined", '{"card":"größe"}')
    assert failure.non_retryable
    assert seconds_of(failure.retry_after) == 1.5
    assert "Payment.Declined" in failure.stack_trace


async def test_retry_after_may_be_a_time(server: FakeServer, new_worker: NewWorker) -> None:
    async def handler(_: Any, ctx: TaskContext) -> None:
        raise TaskError("Busy", retry_after=datetime.now(timezone.utc) + timedelta(seconds=30))

    failure = (await outcome_of(server, new_worker(), handler)).failure
    assert 25 < seconds_of(failure.retry_after) <= 30


@pytest.mark.parametrize("is_async", [False, True])
async def test_any_other_exception_has_its_type_as_error_and_the_shape_of_aws_lambda_as_cause(
    server: FakeServer, new_worker: NewWorker, is_async: bool
) -> None:
    def plain(_: Any, ctx: TaskContext) -> None:
        raise LookupError("no such order: Ω")

    async def coroutine(_: Any, ctx: TaskContext) -> None:
        plain(_, ctx)

    failure = (await outcome_of(server, new_worker(), coroutine if is_async else plain)).failure
    cause = json.loads(failure.error.cause)
    assert failure.error.error == "LookupError"
    assert (cause["errorMessage"], cause["errorType"]) == ("no such order: Ω", "LookupError")
    assert "in plain" in cause["stackTrace"][-1]
    assert all("/pawl/_" not in line for line in cause["stackTrace"])


async def test_an_input_that_was_left_out_is_fetched(server: FakeServer, new_worker: NewWorker) -> None:
    server.answers["GetTaskInput"] = lambda request, context: GetTaskInputResponse(
        input=json.dumps(request.task_token.decode())
    )
    outcome = await outcome_of(
        server, new_worker(), lambda value, ctx: [value, ctx.input_text], input="", input_omitted=True
    )
    assert outcome.output == '["t","\\"t\\""]'


async def test_the_context_has_all_that_the_task_has(server: FakeServer, new_worker: NewWorker) -> None:
    seen: list[TaskContext] = []
    task = Task(
        attempt=3,
        delivery=2,
        execution="e",
        execution_arn="arn",
        state_machine="orders",
        state_path="/States/Pay",
        state_name="Pay",
        raw_resource="arn:aws:lambda:::a",
        idempotency_key="key",
        last_error=ErrorValue(error="Busy", cause="one"),
        last_heartbeat_details='{"page":7}',
        labels={"tenant": "x"},
        trace=TraceContext(traceparent="00-1-2-01"),
    )
    task.deadline.FromMilliseconds(32_503_680_000_000)
    fields = {field.name: value for field, value in task.ListFields()}

    async def handler(value: Any, ctx: TaskContext) -> None:
        seen.append(ctx)

    await outcome_of(server, new_worker(), handler, **fields)
    (ctx,) = seen
    assert (ctx.attempt, ctx.delivery) == (3, 2)
    assert (ctx.execution, ctx.execution_arn, ctx.state_machine) == ("e", "arn", "orders")
    assert (ctx.state_path, ctx.state_name, ctx.resource) == ("/States/Pay", "Pay", "a")
    assert (ctx.raw_resource, ctx.idempotency_key, ctx.task_token) == ("arn:aws:lambda:::a", "key", b"t")
    assert ctx.last_error is not None
    assert (ctx.last_error.error, ctx.last_error.cause) == ("Busy", "one")
    assert (ctx.last_heartbeat_details, dict(ctx.labels)) == ({"page": 7}, {"tenant": "x"})
    assert ctx.deadline == datetime(3000, 1, 1, tzinfo=timezone.utc)
    assert (ctx.traceparent, ctx.is_cancelled) == ("00-1-2-01", False)


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_start_from_a_handler_carries_the_trace_of_its_task(
    server: FakeServer, new_worker: NewWorker, is_async: bool
) -> None:
    seen: list[str] = []

    def start(request: executions.StartExecutionRequest, context: Any) -> Any:
        seen.extend([request.trace.traceparent, dict(context.invocation_metadata())["traceparent"]])
        return executions.StartExecutionResponse()

    server.answers["StartExecution"] = start
    async with Client(server.address) as client:

        async def coroutine(_: Any, ctx: TaskContext) -> None:
            await client.start_execution("other")

        def plain(_: Any, ctx: TaskContext) -> None:
            asyncio.run(coroutine(_, ctx))

        trace = TraceContext(traceparent="00-1-2-01")
        await outcome_of(server, new_worker(), coroutine if is_async else plain, trace=trace)
    assert seen == ["00-1-2-01", "00-1-2-01"]


async def test_what_a_handler_logs_travels_with_its_outcome_and_is_bounded(
    server: FakeServer, new_worker: NewWorker
) -> None:
    def handler(_: Any, ctx: TaskContext) -> None:
        ctx.log.debug("not this")
        ctx.log.info("charged %d", 7)
        ctx.log.error("x" * 20_000)

    logs = (await outcome_of(server, new_worker(), handler)).logs
    assert [(line.level, line.message) for line in logs] == [("info", "charged 7")]


async def test_plain_handlers_run_at_the_same_time_on_threads_of_their_own(
    server: FakeServer, new_worker: NewWorker
) -> None:
    together = threading.Barrier(20)
    worker = new_worker()

    @worker.task("a", concurrency=20)
    def meet(_: Any, ctx: TaskContext) -> None:
        together.wait(10)

    await worker.start()
    session = await server.session(0)
    session.tasks(*(Task(task_token=b"%d" % number, resource="a") for number in range(20)))
    await session.outcome(19)
    assert all(outcome.output == "null" for outcome in session.outcomes)


async def test_tasks_of_one_pool_share_its_slots_and_the_longest_prefix_serves(
    server: FakeServer, new_worker: NewWorker
) -> None:
    worker = new_worker(pools={"gpu": 2})
    worker.task("images:*", pool="gpu")(lambda _, ctx: "images")
    worker.task("images:large:*", pool="gpu")(lambda _, ctx: "large")
    worker.task("images:large:exact", pool="gpu")(lambda _, ctx: "exact")
    await worker.start()
    session = await server.session(0)
    await session.until(lambda session: session.limits == {"gpu": 2})
    names = [b"images:1", b"images:large:1", b"images:large:exact"]
    session.tasks(*(Task(task_token=name, resource=name.decode(), pool="gpu") for name in names))
    await session.outcome(2)
    outputs = {outcome.task_token: outcome.output for outcome in session.outcomes}
    assert outputs == dict(zip(names, ['"images"', '"large"', '"exact"'], strict=True))


@pytest.mark.parametrize(
    ("registered", "resource", "serves"),
    [
        ("charge", "charge", True),
        ("charge", "arn:aws:lambda:::charge", True),
        ("process:order", "arn:aws:states:::lambda:function:process:order", True),
        ("charge", "arn:aws:lambda:us-east-1:123456789012:function:charge:live", True),
        ("charge", "arn:aws:lambda:us-east-1:123456789012:function:charges", False),
        ("images:*", "images:resize", True),
        ("images:*", "arn:aws:lambda:::images:resize", True),
        ("images:*", "image", False),
    ],
)
def test_a_name_serves_every_spelling_that_leads_to_it(registered: str, resource: str, serves: bool) -> None:
    assert serves_resource(registered, resource) is serves


def test_a_resource_is_registered_once_with_slots_and_not_empty() -> None:
    worker = Worker()
    worker.task("a")(lambda _, ctx: 1)
    with pytest.raises(ValueError, match="registered twice"):
        worker.task("a")(lambda _, ctx: 1)
    with pytest.raises(ValueError, match="resource is empty"):
        worker.task("")(lambda _, ctx: 1)
    with pytest.raises(ValueError, match="concurrency of b is 0"):
        worker.task("b", concurrency=0)(lambda _, ctx: 1)


async def test_a_worker_without_tasks_does_not_start_and_one_that_runs_takes_no_more(
    server: FakeServer, new_worker: NewWorker
) -> None:
    with pytest.raises(PawlError, match="no tasks"):
        await new_worker().start()
    worker = new_worker()
    worker.task("a")(lambda _, ctx: 1)
    await worker.start()
    with pytest.raises(PawlError, match="comes after"):
        worker.task("b")(lambda _, ctx: 1)


async def test_an_object_with_an_asynchronous_call_is_a_handler(server: FakeServer, new_worker: NewWorker) -> None:
    class Handler:
        async def __call__(self, value: Any, ctx: TaskContext) -> Any:
            return value

    assert (await outcome_of(server, new_worker(), Handler(), input="[1]")).output == "[1]"


async def test_a_heartbeat_timeout_needs_no_word_of_the_handler(server: FakeServer, new_worker: NewWorker) -> None:
    def handler(_: Any, ctx: TaskContext) -> None:
        ctx.wait_cancelled(0.3)

    await outcome_of(server, new_worker(), handler, heartbeat_timeout=duration_of(0.3))
    beats = [beat for request in server.sessions[0].received for beat in request.heartbeats.beats]
    assert len(beats) >= 2
