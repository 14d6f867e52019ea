"""A worker that serves one task. python worker.py [address]"""

import asyncio
import logging
import sys

from pawl import TaskContext, TaskError, Worker

worker = Worker(sys.argv[1] if len(sys.argv) > 1 else "localhost:7300")


@worker.task("payments:charge", concurrency=20)
async def charge(order: dict[str, int], ctx: TaskContext) -> dict[str, object]:
    if order["total"] < 0:
        raise TaskError("Order.Invalid", order, non_retryable=True)
    ctx.log.info("charging %d under %s", order["total"], ctx.idempotency_key)
    return {"charged": order["total"], "attempt": ctx.attempt}


logging.basicConfig(level=logging.INFO, format="%(message)s")
asyncio.run(worker.run())  # until SIGINT or SIGTERM, which drain it
