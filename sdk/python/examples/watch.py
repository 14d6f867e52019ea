"""Starts an execution of `orders` and prints its events as they happen. python watch.py [address]"""

import asyncio
import sys

from pawl import Client


async def main(address: str) -> None:
    async with Client(address) as client:
        started = await client.start_execution("orders", {"orderId": 8, "total": 42})
        async for update in client.watch_execution(started.execution.id, after_event_id=1):
            if update.event is not None:
                print(update.event.id, update.event.type, update.event.state_name)
            elif update.execution is not None:
                print(update.execution.status)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "localhost:7300"))
