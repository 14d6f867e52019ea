"""Lists that come page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

from .v1.common_pb2 import PageRequest

Item = TypeVar("Item")

FetchPage = Callable[[PageRequest], Awaitable[tuple[Iterable[Item], str]]]
"""The items of a page and the token of the next one, empty on the last."""


async def items_of(
    fetch_page: FetchPage[Item],
    *,
    page_size: int,
    limit: int | None,
    filter: str = "",  # noqa: A002 - AIP-160's word
) -> AsyncGenerator[Item, None]:
    """All items, page after page, each page fetched when the one before has been consumed."""
    left = limit
    token = ""
    while left is None or left > 0:
        size = page_size if left is None else min(page_size, left)
        items, token = await fetch_page(PageRequest(page_size=size, page_token=token, filter=filter))
        for item in items:
            yield item
            if left is not None:
                left -= 1
                if left == 0:
                    return
        if not token:
            return
