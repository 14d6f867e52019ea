"""What the parts of a client share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Protocol, TypeVar

from ._calls import Calls, Request, Response, UnaryMethod
from ._io import on_io
from ._pages import items_of
from .v1.common_pb2 import PageInfo, PageRequest

Item = TypeVar("Item")


class PageResponse(Protocol):
    """An answer that is a page of a list."""

    @property
    def page(self) -> PageInfo: ...


Page = TypeVar("Page", bound=PageResponse)


class ClientBase:
    """Brings calls to the I/O loop."""

    _calls: Calls

    async def _call(self, method: UnaryMethod[Request, Response], request: Request, timeout: float | None) -> Response:
        return await on_io(self._calls.unary(method, request, timeout))

    def _list(
        self,
        method: UnaryMethod[Request, Page],
        request: Callable[[PageRequest], Request],
        items: Callable[[Page], Iterable[Item]],
        *,
        page_size: int,
        limit: int | None,
        filter: str = "",  # noqa: A002 - AIP-160's word
    ) -> AsyncGenerator[Item, None]:
        async def fetch(page: PageRequest) -> tuple[Iterable[Item], str]:
            response = await self._call(method, request(page), None)
            return items(response), response.page.next_page_token

        return items_of(fetch, page_size=page_size, limit=limit, filter=filter)
