"""The suite's methods by the SDK's own. Payloads are JSON texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pawl import BatchUpdate, ChainSource, Client, Execution, JsonText, StartExecution, TaskError

Args = dict[str, Any]
Tell = Callable[[dict[str, Any]], None]


async def call_client(client: Client, command: Args, tell: Tell) -> dict[str, Any]:
    """Carries out one method of the suite's list."""
    options: dict[str, Any] = {"timeout": command["callTimeoutMs"] / 1_000} if "callTimeoutMs" in command else {}
    args: Args = command["args"]
    match command["method"]:
        case "applyStateMachine":
            await client.apply_state_machine(args["name"], args["definition"], **options)
            return {}
        case "startExecution":
            started = await client.start_execution(**_start(args), **options)
            return {"execution": _execution(started.execution), "created": started.created}
        case "startExecutions":
            return await _start_executions(client, args)
        case "runExecution":
            return {"execution": _execution(await client.run_execution(**_start(args), **options))}
        case "getExecution":
            return {"execution": _execution(await client.get_execution(args["execution"], **options))}
        case "waitForExecution":
            return {"execution": _execution(await client.wait_for_execution(args["execution"], **options))}
        case "stopExecution":
            failure = _some(args, error="error", cause="cause")
            return {"execution": _execution(await client.stop_execution(args["execution"], **failure, **options))}
        case "redriveExecution":
            return {"execution": _execution(await client.redrive_execution(args["execution"], **options))}
        case "listExecutions":
            query = _some(args, state_machine="stateMachine", status="status", page_size="pageSize", limit="limit")
            return {"names": [execution.name async for execution in client.list_executions(**query)]}
        case "watchExecution":
            return await _watch_execution(client, args, tell)
        case "sendMessage":
            return await _send_message(client, args, options)
        case method:
            return await _call_about_batches_and_tasks(client, method, args, tell, options)


async def _call_about_batches_and_tasks(
    client: Client, method: str, args: Args, tell: Tell, options: dict[str, Any]
) -> dict[str, Any]:
    match method:
        case "createBatch":
            how = _some(args, name_prefix="namePrefix", max_concurrency="maxConcurrency")
            inputs = [JsonText(text) for text in args["inputs"]]
            batch = await client.create_batch(args["stateMachine"], inputs, **how, **options)
            return {"batch": {"id": batch.id, "status": batch.status, "counts": asdict(batch.counts)}}
        case "watchBatch":
            updates = client.watch_batch(args["batch"], items=True, from_start=True, min_interval=0.05)
            async for update in updates:
                tell(_batch_update(update))
            return {}
        case "listBatchItems":
            items = [
                {"index": item.index, "status": item.status, "output": item.output_text}
                async for item in client.list_batch_items(args["batch"], payloads="FULL")
            ]
            return {"items": items}
        case "completeTask":
            await client.complete_task(args["taskToken"], JsonText(args["output"]), **options)
        case "failTask":
            non_retryable = args.get("nonRetryable", False)
            error = TaskError(args["error"], args.get("cause", ""), non_retryable=non_retryable)
            await client.fail_task(args["taskToken"], error, **options)
        case "heartbeatTask":
            await client.heartbeat_task(args["taskToken"], **options)
        case _:
            raise ValueError(f"no method is named {method}")
    return {}


async def _start_executions(client: Client, args: Args) -> dict[str, Any]:
    prefix = args.get("namePrefix")
    follow = args.get("follow", False)
    requests = [
        StartExecution(args["stateMachine"], JsonText(text), name=None if prefix is None else f"{prefix}{index}")
        for index, text in enumerate(args["inputs"])
    ]
    told: list[dict[str, Any]] = [{} for _ in requests]
    started = {}
    async for outcome in client.start_executions(requests, follow=follow):
        if outcome.started is not None:
            started[outcome.index] = outcome.started
            execution = outcome.started.execution
            told[outcome.index] = {
                "name": execution.name,
                "id": execution.id,
                "created": outcome.started.created,
            }
        elif outcome.error is not None:
            told[outcome.index] = {"error": {"code": outcome.error.code, "reason": outcome.error.reason}}
    if follow:
        for index, start in started.items():
            told[index]["ended"] = _execution(await start.result())
    return {"outcomes": told}


async def _watch_execution(client: Client, args: Args, tell: Tell) -> dict[str, Any]:
    where = _some(args, after_event_id="afterEventId")
    async for update in client.watch_execution(args["execution"], **where):
        if update.event is not None:
            tell({"type": "event", "eventId": update.event.id, "eventType": update.event.type})
        elif update.execution is not None:
            kind = "closed" if update.is_terminal else "snapshot"
            tell({"type": kind, "status": update.execution.status})
    return {}


async def _send_message(client: Client, args: Args, options: dict[str, Any]) -> dict[str, Any]:
    how = _some(args, message_id="messageId")
    if "timeToLiveMs" in args:
        how["time_to_live"] = args["timeToLiveMs"] / 1_000
    sent = await client.send_message(
        args["correlationKey"], JsonText(args["correlationValue"]), JsonText(args["data"]), **how, **options
    )
    return {"executions": list(sent.executions), "buffered": sent.buffered}


def _start(args: Args) -> dict[str, Any]:
    start = _some(args, state_machine="stateMachine", name="name", labels="labels", traceparent="traceparent")
    if "input" in args:
        start["input"] = JsonText(args["input"])
    if "chain" in args:
        source = _some(
            args["chain"],
            execution="execution",
            state="state",
            jsonata="jsonata",
            wait_for_source="waitForSource",
            unique="unique",
        )
        start["chain"] = ChainSource(**source)
    return start


def _batch_update(update: BatchUpdate) -> dict[str, Any]:
    if update.item is not None:
        return {"type": "item", "index": update.item.index, "status": update.item.status}
    return {"type": "batch", "status": update.batch.status if update.batch is not None else ""}


def _execution(execution: Execution) -> dict[str, Any]:
    return {
        "id": execution.id,
        "name": execution.name,
        "stateMachine": execution.state_machine,
        "status": execution.status,
        "output": execution.output_text or None,
        "error": None if execution.error is None else asdict(execution.error),
    }


def _some(args: Args, **names: str) -> dict[str, Any]:
    """What of them is there, under its name in Python."""
    return {name: args[theirs] for name, theirs in names.items() if theirs in args}
