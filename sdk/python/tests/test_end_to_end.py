"""Client and worker against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from pawl import (
    Batch,
    ChainSource,
    Client,
    ExecutionFilter,
    FailurePolicy,
    JsonText,
    MockError,
    MockResult,
    PawlError,
    StartExecution,
    StateMachineRoute,
    TaskContext,
    TaskError,
    Worker,
)
from pawl.testing import DevServer


@pytest_asyncio.fixture
async def client(dev_server: DevServer) -> AsyncIterator[Client]:
    async with Client(dev_server.address) as client:
        yield client


@pytest.fixture
def name() -> str:
    """Of a state machine and its resource, for one test."""
    return f"m{uuid4().hex[:12]}"


def task_state(resource: str, **fields: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": resource, "End": True, **fields}
    return {"StartAt": "A", "States": {"A": state}}


async def test_a_task_gets_the_input_and_its_result_is_the_output_byte_for_byte(
    dev_server: DevServer, client: Client, name: str
) -> None:
    await client.apply_state_machine(name, task_state(name))
    worker = Worker(dev_server.address)

    @worker.task(name)
    async def echo(_: Any, ctx: TaskContext) -> JsonText:
        return JsonText(ctx.input_text)

    async with worker:
        text = '{"z":12345678901234567890,"a":"größe 😀"}'
        execution = await client.run_execution(name, JsonText(text), labels={"tenant": "x"})
    assert (execution.status, execution.output_text) == ("SUCCEEDED", text)
    assert execution.output["z"] == 12345678901234567890
    listed = [found.id async for found in client.list_executions(state_machine=name, labels={"tenant": "x"})]
    assert listed == [execution.id]
    assert (await client.count_executions(state_machine=name, status="SUCCEEDED")).count == 1
    events = [event.type async for event in client.list_execution_events(execution.id)]
    watched = [
        update.event.type
        async for update in client.watch_execution(execution.id, after_event_id=0)
        if update.event is not None
    ]
    assert events[0] == "EXECUTION_STARTED"
    assert events[-1] == "EXECUTION_SUCCEEDED"
    assert watched == [] or events[-len(watched) :] == watched
    rows = await client.get_execution_statistics(state_machine=name, group_by=["status"])
    assert [(dict(row.group), row.count) for row in rows] == [({"status": "SUCCEEDED"}, 1)]
    assert (await client.delete_execution(execution.id)).id == execution.id
    with pytest.raises(PawlError) as gone:
        await client.get_execution(execution.id)
    assert gone.value.code == "NOT_FOUND"


async def test_a_task_error_meets_retry_and_catch(dev_server: DevServer, client: Client, name: str) -> None:
    retry = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 60, "MaxAttempts": 1}]
    catch = [{"ErrorEquals": ["Declined"], "Next": "Sorry"}]
    definition = task_state(name, Retry=retry, Catch=catch)
    definition["States"]["Sorry"] = {"Type": "Pass", "End": True}
    await client.apply_state_machine(name, definition)
    worker = Worker(dev_server.address)

    @worker.task(name)
    def charge(_: Any, ctx: TaskContext) -> None:
        if ctx.attempt == 1:
            raise TaskError("Busy", retry_after=0.1)
        raise TaskError("Declined", {"card": "expired"}, non_retryable=True)

    async with worker:
        execution = await client.run_execution(name)
    assert execution.output == {"Error": "Declined", "Cause": '{"card":"expired"}'}


async def test_a_stopped_execution_cancels_its_handler_and_can_be_redriven(
    dev_server: DevServer, client: Client, name: str
) -> None:
    await client.apply_state_machine(name, task_state(name))
    begun = asyncio.Event()
    reasons: list[Any] = []
    worker = Worker(dev_server.address)

    @worker.task(name)
    async def slow(_: Any, ctx: TaskContext) -> str:
        if reasons:
            return "again"
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            reasons.append(ctx.cancel_reason)
        return ""

    async with worker:
        started = await client.start_execution(name, name="one")
        await begun.wait()
        stopped = await client.stop_execution(f"{name}/one", error="Enough", cause="by hand")
        assert (stopped.status, stopped.redrivable) == ("ABORTED", True)
        while not reasons:
            await asyncio.sleep(0.01)
        await client.redrive_execution(started.execution.id)
        assert (await client.wait_for_execution(started.execution.id)).output == "again"
    assert reasons == ["EXECUTION_STOPPED"]


async def test_many_starts_a_batch_and_a_chain(dev_server: DevServer, client: Client, name: str) -> None:
    await client.apply_state_machine(name, task_state(name))
    worker = Worker(dev_server.address)
    worker.task(name)(lambda value, ctx: value)
    async with worker:
        requests = [StartExecution(name, number, name=f"n-{number}") for number in range(50)]
        async for outcome in client.start_executions(requests, follow=True):
            assert outcome.started is not None, outcome.error
            assert (await outcome.started.result()).output == outcome.index
        batch = await client.create_batch(name, range(20), name_prefix="b", max_concurrency=5)
        statuses: list[Any] = []
        items: dict[int, list[str]] = {}
        async for update in client.watch_batch(batch.id, items=True, from_start=True):
            if update.item is not None:
                items.setdefault(update.item.index, []).append(update.item.status)
            elif update.batch is not None:
                statuses.append(update.batch.status)
        assert statuses[-1] == "SUCCEEDED"
        assert [items[index][-1] for index in range(20)] == ["SUCCEEDED"] * 20
        outputs = [item.output async for item in client.list_batch_items(batch.id, payloads="FULL")]
        assert outputs == list(range(20))
        listed = [found.id async for found in client.list_batches(state_machine=name, status="SUCCEEDED")]
        assert listed == [batch.id]
        source = ChainSource(f"{name}/n-7", jsonata="$states.input + 1", unique=True)
        chained = await client.run_execution(name, chain=source)
        assert chained.output == 8
        links = [link async for link in client.list_execution_links(target_execution=chained.id)]
        assert [link.source_state_machine for link in links] == [name]
        assert (await client.count_execution_links(source_state_machine=name, source_status="SUCCEEDED")).count == 1
        assert (await client.count_execution_links(source_state_machine=name, source_state="A")).count == 0


async def test_batches_over_executions(dev_server: DevServer, client: Client, name: str) -> None:
    failing = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "No"}}}
    await client.apply_state_machine(name, failing)
    await client.apply_state_machine(f"{name}-next", {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    created = await client.create_batch(name, range(3), name_prefix="a", failure_policy=FailurePolicy(severe_rate=1))
    assert (await end_of(client, created)).counts.failed == 3
    passing = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [7], "End": True}}}
    await client.apply_state_machine(name, passing)
    failed = [f"{name}/a-{index}" for index in range(3)]
    tried = await client.create_redrive_batch(failed, dry_run=True)
    assert (tried.id, tried.counts.total) == ("", 3)
    await end_of(client, await client.create_redrive_batch(failed, from_state="A", state_machine=name))
    for execution in failed:
        assert (await client.wait_for_execution(execution)).output == [7]
    by: ExecutionFilter = {"state_machine": name, "status": "SUCCEEDED"}
    chained = await client.create_chain_batch(f"{name}-next", by, jsonata="$states.input[0]", unique=True)
    assert (await end_of(client, chained)).status == "SUCCEEDED"
    items = [item async for item in client.list_batch_items(chained.id, status="SUCCEEDED", payloads="FULL")]
    assert [item.output for item in items] == [7, 7, 7]
    await end_of(client, await client.create_delete_batch(by))
    assert (await client.count_executions(**by)).count == 0


async def test_a_batch_is_loaded_in_parts_paused_resumed_and_cancelled(client: Client, name: str) -> None:
    await client.apply_state_machine(name, task_state(name))
    batch = await client.create_batch(name, name_prefix="p", max_concurrency=1)
    assert batch.status == "LOADING"
    assert (await client.add_batch_items(batch.id, [1, 2], more=True)).status == "LOADING"
    await client.add_batch_items(batch.id, [3], first_index=2)
    paused = await client.pause_batch(batch.id, operator="Ann", reason="look first")
    assert (paused.status, paused.counts.total) == ("PAUSED", 3)
    assert paused.last_action is not None
    assert (paused.last_action.operator, paused.last_action.reason) == ("Ann", "look first")
    policy = FailurePolicy(severe_rate=1)
    assert (await client.resume_batch(batch.id, failure_policy=policy, reset_window=True)).status == "RUNNING"
    await client.cancel_batch(batch.id, stop_started=True)
    assert (await end_of(client, batch)).status == "CANCELLED"
    assert (await client.get_batch(batch.id)).counts.succeeded == 0


async def test_a_batch_stops_executions(client: Client, name: str) -> None:
    await client.apply_state_machine(name, task_state(name))
    running = [(await client.start_execution(name)).execution.id for _ in range(2)]
    batch = await client.create_stop_batch(running, error="Enough", cause="by hand")
    assert (await end_of(client, batch)).counts.succeeded == 2
    for execution in running:
        stopped = await client.get_execution(execution)
        assert stopped.error is not None
        assert (stopped.status, stopped.error.error, stopped.error.cause) == ("ABORTED", "Enough", "by hand")


async def test_a_map_run_is_found_tuned_and_counted(dev_server: DevServer, client: Client, name: str) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **task_state(name)}
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    await client.apply_state_machine(name, {"StartAt": "Each", "States": {"Each": each}})
    started = (await client.start_execution(name, [1, 2, 3])).execution
    while not (runs := [run async for run in client.list_map_runs(started.id)]):
        await asyncio.sleep(0.01)
    (listed,) = runs
    assert (listed.execution, listed.status, listed.max_concurrency) == (started.id, "RUNNING", 1)
    assert (listed.item_counts, listed.execution_counts) == (None, None)
    changed = await client.update_map_run(listed.id, max_concurrency=2, tolerated_failure_count=1)
    assert (changed.max_concurrency, changed.tolerated_failure_count) == (2, 1)
    worker = Worker(dev_server.address)

    @worker.task(name)
    def work(value: int, _: TaskContext) -> int:
        if value == 2:
            raise TaskError("Two")
        return value

    async with worker:
        assert (await client.wait_for_execution(started.id)).status == "SUCCEEDED"
    run = await client.get_map_run(listed.arn)
    assert (run.id, run.status, run.tolerated_failure_percentage) == (listed.id, "SUCCEEDED", 0)
    assert run.item_counts is not None
    assert (run.item_counts.succeeded, run.item_counts.failed, run.item_counts.total) == (2, 1, 3)
    assert run.execution_counts is not None
    assert run.execution_counts.failed == 1
    failed = [found.error async for found in client.list_executions(map_run=run.id, status="FAILED")]
    assert [error and error.error for error in failed] == ["Two"]


async def end_of(client: Client, batch: Batch) -> Batch:
    async for update in client.watch_batch(batch.id, min_interval=0.05):
        if update.batch is not None:
            batch = update.batch
    return batch


async def test_a_task_that_waits_is_reported_by_its_token(dev_server: DevServer, client: Client, name: str) -> None:
    parameters = {"token.$": "$$.Task.Token"}
    definition = task_state(f"{name}.waitForTaskToken", Parameters=parameters, HeartbeatSeconds=60)
    await client.apply_state_machine(name, definition)
    tokens: asyncio.Queue[str] = asyncio.Queue()
    worker = Worker(dev_server.address)

    @worker.task(name)
    async def ask(value: Any, ctx: TaskContext) -> None:
        tokens.put_nowait(value["token"])

    async with worker:
        running = asyncio.ensure_future(client.run_execution(name))
        token = await tokens.get()
        await client.heartbeat_task(token, {"asked": "Ann"})
        await client.complete_task(token, {"approved": True})
        assert (await running).output == {"approved": True}
        running = asyncio.ensure_future(client.run_execution(name))
        await client.fail_task(await tokens.get(), TaskError("Refused", "too dear"))
        error = (await running).error
    assert error is not None
    assert (error.error, error.cause) == ("Refused", "too dear")
    with pytest.raises(PawlError) as over:
        await client.heartbeat_task(token)
    assert over.value.code == "FAILED_PRECONDITION"


async def test_a_message_wakes_who_waits_for_it(client: Client, name: str) -> None:
    state = {"Type": "Message", "CorrelationKey": name, "CorrelationValuePath": "$.order", "End": True}
    await client.apply_state_machine(name, {"StartAt": "A", "States": {"A": state}})
    started = await client.start_execution(name, {"order": 42})
    while not [wait async for wait in client.list_message_waits(correlation_key=name, correlation_value=42)]:
        await asyncio.sleep(0.01)
    sent = await client.send_message(name, 42, {"paid": True})
    assert sent.executions == (started.execution.id,)
    assert (await client.wait_for_execution(started.execution.id)).status == "SUCCEEDED"


async def test_a_paused_execution_begins_nothing_until_it_is_resumed(client: Client, name: str) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "End": True}}}
    made = await client.apply_state_machine(name, definition, on_task_lost="FAIL", max_task_deliveries=3)
    assert (made.state_machine.on_task_lost, made.state_machine.max_task_deliveries) == ("FAIL", 3)
    started = await client.start_execution(name)
    paused = await client.pause_execution(started.execution.id, operator="Ann", reason="look first")
    assert paused.pause is not None
    assert (paused.status, paused.pause.operator, paused.pause.reason) == ("PAUSED", "Ann", "look first")
    await client.resume_execution(started.execution.id)
    assert (await client.wait_for_execution(started.execution.id)).status == "SUCCEEDED"


async def test_state_machines_versions_and_aliases(client: Client, name: str) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}}
    made = await client.create_state_machine(name, definition, description="first")
    version = await client.publish_state_machine_version(name)
    definition["States"]["A"]["Result"] = 2  # type: ignore[index]
    changed = await client.update_state_machine(name, definition, etag=made.state_machine.etag)
    assert (changed.state_machine.description, version.version) == ("first", 1)
    with pytest.raises(PawlError) as stale:
        await client.update_state_machine(name, description="x", etag=made.state_machine.etag)
    assert stale.value.code == "ABORTED"
    await client.put_state_machine_alias(name, "live", [StateMachineRoute(1)])
    assert [alias.name async for alias in client.list_state_machine_aliases(name)] == ["live"]
    assert [found.version async for found in client.list_state_machine_versions(name)] == [1]
    assert (await client.run_execution(f"{name}:live")).output == 1
    assert (await client.run_execution(name)).output == 2
    assert name in [machine.name async for machine in client.list_state_machines()]
    await client.delete_state_machine_alias(name, "live")
    await client.delete_state_machine_version(name, 1)
    await client.delete_state_machine(name)
    found = await client.validate_definition("{}")
    assert not found.valid
    assert found.diagnostics[0].severity == "ERROR"


async def test_a_state_is_tried_on_its_own(dev_server: DevServer, client: Client, name: str) -> None:
    retry = [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}]
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]
    state = {"Type": "Task", "Resource": name, "ResultPath": "$.r", "Next": "B", "Retry": retry, "Catch": catch}
    given = await client.test_state(state, {"a": 1}, mock=MockResult([2]), inspection_level="DEBUG")
    assert (given.status, given.output, given.next_state, given.error) == ("SUCCEEDED", {"a": 1, "r": [2]}, "B", None)
    assert given.inspection["result"] == "[2]"
    busy = await client.test_state(state, mock=MockError("Busy", "later"))
    assert busy.error is not None
    assert (busy.status, busy.output, busy.error.cause, busy.inspection) == ("RETRIABLE", None, "later", {})
    caught = await client.test_state(state, mock=MockError("Busy"), retrier_retry_count=1)
    assert (caught.status, caught.next_state) == ("CAUGHT_ERROR", "Sorry")
    assigning = {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"n": "{% $n + 1 %}"}, "End": True}
    machine = {"StartAt": "A", "States": {"A": assigning}}
    assigned = await client.test_state(machine, state_name="A", variables={"n": 6})
    assert (assigned.status, assigned.variables) == ("SUCCEEDED", {"n": 7})
    worker = Worker(dev_server.address)
    worker.task(name)(lambda value, ctx: value["a"] + 1)
    async with worker:
        worked = await client.test_state(task_state(name)["States"]["A"], {"a": 1})
    assert (worked.output_text, worked.next_state) == ("2", "")


async def test_a_definition_is_drawn(client: Client, name: str) -> None:
    drawn = await client.get_definition_graph(task_state(name))
    assert [(node.id, node.type) for node in drawn.nodes] == [
        ("/StartAt", "Start"),
        ("/States/A", "Task"),
        ("/End", "End"),
    ]
    assert drawn.nodes[1].resource == name
    assert [(edge.source, edge.target, edge.kind) for edge in drawn.edges] == [
        ("/StartAt", "/States/A", "next"),
        ("/States/A", "/End", "next"),
    ]
    text = f"StartAt: A\nStates:\n  A: {{ Type: Task, Resource: {name}, End: true }}\n"
    await client.apply_state_machine(name, text)
    machine = await client.get_state_machine(name)
    assert (machine.definition, machine.definition_format) == (text, "YAML")
    assert await client.get_definition_graph(state_machine=name) == drawn


async def test_a_worker_is_listed_and_the_server_tells_about_itself(
    dev_server: DevServer, client: Client, name: str
) -> None:
    worker = Worker(dev_server.address, identity=name, build_id="b7")
    worker.task(name)(lambda _, ctx: None)
    async with worker:
        (info,) = [info async for info in client.list_workers() if info.identity == name]
    assert (info.status, info.build_id, info.pools[0].resources) == ("CONNECTED", "b7", (name,))
    assert info.runtime.startswith("pawl-sdk ")
    assert (await client.get_server_info()).is_development
