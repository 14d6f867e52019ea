"""The workers that the suite has opened, and the tasks that wait for its word."""

from __future__ import annotations

import asyncio
import base64
import inspect
import sys
import traceback
from collections.abc import Callable
from typing import Any

from handlers import Input, handlers

from pawl import JsonText, ReportedOutcome, TaskContext, TaskError, Worker

TOLD_INPUT_BYTES_MAX = 2_048
"""Inputs up to this size are told in task.start."""

Say = Callable[[dict[str, Any]], None]
Command = dict[str, Any]


class DriverWorkers:
    """Opens and closes workers."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._workers: dict[str, Worker] = {}
        self._starts: set[asyncio.Task[None]] = set()
        self._held: dict[str, asyncio.Future[Any]] = {}

    def open(self, command: Command) -> dict[str, Any]:
        """Starts one; whether it is connected is not waited for."""
        name = command["worker"]
        options: dict[str, Any] = {}
        if "concurrency" in command:
            options["concurrency"] = command["concurrency"]
        if "maxInlineInputBytes" in command:
            options["max_inline_input_bytes"] = command["maxInlineInputBytes"]
        if not command.get("quiet"):
            options["on_outcome"] = lambda outcome: self._tell_outcome(name, outcome)
        worker = Worker(
            command["address"],
            headers=command.get("headers"),
            identity=command.get("identity"),
            pools=command.get("pools"),
            **options,
        )
        for task in command["tasks"]:
            self._register(worker, command, task)
        self._workers[name] = worker
        start = asyncio.create_task(_started(worker))
        self._starts.add(start)
        start.add_done_callback(self._starts.discard)
        return {}

    async def close(self, command: Command) -> dict[str, Any]:
        """Closes one."""
        worker = self._workers.pop(command["worker"])
        options = {"grace": command["graceMs"] / 1_000} if "graceMs" in command else {}
        await worker.close(**options)
        return {}

    async def close_all(self) -> None:
        """Without grace."""
        await asyncio.gather(*(worker.close(grace=0) for worker in self._workers.values()))

    def release(self, command: Command) -> dict[str, Any]:
        """Lets a `hold` handler end."""
        held = self._held[command["taskId"]]
        if "error" in command:
            held.set_exception(TaskError(command["error"], command.get("cause", "")))
        else:
            held.set_result(JsonText(command.get("output", "null")))
        return {}

    def _register(self, worker: Worker, command: Command, task: Command) -> None:
        name: str = command["worker"]
        run = self._hold if task["handler"] == "hold" else handlers[task["handler"]]
        if not command.get("quiet"):
            told = self._told if inspect.iscoroutinefunction(run) else self._told_plainly
            run = told(name, task["handler"], run)
        worker.task(
            task["resource"],
            concurrency=task.get("concurrency"),
            pool=task.get("pool"),
            auto_heartbeat=task.get("autoHeartbeat", True),
        )(run)

    def _told(self, name: str, handler: str, run: Callable[..., Any]) -> Callable[..., Any]:
        async def told(value: Input, ctx: TaskContext) -> Any:
            self._tell_start(name, handler, ctx)
            try:
                output = await run(value, ctx)
            except BaseException:
                self._tell_failure(name, ctx)
                raise
            self._tell_end(name, ctx, {"as": "output"})
            return output

        return told

    def _told_plainly(self, name: str, handler: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def told(value: Input, ctx: TaskContext) -> Any:
            self._tell_start(name, handler, ctx)
            try:
                output = run(value, ctx)
            except BaseException:
                self._tell_failure(name, ctx)
                raise
            self._tell_end(name, ctx, {"as": "output"})
            return output

        return told

    async def _hold(self, value: Input, ctx: TaskContext) -> Any:
        held = self._held[ctx.task_id] = asyncio.get_running_loop().create_future()
        if "details" in value:
            ctx.heartbeat(JsonText(value["details"]))
        try:
            return await held
        finally:
            if self._held.get(ctx.task_id) is held:
                del self._held[ctx.task_id]

    def _tell_start(self, name: str, handler: str, ctx: TaskContext) -> None:
        event = {
            "event": "task.start",
            "worker": name,
            "handler": handler,
            "resource": ctx.resource,
            "taskId": ctx.task_id,
            "execution": ctx.execution,
            "attempt": ctx.attempt,
        }
        if len(ctx.input_text.encode()) < TOLD_INPUT_BYTES_MAX:
            event["input"] = ctx.input_text
        if handler == "token":
            event["taskToken"] = base64.b64encode(ctx.task_token).decode()
        self._say(event)

    def _tell_failure(self, name: str, ctx: TaskContext) -> None:
        reason = ctx.cancel_reason
        self._tell_end(name, ctx, {"as": "error"} if reason is None else {"as": "cancelled", "reason": reason})

    def _tell_end(self, name: str, ctx: TaskContext, end: dict[str, Any]) -> None:
        self._say({"event": "task.end", "worker": name, "taskId": ctx.task_id, **end})

    def _tell_outcome(self, name: str, outcome: ReportedOutcome) -> None:
        self._say(
            {
                "event": "outcome",
                "worker": name,
                "execution": outcome.execution,
                "resource": outcome.resource,
                "status": outcome.status,
            }
        )


async def _started(worker: Worker) -> None:
    try:
        await worker.start()
    except Exception:
        traceback.print_exc(file=sys.stderr)
