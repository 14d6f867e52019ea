"""The driver of the Python SDK: does what the parity suite says (test/parity/README.md), by the SDK's public API."""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from client_calls import call_client
from interop import interop
from workers import DriverWorkers

from pawl import Client, PawlError, __version__

LINE_BYTES_MAX = 64 * 1024 * 1024

_output = threading.Lock()


def say(line: dict[str, Any]) -> None:
    """May be called from any thread."""
    text = json.dumps(line)
    with _output:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


class Driver:
    """Carries out commands, each on its own."""

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}
        self._workers = DriverWorkers(say)
        self._running: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until standard input ends."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=LINE_BYTES_MAX)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            command = json.loads(line)
            self._running[command["id"]] = asyncio.create_task(self._answer(command))
        await self._workers.close_all()
        for client in self._clients.values():
            await client.close()

    async def _answer(self, command: dict[str, Any]) -> None:
        number = command["id"]
        try:
            say(
                {
                    "id": number,
                    "ok": await self._carry_out(command, lambda value: say({"id": number, "next": value})),
                }
            )
        except asyncio.CancelledError:
            say({"id": number, "error": failure("CANCELLED", "the command was cancelled")})
        except PawlError as error:
            say({"id": number, "error": failure_of(error)})
        except Exception:
            say({"id": number, "error": failure("INTERNAL_DRIVER_ERROR", traceback.format_exc())})
        finally:
            del self._running[number]

    async def _carry_out(self, command: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        match command["op"]:
            case "hello":
                return {
                    "sdk": "pawl-sdk",
                    "sdkVersion": __version__,
                    "language": "Python",
                    "languageVersion": f"Python {platform.python_version()}",
                }
            case "worker.open":
                return self._workers.open(command)
            case "worker.close":
                return await self._workers.close(command)
            case "task.release":
                return self._workers.release(command)
            case "client.open":
                options = {"timeout": command["timeoutMs"] / 1_000} if "timeoutMs" in command else {}
                self._clients[command["client"]] = Client(command["address"], headers=command.get("headers"), **options)
                return {}
            case "client.close":
                await self._clients.pop(command["client"]).close()
                return {}
            case "client.call":
                return await call_client(self._clients[command["client"]], command, tell)
            case "cancel":
                if command["target"] in self._running:
                    self._running[command["target"]].cancel()
                return {}
            case "interop":
                return await interop(command)
            case op:
                raise ValueError(f"no op is named {op}")


def failure(code: str, message: str) -> dict[str, Any]:
    """As the protocol has it."""
    return {"code": code, "reason": "", "message": message, "fieldViolations": []}


def failure_of(error: PawlError) -> dict[str, Any]:
    """As the protocol has it."""
    told: dict[str, Any] = {
        "code": error.code,
        "reason": error.reason,
        "message": error.message,
        "fieldViolations": [
            {"field": violation.field, "description": violation.description} for violation in error.field_violations
        ],
    }
    if error.retry_after is not None:
        told["retryAfterMs"] = error.retry_after * 1_000
    return told


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    asyncio.run(Driver().run())
