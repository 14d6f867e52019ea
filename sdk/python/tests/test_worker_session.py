"""What a session must survive."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from pawl import PawlError, TaskContext, Worker
from pawl._wire import duration_of
from pawl.v1.worker_service_pb2 import (
    CancelReason,
    CancelTasks,
    DrainAck,
    OutcomeStatus,
    Pong,
    ServerDrain,
    Task,
    TaskTokenState,
    Welcome,
)

from .fake_server import FakeServer, FakeSession, held

NewWorker = Callable[..., Worker]


def task(token: bytes, resource: str = "a", **fields: Any) -> Task:
    return Task(task_token=token, resource=resource, **fields)


async def test_a_running_task_is_held_over_a_reconnect_and_its_outcome_goes_to_the_new_session(
    server: FakeServer, new_worker: NewWorker
) -> None:
    released = asyncio.Event()
    begun = 0
    worker = new_worker()

    @worker.task("a", concurrency=2)
    async def slow(_: Any, ctx: TaskContext) -> int:
        nonlocal begun
        begun += 1
        await released.wait()
        return 9

    await worker.start()
    first = await server.session(0)
    first.tasks(task(b"t"))
    await first.message("accept")
    server.welcome = lambda hello, session: held(b"t", TaskTokenState.TASK_TOKEN_STATE_ACTIVE)
    first.fail(grpc.StatusCode.UNAVAILABLE, "gone")
    second = await server.session(1)
    assert second.hello is not None
    assert first.hello is not None
    assert list(second.hello.held_task_tokens) == [b"t"]
    assert second.hello.session_index == first.hello.session_index
    assert list((await second.message("accept")).task_tokens) == [b"t"]
    await second.until(lambda session: session.limits.get("a") == 1)
    released.set()
    assert (await second.outcome(0)).output == "9"
    assert begun == 1


async def test_an_outcome_without_an_acknowledgement_is_sent_again_on_the_next_session(
    server: FakeServer, new_worker: NewWorker
) -> None:
    worker = new_worker()
    worker.task("a")(lambda _, ctx: 7)
    await worker.start()
    first = await server.session(0)
    first.is_acking = False
    first.tasks(task(b"t"))
    await first.outcome(0)
    first.fail(grpc.StatusCode.UNAVAILABLE, "gone")
    second = await server.session(1)
    assert second.hello is not None
    assert list(second.hello.held_task_tokens) == [b"t"]
    assert (await second.outcome(0)).output == "7"


async def test_the_verdict_lease_lost_cancels_the_handler_and_its_result_is_not_sent(
    server: FakeServer, new_worker: NewWorker
) -> None:
    reasons: list[Any] = []
    worker = new_worker()

    @worker.task("a", concurrency=1)
    async def deaf(_: Any, ctx: TaskContext) -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            reasons.append(ctx.cancel_reason)
        return 1

    await worker.start()
    first = await server.session(0)
    first.tasks(task(b"t"))
    await first.message("accept")
    server.welcome = lambda hello, session: held(b"t", TaskTokenState.TASK_TOKEN_STATE_LEASE_LOST)
    first.fail(grpc.StatusCode.UNAVAILABLE, "gone")
    second = await server.session(1)
    await second.until(lambda session: session.limits.get("a") == 1)
    assert reasons == ["LEASE_LOST"]
    assert second.outcomes == []


async def test_a_server_that_crashes_and_comes_back_finds_the_worker_again(
    server: FakeServer, new_worker: NewWorker
) -> None:
    worker = new_worker()
    worker.task("a")(lambda _, ctx: 1)
    await worker.start()
    await server.session(0)
    server.crash()
    server.listen()
    again = await server.session(1)
    again.tasks(task(b"t"))
    assert (await again.outcome(0)).output == "1"


async def test_a_worker_that_starts_before_its_server_waits_for_it(server: FakeServer, new_worker: NewWorker) -> None:
    server.crash()
    worker = new_worker()
    worker.task("a")(lambda _, ctx: 1)
    started = asyncio.ensure_future(worker.start())
    await asyncio.wait([started], timeout=0.2)
    assert not started.done()
    server.listen()
    await started
    assert len(server.sessions) == 1


async def test_a_first_session_that_is_refused_for_good_fails_start(server: FakeServer, new_worker: NewWorker) -> None:
    def refuse(_: Any, session: FakeSession) -> None:
        session.fail(grpc.StatusCode.INVALID_ARGUMENT, "resource is empty")

    server.welcome = refuse
    worker = new_worker()
    worker.task("a")(lambda _, ctx: 1)
    with pytest.raises(PawlError) as refused:
        await worker.start()
    assert (refused.value.code, refused.value.message) == ("INVALID_ARGUMENT", "resource is empty")


async def test_credit_is_the_free_slots_and_a_slot_is_free_only_after_the_acknowledgement(
    server: FakeServer, new_worker: NewWorker
) -> None:
    worker = new_worker()
    worker.task("a", concurrency=2)(lambda _, ctx: 1)
    await worker.start()
    session = await server.session(0)
    session.is_acking = False
    await session.until(lambda session: session.limits.get("a") == 2)
    session.tasks(task(b"0"), task(b"1"))
    await session.outcome(1)
    assert session.limits["a"] == 2
    session.ack(b"0")
    await session.until(lambda session: session.limits.get("a") == 3)
    session.ack(b"0")
    session.ack(b"1")
    await session.until(lambda session: session.limits.get("a") == 4)


async def test_an_outcome_that_the_server_wants_again_is_sent_again(server: FakeServer, new_worker: NewWorker) -> None:
    statuses: list[str] = []
    worker = new_worker(on_outcome=lambda outcome: statuses.append(outcome.status))
    worker.task("a", concurrency=1)(lambda _, ctx: 1)
    await worker.start()
    session = await server.session(0)
    session.is_acking = False
    session.tasks(task(b"t"))
    await session.outcome(0)
    session.ack(b"t", OutcomeStatus.OUTCOME_STATUS_RETRY)
    assert (await session.outcome(1)).output == "1"
    session.ack(b"t")
    await session.until(lambda session: session.limits.get("a") == 2)
    assert statuses == ["RETRY", "RECORDED"]


@pytest.mark.parametrize(
    ("reason", "error"),
    [("OUTPUT_TOO_LARGE", "States.DataLimitExceeded"), ("OUTPUT_NOT_JSON", "Worker.InvalidOutput")],
)
async def test_an_output_that_the_server_can_not_record_becomes_the_tasks_failure(
    server: FakeServer, new_worker: NewWorker, reason: str, error: str
) -> None:
    worker = new_worker()
    worker.task("a", concurrency=1)(lambda _, ctx: 1)
    await worker.start()
    session = await server.session(0)
    session.is_acking = False
    session.tasks(task(b"t"))
    await session.outcome(0)
    session.ack(b"t", OutcomeStatus.OUTCOME_STATUS_INVALID, reason)
    failure = (await session.outcome(1)).failure
    assert (failure.error.error, failure.non_retryable) == (error, True)


async def test_close_drains_no_outcome_is_lost_and_the_stream_is_half_closed_last(
    server: FakeServer, new_worker: NewWorker
) -> None:
    released = asyncio.Event()
    worker = new_worker()

    @worker.task("a")
    async def slow(_: Any, ctx: TaskContext) -> int:
        await released.wait()
        return 5

    await worker.start()
    session = await server.session(0)
    session.is_acking = False
    session.tasks(task(b"t0"))
    await session.message("accept")
    closed = asyncio.ensure_future(worker.close(grace=5))
    await session.message("drain")
    session.tasks(task(b"t1"))
    session.send(drain_ack=DrainAck(tasks_sent=2))
    assert list((await session.message("release")).task_tokens) == [b"t1"]
    released.set()
    assert (await session.outcome(0)).output == "5"
    assert not session.is_ended
    session.ack(b"t0")
    await session.until(lambda session: session.is_ended)
    await closed


async def test_when_the_grace_is_over_a_handler_is_cancelled_and_its_task_handed_back(
    server: FakeServer, new_worker: NewWorker
) -> None:
    reasons: list[Any] = []
    over = threading.Event()
    worker = new_worker()

    @worker.task("polite")
    async def polite(_: Any, ctx: TaskContext) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            reasons.append(ctx.cancel_reason)

    @worker.task("deaf")
    def deaf(_: Any, ctx: TaskContext) -> None:
        over.wait()

    await worker.start()
    session = await server.session(0)
    session.tasks(task(b"p", "polite"), task(b"d", "deaf"))
    await session.message("accept")
    closed = asyncio.ensure_future(worker.close(grace=0.1))
    await session.message("drain")
    session.send(drain_ack=DrainAck(tasks_sent=2))
    await closed
    over.set()
    await session.until(lambda session: session.is_ended)
    released = [token for request in session.received for token in request.release.task_tokens]
    assert released == [b"p", b"d"]
    assert session.outcomes == []
    assert reasons == ["WORKER_CLOSED"]


async def test_a_server_that_drains_is_left_once_the_new_session_stands_and_credit_is_not_promised_to_both(
    server: FakeServer, new_worker: NewWorker
) -> None:
    released = asyncio.Event()
    worker = new_worker()

    @worker.task("a", concurrency=2)
    async def slow(_: Any, ctx: TaskContext) -> int:
        await released.wait()
        return 3

    await worker.start()
    old = await server.session(0)
    await old.until(lambda session: session.limits.get("a") == 2)
    old.tasks(task(b"t0"))
    await old.message("accept")
    old.send(server_drain=ServerDrain(reason="deploy", reconnect_after=duration_of(0.01)))
    fresh = await server.session(1)
    assert fresh.hello is not None
    assert old.hello is not None
    assert list(fresh.hello.held_task_tokens) == [b"t0"]
    assert fresh.hello.session_index != old.hello.session_index
    await old.message("drain")
    old.tasks(task(b"late"))
    await old.message("accept", 1)
    assert "a" not in fresh.limits
    old.send(drain_ack=DrainAck(tasks_sent=2))
    released.set()
    assert (await fresh.outcome(0)).task_token == b"t0"
    assert (await old.outcome(0)).task_token == b"late"
    await old.until(lambda session: session.is_ended)
    await fresh.until(lambda session: session.limits.get("a") == 2)


async def test_pings_tell_what_runs_and_a_silent_server_is_given_up_with_its_connection(
    server: FakeServer, new_worker: NewWorker
) -> None:
    released = asyncio.Event()
    server.welcome = lambda hello, session: Welcome(ping_interval=duration_of(0.04), session_timeout=duration_of(0.15))
    worker = new_worker()

    @worker.task("a")
    async def slow(_: Any, ctx: TaskContext) -> None:
        await released.wait()

    await worker.start()
    session = await server.session(0)
    session.tasks(task(b"t"))
    assert dict((await session.message("ping", 1)).running) == {"a": 1}
    second = await server.session(1)
    assert second.hello is not None
    assert list(second.hello.held_task_tokens) == [b"t"]
    released.set()


async def test_a_pong_that_counts_otherwise_twice_sets_the_credit_right_and_one_that_moves_does_not(
    server: FakeServer, new_worker: NewWorker
) -> None:
    worker = new_worker()
    worker.task("a", concurrency=2)(lambda _, ctx: 1)
    await worker.start()
    session = await server.session(0)
    await session.until(lambda session: session.limits.get("a") == 2)
    for sent in (4, 1, 5):
        session.send(pong=Pong(nonce=1, tasks_sent={"a": sent}))
    session.tasks(task(b"t"))
    await session.until(lambda session: session.limits["a"] == 3)
    session.send(pong=Pong(nonce=1, tasks_sent={"a": 5}))
    session.send(pong=Pong(nonce=1, tasks_sent={"a": 5}))
    await session.until(lambda session: session.limits["a"] == 7)


def blocking(_: Any, ctx: TaskContext) -> None:
    time.sleep(0.7)


def spinning(_: Any, ctx: TaskContext) -> None:
    ends_at = time.monotonic() + 0.7
    while time.monotonic() < ends_at:
        pass


async def blocking_the_loop(_: Any, ctx: TaskContext) -> None:
    time.sleep(0.7)  # noqa: ASYNC251 - what a careless handler does


async def spinning_on_the_loop(_: Any, ctx: TaskContext) -> None:
    spinning(_, ctx)


@pytest.mark.parametrize("handler", [blocking, spinning, blocking_the_loop, spinning_on_the_loop])
async def test_no_handler_stops_the_heartbeats_of_any_task(
    server: FakeServer, new_worker: NewWorker, handler: Any
) -> None:
    worker = new_worker()
    worker.task("careless")(handler)

    @worker.task("careful")
    async def careful(_: Any, ctx: TaskContext) -> None:
        await asyncio.sleep(0.7)

    await worker.start()
    session = await server.session(0)
    heartbeat = duration_of(0.3)
    session.tasks(
        task(b"careful", "careful", heartbeat_timeout=heartbeat),
        task(b"careless", "careless", heartbeat_timeout=heartbeat),
    )
    await session.outcome(1)
    beats = [beat.task_token for request in session.received for beat in request.heartbeats.beats]
    assert beats.count(b"careless") >= 4
    assert beats.count(b"careful") >= 4


async def test_without_auto_heartbeat_only_the_handler_beats_and_many_calls_are_one_message(
    server: FakeServer, new_worker: NewWorker
) -> None:
    worker = new_worker()

    @worker.task("a", auto_heartbeat=False)
    def count(_: Any, ctx: TaskContext) -> None:
        for number in range(1_000):
            ctx.heartbeat({"number": number}, number / 1_000)
        ctx.wait_cancelled(0.4)

    await worker.start()
    session = await server.session(0)
    session.tasks(task(b"t", heartbeat_timeout=duration_of(0.3)))
    await session.outcome(0)
    beats = [beat for request in session.received for beat in request.heartbeats.beats]
    assert 1 <= len(beats) <= 4
    assert (beats[-1].details, round(beats[-1].progress, 3)) == ('{"number":999}', 0.999)


async def test_a_cancelled_coroutine_gets_a_cancelled_error_and_a_plain_function_asks_its_context(
    server: FakeServer, new_worker: NewWorker
) -> None:
    reasons: list[Any] = []
    worker = new_worker()

    @worker.task("coroutine")
    async def coroutine(_: Any, ctx: TaskContext) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            reasons.append(ctx.cancel_reason)

    @worker.task("plain")
    def plain(_: Any, ctx: TaskContext) -> None:
        assert ctx.wait_cancelled(10)
        reasons.append(ctx.cancel_reason)
        ctx.raise_if_cancelled()

    await worker.start()
    session = await server.session(0)
    session.tasks(task(b"c", "coroutine"), task(b"p", "plain"))
    await session.message("accept")
    session.send(cancel=CancelTasks(task_tokens=[b"c", b"p"], reason=CancelReason.CANCEL_REASON_BRANCH_FAILED))
    await session.outcome(1)
    assert [outcome.cancelled for outcome in session.outcomes] == [True, True]
    assert reasons == ["BRANCH_FAILED", "BRANCH_FAILED"]


async def test_the_deadline_of_a_task_cancels_its_handler(server: FakeServer, new_worker: NewWorker) -> None:
    reasons: list[Any] = []
    worker = new_worker()

    @worker.task("a")
    async def slow(_: Any, ctx: TaskContext) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            reasons.append(ctx.cancel_reason)

    await worker.start()
    session = await server.session(0)
    late = task(b"t")
    late.deadline.FromMilliseconds(round(time.time() * 1_000) + 100)
    session.tasks(late)
    assert (await session.outcome(0)).cancelled
    assert reasons == ["TASK_TIMED_OUT"]


async def test_sigterm_drains_a_worker_that_runs(server: FakeServer) -> None:
    program = f"""
import asyncio, pawl
worker = pawl.Worker({server.address!r})
@worker.task("a")
async def slow(_, ctx):
    await asyncio.sleep(0.5)
    return "done"
asyncio.run(worker.run())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    session = await server.session(0)
    session.tasks(task(b"t"))
    await session.message("accept")
    process.send_signal(signal.SIGTERM)
    await session.message("drain")
    session.send(drain_ack=DrainAck(tasks_sent=1))
    assert (await session.outcome(0)).output == '"done"'
    assert await process.wait() == 0


async def test_a_worker_whose_loop_is_closed_hands_its_tasks_back_and_leaves(server: FakeServer) -> None:
    def run_and_forget() -> None:
        worker = Worker(server.address)

        @worker.task("a")
        async def never(_: Any, ctx: TaskContext) -> None:
            raise AssertionError("there is no loop to run it")

        asyncio.run(worker.start())

    await asyncio.to_thread(run_and_forget)
    session = await server.session(0)
    session.tasks(task(b"t"))
    await session.message("drain")
    session.send(drain_ack=DrainAck(tasks_sent=1))
    assert list((await session.message("release")).task_tokens) == [b"t"]
    await session.until(lambda session: session.is_ended)
