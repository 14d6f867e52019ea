"""Makes the state machine `orders`, runs it once and prints what came of it. python start.py [address]"""

import asyncio
import sys

from pawl import Client

DEFINITION = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "payments:charge",
            "HeartbeatSeconds": 10,
            "Retry": [{"ErrorEquals": ["States.Timeout"]}],
            "End": True,
        }
    },
}


async def main(address: str) -> None:
    async with Client(address) as client:
        await client.apply_state_machine("orders", DEFINITION)
        execution = await client.run_execution("orders", {"orderId": 7, "total": 42})
        print(execution.status, execution.output_text or execution.error)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "localhost:7300"))
