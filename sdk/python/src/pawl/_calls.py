"""Calls over gRPC, on the I/O loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeAlias, TypeVar, cast

import grpc.aio

from ._channel import Channel, Connection
from ._errors import PawlError
from ._retry import RetryOptions, with_retry
from ._status import to_pawl_error

Request = TypeVar("Request")
Response = TypeVar("Response")

UnaryMethod: TypeAlias = "Callable[[Connection], grpc.aio.UnaryUnaryMultiCallable[Request, Response]]"
ClientStreamMethod: TypeAlias = "Callable[[Connection], grpc.aio.StreamUnaryMultiCallable[Request, Response]]"
ServerStreamMethod: TypeAlias = "Callable[[Connection], grpc.aio.UnaryStreamMultiCallable[Request, Response]]"


class Calls:
    """The calls of one client. Every one may be repeated: reads, and writes under a name or a request id."""

    def __init__(self, channel: Channel, *, timeout: float | None, retry: RetryOptions) -> None:
        self.channel = channel
        self._timeout = timeout
        self._retry = retry

    async def unary(
        self, method: UnaryMethod[Request, Response], request: Request, timeout: float | None = None
    ) -> Response:
        """One answer, tried again as far as that is of use. `timeout` in seconds; `None`: the client's."""

        async def attempt(connection: Connection, left: float | None) -> Response:
            return await method(connection)(request, timeout=left, metadata=self.channel.metadata())

        return await self._retried(attempt, timeout)

    async def client_stream(
        self, method: ClientStreamMethod[Request, Response], request: Request, timeout: float | None = None
    ) -> Response:
        """As `unary`, for a method that takes a stream; it is given one message."""

        async def attempt(connection: Connection, left: float | None) -> Response:
            return await method(connection)(iter([request]), timeout=left, metadata=self.channel.metadata())

        return await self._retried(attempt, timeout)

    async def server_stream(
        self, method: ServerStreamMethod[Request, Response], request: Request, idle_timeout: float
    ) -> AsyncGenerator[Response, None]:
        """The answers, until the stream ends or breaks. Silence for longer than `idle_timeout` seconds breaks it."""
        connection = self.channel.connection()
        call = method(connection)(request, metadata=self.channel.metadata())
        try:
            while True:
                try:
                    answer = await asyncio.wait_for(call.read(), idle_timeout)
                except asyncio.TimeoutError:
                    raise PawlError("UNAVAILABLE", f"the watch was silent for {idle_timeout:g} s") from None
                except grpc.aio.AioRpcError as error:
                    raise to_pawl_error(error) from error
                except asyncio.CancelledError:
                    self.channel.assert_alive(connection)
                    raise
                if answer is grpc.aio.EOF:
                    return
                yield cast(Response, answer)
        finally:
            call.cancel()

    async def _retried(
        self, attempt: Callable[[Connection, float | None], Awaitable[Response]], timeout: float | None
    ) -> Response:
        async def converted(left: float | None) -> Response:
            connection = self.channel.connection()
            try:
                return await attempt(connection, left)
            except (grpc.aio.AioRpcError, grpc.aio.UsageError) as error:
                raise to_pawl_error(error) from error
            except asyncio.CancelledError:
                self.channel.assert_alive(connection)
                raise

        return await with_retry(converted, self._timeout if timeout is None else timeout, self._retry)
