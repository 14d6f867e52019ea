"""Runs `orders` for a thousand inputs as one batch and prints its progress. python batch.py [address]"""

import asyncio
import sys
from collections.abc import Iterator

from pawl import Client


def read_orders() -> Iterator[dict[str, int]]:
    """Any iterable will do; it is read as it is sent."""
    for number in range(1_000):
        yield {"orderId": number, "total": number}


async def main(address: str) -> None:
    async with Client(address) as client:
        batch = await client.create_batch("orders", read_orders(), max_concurrency=200)
        async for update in client.watch_batch(batch.id):
            if update.batch is not None:
                counts = update.batch.counts
                print(f"{update.batch.status}: {counts.succeeded} of {counts.total}, {counts.failed} failed")
        charged = 0
        async for item in client.list_batch_items(batch.id, payloads="FULL", page_size=1_000):
            charged += item.output["charged"]
        print("charged", charged)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "localhost:7300"))
