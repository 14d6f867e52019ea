"""The client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from types import TracebackType

from ._batch_client import BatchClient
from ._calls import Calls
from ._channel import DEFAULT_ADDRESS, Address, Channel, Headers, TlsOptions
from ._definition_client import DefinitionClient
from ._execution_client import ExecutionClient
from ._io import on_io
from ._map_run_client import MapRunClient
from ._retry import RetryOptions
from ._start_execution import StartExecution
from ._starter import Starter, StartOutcome, start_executions
from ._state_machine_client import StateMachineClient
from ._task_client import TaskClient


class Client(ExecutionClient, MapRunClient, StateMachineClient, DefinitionClient, BatchClient, TaskClient):
    """A client of Pawl.

    ```python
    async with Client("localhost:7300") as client:
        execution = await client.run_execution("orders", {"orderId": 7})
    ```

    It may be used from any event loop and from several at a time. Calls are tried again after UNAVAILABLE and after
    any refusal that says when to try again; that is safe for every method, because writes carry a name or a request
    id.

    Args:
        address: `host:port`, several of them separated by commas or as a list, with or without `http://`; calls go
            round robin over all servers that answer, and over every address that a host name leads to. `https://` turns
            TLS on.
        tls: TLS with the system's certificate authorities (`True`), or with these.
        headers: Sent with every call, for example `{"authorization": "Bearer ..."}`; a function is asked for each.
        timeout: Default deadline of each call in seconds, retries included. Waiting for an end has none.
        retry: How often and how fast a call is tried again.

    Raises:
        ValueError: An address is not `host:port`.
    """

    def __init__(
        self,
        address: Address = DEFAULT_ADDRESS,
        *,
        tls: bool | TlsOptions | None = None,
        headers: Headers | None = None,
        timeout: float = 30.0,
        retry: RetryOptions | None = None,
    ) -> None:
        channel = Channel(address, tls=tls, headers=headers)
        self._calls = Calls(channel, timeout=timeout, retry=retry or RetryOptions())

    def starter(self, *, max_in_flight: int = 1_000, follow: bool = True) -> Starter:
        """Many starts over one stream, with their results: for service-to-service load. Close it after use.

        Args:
            max_in_flight: Starts without an answer at one time; `start` waits beyond it.
            follow: Let the server report each end too, for `result()`.
        """
        return Starter(self._calls.channel, max_in_flight=max_in_flight, follow=follow)

    async def start_executions(
        self,
        requests: Iterable[StartExecution] | AsyncIterable[StartExecution],
        *,
        max_in_flight: int = 1_000,
        follow: bool = False,
    ) -> AsyncGenerator[StartOutcome, None]:
        """Pipelined starts, requests in and outcomes out as they come, at most `max_in_flight` at a time.

        A refused start is an outcome with `error`, not an exception. The source is read no faster than outcomes are
        consumed. With `follow` each outcome's `started.result()` waits for the end, which comes on the same stream.
        """
        starter = self.starter(max_in_flight=max_in_flight, follow=follow)
        try:
            async for outcome in start_executions(starter, requests, max_in_flight):
                yield outcome
            if follow:
                await starter.close()
        finally:
            await starter.abort()

    async def close(self) -> None:
        """Ends the connections; calls in flight fail with CANCELLED."""
        await on_io(self._calls.channel.close())

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
