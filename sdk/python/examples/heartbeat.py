"""A worker whose task takes long, says how far it is and goes on where the attempt before ended.

python heartbeat.py [address]
"""

import asyncio
import sys

from pawl import TaskContext, Worker

PAGES = 10

worker = Worker(sys.argv[1] if len(sys.argv) > 1 else "localhost:7300")


@worker.task("payments:charge")
def charge(order: dict[str, int], ctx: TaskContext) -> dict[str, int]:
    """A plain function runs on a thread; it asks its context whether its result is still wanted."""
    first = (ctx.last_heartbeat_details or {"page": 0})["page"]
    for page in range(first, PAGES):
        if ctx.wait_cancelled(0.2):  # the work
            print("given up:", ctx.cancel_reason)
            ctx.raise_if_cancelled()
        ctx.heartbeat({"page": page + 1}, progress=(page + 1) / PAGES)
        print(f"page {page + 1} of {PAGES}")
    return {"charged": order["total"]}


asyncio.run(worker.run())
